"""Layouts of tables from outside: dates in many forms, in columns apart or across the top."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from alerts.calendar import LAO_TIME
from alerts.series.columns import SeriesError, Wanted
from alerts.series.found import Stage
from alerts.series.indexed import watch_index
from alerts.series.reading import number_of, period_of
from alerts.series.table import Frequency, Kind, Series
from labourwatch.evaluating import read_series
from tests.unit.test_evaluate_shapes import START, dated, table

MIDNIGHT = datetime(START.year, START.month, START.day, tzinfo=LAO_TIME)
MONTHS = ("January", "February", "March", "April", "May", "June")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Q3 2020", date(2020, 7, 1)),
        ("3Q2020", date(2020, 7, 1)),
        ("2020:Q3", date(2020, 7, 1)),
        ("07/2020", date(2020, 7, 1)),
        ("2020 July", date(2020, 7, 1)),
        ("Jul-20", date(2020, 7, 1)),
        ("ກໍລະກົດ 2020", date(2020, 7, 1)),
        ("ກໍລະກົດ 2563", date(2020, 7, 1)),
        ("13/2020", None),
        ("Q5 2020", None),
        ("Total 2020", None),
    ],
)
def test_months_and_quarters_of_every_form(text: str, day: date | None) -> None:
    assert period_of(text) == day


@pytest.mark.parametrize(
    "day", [lambda d: f"{d:%m/%d/%y}", lambda d: str((d - date(1899, 12, 30)).days)]
)
def test_days_of_a_spreadsheet_are_days(day: Callable[[date], str]) -> None:
    assert table(dated(60, day)).series[0].points[31][0] == START + timedelta(days=31)


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("year,month,value", "{year},{month},{n}.5"),
        ("Year,Month,value", "{year},{name},{n}.5"),
        ("year,month,day,value", "{year},{month},1,{n}.5"),
        ("ປີ,ເດືອນ,value", "{year},{month}.0,{n}.5"),
    ],
)
def test_year_and_month_in_columns_of_their_own_are_a_date(header: str, line: str) -> None:
    lines = [
        line.format(year=2020 + n // 6, month=n % 6 + 1, name=MONTHS[n % 6], n=n) for n in range(12)
    ]
    read = table(lines, header=header)
    assert [day for day, _ in read.series[0].points] == [
        date(2020 + n // 6, n % 6 + 1, 1) for n in range(12)
    ]
    assert len(read.series) == 1


def test_dates_across_the_top_are_dates() -> None:
    days = [f"2020-{month:02d}" for month in range(1, 13)]
    lines = [
        f"{name}," + ",".join("" if n == 3 else str(n + 0.5) for n in range(12)) for name in "AB"
    ]
    read = table(lines, header="province," + ",".join(days))
    assert [one.name for one in read.series] == ["A", "B"]
    assert [day.month for day, _ in read.series[0].points] == [1, 2, 3, *range(5, 13)]


def test_a_row_that_is_there_twice_counts_once_and_a_second_value_ends_the_run() -> None:
    lines = dated(40)
    read = table([*lines, *lines])
    assert len(read.series[0].points) == 40
    assert len(read.refused) == 40
    with pytest.raises(SeriesError, match="a second value"):
        table([*lines, lines[0].replace("10.5", "11.5")])


@pytest.mark.parametrize(
    ("level", "frequency", "step"),
    [(-5.0, Frequency.DAILY, 1), (0.3, Frequency.DAILY, 1), (0.3, Frequency.WEEKLY, 7)],
)
def test_a_balance_around_zero_tells_its_step_and_few_of_its_own_moves(
    level: float, frequency: Frequency, step: int
) -> None:
    rng, x, values = random.Random(3), 0.0, []
    for n in range(400):
        x = 0.98 * x + rng.gauss(0.0, 0.2)
        values.append(level + x + (8.0 if n >= 300 else 0.0))
    points = tuple((START + timedelta(days=step * n), y) for n, y in enumerate(values))
    watched = watch_index(Series(name="a", key=("a",), points=points), frequency)
    told = [f.detected_on for f in watched.found if f.stage is Stage.ALARM]
    stepped = points[300][0]
    assert any(stepped <= day <= stepped + timedelta(days=14 * step) for day in told)
    assert len(told) <= 1 + 3 * (points[-1][0] - START).days / 365.25


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("LAK 1,200,000", 1_200_000.0),
        ("1 200 ກີບ", 1200.0),
        ("₭12'500", 12_500.0),
        ("1.234,5", 1234.5),
        ("1.234.567", 1_234_567.0),
        ("1.234", 1.234),
        ("(12.5)", -12.5),
        ("12 %", 12.0),
        ("1,2,3", None),
        ("1.23.456", None),
        ("ten kip", None),
    ],
)
def test_numbers_as_offices_write_them(text: str, number: float | None) -> None:
    assert number_of(text) == number


def test_what_cannot_be_a_series_is_said_plainly() -> None:
    with pytest.raises(SeriesError, match="too seldom"):
        table([f"{year},{year - 1900}.5" for year in range(1990, 2020)], header="year,value")
    with pytest.raises(SeriesError, match="too seldom"):
        table([f"{year},{year - 1900}.5" for year in range(1990, 2020)], header="date,value")
    with pytest.raises(SeriesError, match="too seldom"):
        table([f"{year}-01-01,{year - 1900}.5" for year in range(1990, 2020)], header="date,value")
    with pytest.raises(SeriesError, match="too seldom"):
        table([f"{year}-S{half},1.5" for year in range(1990, 2020) for half in (1, 2)],
              header="period,value")  # fmt: skip
    with pytest.raises(SeriesError, match="one column only"):
        table([f"{START}{n}" for n in range(30)], header="date")


@pytest.mark.parametrize("header", ["date  count", f"{START}   3"])
def test_columns_apart_by_spaces_are_columns(header: str) -> None:
    points = table([f"{START + timedelta(days=n)}{n:>9}" for n in range(1, 30)], header=header)
    assert points.series[0].points[-1] == (START + timedelta(days=29), 29.0)


def hours(value: Callable[[int], str], *, stamped: Callable[[int], str], days: int) -> list[str]:
    """Rows of so many days and six hours, the first day and the last begun and ended midway."""
    return [f"{stamped(n)},{value(n)}" for n in range(9, 24 * days + 6)]


@pytest.mark.parametrize(
    ("stamped", "header"),
    [
        (lambda n: f"{START + timedelta(days=n // 24)} {n % 24:02d}:00", "time,value"),
        (lambda n: f"{START + timedelta(days=n // 24)}T{n % 24:02d}:00:00+07:00", "time,value"),
        (lambda n: f"{START + timedelta(days=n // 24)},{n % 24}", "date,hour,value"),
        (lambda n: str(int(MIDNIGHT.timestamp()) + 3600 * n), "timestamp,value"),
    ],
)
def test_hours_become_days_and_a_day_in_part_is_no_fall(
    stamped: Callable[[int], str], header: str
) -> None:
    counts = table(hours(lambda n: str(n * n % 7), stamped=stamped, days=20), header=header)
    assert counts.kind is Kind.COUNTS
    assert (counts.frequency, counts.per_day) == (Frequency.DAILY, 24)
    assert counts.series[0].points == tuple(
        (START + timedelta(days=day), float(sum(n * n % 7 for n in range(24 * day, 24 * day + 24))))
        for day in range(1, 20)
    )
    level = table(hours(lambda n: f"{n // 24}.5", stamped=stamped, days=20), header=header)
    assert [value for _, value in level.series[0].points] == [day + 0.5 for day in range(1, 20)]


def test_two_times_of_one_day_where_one_is_usual_are_no_sum() -> None:
    lines = [f"{START + timedelta(days=n)} 08:00,{n}" for n in range(30)]
    with pytest.raises(SeriesError, match="more than one value"):
        table([*lines, f"{START} 17:00,3"], header="date,count")


def test_remarks_above_a_table_are_no_heading(tmp_path: Path) -> None:
    file = tmp_path / "remarks.csv"
    lines = [f"{START + timedelta(days=n)},{n}" for n in range(30)]
    file.write_text("\n".join(["# Counts, of all", "## made by hand", "date,count", *lines]))
    read = read_series(file, Wanted(), None, None)
    assert (read.chosen.date, read.chosen.values, read.refused) == ("date", ("count",), ())
    file.write_text("\n".join(["#,date,count", *(f"{n},{line}" for n, line in enumerate(lines))]))
    assert read_series(file, Wanted(value="count"), None, None).chosen.date == "date"
