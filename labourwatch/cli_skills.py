"""The words of `labourwatch skills`: the classification in and out, and new terms."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail, say

skills = typer.Typer(
    no_args_is_help=True, help="The skills classification: out, in, and terms it lacks."
)


class Form(StrEnum):
    """Formats of an export."""

    CSV = "csv"
    SKOS = "skos"


@skills.command("export")
def export(
    form: Annotated[Form, typer.Option("--format", help="csv, or skos (Turtle).")] = Form.CSV,
    output: Annotated[Path | None, typer.Option(help="Default: the terminal.")] = None,
    national: Annotated[bool, typer.Option("--national", help="Only what we add to ESCO.")] = False,
) -> None:
    """Write the classification with its links to occupations and fields of education."""
    from dashboard.sdmx.skill_turtle import turtle
    from labourwatch.skill_list import as_csv, current
    from labourwatch.skill_table import table

    if form is Form.SKOS:
        pieces = turtle(national=national)
    else:
        pieces = iter([as_csv(current())]) if national else table()
    if output is None:
        sys.stdout.writelines(pieces)
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as error:
        raise fail(f"{output}: {error.strerror}") from error
    say(f"{output} written")


@skills.command("import")
@noted("skills import", "file")
def take(
    file: Annotated[Path, typer.Argument(help="The national list: CSV, Turtle or RDF/XML.")],
    write: Annotated[bool, typer.Option("--write", help="Put it in force.")] = False,
) -> bool:
    """Check a new national list and show what it changes; with --write, put it in force."""
    from labourwatch.skill_list import SkillListError, check, compare, current, put, read_csv
    from labourwatch.skill_skos import read_rdf

    if not file.is_file():
        raise fail(f"{file}: no such file")
    try:
        rows = check(read_rdf(file) if file.suffix in {".ttl", ".rdf", ".xml"} else read_csv(file))
    except SkillListError as error:
        raise fail(str(error)) from error
    difference = compare(current(), rows)
    for row in difference.added:
        say(f"+ {row['code']} {row['label']} ({row['label_lo'] or 'no Lao name'})")
    for code, column, before, after in difference.changed:
        say(f"~ {code} {column}: {before!r} → {after!r}")
    if not difference.added and not difference.changed:
        say("nothing would change")
        return False
    if not write:
        say("nothing was written; --write puts the list in force")
        return False
    try:
        version = put(rows, on=datetime.now(UTC).date())
    except OSError as error:
        raise fail(f"the list cannot be written: {error}") from error
    say(f"version {version} is in force when the coder is started next")
    return True


@skills.command("emerging")
def emerging(
    as_of: Annotated[str, typer.Option(help="Last recent day; default: yesterday.")] = "",
    recent: Annotated[int, typer.Option(min=7, help="Recent days.")] = 28,
    before: Annotated[int, typer.Option(min=28, help="Days before them.")] = 182,
    store: Annotated[bool, typer.Option("--store", help="Keep what is found.")] = False,
) -> None:
    """Expressions of adverts that no code covers and that grow: candidates for new skills."""
    from clickhouse_connect.driver.exceptions import Error

    from config.settings import load_settings
    from labourwatch.durations import QuestionError, day_asked, today
    from labourwatch.emerging import Periods, lines, search
    from warehouse.client import connect
    from warehouse.terms import read_texts, write_terms

    now = datetime.now(UTC)
    try:
        day = day_asked(as_of, "--as-of") if as_of else today(now) - timedelta(days=1)
    except QuestionError as error:
        raise fail(str(error)) from error
    periods = Periods(as_of=day, recent_days=recent, before_days=before)
    try:
        client = connect(load_settings(), readonly=not store)
        try:
            texts = read_texts(client, first=periods.first, last=periods.as_of)
            found, compared = search(texts, periods)
            if store:
                write_terms(client, found, compared, computed_at=now)
        finally:
            client.close()
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error
    for line in lines(found, compared):
        say(line)
    if not found:
        say("no expression grows beyond chance")
