"""Renewing the snapshot: filling follows the crawler and the clock, the basis follows the runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dashboard import counts, data
from dashboard.comparison import Fitness
from dashboard.cube import Cube
from dashboard.data import Register
from dashboard.views import Snapshot
from tests.factories_dashboard import LAST_DAY, NOW, snapshot
from warehouse.health import RunDay
from warehouse.register import DailyDeltas

FULL = snapshot(days=90, mean=30)


class Crawler:
    """What the crawler says, and the time."""

    def __init__(self) -> None:
        self.phase = "backfill"
        self.now: datetime = NOW


@pytest.fixture
def crawler() -> Crawler:
    return Crawler()


@pytest.fixture
def register(crawler: Crawler, monkeypatch: pytest.MonkeyPatch) -> Register:
    """A register whose warehouse has nothing new and whose sources were read daily."""

    def unchanged(held: Snapshot, *_: Any) -> Snapshot:
        return held

    for name in ("_renewed", "_with_alerts"):
        monkeypatch.setattr(data, name, unchanged)
    monkeypatch.setattr("warehouse.health.run_days", lambda _client, *, since: runs(since))
    made = Register(object, tuple, phase=lambda: crawler.phase, clock=lambda: crawler.now)  # type: ignore[arg-type]
    made.snapshot = replace(FULL, basis=None)
    return made


def runs(since: date, joined: date = date(2026, 1, 1)) -> list[RunDay]:
    days = [since + timedelta(days=ahead) for ahead in range((LAST_DAY - since).days + 1)]
    return [
        RunDay(source_id=source, day=day, ok=1, failed=0, listed=9)
        for source, first in (("lao-jobs", date(2026, 1, 1)), ("new-board", joined))
        for day in days
        if day >= first
    ]


def test_filling_ends_when_the_crawler_says_so_and_the_change_is_a_new_version(
    register: Register, crawler: Crawler
) -> None:
    assert register.refresh()
    before = register.snapshot
    assert before.filling
    assert before.basis is None
    assert not register.refresh()
    crawler.phase = "live"
    assert register.refresh()
    shown = register.snapshot
    assert not shown.filling
    assert shown.withheld is None
    assert not register.refresh()


def test_data_that_end_days_ago_are_filling(register: Register, crawler: Crawler) -> None:
    crawler.phase = "live"
    register.refresh()
    crawler.now = NOW + timedelta(days=3)
    assert register.refresh()
    assert register.snapshot.filling


def test_only_established_sources_are_read_where_one_joined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    day = (LAST_DAY - timedelta(days=3) - date(1970, 1, 1)).days

    def deltas(_client: Any, _provinces: Any, _groups: Any, **limits: Any) -> DailyDeltas:
        asked.append(limits)
        return DailyDeltas(days=[day], provinces=[0], groups=[5], flows=[7], stock_deltas=[7])

    joined = LAST_DAY - timedelta(days=20)
    monkeypatch.setattr("warehouse.health.run_days", lambda _client, *, since: runs(since, joined))
    monkeypatch.setattr("warehouse.register.daily_deltas", deltas)
    cube = FULL.cube
    assert isinstance(cube, Cube)
    basis = counts.read_basis(None, cube)  # type: ignore[arg-type]
    assert asked == [{"since": cube.first_day, "sources": ["lao-jobs"]}]
    assert [held.fitness for held in basis.sources] == [Fitness.COMPARED, Fitness.JOINED]
    assert basis.cube.complete_day == cube.complete_day
    assert int(basis.cube.flow.sum()) == 7
    assert basis.withheld is None
