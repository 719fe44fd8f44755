"""What only a whole column or table can tell: a missing header, and dates of a foreign order. Pure.

`03/25/2024` is no date where days come first, and `1711324800` is a number; where every cell of a
column is of such a form, and none of another, it is a date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from alerts.series.reading import number_of, period_of
from alerts.series.reshaped import reshaped

Numbered = tuple[int, Mapping[str, str]]
_AMERICAN: Final = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})")
_SERIAL: Final = re.compile(r"[2-6]\d{4}(?:\.0+)?")
"""Days since 30 December 1899, as spreadsheets keep them: 1954 to 2091."""
_DATES: Final = re.compile(r"date|datum|day|ds|ວັນທີ", re.IGNORECASE)
_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?(?:\.0+)?")
_TIMES: Final = re.compile(r"date|time|day|stamp|^ds$", re.IGNORECASE)
_FEWEST: Final = 3


def laid_out(rows: Sequence[Numbered]) -> Sequence[Numbered]:
    """The rows with a header of their own where there was none, and days as `2024-03-25`."""
    rows = _headed(_apart(rows))
    names = names_of(rows)
    rewritten = {
        name: form
        for name in names
        if (form := _form_of(name, [row.get(name, "").strip() for _, row in rows])) is not None
    }
    if rewritten:
        rows = [
            (
                number,
                {n: rewritten[n](c.strip()) if n in rewritten and c else c for n, c in row.items()},
            )
            for number, row in rows
        ]
    return reshaped(rows, names)


def names_of(rows: Sequence[Numbered]) -> list[str]:
    """Names of columns in their order; later rows of a ragged table may have more."""
    return list(dict.fromkeys(name for _, row in rows[:200] for name in row))


def _apart(rows: Sequence[Numbered]) -> Sequence[Numbered]:
    """One column whose cells and name fall into as many words each is a table apart by spaces."""
    names = names_of(rows)
    words = names[0].split()
    if len(names) > 1 or len(words) < 2 or len(set(words)) < len(words):
        return rows
    cells = [(number, row.get(names[0], "").split()) for number, row in rows]
    if any(len(parts) not in (0, len(words)) for _, parts in cells):
        return rows
    return [(number, dict(zip(words, parts, strict=True))) for number, parts in cells if parts]


def _headed(rows: Sequence[Numbered]) -> Sequence[Numbered]:
    """Where the first row's cells were taken for names, it is put back."""
    names = list(rows[0][1])
    plain = [
        "date" if period_of(name) else "value" if number_of(name) is not None else "series"
        for name in names
    ]
    if not {"date", "value"} <= set(plain) or len(names) > 4:
        # A wide table may name its columns by years.
        return rows
    given = [f"{name}_{n}" if plain.count(name) > 1 else name for n, name in enumerate(plain, 1)]
    renamed = dict(zip(names, given, strict=True))
    first = (rows[0][0] - 1, {renamed[name]: name for name in names})
    rest = [(n, {renamed.get(name, name): cell for name, cell in row.items()}) for n, row in rows]
    return [first, *rest]


def _form_of(name: str, cells: Sequence[str]) -> Callable[[str], str] | None:
    filled = [cell for cell in cells if cell]
    if len(filled) < _FEWEST:
        return None
    if _AMERICAN.fullmatch(filled[0]):
        found = [match for cell in filled if (match := _AMERICAN.fullmatch(cell))]
        months = all(1 <= int(match[1]) <= 12 for match in found)
        late = any(int(match[3]) > 12 for match in found)
        return _american if months and late and len(found) == len(filled) else None
    if _TIMES.search(name) and all(_EPOCH.fullmatch(cell) for cell in filled):
        return _epoch
    if _DATES.fullmatch(name) and all(_SERIAL.fullmatch(cell) for cell in filled):
        return _serial
    return None


def _serial(cell: str) -> str:
    return (date(1899, 12, 30) + timedelta(days=int(float(cell)))).isoformat()


def _american(cell: str) -> str:
    match = _AMERICAN.fullmatch(cell)
    return f"{_whole(match[4])}-{match[1]:0>2}-{match[3]:0>2}" if match else cell


def _whole(year: str) -> str:
    """Two digits are of this century; statistics of dates before are written out."""
    return year if len(year) == 4 else f"20{year}"


def _epoch(cell: str) -> str:
    number = float(cell)
    at = datetime.fromtimestamp(number / 1000.0 if number > 1e11 else number, UTC)
    return at.isoformat()
