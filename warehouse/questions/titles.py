"""Searching the titles of vacancies by words and parts of words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch
from warehouse.questions.basis import current_vacancies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from clickhouse_connect.driver.client import Client

_WITHIN: Final = "opened_on BETWEEN {since:Date} AND {until:Date}"
_REACHES: Final = (21, 120)
"""Days in which titles are looked for before the whole time is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleHit:
    """A vacancy whose title holds the words searched for."""

    vacancy_id: str
    opened_on: date
    title: str
    province: str
    isco08: str


def search_titles(
    client: Client,
    *,
    words: str,
    since: date,
    until: date,
    limit: int = 50,
    as_of: datetime | None = None,
) -> list[TitleHit]:
    """Vacancies whose title holds all `words`, newest first, in their latest version.

    They are looked for in the last weeks first, and in the whole time only where those do not hold
    `limit` of them. Words are parted by blanks and may be parts of words, since Lao has no spaces
    between words; English is found in small and capital letters. Words of fewer than three letters
    are found too, but no index serves them.

    Raises:
        ValueError: no word.
    """
    parts = words.lower().split()
    if not parts:
        raise ValueError("expected at least one word to search for")
    for days in (*_REACHES, (until - since).days):
        begin = max(since, until - timedelta(days=days))
        found = _titled(client, parts, begin, until, limit, as_of)
        if len(found) >= limit or begin == since:
            break
    return found


def _titled(
    client: Client, parts: Sequence[str], since: date, until: date, limit: int,
    as_of: datetime | None,
) -> list[TitleHit]:  # fmt: skip
    tests = " AND ".join(f"lower(title) LIKE {{word{i}:String}}" for i in range(len(parts)))
    columns = "vacancy_id, opened_on, title, province, isco08"
    any_version = f"SELECT vacancy_id FROM vacancies WHERE {_WITHIN} AND {tests}"
    source = current_vacancies(columns, f"{_WITHIN} AND vacancy_id IN ({any_version})", as_of)
    rows = fetch(
        client,
        f"""SELECT {columns} FROM {source} WHERE {tests}
        ORDER BY opened_on DESC, vacancy_id LIMIT {{limit:UInt32}}""",
        since=since,
        until=until,
        limit=limit,
        as_of=as_of,
        **{f"word{i}": f"%{_literal(part)}%" for i, part in enumerate(parts)},
    )
    return [
        TitleHit(vacancy_id=r[0], opened_on=r[1], title=r[2], province=r[3], isco08=r[4])
        for r in rows
    ]


def _literal(word: str) -> str:
    """A word as a pattern of LIKE that means only itself."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
