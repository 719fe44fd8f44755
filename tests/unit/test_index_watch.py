"""Published indicators under watch: what is fed, when a change is told, and when it is over."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import cos, exp, pi

import pytest

from alerts.indices.rules import PACES, RULES, Scale, due_on, error_of, is_watched
from alerts.indices.watch import IndexWatch, waiting_from
from alerts.signal import Classification, Direction, Phase, Signal
from config.vocabulary import read_table
from tests.factories_indices import figures, period
from warehouse.series import Frequency, Observation, Standing

WEEKS, MONTHS = Frequency.WEEKLY, Frequency.MONTHLY


def watched(rows: Sequence[Observation], watch: IndexWatch | None = None) -> list[list[Signal]]:
    """Signals on the day on which each figure counts as known."""
    watch = watch or IndexWatch()
    waiting = waiting_from(rows)
    days = sorted({due_on(row) for row in waiting})
    return [watch.on(day, waiting) for day in days]


def noise(n: int, spread: float, seed: int = 1) -> list[float]:
    rng = random.Random(seed)
    return [rng.gauss(0.0, spread) for _ in range(n)]


def test_every_rule_is_of_an_indicator_and_its_frequency() -> None:
    known = {row["code"]: row for row in read_table("codelists", "indicators.csv")}
    for name, rule in RULES.items():
        assert rule.frequency.value == known[name]["frequency"], name
        assert (rule.scale is Scale.LN_RATIO) == (known[name]["unit"] == "ln ratio"), name
        assert rule.frequency in PACES


def test_a_step_is_told_with_its_size_and_evidence_and_is_over_when_back() -> None:
    values = [e + (0.8 if 30 <= n < 42 else 0.0) for n, e in enumerate(noise(60, 0.05))]
    days = watched(figures(values))
    spoken = [n for n, signals in enumerate(days) if signals]
    assert 30 <= spoken[0] <= 33
    first, last = days[spoken[0]][0], days[spoken[-1]][0]
    assert (first.classification, first.indicator) == (Classification.INDICATOR, "tightness")
    assert (first.direction, first.phase) == (Direction.UP, Phase.ACTIVE)
    assert period(WEEKS, 29) <= first.onset_on <= period(WEEKS, 31)
    assert first.size.ratio == pytest.approx(exp(first.size.observed - first.size.expected))
    assert 1.0 < first.size.lower < exp(0.8) < first.size.upper
    assert (first.n, first.employers, first.sources) == (40, 9, ("north", "south"))
    assert first.components[0].name == "tightness"
    assert last.phase is Phase.RETURNED
    assert spoken[-1] == 42  # so clearly that one week is enough
    assert all(len(signals) <= 1 for signals in days)


def test_a_change_within_the_interval_of_its_figures_is_not_told() -> None:
    values = [e + (0.3 if n >= 30 else 0.0) for n, e in enumerate(noise(60, 0.02))]
    assert any(watched(figures(values, half=0.1)))
    assert not any(watched(figures(values, half=0.7)))


def test_a_change_that_stays_becomes_the_new_normal() -> None:
    values = [e + (0.8 if n >= 30 else 0.0) for n, e in enumerate(noise(90, 0.05))]
    phases = [s.phase for signals in watched(figures(values)) for s in signals]
    assert phases[-1] is Phase.ABSORBED
    assert phases.count(Phase.ABSORBED) == 1
    assert len(phases) == PACES[WEEKS].absorbed + 1


def test_a_fall_after_a_rise_is_told_as_one_only_below_the_level_of_before() -> None:
    deep = [0.0] * 30 + [0.8] * 8 + [-0.8] * 6
    days = watched(figures([v + e for v, e in zip(deep, noise(44, 0.05), strict=True)]))
    ends = {s.direction for signals in days for s in signals if s.is_over}
    fall = [s for signals in days for s in signals if s.direction is Direction.DOWN]
    assert ends == {Direction.UP}
    assert fall[0].size.expected == pytest.approx(0.0, abs=0.1)
    assert fall[0].size.observed == pytest.approx(-0.8, abs=0.2)


def test_a_revision_and_a_late_figure_feed_nothing() -> None:
    rows = figures(noise(20, 0.05))
    watch = IndexWatch()
    watched(rows, watch)
    before = watch.freeze()
    late = [replace(rows[-1], value=9.0, release_id="R19.1"), replace(rows[3], value=9.0)]
    watch.on(due_on(rows[-1]) + timedelta(days=1), waiting_from(late))
    assert watch.freeze() == before


def test_each_figure_is_fed_once_on_its_day_and_no_day_early() -> None:
    rows = figures(noise(5, 0.05))
    watch, waiting = IndexWatch(), waiting_from(reversed(rows))
    watch.on(due_on(rows[0]) - timedelta(days=1), waiting)
    assert (len(waiting), watch.series) == (5, {})
    watch.on(due_on(rows[2]), waiting)
    (series,) = watch.series.values()
    assert series.days == [row.time_value for row in rows[:3]]
    assert watch.since < rows[0].time_value
    watch.on(due_on(rows[2]), waiting_from(rows))
    assert series.days == [row.time_value for row in rows[:3]]


@pytest.mark.parametrize(
    "changed",
    [
        {"standing": Standing.ROLLED_UP}, {"standing": Standing.TOO_FEW, "value": None},
        {"indicator": "flow"}, {"frequency": MONTHS}, {"province": "LA-VT", "occupation": "5"},
        {"occupation": "51", "province": ""}, {"industry": "F"}, {"skill": "LA-S001"},
    ],
)  # fmt: skip
def test_what_is_not_assessable_or_too_fine_is_left_out(changed: dict[str, object]) -> None:
    (row,) = figures([0.1])
    of_row = {k: v for k, v in changed.items() if k in ("standing", "value")}
    of_key = {k: v for k, v in changed.items() if k not in of_row}
    other = replace(row, series=replace(row.series, **of_key), **of_row)  # type: ignore[arg-type]
    assert len(waiting_from([row, other])) == 1
    assert is_watched(row)


def seasonal(months: int, factor: float, at: int) -> list[float]:
    return [
        20.0 * exp(0.4 * cos(n * pi / 6) + e) * (factor if n >= at else 1.0)
        for n, e in enumerate(noise(months, 0.03, seed=4))
    ]


def test_months_are_compared_with_the_year_before_once_two_are_known() -> None:
    rows = figures(
        seasonal(60, 1.6, 40), indicator="duration_median", frequency=MONTHS, relative=True,
    )  # fmt: skip
    days = watched(rows)
    spoken = [n for n, signals in enumerate(days) if signals]
    assert 40 <= spoken[0] <= 42
    first = days[spoken[0]][0]
    assert first.size.ratio == pytest.approx(1.6, rel=0.15)
    assert first.size.expected < first.size.observed
    assert "year before" in first.detail
    assert days[spoken[-1]][0].phase is Phase.ABSORBED  # not "back" when the year before has risen


def test_a_change_that_is_over_has_no_echo_a_year_later() -> None:
    values = [v * (0.7 if 40 <= n < 45 else 1.0) for n, v in enumerate(seasonal(70, 1.0, 99))]
    for held in (values, [*values[:42], None, *values[43:]]):
        rows = figures(held, indicator="wage_median", frequency=MONTHS, half=0.05, relative=True)
        days = watched(rows)
        assert {s.detected_on for signals in days for s in signals} == {due_on(rows[40])}
        assert [s.phase for signals in days for s in signals][-1] is Phase.RETURNED


def test_weeks_half_gone_end_it_when_they_are_two() -> None:
    values = [*noise(30, 0.05), *[0.8] * 6, 0.3, 0.3, 0.3]
    phases = [[s.phase for s in signals] for signals in watched(figures(values, half=0.3))]
    assert phases[-3:] == [[Phase.ACTIVE], [Phase.RETURNED], []]


def test_a_young_monthly_series_has_its_own_level() -> None:
    values = [0.2 + e for e in noise(10, 0.01)] + [0.45, 0.46, 0.2, 0.2]
    rows = figures(values, indicator="repost_rate", frequency=MONTHS, half=0.03)
    signals = [s for day in watched(rows) for s in day]
    assert [s.phase for s in signals] == [Phase.ACTIVE, Phase.ACTIVE, Phase.RETURNED]
    assert signals[0].size.ratio == pytest.approx(0.45 / 0.2, rel=0.1)
    assert "level of before" in signals[0].detail


def test_a_missing_month_is_bridged_and_a_lost_year_begins_anew() -> None:
    whole = seasonal(60, 1.0, 99)
    held: list[float | None] = [*whole[:30], None, *whole[31:]]
    assert not any(watched(figures(
        held, indicator="duration_median", frequency=MONTHS, relative=True,
    )))  # fmt: skip
    lost: list[float | None] = [*whole[:30], *([None] * 14), *(3.0 * v for v in whole[44:])]
    watch = IndexWatch()
    rows = figures(lost, indicator="duration_median", frequency=MONTHS, relative=True)
    assert not any(watched(rows, watch))
    (series,) = watch.series.values()
    assert series.days[0] == period(MONTHS, 44)


def test_silence_of_releases_is_no_return() -> None:
    values = [e + (0.8 if n >= 30 else 0.0) for n, e in enumerate(noise(36, 0.05))]
    rows = figures(values)
    watch = IndexWatch()
    assert watched(rows, watch)[-1]
    last = due_on(rows[-1])
    nothing = waiting_from([])
    assert watch.on(last + timedelta(days=27), nothing)[0].phase is Phase.ACTIVE
    assert watch.on(last + timedelta(days=28), nothing) == []


def test_an_end_is_told_for_a_week() -> None:
    values = [*noise(30, 0.05), *[0.8] * 6, 0.0]
    rows, watch = figures(values), IndexWatch()
    assert watched(rows, watch)[-1][0].phase is Phase.RETURNED
    last, nothing = due_on(rows[-1]), waiting_from([])
    assert watch.on(last + timedelta(days=6), nothing)[0].phase is Phase.RETURNED
    assert watch.on(last + timedelta(days=7), nothing) == []


def test_errors_come_from_intervals_on_the_scale() -> None:
    (share,) = figures([0.2], indicator="repost_rate", frequency=MONTHS, half=0.04)
    assert error_of(share, RULES["repost_rate"]) == pytest.approx(0.04 / 1.96, rel=1e-3)
    (days,) = figures([20.0], indicator="duration_median", frequency=MONTHS, half=20.0)
    assert error_of(days, RULES["duration_median"]) == pytest.approx(0.3536, rel=1e-3)
    assert error_of(replace(days, lower=None), RULES["duration_median"]) == 0.0


def drifting(weeks: int, seed: int, half: float) -> list[float]:
    """A level that keeps three quarters of last week's deviation, and is measured with error."""
    rng = random.Random(seed)
    level, found = 0.0, []
    for _ in range(weeks):
        level = 0.75 * level + rng.gauss(0.0, 0.1 * (1 - 0.75**2) ** 0.5)
        found.append(level + rng.gauss(0.0, half / 1.96))
    return found


