"""Texts of vacancies for the search for new terms, and the terms found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from streams.classify.emerging import Emerging
from warehouse.client import fetch
from warehouse.history import insert_token

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_COLUMNS: Final = (
    "as_of", "computed_at", "recent_days", "before_days", "term", "recent", "recent_of", "before",
    "before_of", "employers", "growth", "p_value", "q_value",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvertText:
    """What one vacancy's first posting says."""

    opened_on: date
    employer: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The two periods compared: `recent_days` up to `as_of`, and `before_days` before those."""

    as_of: date
    recent_days: int
    before_days: int
    recent_of: int
    before_of: int


def read_texts(client: Client, *, first: date, last: date) -> Iterator[AdvertText]:
    """Texts of the vacancies opened from `first` to `last`, a day at a time and in its order.

    A vacancy counts once, with the text of the posting seen first.
    """
    day = first
    while day <= last:
        for opened_on, employer, description in fetch(
            client,
            """SELECT any(v.opened_on), any(v.employer), argMin(p.description, p.fetched_at)
            FROM (SELECT vacancy_id, opened_on, employer FROM vacancies_current
                  WHERE opened_on = {day:Date}) AS v
            INNER JOIN (SELECT vacancy_id, description, fetched_at FROM postings
                        WHERE opened_on <= {day:Date}) AS p ON p.vacancy_id = v.vacancy_id
            GROUP BY v.vacancy_id ORDER BY v.vacancy_id""",
            day=day,
        ):
            yield AdvertText(opened_on=opened_on, employer=employer, description=description)
        day = date.fromordinal(day.toordinal() + 1)


def write_terms(
    client: Client, found: Sequence[Emerging], compared: Comparison, *, computed_at: datetime
) -> int:
    """Append what was found; the same again changes nothing. Returns the number of terms."""
    rows = [
        (
            compared.as_of, computed_at, compared.recent_days, compared.before_days, each.term,
            each.recent, compared.recent_of, each.before, compared.before_of, each.employers,
            each.growth, each.p_value, each.q_value,
        )
        for each in found
    ]  # fmt: skip
    if rows:
        settings = {"insert_deduplication_token": insert_token(repr(row) for row in rows)}
        client.insert("term_candidates", rows, column_names=_COLUMNS, settings=settings)
    return len(rows)
