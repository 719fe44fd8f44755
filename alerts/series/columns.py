"""Which columns of a table of series are its date, its keys and its value. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.series.reading import is_missing, number_of, period_of

_DATE: Final = re.compile(r"date|day|month|week|period|time|quarter|ວັນ|ເດືອນ", re.IGNORECASE)
_KEY: Final = re.compile(
    r"isco|isic|code|(^|_)id$|series|cell|provin|region|countr|sector|industr|occupation|level|"
    r"group|district|source|name|variable|ແຂວງ|ອາຊີບ",
    re.IGNORECASE,
)
_NO_VALUE: Final = re.compile(r"^(year|n_?obs|n|week|month|day|row|unnamed.*)$", re.IGNORECASE)
_VALUES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (r"^(value|count|y|index)$", r"count|index|value", r"tightness|mismatch",
                    r"vacanc|posting|ປະກາດ", r"growth|share|rate|wage|duration")
)  # fmt: skip
_YEARS: Final = re.compile(r"(19|20|25)\d\d([- ]?[SH][12])?")
_SAMPLE: Final = 400
_MOSTLY: Final = 0.9
_MOST_NAMES: Final = 12


class SeriesError(ValueError):
    """The table cannot be read as series; the message says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the caller says of the columns; "" or () leaves it to the table."""

    date: str = ""
    value: str = ""
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Columns by their part."""

    date: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    """More than one where every numeric column is a series of its own."""
    others: tuple[str, ...] = ()
    """Numeric columns that could have been the value."""


def choose(names: Sequence[str], rows: Sequence[Mapping[str, str]], wanted: Wanted) -> Chosen:
    """The columns of a table.

    Where several numeric columns could be the value, the best named one is taken beside key
    columns, and every one is a series of its own where there are none.

    Raises:
        SeriesError: a column that was named does not exist, or no date or value can be found.
    """
    for name in (wanted.date, wanted.value, *wanted.series):
        if name and name not in names:
            raise SeriesError(f"no column {name!r}; there are {_listed(names)}")
    if len(names) < 2:
        raise SeriesError(
            f"one column only, {_listed(names)}; expected a date and a value apart by a comma, "
            "semicolon, tab, space or |"
        )
    sample = rows[:: max(1, len(rows) // _SAMPLE)]
    dated = wanted.date or _date_column(names, sample)
    rest = [name for name in names if name and name != dated]
    numeric = [n for n in rest if n not in wanted.series and _is_numeric(n, sample)]
    # Where no date comes twice there is one series, or one a column: nothing needs telling apart.
    single = len({row.get(dated) for row in rows}) == len(rows)
    found = () if single else tuple(
        n for n in rest if n != wanted.value and _is_key(n, n in numeric, sample)
    )  # fmt: skip
    keys = wanted.series or found
    able = [n for n in numeric if n not in keys and not _NO_VALUE.match(n)]
    able = able or [n for n in numeric if n not in keys and n.lower() == "n"]
    if single and not keys and len(able) == 1:
        return Chosen(date=dated, keys=_name_of_one(rest, numeric, rows), values=tuple(able))
    if wanted.value:
        return Chosen(date=dated, keys=_telling(keys, rows), values=(wanted.value,))
    if not able:
        raise SeriesError(f"no column with numbers among {_listed(rest)}; name it with --value")
    plain = [n for n in able if _VALUES[0].fullmatch(n)]
    if not keys and len(plain) != 1:
        return Chosen(date=dated, keys=(), values=tuple(able))
    best = next((n for pattern in _VALUES for n in able if pattern.search(n)), able[0])
    others = tuple(n for n in able if n != best)
    return Chosen(date=dated, keys=_telling(keys, rows), values=(best,), others=others)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _name_of_one(
    rest: Sequence[str], numeric: Sequence[str], rows: Sequence[Mapping[str, str]]
) -> tuple[str, ...]:
    """The column that names the only series: the first of texts that says the same in all rows."""
    texts = [n for n in rest if n not in numeric or _KEY.search(n)]
    same = [n for n in texts if len({row.get(n, "") for row in rows}) == 1 and rows[0].get(n)]
    named = [n for n in same if _KEY.search(n)]
    return tuple((named or same)[:1])


def _date_column(names: Sequence[str], sample: Sequence[Mapping[str, str]]) -> str:
    named = [n for n in names if _DATE.search(n)]
    for name in (*named, *(n for n in names if n not in named)):
        cells = [row[name] for row in sample if row.get(name)]
        dates = sum(period_of(cell) is not None for cell in cells)
        if cells and dates >= _MOSTLY * len(cells):
            return name
    if any(_YEARS.fullmatch(cell) for row in sample[:1] for cell in row.values()):
        raise SeriesError(
            f"no column with days, weeks, months or quarters among {_listed(names)}: one or two "
            "values a year are too seldom to warn by; name the dates with --date"
        )
    raise SeriesError(f"no column with dates among {_listed(names)}; name it with --date")


def _is_numeric(name: str, sample: Sequence[Mapping[str, str]]) -> bool:
    cells = [row[name] for row in sample if row.get(name) and not is_missing(row[name])]
    good = sum(number_of(cell) is not None for cell in cells)
    return bool(cells) and good >= _MOSTLY * len(cells)


def _is_key(name: str, numeric: bool, sample: Sequence[Mapping[str, str]]) -> bool:
    if not numeric:
        return True
    if not _KEY.search(name) or any(pattern.search(name) for pattern in _VALUES[:3]):
        return False
    return all(row.get(name, "").strip().isdigit() for row in sample)


def _telling(keys: Sequence[str], rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Keys that tell series apart: one that the earlier ones already determine is left out."""
    kept: tuple[str, ...] = ()
    known = 1
    for key in keys:
        parts = {tuple(row.get(name, "") for name in (*kept, key)) for row in rows}
        if len(parts) > known:
            kept, known = (*kept, key), len(parts)
    return kept
