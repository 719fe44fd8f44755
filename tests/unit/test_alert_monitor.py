"""The whole watch on a small market: found, explained, told apart from faults, and continued."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from alerts.alert import Hold, Reason, State
from alerts.calendar import end_of_day
from alerts.cells import Cell
from alerts.coverage import Coverage
from alerts.lifecycle import Decision
from alerts.monitor import Monitor
from alerts.outbox import coalesce, messages_of
from alerts.panel import Panel
from alerts.parameters import load_parameters
from alerts.signal import Classification, Direction
from alerts.state import freeze, thaw
from tests.factories_alerts import FIRST, SERVICE, market, visited
from warehouse.openings import Opening

START = FIRST.toordinal()
DAYS = 200
RISE = (150, 185, "LA-VT", "5", 2.5)


def watch(
    openings: list[Opening], coverage: Coverage, *, monitor: Monitor | None = None,
    first: int = 1, last: int = DAYS - 2, wall: date | None = None,
) -> tuple[Monitor, list[Decision]]:  # fmt: skip
    """Feed days `first` through `last`; the wall clock follows the days unless given."""
    monitor = monitor or Monitor(parameters=load_parameters())
    panel = Panel(openings, coverage)
    decisions = []
    for day in range(START + first, START + last + 1):
        now = end_of_day(wall or date.fromordinal(day))
        decided, _ = monitor.feed(day, panel, now)
        decisions += decided
    return monitor, decisions


def test_a_planted_doubling_is_told_with_its_evidence() -> None:
    _, decisions = watch(market(DAYS, change=RISE), visited(DAYS))
    told = [d for d in decisions if d.tell and d.reason is Reason.OPENED]
    assert (told[0].alert.cell, told[0].alert.direction) == (SERVICE, Direction.UP)
    first = told[0]
    delay = (first.at - end_of_day(FIRST + timedelta(days=150))).days
    assert 3 <= delay <= 14
    assert first.alert.kind is Classification.LABOUR
    assert first.alert.employers >= 3
    assert first.alert.ratio_lower > 1.0
    assert "survives leaving out each of 3 sources" in first.alert.detail
    last = [d for d in decisions if d.alert.cell == SERVICE][-1]
    assert (last.alert.state, last.reason) == (State.RESOLVED, Reason.RETURNED)


def test_coarser_cells_leave_the_word_to_the_cell_that_explains_them() -> None:
    _, decisions = watch(market(DAYS, change=RISE), visited(DAYS))
    told = {d.alert.cell for d in decisions if d.tell and d.reason is Reason.OPENED}
    coarse = [d for d in decisions if d.alert.cell != SERVICE and d.reason is Reason.OPENED]
    assert SERVICE in told
    assert coarse
    for decision in coarse:
        assert decision.hold in (Hold.EXPLAINED_BY_CHILD, Hold.EXPLAINED_BY_PARENT)


def test_a_quiet_market_tells_nothing() -> None:
    told = 0
    for seed in (11, 12, 13):
        _, decisions = watch(market(DAYS, seed=seed), visited(DAYS))
        told += sum(d.tell for d in decisions)
    assert told <= 1


def test_a_source_that_dies_silently_is_a_collection_fault() -> None:
    alone = [r._replace(sources=r.sources[:1], seen=r.seen[:1]) for r in market(DAYS, seed=5)]
    openings = [r for r in alone if r.sources != ("north",) or r.day < START + 150]
    _, decisions = watch(openings, visited(DAYS))
    opened = [d for d in decisions if d.reason is Reason.OPENED and d.at > end_of_day(FIRST)]
    assert opened
    for decision in opened:
        assert decision.alert.kind is Classification.COLLECTION_FAULT
        assert decision.alert.sources == ("north",)


def test_a_source_known_to_be_out_raises_nothing() -> None:
    out = [("north", d) for d in range(150, 170)]
    openings = [r for r in market(DAYS, seed=5) if not set(r.sources) <= {"north"}
                or not 149 <= r.day - START <= 170]  # fmt: skip
    _, decisions = watch(openings, visited(DAYS, out=out))
    assert [d for d in decisions if d.tell] == []


def test_history_is_recorded_and_not_told() -> None:
    long_after = FIRST + timedelta(days=DAYS + 60)
    _, decisions = watch(market(DAYS, change=RISE), visited(DAYS), wall=long_after)
    opened = [d for d in decisions if d.reason is Reason.OPENED and d.alert.cell == SERVICE]
    assert opened[0].hold is Hold.HISTORICAL
    assert messages_of(coalesce(decisions)) == []


@pytest.mark.parametrize("cut", [40, 152, 158, 190])
def test_a_restart_changes_nothing(cut: int) -> None:
    openings, coverage = market(DAYS, change=RISE), visited(DAYS)
    whole, expected = watch(openings, coverage)
    half, early = watch(openings, coverage, last=cut)
    again, generation = thaw(freeze(half, 3), load_parameters())
    assert generation == 3
    rest, late = watch(openings, coverage, monitor=again, first=cut + 1)
    assert early + late == expected
    assert freeze(rest, 1) == freeze(whole, 1)


def test_the_order_of_openings_does_not_matter() -> None:
    openings = market(DAYS, change=RISE)
    _, forward = watch(openings, visited(DAYS))
    _, backward = watch(openings[::-1], visited(DAYS))
    assert [(d.alert.alert_id, d.reason, d.at, d.tell) for d in forward] == [
        (d.alert.alert_id, d.reason, d.at, d.tell) for d in backward
    ]


def test_catching_up_tells_the_last_of_each_alert_only() -> None:
    _, decisions = watch(market(DAYS, change=RISE), visited(DAYS))
    told = messages_of(coalesce(decisions))
    assert all(message.alert.cell != Cell("LA-VT", "5") for message in told)
    still = [d for d in decisions if d.at <= end_of_day(FIRST + timedelta(days=170))]
    assert [m.alert.cell for m in messages_of(coalesce(still))] == [SERVICE]
