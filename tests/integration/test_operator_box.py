"""From a mark in the warehouse to an e-mail of an operator; marked days are not observed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
import redis
from aiosmtpd.controller import Controller
from clickhouse_connect.driver.client import Client

from alerts.coverage import coverage_from
from alerts.operator_box import OperatorBox
from alerts.source_marks import joining_marks
from config.settings import Settings
from scrapers.codec import encode
from scrapers.health_records import MarkEnd, SourceMark, Verdict
from scrapers.items import RunOutcome, SourceRun
from tests.fixtures_redis import start_redis
from tests.integration.test_watch import Mailbox
from tests.integration.warehouse_tables import Message, fresh_schema, running_warehouse
from tests.processes import free_port
from tests.unit.test_health_rows import AT
from warehouse.batch import build_batch
from warehouse.health import run_days
from warehouse.plan import Plan
from warehouse.store import Store

pytestmark = pytest.mark.integration
DAY = timedelta(days=1)


@dataclass
class Parts:
    client: Client
    box: OperatorBox
    state: redis.Redis
    settings: Settings
    runs: int = 0

    def send(self) -> int:
        return self.box.send(self.settings, AT, self.client)

    def crawl(self, day: int, *marks: SourceMark) -> None:
        """A run on a day, stored with its marks."""
        at = AT + day * DAY
        run = SourceRun(
            source_id="b", run_id=f"b:{day}", started_at=at, finished_at=at,
            outcome=RunOutcome.OK, listed=9, marks=marks,
        )  # fmt: skip
        plan = Plan(
            topic="source-runs", partition=0, start=self.runs, end=self.runs + 1, loaded_at=at
        )
        Store(self.client).write(build_batch(plan, [Message(encode(run))]))
        self.runs += 1


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    with (
        running_warehouse(tmp_path) as settings,
        fresh_schema(settings) as (client, _),
        start_redis(tmp_path / "redis") as url,
        redis.Redis.from_url(url) as store,
    ):
        changed = settings.model_copy(update={"smtp_port": free_port()})
        yield Parts(client=client, box=OperatorBox(store), state=store, settings=changed)


def flushed(parts: Parts) -> None:
    """Redis loses everything."""
    parts.box = OperatorBox(parts.state)
    parts.state.flushall()


def mark(day: int, *, over: bool = False) -> SourceMark:
    return SourceMark(
        mark_id="b:1", source_id="b", kind=Verdict.CHANGED, from_at=AT,
        to_at=AT + day * DAY if over else None,
        reason=MarkEnd.RECOVERED.value if over else "listing_shrank", evidence="30 to 10",
        run_id=f"b:{day}", issue=AT + day * DAY,
    )  # fmt: skip


def test_an_operator_is_told_and_the_days_are_out(parts: Parts) -> None:
    parts.crawl(0)
    parts.crawl(1, mark(1))
    parts.crawl(2)
    now = AT + 2 * DAY
    assert parts.box.collect(parts.client, now) == 1
    assert parts.send() == 0, "the mail server is away: it waits"
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=parts.settings.smtp_port)
    server.start()
    try:
        flushed(parts)
        assert parts.box.collect(parts.client, now) == 0
        assert parts.send() == 1, "it was decided and never sent"
        assert parts.box.collect(parts.client, now + DAY) == 0
        flushed(parts)
        assert parts.box.collect(parts.client, now + DAY) == 0
        assert parts.send() == 0, "known as sent"
        parts.crawl(3, mark(3, over=True))
        parts.crawl(4)
        assert parts.box.collect(parts.client, AT + 4 * DAY) == 1
        assert parts.send() == 1
    finally:
        server.stop()
    visited = [("a", 1, True), ("late", 50, True), ("a", 51, True)]
    new = joining_marks(coverage_from(visited))
    assert [parts.box.collect(parts.client, AT + 4 * DAY, new) for _ in range(2)] == [1, 0]
    assert len(box.mails) == 2
    assert b"operators@localhost" in box.mails[0]
    believed = {d.day: d.ok for d in run_days(parts.client, since=date(2026, 1, 1))}
    first = date(2026, 3, 2)
    assert [believed[first + n * DAY] for n in range(5)] == [1, 0, 0, 1, 1]
