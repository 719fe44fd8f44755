"""Weekly indicators, signal sizes, and the score against planted truth."""

from __future__ import annotations

import math
import random
from datetime import date

import pytest

from alerts.alert import Hold, Reason
from alerts.calendar import end_of_day
from alerts.cells import NATION, Cell
from alerts.evaluate import Planted, Raised, raised_in, score
from alerts.indicators.counting import grade, interval
from alerts.lifecycle import Decision
from alerts.outbox import history_of
from alerts.signal import Direction, measure
from tests.factories_alerts import FIRST, SERVICE, alert, poisson

ISSUE = end_of_day(FIRST)


def test_the_interval_covers_the_expectation_behind_a_count() -> None:
    rng = random.Random(7)
    inside = sum(low <= 20.0 <= high for low, high in (
        interval(poisson(rng, 20.0), 1.0) for _ in range(2000)
    ))  # fmt: skip
    assert 0.92 <= inside / 2000 <= 0.97
    assert interval(0, 1.0) == (0.0, 3.0)


@pytest.mark.parametrize(
    ("n", "employers", "observed", "wanted"),
    [
        (250, 80, 1.0, "A"), (60, 20, 1.0, "B"), (20, 9, 1.0, "C"), (10, 3, 1.0, "D"),
        (60, 2, 1.0, "E"), (9, 5, 1.0, "E"), (0, 0, 1.0, "F"), (250, 80, 6 / 7, "B"),
        (250, 80, 4 / 7, "C"), (250, 80, 2 / 7, "F"), (9, 5, 4 / 7, "F"),
    ],
)  # fmt: skip
def test_grades(n: int, employers: int, observed: float, wanted: str) -> None:
    assert grade(n, employers, observed) == wanted


def test_the_size_of_a_signal_has_an_interval_around_it() -> None:
    size = measure(60.0, 30.0, 1.5, 200.0)
    assert size.lower < size.ratio < size.upper
    assert size.ratio == pytest.approx(60.5 / 30.5)
    assert measure(60.0, 30.0, 3.0, 200.0).lower < size.lower
    assert measure(0.0, 0.0, 1.5, 1.0).ratio == 1.0


EVENT = Planted(
    event_id="rise", cell=SERVICE, direction=Direction.UP, start=date(2026, 5, 1),
    end=date(2026, 6, 10), factor=2.0,
)  # fmt: skip
FALL = Planted(
    event_id="fall", cell=Cell("LA-SV", "7"), direction=Direction.DOWN, start=date(2026, 5, 1),
    end=date(2026, 6, 10), factor=0.4,
)  # fmt: skip


def raised(alert_id: str, cell: Cell, day: date, up: bool = True, **more: object) -> Raised:
    """An alert as it was raised."""
    direction = Direction.UP if up else Direction.DOWN
    return Raised(alert_id=alert_id, cell=cell, direction=direction, fired_on=day, **more)  # type: ignore[arg-type]


def test_the_score_tells_found_missed_false_and_redundant_apart() -> None:
    alerts = [
        raised("wrong-time", SERVICE, date(2026, 3, 1)),
        raised("wrong-way", SERVICE, date(2026, 5, 20), up=False),
        raised("vague", Cell("LA-VT", ""), date(2026, 5, 8)),
        raised("exact", SERVICE, date(2026, 5, 12)),
        raised("untold", Cell("LA-BK", ""), date(2026, 5, 12), told=False),
    ]
    found = score(alerts, [EVENT, FALL], cells=2, first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert [(m.event_id, m.alert_id, m.delay_days) for m in found.found] == [("rise", "exact", 11)]
    assert found.missed == ("fall",)
    assert found.false_alerts == ("wrong-time", "wrong-way")
    assert found.redundant == 1
    assert found.recall == 0.5
    assert found.median_delay_days == 11
    assert found.false_per_cell_year == pytest.approx(1.0, abs=0.01)


def test_a_coarse_alert_finds_an_event_it_names() -> None:
    naming = raised("named", NATION, date(2026, 5, 9), contributors=(SERVICE,))
    found = score([naming], [EVENT], cells=1, first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert found.recall == 1.0


def test_events_outside_the_watch_do_not_count() -> None:
    found = score([], [EVENT], cells=1, first=date(2026, 7, 1), last=date(2026, 12, 31))
    assert found.events == 0
    assert math.isnan(found.recall)
    assert math.isnan(found.median_delay_days)


def test_history_gives_back_what_was_raised() -> None:
    subject = alert(contributors=("LA-VT/5", "LA-VT/7"), cell=Cell("LA-VT", ""))
    lines = [
        Decision(previous=None, alert=subject, reason=Reason.OPENED, at=ISSUE, hold=hold, tell=tell)
        for hold, tell in ((Hold.HISTORICAL, False), (Hold.BUDGET_SPENT, False), (None, True))
    ]
    ended = Decision(previous=subject, alert=subject, reason=Reason.RETURNED, at=ISSUE)
    found = raised_in(history_of([*lines, ended], [], ISSUE).alerts)
    assert [a.told for a in found] == [True, False, True]
    assert {a.fired_on for a in found} == {FIRST}
    assert found[0].contributors == (SERVICE, Cell("LA-VT", "7"))
