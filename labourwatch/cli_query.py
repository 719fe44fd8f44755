"""The words of `labourwatch query`; what it does is in `labourwatch.querying`."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from config.settings import load_settings
from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail, say

if TYPE_CHECKING:
    from dashboard.v1.formats import Format
    from labourwatch.querying import Question

query = typer.Typer(no_args_is_help=True, help="Ask the warehouse, as /v1 is asked.")

Words = Annotated[
    list[str] | None,
    typer.Option("--where", help="Any parameter of the address, NAME=VALUE; repeatable."),
]
Province = Annotated[str, typer.Option(help="Such as LA-VT; _T: the nation; several by commas.")]
Occupation = Annotated[str, typer.Option(help="ISCO-08, 1 to 4 digits.")]
Sector = Annotated[str, typer.Option(help="ISIC Rev. 4 section.")]
Skill = Annotated[str, typer.Option(help="Code of a skill.")]
Since = Annotated[str, typer.Option(help="First day, week, month or year.")]
Until = Annotated[str, typer.Option(help="Last day, week, month or year.")]
AsOf = Annotated[str, typer.Option(help="As was known at this moment, or day's end.")]
Limit = Annotated[str, typer.Option(help="Rows at most.")]
Shape = Annotated[str, typer.Option("--format", help="json, jsonl, csv, xlsx, parquet or arrow.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="A file; default: print.")]
Public = Annotated[bool, typer.Option("--public", help="As everybody sees it.")]
Params = Annotated[list[str] | None, typer.Option("--param", help="NAME=VALUE; repeatable.")]


@contextmanager
def _told() -> Iterator[None]:
    """Turn what may go wrong into a message and exit code 1."""
    from clickhouse_connect.driver.exceptions import Error

    from dashboard.v1.refusing import AskedError
    from warehouse.door.asking import DoorError
    from warehouse.door.saved import SavedError

    try:
        yield
    except (AskedError, SavedError) as error:
        raise fail(str(error)) from error
    except DoorError as error:
        raise fail(f"{error.refusal.reason}: {error}") from error
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error


def _kind(word: str, output: Path | None) -> Format:
    from dashboard.v1.formats import Format, chosen

    ending = output.suffix.lstrip(".") if output else ""
    kind = chosen(word or (ending if ending in tuple(Format) else "csv"), None)
    binary = kind in (Format.XLSX, Format.PARQUET, Format.ARROW)
    if binary and output is None and sys.stdout.isatty():
        raise fail(f"{kind} is no text: name a file with --output")
    return kind


def _ask(
    question: Question, *, public: bool, shape: str, output: Path | None, **words: str
) -> None:
    from labourwatch.querying import answer

    settings, now = load_settings(), datetime.now(UTC)
    given = {name: value for name, value in words.items() if value}
    with _told():
        kind = _kind(shape, output)
        with _opened(output) as to:
            answer(settings, question, given, public=public, kind=kind, now=now, to=to)


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    """Where the answer goes: a file appears once it is whole."""
    if output is None:
        yield sys.stdout.buffer
        return
    unfinished = output.with_name(f"{output.name}.part")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(output)
    except OSError as error:
        raise fail(f"{output}: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _more(words: list[str] | None) -> dict[str, str]:
    from labourwatch.querying import values_of

    with _told():
        return values_of(words or [])


@query.command("series")
def series(
    indicator: Annotated[str, typer.Argument(help="Codes, by commas; default: all.")] = "",
    province: Province = "",
    occupation: Occupation = "",
    sector: Sector = "",
    skill: Skill = "",
    frequency: Annotated[str, typer.Option(help="D, W or M.")] = "",
    since: Since = "",
    until: Until = "",
    as_of: AsOf = "",
    vintages: Annotated[bool, typer.Option("--vintages", help="Every issue.")] = False,
    where: Words = None,
    limit: Limit = "",
    shape: Shape = "",
    output: Output = None,
    public: Public = False,
) -> None:
    """Published figures of indicators."""
    from labourwatch.querying import QUESTIONS

    words = {
        "indicator": indicator, "province": province, "occupation": occupation, "sector": sector,
        "skill": skill, "frequency": frequency, "since": since, "until": until, "as_of": as_of,
        "vintages": "true" if vintages else "", "limit": limit, **_more(where),
    }  # fmt: skip
    _ask(QUESTIONS["series"], public=public, shape=shape, output=output, **words)


@query.command("vacancies")
def vacancies(
    by: Annotated[str, typer.Option(help="province, occupation, sector, skill…, by commas.")] = "",
    grain: Annotated[str, typer.Option(help="day, week, month or all.")] = "",
    digits: Annotated[str, typer.Option(help="Of ISCO-08, with --by occupation.")] = "",
    province: Province = "",
    occupation: Occupation = "",
    sector: Sector = "",
    skill: Skill = "",
    since: Since = "",
    until: Until = "",
    as_of: AsOf = "",
    single: Annotated[bool, typer.Option("--single", help="One row a vacancy.")] = False,
    where: Words = None,
    limit: Limit = "",
    shape: Shape = "",
    output: Output = None,
    public: Public = False,
) -> None:
    """New vacancies counted by period and cell, or one by one."""
    from labourwatch.querying import QUESTIONS

    words = {
        "by": by, "grain": grain, "digits": digits, "province": province,
        "occupation": occupation, "sector": sector, "skill": skill, "since": since,
        "until": until, "as_of": as_of, "limit": limit, **_more(where),
    }  # fmt: skip
    question = QUESTIONS["records" if single else "vacancies"]
    _ask(question, public=public, shape=shape, output=output, **words)


@query.command("list")
def listed(
    what: Annotated[
        str,
        typer.Argument(
            help="forecasts, indicators, releases, alerts, strategy, sources, codelists, or a "
            "codelist."
        ),
    ],
    where: Words = None,
    limit: Limit = "",
    shape: Shape = "",
    output: Output = None,
    public: Public = False,
) -> None:
    """Forecasts, indicators, releases, alerts, sources, codelists, or the codes of one list."""
    from labourwatch.querying import QUESTIONS, codelist, sources

    question = QUESTIONS.get(what) or codelist(what)
    if what == "sources":
        question = sources(load_settings())
    _ask(question, public=public, shape=shape, output=output, limit=limit, **_more(where))


@query.command("sql")
def sql(
    file: Annotated[str, typer.Argument(help="A file with one SELECT; -: standard input.")],
    param: Params = None,
    shape: Shape = "",
    output: Output = None,
) -> None:
    """One SELECT through the analysts' door, with its limits."""
    from labourwatch.querying import by_sql, read_sql, write

    with _told():
        kind, values = _kind(shape, output), _more(param)
        table = by_sql(load_settings(), read_sql(file), values, datetime.now(UTC))
        with _opened(output) as to:
            write(table, kind, to)


