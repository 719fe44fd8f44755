"""A dashboard killed while it takes pushes: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import asyncio
import threading
import urllib.error
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis, WatchError

from config.settings import Settings
from config.topics import POSTINGS
from scrapers.frontier_store import SourceFrontier
from scrapers.push.lease import LeaseBusyError, LeaseLostError, SourceLease
from tests.crawl_stack import crawl_settings
from tests.processes import Part, free_port, start_module
from tests.push_stack import Pusher, agreed
from tests.topic_reader import records

pytestmark = pytest.mark.integration
PUSHES, EACH, KILLED_AT = 24, 50, 8


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with crawl_settings(tmp_path_factory) as settings:
        yield settings


def launch(settings: Settings, directory: Path) -> Part:
    names = {"LABOURWATCH_BROKER_URL": settings.broker_url}
    names["LABOURWATCH_REDIS_URL"] = settings.redis_url
    return start_module("tests.push_server", directory, free_port(), names)


def body(number: int) -> dict[str, Any]:
    return {
        "postings": [{"id": f"{number}-{n}", "title": f"Cook {n}"} for n in range(EACH)],
    }


def test_a_kill_loses_nothing_and_doubles_nothing(settings: Settings, tmp_path: Path) -> None:
    token = agreed(settings, "killed")
    first = launch(settings, tmp_path / "a")
    second = launch(settings, tmp_path / "b")
    client, failed = Pusher(f"http://127.0.0.1:{first.port}", token), []
    for number in range(PUSHES):
        key = {"Idempotency-Key": str(number)}
        if number == KILLED_AT:
            threading.Timer(0.02, first.kill).start()
        try:
            answer = client.send("/v1/postings", body(number), headers=key)
        except (urllib.error.URLError, HTTPException, OSError):
            failed.append(number)
            client = Pusher(f"http://127.0.0.1:{second.port}", token)
            answer = client.send("/v1/postings", body(number), headers=key)
        assert answer.status == 202, answer.text
    second.stop()
    assert len(failed) == 1
    found = asyncio.run(records(settings.bootstrap_servers, POSTINGS))
    mine = [record for record in found if record.source_id == "killed"]
    assert {record.posting_id for record in mine} == {
        f"{number}-{n}" for number in range(PUSHES) for n in range(EACH)
    }
    # Published before the kill and again after it: the same records, but for the latency mark.
    again = {(r.posting_id, r.fetched_at, r.title) for r in mine}
    assert len(again) == PUSHES * EACH


async def test_a_stopped_holder_writes_nothing_over_its_successor(settings: Settings) -> None:
    async with Redis.from_url(settings.redis_url) as client:
        async with SourceLease(client, "fenced") as old:
            frontier = SourceFrontier(client, "fenced", fence=old)
            await frontier.load()
            await client.set(old.key, "another process")
            with pytest.raises((LeaseLostError, WatchError)):
                await frontier.commit(frontier.take_changes())
        assert await client.get(old.key) == b"another process"
        with pytest.raises(LeaseBusyError):
            await SourceLease(client, "fenced", patience_s=0.1).__aenter__()
