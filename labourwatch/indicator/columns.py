"""Which column of a table of counts is what: as told, else by its name. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from labourwatch.indicator.names import EXACT, Field, count_field, plain

_COUNTS: Final = (Field.VACANCIES, Field.UNEMPLOYED)
_COUNTED: Final = (
    *_COUNTS, Field.VACANCIES_TOTAL, Field.UNEMPLOYED_TOTAL, Field.LABOUR_FORCE,
)  # fmt: skip
_PERIOD: Final = re.compile(r"\d{4}([ \-/]?[mqw]?\d{1,2})?([ \-/]\d{1,2})?", re.IGNORECASE)
_SEVERAL: Final = frozenset({Field.AREA, Field.LEVEL, Field.BY})
"""Fields that several columns may be."""


class ColumnsError(ValueError):
    """The table's columns cannot be used; the message says what is missing, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Columns by field; "" where there is none."""

    time: str = ""
    year: str = ""
    group: str = ""
    areas: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    measure: str = ""
    value: str = ""
    counts: Mapping[Field, str]
    """Sides, totals and the labour force; empty of sides where `measure` and `value` tell them."""


def columns_of(
    names: Sequence[str],
    told: Mapping[str, str],
    by: Sequence[str] | None = None,
    needed: Sequence[Field] = _COUNTS,
) -> Columns:
    """What the columns of a table are.

    Args:
        told: column → field, which wins over names.
        by: columns that tell series apart, instead of the areas and levels found.
        needed: sides that the table must have.

    Raises:
        ColumnsError: no column for a side that is needed, a told column or field that does not
            exist, or two columns that could be the same.
    """
    kept = [name for name in names if name]
    chosen = _told(kept, told)
    free = [name for name in kept if name not in chosen and name not in (by or ())]
    chosen |= _counts(free, chosen)
    for field in (Field.TIME, Field.LABOUR_FORCE, Field.MEASURE, Field.VALUE, Field.GROUP):
        _take_first(field, free, chosen)
    if "year" not in chosen.values():
        _take_first(Field.YEAR, free, chosen)
    if by is None:
        for field in (Field.AREA, Field.LEVEL):
            found = [n for n in free if n not in chosen and plain(n) in EXACT[field]]
            chosen |= dict.fromkeys(found, field)
    elif missing := [name for name in by if name not in kept]:
        raise ColumnsError(f"--by: no column {missing[0]!r}; there are {', '.join(kept)}")
    return _checked(kept, chosen, tuple(by or ()), needed)


def fitting(names: Sequence[str], told: Mapping[str, str]) -> int:
    """How many of some names are columns with a meaning; what tells the heading of a table."""
    known = set().union(*EXACT.values())
    return sum(n in told or plain(n) in known or count_field(n) is not None for n in names if n)


def _told(names: Sequence[str], told: Mapping[str, str]) -> dict[str, Field]:
    chosen: dict[str, Field] = {}
    for column, field in told.items():
        if column not in names:
            raise ColumnsError(f"--map: no column {column!r}; there are {', '.join(names)}")
        if field not in set(Field):
            raise ColumnsError(f"--map {column}={field}: expected one of {', '.join(Field)}")
        if Field(field) in chosen.values() and Field(field) not in _SEVERAL:
            raise ColumnsError(f"--map: two columns for {field}")
        chosen[column] = Field(field)
    return chosen


def _counts(names: Sequence[str], chosen: Mapping[str, Field]) -> dict[str, Field]:
    """Columns of sides and totals; an exact name wins over one that only contains the word."""
    taken, found = set(chosen.values()), dict[str, Field]()
    if {"V", "U"} <= set(names) and any(
        count_field(name) is Field.VACANCIES for name in names if name != "V"
    ):  # the letters of the literature: shares are v/V and u/U
        named = {"V": Field.VACANCIES_TOTAL, "U": Field.UNEMPLOYED_TOTAL}
        found |= {name: field for name, field in named.items() if field not in taken}
        names, taken = [name for name in names if name not in named], taken | set(named.values())
    for name in names:
        field = count_field(name)
        if field is None or field in taken:
            continue
        rivals = [other for other, what in found.items() if what is field]
        if not rivals:
            found[name] = field
        elif field in EXACT and plain(name) in EXACT[field] and not _exact(rivals[0], field):
            found = {**{n: f for n, f in found.items() if f is not field}, name: field}
        elif field not in EXACT or _exact(name, field) == _exact(rivals[0], field):
            raise ColumnsError(
                f"{rivals[0]!r} and {name!r} could both be {field}; say which with --map "
                f"COLUMN={field}"
            )
    return found


def _exact(name: str, field: Field) -> bool:
    return field in EXACT and plain(name) in EXACT[field]


def _take_first(field: Field, names: Sequence[str], chosen: dict[str, Field]) -> None:
    """The first free column with one of the field's names, in the order of the table."""
    if field in chosen.values():
        return
    found = next((n for n in names if n not in chosen and plain(n) in EXACT[field]), None)
    if found is not None:
        chosen[found] = field


def _checked(
    names: Sequence[str], chosen: Mapping[str, Field], by: tuple[str, ...], needed: Sequence[Field]
) -> Columns:
    one = {field: name for name, field in chosen.items()}
    several = {
        field: tuple(name for name in names if chosen.get(name) is field) for field in _SEVERAL
    }
    long = Field.MEASURE in one and Field.VALUE in one
    missing = [field.value for field in needed if field not in one]
    if missing and not long:
        raise ColumnsError(_what_is_missing(names, missing))
    keep_measure = long and bool(missing)
    return Columns(
        time=one.get(Field.TIME, "") or one.get(Field.YEAR, ""),
        year=one.get(Field.YEAR, "") if Field.TIME in one else "",
        group=one.get(Field.GROUP, ""),
        areas=several[Field.AREA],
        levels=several[Field.LEVEL],
        by=(*several[Field.BY], *by),
        measure=one[Field.MEASURE] if keep_measure else "",
        value=one[Field.VALUE] if keep_measure else "",
        counts={} if keep_measure else {
            field: name for field, name in one.items()
            if field in _COUNTED
        },
    )  # fmt: skip


def _what_is_missing(names: Sequence[str], missing: Sequence[str]) -> str:
    periods = [name for name in names if _PERIOD.fullmatch(name.strip())]
    if len(periods) > 2:
        return (
            f"a column for each period ({periods[0]}, {periods[1]}, …): expected one row for each "
            "period and group, with columns time, group, vacancies, unemployed; turn it first"
        )
    told = ", ".join(names) or "none"
    return (
        f"no column for {' and '.join(missing)} among {told}; say which with "
        f"--map COLUMN={missing[0]}"
    )