@query.command("saved")
def saved(
    name: Annotated[str, typer.Argument(help="Name, NAME@VERSION or id; none: the list.")] = "",
    param: Params = None,
    shape: Shape = "",
    output: Output = None,
) -> None:
    """The answer to a saved question, or the list of them."""
    from labourwatch.querying import by_name, kept, write

    with _told():
        if not name:
            for line in kept(load_settings()):
                say(line)
            return
        kind, values = _kind(shape, output), _more(param)
        table = by_name(load_settings(), name, values, datetime.now(UTC))
        with _opened(output) as to:
            write(table, kind, to)


@query.command("save")
@noted("query save", "name")
def save(
    name: Annotated[str, typer.Argument(help="Small letters, digits, - and _.")],
    file: Annotated[str, typer.Argument(help="A file with one SELECT; -: standard input.")],
    description: Annotated[str, typer.Option(help="What the question is for.")],
    as_of: Annotated[str, typer.Option(help="Pinned moment: {as_of:DateTime64(3)}.")] = "",
    param: Params = None,
) -> None:
    """Keep a question under a name, as its next version."""
    from dashboard.v1.asked import moment
    from labourwatch.querying import keep, read_sql

    with _told():
        made = keep(
            load_settings(), name=name, description=description, sql=read_sql(file),
            values=_more(param), as_of=moment({"as_of": as_of}), now=datetime.now(UTC),
        )  # fmt: skip
    say(f"{made.reference} is kept; its id is {made.query_id}")


@query.command("runs")
def runs(limit: Annotated[int, typer.Option(min=1, max=100_000)] = 20) -> None:
    """Who asked what by SQL, newest first."""
    from labourwatch.querying import asked_lately

    with _told():
        for line in asked_lately(load_settings(), limit):
            say(line)


@query.command("grants")
def grants(
    password_file: Annotated[Path, typer.Argument(help="File with the analysts' password.")],
) -> None:
    """SQL by which an administrator makes the analysts' user on a real ClickHouse server."""
    from warehouse.door.profile import server_sql

    settings = load_settings()
    try:
        secret = password_file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise fail(f"{password_file}: {error.strerror}") from error
    digest = hashlib.sha256(secret.encode()).hexdigest()
    statements = server_sql(settings.clickhouse_database, settings.clickhouse_analyst_user, digest)
    for statement in statements:
        say(f"{statement};")
