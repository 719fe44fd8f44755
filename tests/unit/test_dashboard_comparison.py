"""What may be compared: while history is read nothing, else sources read in both periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.coverage import coverage_from
from dashboard.comparison import (
    Fitness,
    SourceFitness,
    Withheld,
    basis_of,
    fitness_of,
    is_filling,
)
from dashboard.views import Snapshot
from tests.factories_dashboard import LAST_DAY, snapshot

COMPLETE = LAST_DAY - timedelta(days=1)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def runs(
    source: str, back: Iterable[int], ok: Callable[[int], bool] = lambda _: True
) -> list[tuple[str, int, bool]]:
    """Runs so many days before the complete day."""
    return [(source, COMPLETE.toordinal() - days, ok(days)) for days in back]


def judged(*rows: tuple[str, int, bool]) -> dict[str, SourceFitness]:
    return {held.source_id: held for held in fitness_of(coverage_from(rows), COMPLETE)}


@pytest.mark.parametrize(
    ("phase", "day", "filling"),
    [
        ("backfill", COMPLETE, True),
        ("backfill", None, True),
        ("live", COMPLETE, False),
        ("", None, False),
        ("live", date(2026, 11, 19), False),
        ("live", date(2026, 11, 18), True),
        ("stopped", date(2026, 11, 18), True),
    ],
)
def test_history_is_being_read(phase: str, day: date | None, filling: bool) -> None:
    assert is_filling(phase, day, NOW) is filling


def test_days_change_at_midnight_in_vientiane() -> None:
    day = date(2026, 11, 19)
    assert not is_filling("live", day, datetime(2026, 11, 22, 16, 59, tzinfo=UTC))
    assert is_filling("live", day, datetime(2026, 11, 22, 17, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("first", "fitness"),
    [(140, Fitness.COMPARED), (56, Fitness.COMPARED), (55, Fitness.JOINED), (-1, Fitness.JOINED)],
)
def test_a_source_is_compared_once_it_was_read_before_both_periods(
    first: int, fitness: Fitness
) -> None:
    held = judged(*runs("old", range(-1, 141)), *runs("new", range(-1, first + 1)))
    assert held["old"].fitness is Fitness.COMPARED
    assert held["new"].fitness is fitness
    assert held["new"].first_day == COMPLETE - timedelta(days=first)


@pytest.mark.parametrize(
    ("days", "fitness"), [(1, Fitness.COMPARED), (2, Fitness.COMPARED), (3, Fitness.OUT)]
)
def test_a_source_that_was_out_is_left_out_when_it_was_for_long(
    days: int, fitness: Fitness
) -> None:
    failed = set(range(30, 30 + days))
    held = judged(*runs("feed", range(-1, 100), lambda back: back not in failed))["feed"]
    assert (held.days_out, held.fitness) == (days, fitness)


def test_an_outage_before_the_compared_weeks_does_not_matter() -> None:
    held = judged(*runs("feed", range(-1, 100), lambda back: back < 56 or back > 70))["feed"]
    assert (held.days_out, held.fitness) == (0, Fitness.COMPARED)


def test_a_source_no_longer_visited_is_out_after_four_days_of_patience() -> None:
    held = judged(*runs("gone", range(20, 100)), *runs("weekly", range(0, 100, 4)))
    assert (held["gone"].days_out, held["gone"].fitness) == (16, Fitness.OUT)
    assert held["weekly"].days_out == 0


def test_a_source_never_read_is_not_judged() -> None:
    assert judged(*runs("dead", range(80), lambda _: False)) == {}


def test_why_changes_are_withheld() -> None:
    cube = snapshot(days=90, mean=30).cube
    assert cube is not None
    sources = fitness_of(coverage_from(runs("feed", range(-1, 100))), COMPLETE)
    enough = basis_of(cube, sources, COMPLETE - timedelta(days=56))
    assert (enough.history_days, enough.withheld) == (57, None)
    short = basis_of(cube, sources, COMPLETE - timedelta(days=55))
    assert short.withheld is Withheld.HISTORY
    assert basis_of(cube, (), cube.first_day).withheld is Withheld.SOURCES
    assert Snapshot(cube=cube, basis=enough).withheld is None
    assert Snapshot(cube=cube, basis=enough, filling=True).withheld is Withheld.FILLING
    assert Snapshot(cube=cube).withheld is Withheld.FILLING
