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
from alerts.series.reading import is_missing, number_of, period_of


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


_ROUGH: Final = 0.3
"""Half the mean squared step over the mean: about 1 for Poisson counts, near 0 when smoothed."""
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
        SeriesError: no rows, no date or value column, or a date twice in one series.
    """
    if not rows:
        raise SeriesError("the table has no rows")
    rows = laid_out(rows)
    names = names_of(rows)
    chosen = choose(names, [row for _, row in rows], wanted)
    found: dict[tuple[str, ...], dict[date, float]] = {}
    refused: list[str] = []
    for number, row in rows:
        _take(number, row, chosen, found, refused)
    series = tuple(
        Series(name=" / ".join(part for part in key if part) or "series", key=key,
               points=tuple(sorted(found[key].items())))
        for key in sorted(found)
    )  # fmt: skip
    if not series:
        raise SeriesError(f"no row has a date and a number; the first: {refused[0]}")
    return SeriesTable(
        series=series,
        chosen=chosen,
        frequency=frequency or _frequency(series),
        kind=kind or kind_of(series),
        refused=tuple(refused),
    )


def _take(
    number: int,
    row: Mapping[str, str],
    chosen: Chosen,
    found: dict[tuple[str, ...], dict[date, float]],
    refused: list[str],
) -> None:
    day = period_of(row.get(chosen.date, ""))
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
        known = found.setdefault(key, {})
        if known.get(day) == value:
            refused.append(f"row {number}: says again what is known of {day}")
            continue
        if day in known:
            raise SeriesError(
                f"row {number}: a second value for {' / '.join(key)} on {day}; "
                "name the columns that tell series apart with --series, or sum to one value a day"
            )
        known[day] = value


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
