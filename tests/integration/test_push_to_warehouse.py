"""A pushed posting and a pasted text, from HTTP to vacancies in the warehouse."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrapers.topics_admin import ensure_topics
from tests.fixtures_broker import REPOSITORY
from tests.integration.loading_stack import LoadingStack, loading_stack
from tests.push_stack import Pusher, agreed, dashboard

pytestmark = pytest.mark.integration


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LoadingStack]:
    with loading_stack(tmp_path) as running:
        running.start_loader()
        yield running
        running.stop_loader()


@pytest.fixture
def stream(stack: LoadingStack) -> Iterator[None]:
    asyncio.run(ensure_topics(stack.settings.bootstrap_servers))
    place = [stack.settings.bootstrap_servers, stack.settings.redis_url, str(stack.directory)]
    with (stack.directory / "stream.log").open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.stream_worker", *place],
            cwd=REPOSITORY,
            stdout=log,
            stderr=log,
        )
        yield
        worker.terminate()
        worker.wait(60)


@pytest.mark.usefixtures("stream")
def test_what_is_pushed_becomes_vacancies_and_ends_with_its_withdrawal(
    stack: LoadingStack,
) -> None:
    settings = stack.settings
    with dashboard(settings) as url:
        me = Pusher(url, agreed(settings, "mekong"))
        me.postings(
            {"id": "1", "title": "Accountant", "hiring_organization": "Mekong Logistics"},
            {"id": "2", "title": "Driver", "hiring_organization": "Mekong Logistics"},
        )
        text = "Riverside Hotel is hiring:\n1. Receptionist 2 persons\n2. Cook 1 person"
        officer = Pusher(url, agreed(settings, "office"))
        assert officer.send("/v1/postings/text", {"text": text}).status == 202
        opened = "SELECT uniqExact(vacancy_id) FROM vacancy_events WHERE kind = 'opened'"
        assert stack.wait_for(opened, 4) == 4
        me.postings(withdrawn=["2"])
        closed = "SELECT count() FROM vacancy_events WHERE kind = 'closed'"
        assert stack.wait_for(closed, 1) == 1
        runs = "SELECT count() FROM source_runs WHERE source_id IN ('mekong', 'office')"
        assert stack.wait_for(runs, 3) == 3
