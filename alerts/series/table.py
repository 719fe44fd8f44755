"""Series out of the rows of a table: what each holds, how often, and of what kind. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Final

from alerts.series.columns import Chosen, SeriesError, Wanted, choose
from alerts.series.laid import laid_out, names_of
from alerts.series.reading import is_missing, moment_of, number_of, period_of


class Frequency(StrEnum):
    """How far apart the points of a series are."""

    DAILY = "D"
    WEEKLY = "W"
    MONTHLY = "M"
    QUARTERLY = "Q"


class Kind(StrEnum):
    """What a series measures."""

    COUNTS = "counts"
    INDEX = "index"


Point = tuple[date, float]
Moments = dict[date, dict[str, float]]
"""Values of a day by their time of day, "" where only the day is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Dated values, in order of time, each date once."""

    name: str
    key: tuple[str, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTable:
    """A whole table."""

    series: tuple[Series, ...]
    chosen: Chosen
    frequency: Frequency
    kind: Kind
    refused: tuple[str, ...]
    """Rows that could not be read, each with its reason."""
    per_day: int = 1
    """Values that a day usually had, where they became one; of the series with most."""


_ROUGH: Final = 0.3
"""Half the mean squared step over the mean: about 1 for Poisson counts, near 0 when smoothed."""
_ONE: Final = "name the columns that tell series apart with --series, or sum to one value a day"
_SELDOM: Final = 135
"""Days between values beyond which differences to a year before say too little."""
_SPACING: Final = ((4.0, Frequency.DAILY), (15.0, Frequency.WEEKLY), (45.0, Frequency.MONTHLY))


def read_table(
    rows: Sequence[tuple[int, Mapping[str, str]]],
    wanted: Wanted,
    kind: Kind | None = None,
    frequency: Frequency | None = None,
) -> SeriesTable:
    """Series of a table, sorted by name.

    Args:
        rows: number of the row and cells by column name.
        kind: what the values are; None: counts where they are whole, not negative and rough.
        frequency: None: by the usual gap between dates.

    Raises:
        SeriesError: no rows, no date or value column, a date twice in one series, or fewer than
            three values a year.
    """
    if not rows:
        raise SeriesError("the table has no rows")
    rows = laid_out(rows)
    names = names_of(rows)
    chosen = choose(names, [row for _, row in rows], wanted)
    found: dict[tuple[str, ...], Moments] = {}
    refused: list[str] = []
    for number, row in rows:
        _take(number, row, chosen, found, refused)
    if not found:
        raise SeriesError(f"no row has a date and a number; the first: {refused[0]}")
    kind = kind or kind_of([_series(key, _each(found[key])) for key in found])
    series = tuple(_series(key, _daily(key, found[key], kind)) for key in sorted(found))
    return SeriesTable(
        series=series,
        chosen=chosen,
        frequency=frequency or _frequency(series),
        kind=kind,
        refused=tuple(refused),
        per_day=round(max(map(_usual, found.values()))),
    )


def _series(key: tuple[str, ...], points: Sequence[Point]) -> Series:
    name = " / ".join(part for part in key if part) or "series"
    return Series(name=name, key=key, points=tuple(points))


def _each(moments: Moments) -> list[Point]:
    """Every value, those of a day in order of their times."""
    return [(day, times[time]) for day, times in sorted(moments.items()) for time in sorted(times)]


def _usual(moments: Moments) -> float:
    return median(map(len, moments.values()))


def _daily(key: tuple[str, ...], moments: Moments, kind: Kind) -> list[Point]:
    """One value a day: of several, counts are summed and all else is averaged.

    The first and the last day are left out where they hold fewer values than is usual: part of a
    day is no fall.
    """
    sizes = {day: len(times) for day, times in moments.items()}
    usual = _usual(moments)
    if usual < 2 and (twice := next((day for day in sorted(sizes) if sizes[day] > 1), None)):
        raise SeriesError(
            f"more than one value for {' / '.join(key)} on {twice}, where one is usual; {_ONE}"
        )
    ends = {day for day in (min(sizes), max(sizes)) if sizes[day] < usual}
    return [
        (day, sum(times.values()) / (1 if kind is Kind.COUNTS else len(times)))
        for day, times in sorted(moments.items())
        if day not in ends
    ]


def _take(
    number: int,
    row: Mapping[str, str],
    chosen: Chosen,
    found: dict[tuple[str, ...], Moments],
    refused: list[str],
) -> None:
    day = period_of(row.get(chosen.date, ""))
    moment = moment_of(row.get(chosen.date, ""))
    if day is None:
        refused.append(f"row {number}: no date in {row.get(chosen.date, '')!r}")
        return
    base = tuple(row.get(key, "").strip() for key in chosen.keys)
    for column in chosen.values:
        text = row.get(column, "")
        if is_missing(text):
            continue
        value = number_of(text)
        if value is None:
            refused.append(f"row {number}: no number in {text!r}")
            continue
        key = (*base, column) if len(chosen.values) > 1 or not base else base
        known = found.setdefault(key, {}).setdefault(day, {})
        if known.get(moment) == value:
            refused.append(f"row {number}: says again what is known of {moment or day}")
        elif moment in known:
            raise SeriesError(
                f"row {number}: a second value for {' / '.join(key)} on {moment or day}; {_ONE}"
            )
        else:
            known[moment] = value


def _frequency(series: Sequence[Series]) -> Frequency:
    gaps = Counter(
        (b[0] - a[0]).days
        for one in series[:200]
        for a, b in zip(one.points, one.points[1:], strict=False)
    )
    if not gaps:
        return Frequency.DAILY
    usual = median(gaps.elements())
    if any(day.day != 1 for one in series[:50] for day, _ in one.points[:50]):
        usual = min(gaps, key=lambda gap: (-gaps[gap], gap)) if usual < 60 else usual
    if usual > _SELDOM:
        raise SeriesError(
            f"a value every {usual:.0f} days is too seldom: at least three a year are needed"
        )
    return next((f for most, f in _SPACING if usual < most), Frequency.QUARTERLY)


def kind_of(series: Sequence[Series]) -> Kind:
    """Counts where most series hold whole numbers of at least 0 that are as rough as counts are."""
    votes = sum(1 if is_counts(one) else -1 for one in series if len(one.points) > 1)
    return Kind.COUNTS if votes > 0 else Kind.INDEX


def is_counts(one: Series) -> bool:
    """Whether one series looks like counts of events."""
    values = [value for _, value in one.points]
    if any(value < 0.0 or value != int(value) for value in values):
        return False
    mean = sum(values) / len(values)
    if mean < 2.0:
        return True
    steps = [(b - a) ** 2 for a, b in pairwise(values)]
    return median(steps) >= _ROUGH * mean or sum(steps) / len(steps) / 2.0 >= _ROUGH * mean
