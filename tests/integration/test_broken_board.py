"""A board breaks between two crawls: from its page to an operator's mail, and back to health."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from aiosmtpd.controller import Controller
from clickhouse_connect.driver.client import Client

from alerts.operator_box import OperatorBox
from config.settings import Settings
from config.topics import SOURCE_RUNS
from scrapers.codec import encode
from scrapers.health_records import Verdict
from tests.fixtures_broker import start_broker
from tests.fixtures_redis import start_redis
from tests.integration.test_crawl import Clock, crawling
from tests.integration.test_source_health import crawl, health, open_postings, settled
from tests.integration.test_watch import Mailbox
from tests.integration.warehouse_tables import Message, fresh_schema, running_warehouse
from tests.processes import free_port
from tests.tiny_site import tiny_site
from tests.topic_reader import records
from warehouse.batch import build_batch
from warehouse.health import run_days
from warehouse.marks import read_marks
from warehouse.plan import Plan
from warehouse.store import Store

pytestmark = pytest.mark.integration


@contextmanager
def mail_server(settings: Settings) -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=settings.smtp_port)
    server.start()
    yield box
    server.stop()


async def load(bootstrap: str, client: Client, clock: Clock, since: dict[Any, int]) -> None:
    """What is new in the topic of runs, as the loader stores it."""
    start = sum(since.values())
    runs = await records(bootstrap, SOURCE_RUNS, since=since)
    plan = Plan(
        topic=SOURCE_RUNS.name, partition=0, start=start, end=start + len(runs),
        loaded_at=clock.now,
    )  # fmt: skip
    Store(client).write(build_batch(plan, [Message(encode(run)) for run in runs]))


async def test_from_a_changed_page_to_a_mail_and_back(tmp_path: Path) -> None:
    clock, since = Clock(), dict[Any, int]()
    for part in ("broker", "redis"):
        (tmp_path / part).mkdir()
    with (
        start_broker(tmp_path / "broker") as bootstrap,
        start_redis(tmp_path / "redis") as redis_url,
        running_warehouse(tmp_path) as found,
        fresh_schema(found) as (client, _),
        redis.Redis.from_url(redis_url) as state,
    ):
        settings = found.model_copy(update={"smtp_port": free_port()})
        operators = OperatorBox(state)
        with mail_server(settings) as box:
            async with tiny_site() as site, crawling((bootstrap, redis_url), tmp_path, clock) as c:
                await settled(site, c, clock)
                site.lost = ("hiringOrganization", "datePosted")
                site.jobs.pop("0")
                assert health(await crawl(site, c, clock))[0] is Verdict.CHANGED
                await crawl(site, c, clock)
                assert open_postings(c) == 14, "nothing is closed"
                await load(bootstrap, client, clock, since)
                assert operators.collect(client, clock.now) == 1
                assert await asyncio.to_thread(operators.send, settings, clock.now, client) == 1
                site.lost = ()
                assert health(await crawl(site, c, clock))[0] is Verdict.HEALTHY
                await load(bootstrap, client, clock, since)
                assert operators.collect(client, clock.now + timedelta(hours=1)) == 1
                assert await asyncio.to_thread(operators.send, settings, clock.now, client) == 1
        (mark,) = read_marks(client)
        assert (mark.kind, mark.reason, mark.to_at) == ("changed", "recovered", clock.now)
        days = run_days(client, since=date(2026, 1, 1))
        assert (sum(d.ok for d in days), sum(d.failed for d in days)) == (5, 2)
    assert [b"tiny" in mail for mail in box.mails] == [True, True]
