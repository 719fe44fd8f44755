"""Tables whose dates are not in one column: dates as names of columns, year and month apart. Pure.

Offices of statistics publish one row a series and one column a month, or a column of years beside
one of months; counters write a column of hours beside the day. All are laid out anew as one row a
value with one date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from alerts.series.reading import is_missing, period_of

Numbered = tuple[int, Mapping[str, str]]
_FEWEST: Final = 6
"""Columns named by dates that make a table one of dates across."""
_YEAR: Final = re.compile(r"year|yr|ປີ", re.IGNORECASE)
_DAY: Final = re.compile(r"day|ວັນ|ວັນທີ", re.IGNORECASE)
_HOUR: Final = re.compile(r"hour|hr|hour of day|ໂມງ|ຊົ່ວໂມງ", re.IGNORECASE)
_OF_A_DAY: Final = re.compile(r"([01]?\d|2[0-4])(?:\.0+)?")
_PARTS: Final = (
    (re.compile(r"month|mon|ເດືອນ", re.IGNORECASE), ("{0}-{1:0>2}", "{1} {0}")),
    (re.compile(r"quarter|qtr|ໄຕມາດ", re.IGNORECASE), ("{0}-Q{1}", "{0}-{1}")),
    (re.compile(r"(iso)?week", re.IGNORECASE), ("{0}-W{1:0>2}", "{0}-{1}")),
)
"""A part of the year, and how it is written with the year: as a number, or with a word."""


def reshaped(rows: Sequence[Numbered], names: Sequence[str]) -> Sequence[Numbered]:
    """The rows with one column of dates, where there is none and one can be made."""
    sample = [row for _, row in rows[:200]]
    dated = next((name for name in names if _is_dated(name, sample)), None)
    if dated is not None:
        return _timed(rows, names, dated)
    across = [name for name in names if period_of(name) is not None]
    if len(across) >= _FEWEST and 2 * len(across) > len(names):
        return _turned(rows, across)
    return _joined(rows, names)


def _timed(rows: Sequence[Numbered], names: Sequence[str], dated: str) -> Sequence[Numbered]:
    """The day with the hour that stands in a column of its own."""
    rest = [name for name in names if name != dated]
    hour = next((name for name in rest if _HOUR.fullmatch(name.strip())), None)
    if (
        len(rest) < 2
        or hour is None
        or not all(_OF_A_DAY.fullmatch(row.get(hour, "").strip()) for _, row in rows)
    ):
        return rows
    return [
        (
            number,
            {
                name: f"{cell} {int(float(row[hour])) % 24:02d}:00" if name == dated else cell
                for name, cell in row.items()
                if name != hour
            },
        )
        for number, row in rows
    ]


def _is_dated(name: str, sample: Sequence[Mapping[str, str]]) -> bool:
    cells = [cell for row in sample if (cell := row.get(name, "").strip())]
    return bool(cells) and 2 * sum(period_of(cell) is not None for cell in cells) > len(cells)


def _turned(rows: Sequence[Numbered], across: Sequence[str]) -> Sequence[Numbered]:
    """A row for each cell under a date; columns of one text each tell its series."""
    known = set(across)
    return [
        (number, {**{n: c for n, c in row.items() if n not in known}, "date": day, "value": cell})
        for number, row in rows
        for day in across
        if not is_missing(cell := row.get(day, ""))
    ]


def _joined(rows: Sequence[Numbered], names: Sequence[str]) -> Sequence[Numbered]:
    """Year and month, quarter or week as one date; a day of the month with them."""
    year = next((name for name in names if _YEAR.fullmatch(name.strip())), None)
    found = next(
        (
            (name, forms)
            for pattern, forms in _PARTS
            for name in names
            if pattern.fullmatch(name.strip())
        ),
        None,
    )
    if year is None or found is None:
        return rows
    part, forms = found
    day = next((name for name in names if _DAY.fullmatch(name.strip())), None)
    used = {year, part} | ({day} if day else set())
    named = " ".join(name for name in (year, part, day) if name)
    return [
        (
            number,
            {
                named: _date(row.get(year, ""), row.get(part, ""), row.get(day or "", ""), forms),
                **{name: cell for name, cell in row.items() if name not in used},
            },
        )
        for number, row in rows
    ]


def _date(year: str, part: str, day: str, forms: tuple[str, str]) -> str:
    year, part, day = (re.sub(r"\.0+$", "", cell.strip()) for cell in (year, part, day))
    if not year or not part:
        return ""
    if day:
        return f"{day} {part} {year}" if not part.isdigit() else f"{year}-{part:0>2}-{day:0>2}"
    return forms[0 if part.isdigit() else 1].format(year, part)
