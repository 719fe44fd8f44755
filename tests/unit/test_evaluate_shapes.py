"""Shapes of tables from outside: what is read, what is refused, and that noise is no news."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from math import exp

import numpy as np
import pytest

from alerts.parameters import load_parameters
from alerts.series.columns import SeriesError, Wanted
from alerts.series.common import common_course
from alerts.series.found import Answer, Found, Method, Stage
from alerts.series.indexed import watch_index
from alerts.series.noisy import NoisyDetector, by_week, is_rough
from alerts.series.seasonal import EcholessDetector
from alerts.series.stepping import Told
from alerts.series.table import Frequency, Kind, Series, SeriesTable, read_table
from alerts.series.watching import Watching, watch_table
from alerts.signal import Direction

START = date(2022, 1, 3)


def table(lines: list[str], header: str = "date,series,value") -> SeriesTable:
    names = header.split(",")
    rows = [
        (n, dict(zip(names, line.split(","), strict=True))) for n, line in enumerate(lines, start=2)
    ]
    return read_table(rows, Wanted())


def dated(count: int, day: Callable[[date], str] = str, step: int = 1) -> list[str]:
    return [f"{day(START + timedelta(days=step * n))},x,{10 + n % 3}.5" for n in range(count)]


@pytest.mark.parametrize(
    "day",
    [
        lambda d: f"{d:%m/%d/%Y}",
        lambda d: f"{d.month}/{d.day}/{d.year}",
        lambda d: str((d - date(1970, 1, 1)).days * 86_400),
        lambda d: str((d - date(1970, 1, 1)).days * 86_400_000),
        lambda d: f"{d} 13:45:01",
    ],
)
def test_days_of_every_form_are_the_same_days(day: Callable[[date], str]) -> None:
    read = table(dated(60, day))
    assert [point[0] for point in read.series[0].points][:2] == [START, START + timedelta(days=1)]
    assert read.series[0].name == "x"
    assert read.frequency is Frequency.DAILY


def test_days_first_stays_days_first() -> None:
    read = table(dated(60, lambda d: f"{d:%d/%m/%Y}"))
    assert read.series[0].points[31][0] == START + timedelta(days=31)


def test_a_table_without_a_header_loses_no_row() -> None:
    lines = dated(40)
    read = table(lines[1:], header=lines[0])
    assert (read.series[0].name, len(read.series[0].points)) == ("x", 40)
    assert read.series[0].points[0] == (START, 10.5)


def test_many_missing_values_and_a_column_called_n_are_read() -> None:
    lines = [f"{START + timedelta(days=n)},x,{'NA' if n % 2 else n}" for n in range(60)]
    assert len(table(lines).series[0].points) == 30
    assert table(lines, header="day,cell,n").chosen.values == ("n",)


def test_numbers_beyond_arithmetic_are_refused() -> None:
    with pytest.raises(SeriesError, match="numbers"):
        table([f"{START + timedelta(days=n)},x,{n + 1}e300" for n in range(40)])


def alarms(found: tuple[Found, ...]) -> list[Found]:
    return [one for one in found if one.stage is Stage.ALARM]


def weekly(counts: list[float]) -> Series:
    points = tuple((START + timedelta(weeks=n), float(v)) for n, v in enumerate(counts))
    return Series(name="x", key=("x",), points=points)


@pytest.mark.parametrize("mean", [6.0, 20.0, 140.0])
@pytest.mark.parametrize("factor", [2.2, 0.4])
def test_a_step_of_weekly_counts_is_told_and_chance_is_not(mean: float, factor: float) -> None:
    rng = np.random.default_rng(4)
    found, quiet = 0, 0
    for _ in range(8):
        counts = rng.poisson([mean * (factor if n >= 100 else 1.0) for n in range(130)])
        told = alarms(watch_index(weekly(list(counts)), Frequency.WEEKLY, Kind.COUNTS).found)
        day = START + timedelta(weeks=100)
        right = Direction.UP if factor > 1.0 else Direction.DOWN
        found += any(f.detected_on >= day and f.direction is right for f in told)
        quiet += sum(f.detected_on < day for f in told)
        assert all(f.method is Method.NOISY for f in told)
    assert found >= 7
    assert quiet <= 3  # of 15 series-years


def test_sparse_weeks_are_answered_by_their_sum_and_weeks_left_out_are_zero() -> None:
    rng = np.random.default_rng(6)
    lines = [
        f"{START + timedelta(weeks=n)},s{k},{count}"
        for n in range(150)
        for k in range(30)
        if (count := rng.poisson(1.5 if n >= 110 else 0.6))
    ]
    read = table(lines, header="week,series,count")
    watched = list(watch_table(read, Watching(parameters=load_parameters())))
    assert {one.answer for one in watched[:-1]} == {Answer.INSUFFICIENT}
    (told, *_) = alarms(watched[-1].found)
    assert (watched[-1].series, told.direction) == ("(all)", Direction.UP)
    assert told.detected_on >= START + timedelta(weeks=110)


@pytest.mark.parametrize("negative", [False, True])
def test_rough_days_are_compared_week_by_week(negative: bool) -> None:
    rng = random.Random(3)
    levels = [rng.gauss(0.0, 0.3) + (0.9 if n >= 300 else 0.0) - 0.4 * (n % 7 == 6)
              for n in range(420)]  # fmt: skip
    values = [level if negative else 900.0 * exp(level) for level in levels]
    points = tuple((START + timedelta(days=n), v) for n, v in enumerate(values))
    assert is_rough(levels, 7)
    told = alarms(watch_index(Series(name="x", key=("x",), points=points), Frequency.DAILY).found)
    assert [f.direction for f in told] == [Direction.UP]
    assert 0 <= (told[0].detected_on - START).days - 300 <= 28
    assert told[0].lower < told[0].size < told[0].upper


def test_a_walk_and_a_constant_are_not_rough() -> None:
    rng = random.Random(1)
    walk = [0.0]
    for _ in range(300):
        walk.append(walk[-1] + rng.gauss(0.0, 0.01))
    assert not is_rough(walk, 7)
    assert not is_rough([1.0] * 300, 7)


def test_a_week_is_known_on_its_last_day_or_when_the_next_begins() -> None:
    points = [
        (START + timedelta(days=n), float(n)) for n in range(21) if n not in (6, 8, 9, 10, 11)
    ]
    known = [
        ((day - START).days, (first - START).days, mean) for day, first, mean in by_week(points)
    ]
    assert known == [(7, 0, 2.5), (20, 14, 17.0)]


def test_a_lasting_step_of_months_has_no_echo_and_a_change_back_is_told() -> None:
    def told(end: int) -> list[tuple[Direction, date]]:
        rng = random.Random(2)
        points = tuple(
            (date(2010 + n // 12, n % 12 + 1, 1),
             100.0 * exp((0.4 if 60 <= n < end else 0.0) + rng.gauss(0.0, 0.03)))
            for n in range(110)
        )  # fmt: skip
        one = Series(name="x", key=("x",), points=points)
        return [(f.direction, f.detected_on)
                for f in alarms(watch_index(one, Frequency.MONTHLY).found)]  # fmt: skip

    assert [direction for direction, _ in told(200)] == [Direction.UP]
    back = told(80)
    assert [direction for direction, _ in back][:2] == [Direction.UP, Direction.DOWN]
    assert date(2016, 9, 1) <= back[1][1] <= date(2017, 1, 1)


@pytest.mark.parametrize("made", [NoisyDetector, EcholessDetector])
def test_a_restored_detector_continues_bit_for_bit(
    made: type[NoisyDetector] | type[EcholessDetector],
) -> None:
    rng = random.Random(8)
    values = [rng.gauss(0.0, 0.1) + (0.8 if n >= 60 else 0.0) for n in range(120)]
    straight, first = made(), made()
    steps = [straight.observe(value) for value in values]
    before = [first.observe(value) for value in values[:61]]
    second = made.restore(json.loads(json.dumps(first.export())))
    assert before + [second.observe(value) for value in values[61:]] == steps


def course(moved: list[float], end: int = 200) -> SeriesTable:
    """Smooth daily indices that are quiet until day 100 and then move by so much within 84 days."""
    rows = []
    for k, move in enumerate(moved):
        rng = random.Random(k)
        noise = [rng.gauss(0.0, 0.01) for _ in range(end + 7)]
        rows += [
            f"{START + timedelta(days=n)},s{k},"
            f"{100.0 * exp(sum(noise[n : n + 7]) / 7 + move * min(max(n - 100, 0), 84) / 84):.3f}"
            for n in range(end)
        ]
    return table(rows, header="date,series,index")


def first_alarm(moved: list[float], *, together: bool) -> date | None:
    how = Watching(parameters=load_parameters(), with_parents=together)
    (one, *_) = watch_table(course(moved), how)
    told = [f.detected_on for f in alarms(one.found) if f.detected_on > START + timedelta(days=90)]
    return min(told, default=None)


def test_a_fall_with_the_others_is_told_sooner_and_one_against_them_no_sooner() -> None:
    fall, rises = [-0.16] * 10, [0.16] * 9
    alone, joined = first_alarm(fall, together=False), first_alarm(fall, together=True)
    against = first_alarm([-0.16, *rises], together=True)
    assert alone is not None
    assert joined is not None
    assert joined < alone
    assert against is None or against >= alone


def test_a_course_takes_eight_series_and_knows_nothing_of_later_days() -> None:
    whole = common_course(course([-0.3] * 8).series)
    early = common_course(course([-0.3] * 8, end=130).series)
    assert early
    assert all(whole[day] == change for day, change in early.items())
    assert min(whole.values()) < -0.08
    assert common_course(course([-0.3] * 7).series) == {}
    with_zero = Series(name="z", key=("z",), points=((START, 0.0),))
    assert common_course([with_zero] * 9) == {}


def test_an_excursion_begun_by_chance_does_not_bend_the_size_of_a_step() -> None:
    detector = NoisyDetector(floor=1.0, prior=1.0)
    for n in range(40):
        detector.observe(10.0 + 0.5 * (-1) ** n)
    for chance in (11.5, 11.0):
        detector.observe(chance)
    steps = [detector.observe(16.0) for _ in range(30)]
    told = [(n, step) for n, step in enumerate(steps, start=1) if step.told is not Told.NOTHING]
    (after, step), *more = told
    assert not more
    assert step.points == after
    assert detector.mean == pytest.approx(16.0, abs=0.05)