def test_quiet_weeks_are_left_alone_and_a_doubling_is_found_within_a_month() -> None:
    series, weeks, at = 40, 156, 104
    false, delays = 0, []
    for seed in range(series):
        values = [v + (0.69 if n >= at else 0.0) for n, v in enumerate(drifting(weeks, seed, 0.2))]
        days = watched(figures(values, half=0.2))
        began = [n for n, signals in enumerate(days) for s in signals
                 if not s.is_over and s.detected_on == s.day]  # fmt: skip
        false += sum(n < at for n in began)
        delays.append(min((n - at for n in began if n >= at), default=weeks))
    assert false / (series * at / 52) <= 0.05
    assert sum(delay <= 4 for delay in delays) >= 0.95 * series


def test_days_without_news_repeat_what_stands() -> None:
    values = [*noise(30, 0.05), *[0.8] * 4]
    rows, watch = figures(values), IndexWatch()
    (told,) = watched(rows, watch)[-1]
    (again,) = watch.on(due_on(rows[-1]) + timedelta(days=1), waiting_from(rows))
    assert again == replace(
        told, day=told.day + timedelta(days=1), event_time=told.event_time + timedelta(days=1),
        evidence_days=told.evidence_days + 1,
    )  # fmt: skip
    assert isinstance(told.day, date)
