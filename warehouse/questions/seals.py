"""Roll-ups by month that are believed only while the rows they were computed from are unchanged.

`vacancy_marks` and `event_marks` hold, for every month, the number of raw rows and the sum of the
hashes of their identities; both are kept by views over appended rows. A seal repeats the mark that
a month's rows were computed under. Rows are never changed or removed, so an equal mark means equal
rows, but for a collision of 64 bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from warehouse.client import fetch

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_WRAP: Final = 2**64
_WINDOW: Final = 14


class Sealed(StrEnum):
    """Roll-ups that are sealed by month, by their table."""

    SKILLS = "rollup_skills"
    PAY = "rollup_pay"
    DURATIONS = "rollup_durations"
    VACANCIES = "vacancies_sealed"
    COUNTED = "vacancies_counted"


class Mark(NamedTuple):
    """What raw rows a state was computed from."""

    rows: int
    digest: int


class Seal(NamedTuple):
    """One computed month."""

    month: date
    revision: int
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Which months can be read from the roll-up, and which have to be read raw."""

    sealed: Mapping[date, int]
    """First day of the month → revision of its rows."""
    unsealed: Sequence[date]
    """Months with raw rows that no seal covers as they now are."""


def judge(marks: Mapping[date, Mark], seals: Iterable[Seal]) -> Standing:
    """The latest revision of each month whose seal repeats the month's present mark."""
    sealed: dict[date, int] = {}
    for seal in seals:
        if marks.get(seal.month) == seal.mark:
            sealed[seal.month] = max(sealed.get(seal.month, 0), seal.revision)
    return Standing(sealed=sealed, unsealed=sorted(month for month in marks if month not in sealed))


def windowed(marks: Mapping[date, Mark]) -> dict[date, Mark]:
    """For each month the mark of its rows and those of the 14 months before: what durations need.

    That is more than the 400 days within which a closing looks for its opening.
    """
    return {month: _sum(marks, window_start(month), month) for month in marks}


def window_start(month: date) -> date:
    """First of the months whose rows a month's durations depend on."""
    place = month.year * 12 + month.month - 1 - _WINDOW
    return date(place // 12, place % 12 + 1, 1)


def _sum(marks: Mapping[date, Mark], first: date, last: date) -> Mark:
    held = [mark for month, mark in marks.items() if first <= month <= last]
    return Mark(sum(mark.rows for mark in held), sum(mark.digest for mark in held) % _WRAP)


def read_marks(client: Client, rollup: Sealed) -> dict[date, Mark]:
    """The present marks of a roll-up's months."""
    table = "event_marks" if rollup is Sealed.DURATIONS else "vacancy_marks"
    rows = fetch(client, f"SELECT month, sum(rows), sum(digest) FROM {table} GROUP BY month")
    marks = {row[0]: Mark(row[1], row[2]) for row in rows}
    return windowed(marks) if rollup is Sealed.DURATIONS else marks


def read_standing(client: Client, rollup: Sealed, since: date, until: date) -> Standing:
    """Standing of the months that [since, until] touches."""
    first, last = since.replace(day=1), until.replace(day=1)
    marks = {m: mark for m, mark in read_marks(client, rollup).items() if first <= m <= last}
    return judge(marks, read_seals(client, rollup, first, last))


def read_seals(client: Client, rollup: Sealed, first: date, last: date) -> list[Seal]:
    """Seals of a roll-up's months that begin in [first, last]."""
    rows = fetch(
        client,
        """SELECT month, revision, rows, digest FROM rollup_seals
        WHERE rollup = {rollup:String} AND month BETWEEN {first:Date} AND {last:Date}""",
        rollup=rollup.value,
        first=first,
        last=last,
    )
    return [Seal(row[0], row[1], Mark(row[2], row[3])) for row in rows]
