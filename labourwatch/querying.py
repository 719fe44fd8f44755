"""`labourwatch query`: the questions of `/v1` from the shell, answered by the same code.

The shell belongs to the operator of the installation: figures are as departments see them, unless
`--public` asks for what everybody sees.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from config.settings import Settings
from dashboard.push.access import Access
from dashboard.v1 import lists
from dashboard.v1.answers import MOST_ROWS, Answer, Asking
from dashboard.v1.citing import House
from dashboard.v1.forecasts import forecasts
from dashboard.v1.formats import WRITTEN, Format
from dashboard.v1.refusing import AskedError
from dashboard.v1.results import table_of
from dashboard.v1.series import series
from dashboard.v1.strategy import strategy
from dashboard.v1.tables import Table
from dashboard.v1.vacancies import vacancy_counts, vacancy_records
from scrapers.sources import Source
from warehouse.client import connect
from warehouse.disclosure.records import View
from warehouse.door import saved
from warehouse.door.desk import SHELL, Desk

Question = Callable[[Asking, Mapping[str, str]], Answer]
QUESTIONS: Final[Mapping[str, Question]] = {
    "series": series,
    "vacancies": vacancy_counts,
    "records": vacancy_records,
    "forecasts": forecasts,
    "indicators": lists.indicators,
    "releases": lists.releases,
    "alerts": lists.alerts,
    "strategy": strategy,
    "codelists": lists.codelists,
}
OPERATOR: Final = "shell"
"""Who asks by the shell, in the record of questions."""


def house_of(settings: Settings) -> House:
    """The installation, for citations."""
    return House(url=settings.dashboard_url.rstrip("/"), demonstration=settings.is_demonstration)


def answer(
    settings: Settings,
    question: Question,
    words: Mapping[str, str],
    *,
    public: bool,
    kind: Format,
    now: datetime,
    to: IO[bytes],
) -> None:
    """Write the answer to a question.

    Raises:
        AskedError: a word is not as expected.
        clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
    """
    with closing(connect(settings, readonly=True)) as client:
        asking = Asking(
            client=client,
            view=View.PUBLIC if public else View.DEPARTMENT,
            house=house_of(settings),
            now=now,
            path="/v1",
            page=MOST_ROWS,
        )
        write(question(asking, words).build(), kind, to)


def codelist(name: str) -> Question:
    """The codes of one list."""
    return lambda asking, words: lists.codelist(asking, words, name)


def sources(settings: Settings) -> Question:
    """The sources of this installation; those of providers as far as Redis answers."""
    pushed = asyncio.run(_pushed(settings))
    return lambda asking, words: lists.sources(asking, words, settings.sources_dir, pushed)


async def _pushed(settings: Settings) -> Mapping[str, Source]:
    async with Redis.from_url(settings.redis_url) as client:
        try:
            return await Access(client).pushed_sources()
        except RedisError:
            return {}


def by_sql(settings: Settings, sql: str, values: Mapping[str, str], now: datetime) -> Table:
    """The answer to a statement.

    Raises:
        warehouse.door.asking.DoorError: it was refused or failed.
        clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
    """
    told = Desk(settings, SHELL, lambda: now).ask(sql, values, OPERATOR)
    return table_of(*told, house_of(settings))


def by_name(settings: Settings, reference: str, values: Mapping[str, str], now: datetime) -> Table:
    """The answer to a saved question.

    Raises:
        warehouse.door.saved.SavedError: there is none of this name.
        warehouse.door.asking.DoorError: it was refused or failed.
        clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
    """
    told = Desk(settings, SHELL, lambda: now).ask_saved(reference, values, OPERATOR)
    return table_of(*told, house_of(settings))


def keep(
    settings: Settings,
    *,
    name: str,
    description: str,
    sql: str,
    values: Mapping[str, str],
    as_of: datetime | None,
    now: datetime,
) -> saved.SavedQuery:
    """Keep a question of the operator's.

    Raises:
        warehouse.door.saved.SavedError: it cannot be kept as told.
        clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
    """
    with closing(connect(settings)) as client:
        return saved.save(
            client, name=name, owner=OPERATOR, description=description, sql=sql,
            parameters=values, as_of=as_of, now=now,
        )  # fmt: skip


def kept(settings: Settings) -> Iterator[str]:
    """A line for each saved question."""
    with closing(connect(settings, readonly=True)) as client:
        for one in saved.current(client):
            yield f"{one.reference:<40}{one.query_id:<20}{one.owner:<20}{one.description}"


def asked_lately(settings: Settings, limit: int) -> Iterator[str]:
    """A line for each of the latest questions by SQL, of everybody."""
    with closing(connect(settings, readonly=True)) as client:
        for run in saved.runs_of(client, limit=limit):
            head = f"{run.at:%Y-%m-%d %H:%M:%S}  {run.way:<6}{run.asker:<20}{run.outcome:<28}"
            yield f"{head}{run.rows:>9}{run.elapsed_ms:>7} ms  {' '.join(run.sql.split())[:120]}"


def write(table: Table, kind: Format, to: IO[bytes]) -> None:
    """Write a table block by block."""
    for piece in WRITTEN[kind].write(table):
        to.write(piece)
    to.flush()


def read_sql(path: str) -> str:
    """The statement in a file, or of standard input for `-`.

    Raises:
        AskedError: it cannot be read as UTF-8.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AskedError(
            "FILE", f"a file of UTF-8 text, or - for standard input: {error}"
        ) from error


def values_of(given: list[str]) -> dict[str, str]:
    """`name=value` words as parameters.

    Raises:
        AskedError: a word is not of this form.
    """
    values = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals:
            raise AskedError("--param", f"name=value, got {word!r}")
        values[name] = value
    return values
