"""The one command. Every process is a sub-command; this module only connects words to parts."""

from __future__ import annotations

import asyncio
import os
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from config.settings import Settings, load_settings
from labourwatch.cli_accounts import accounts
from labourwatch.cli_alert_letters import undelivered
from labourwatch.cli_alert_routes import preview, route
from labourwatch.cli_alerts import alerts
from labourwatch.cli_alerts_whatif import what_if
from labourwatch.cli_backup import backup, backups, restore, verify
from labourwatch.cli_bulletin import bulletin
from labourwatch.cli_classify import classify
from labourwatch.cli_corrections import correct, corrections
from labourwatch.cli_data_quality import quality_checks, quality_report
from labourwatch.cli_doublecoding import doublecoding
from labourwatch.cli_durations import durations
from labourwatch.cli_evaluate import evaluate
from labourwatch.cli_feedback import feedback
from labourwatch.cli_forecast import forecast
from labourwatch.cli_healthy import healthy
from labourwatch.cli_indicator import indicator
from labourwatch.cli_objectives import objectives
from labourwatch.cli_providers import providers
from labourwatch.cli_quality import quality
from labourwatch.cli_query import query
from labourwatch.cli_register import begin_anew
from labourwatch.cli_registry import registry
from labourwatch.cli_release import release
from labourwatch.cli_schema import schema
from labourwatch.cli_scorecard import events, scorecard
from labourwatch.cli_skills import skills
from labourwatch.cli_sources import sources
from labourwatch.cli_trace import trace
from labourwatch.cli_vacancies import vacancies
from labourwatch.reaching import reach, running
from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail, say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Labour-market monitoring and early warning for the Lao PDR.",
)
letters = typer.Typer(no_args_is_help=True, help="What was refused, why, and sending it again.")
app.add_typer(letters, name="deadletters")
app.add_typer(sources, name="sources")
app.add_typer(providers, name="provider")
app.add_typer(accounts, name="accounts")
app.add_typer(registry, name="registry")
app.add_typer(release, name="release")
app.add_typer(bulletin, name="bulletin")
app.add_typer(vacancies, name="vacancies")
app.add_typer(skills, name="skills")
app.add_typer(schema, name="schema")
app.add_typer(corrections, name="corrections")
app.add_typer(doublecoding, name="doublecoding")
app.add_typer(query, name="query")
app.add_typer(feedback, name="feedback")
alerts.command("route")(route)
alerts.command("undelivered")(undelivered)
alerts.command("preview")(preview)
alerts.command("what-if")(what_if)
app.add_typer(alerts, name="alerts")
app.add_typer(events, name="events")
app.command()(backup)
app.command()(backups)
app.command()(verify)
app.command()(restore)
app.command()(healthy)
app.command()(trace)
app.command()(begin_anew)
app.add_typer(objectives, name="objectives")
app.command()(scorecard)
app.command()(durations)
app.command()(indicator)
app.command()(forecast)
app.command()(classify)
app.command()(quality)
app.command()(quality_checks)
app.command()(quality_report)
app.command()(correct)
app.command()(evaluate)


def main() -> None:
    """Entry point of the console script."""
    app()


def _show(settings: Settings) -> None:
    """Open the dashboard in the person's browser, where there is a person with a screen."""
    if sys.stdout.isatty() and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        webbrowser.open(settings.dashboard_url)


@app.command()
def run(
    live: Annotated[
        bool, typer.Option("--live", help="Crawl config/sources/*.yaml, not the demonstration.")
    ] = False,
    var: Annotated[Path | None, typer.Option(help="State directory; default ./var.")] = None,
    browser: Annotated[
        bool, typer.Option(help="Open the dashboard where this machine has a screen.")
    ] = True,
) -> None:
    """Start the whole service on this machine and watch over it until Ctrl-C."""
    from labourwatch.addresses import PortTakenError
    from labourwatch.standalone import AlreadyRunningError, StartError, WorkspaceMixError
    from labourwatch.standalone import run as run_stack

    settings = load_settings(var)
    workspace = "live" if live else "demonstration"
    settings = settings.model_copy(update={"workspace": workspace})
    kind = "live sources" if live else "demonstration workspace"
    say(f"\n  Starting Labourwatch ({kind})\n")
    try:
        status = run_stack(settings, say, once_ready=_show if browser else None)
    except (PortTakenError, AlreadyRunningError, StartError, WorkspaceMixError) as error:
        raise fail(f"\n  {error}") from error
    raise typer.Exit(status)


@app.command()
def status() -> None:
    """What runs, since when, and how far the crawler has come."""
    from labourwatch.status import report
    from labourwatch.supervision import SupervisorAbsentError

    try:
        lines, healthy = report(load_settings())
    except SupervisorAbsentError as error:
        raise fail(f"{error}; start it with `labourwatch run`") from error
    for line in lines:
        say(line)
    raise typer.Exit(0 if healthy else 1)


@app.command()
def doctor() -> None:
    """Check configuration, ports, disk, clock and sources, and say what to do."""
    from labourwatch.doctor import examine

    findings = examine(load_settings())
    for finding in findings:
        mark = {"ok": "✓", "warning": "!", "problem": "✗"}[finding.grade]
        say(f"{mark} {finding.subject:<16} {finding.found}")
        if finding.advice:
            say(f"  → {finding.advice}")
    raise typer.Exit(1 if any(finding.grade == "problem" for finding in findings) else 0)


@app.command()
@noted("ingest", "files")
def ingest(
    files: Annotated[
        list[Path], typer.Argument(help="CSV, XLSX, JSON, JSON Lines or Parquet, also .gz or .zip.")
    ],
    source: Annotated[str, typer.Option(help="Source id; default the file's name.")] = "",
    kind: Annotated[str, typer.Option(help="postings or supply")] = "postings",
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="column=field, repeatable")
    ] = None,
    feed: Annotated[
        str, typer.Option(help="Schema of a supply table; default that of the source.")
    ] = "",
) -> None:
    """Publish postings or supply from files into the stream."""
    from labourwatch.ingesting import ingest_files

    try:
        settings = running()
        status = reach(
            lambda: ingest_files(
                settings, files, source=source, kind=kind, mapping=mapping or [], feed=feed, say=say
            )
        )
    except ValueError as error:
        raise fail(str(error)) from error
    raise typer.Exit(status)


@letters.command("list")
def letters_list(
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    stage: Annotated[str | None, typer.Option(help="Only of this stage.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
) -> None:
    """The newest dead letters, a line each."""
    from labourwatch.letters import UnknownStageError, listing

    try:
        settings = running()
        lines = reach(
            lambda: asyncio.run(listing(settings, limit=limit, stage=stage, source=source))
        )
    except UnknownStageError as error:
        raise fail(str(error)) from error
    for line in lines:
        say(line)


@letters.command("show")
def letters_show(letter_id: str) -> None:
    """One dead letter whole, with the bytes as they came."""
    from labourwatch.letters import whole

    settings = running()
    text = reach(lambda: asyncio.run(whole(settings, letter_id)))
    if text is None:
        raise fail(f"no dead letter {letter_id}; see `labourwatch deadletters list`")
    say(text)


@letters.command("replay")
@noted("deadletters replay", "letter_ids")
def letters_replay(
    letter_ids: Annotated[list[str] | None, typer.Argument(help="Ids or their beginnings.")] = None,
    stage: Annotated[str | None, typer.Option(help="All of this stage.")] = None,
    source: Annotated[str | None, typer.Option(help="All of this source.")] = None,
) -> None:
    """Send refused records to their topic again, after what refused them has been mended."""
    from labourwatch.letters import NOT_FOUND, send_again

    try:
        settings = running()
        lines = reach(
            lambda: asyncio.run(send_again(settings, letter_ids or [], stage=stage, source=source))
        )
    except ValueError as error:
        raise fail(str(error)) from error
    for line in lines:
        say(line)
    raise typer.Exit(1 if any(line.endswith(NOT_FOUND) for line in lines) else 0)


def _serve_part(name: str) -> None:
    """Be one part in this process until SIGTERM."""
    from config.metrics import serve_metrics
    from labourwatch.embedded.process import die_with_parent
    from labourwatch.health import with_heartbeat
    from labourwatch.logs import configure
    from labourwatch.parts import Check, part_named
    from labourwatch.processes import ALONE, SERVERS
    from labourwatch.supervision import HELD_STATUS
    from streams.guard import RefusalShareError

    settings = load_settings()
    configure(name, as_json=settings.log_format == "json")
    die_with_parent()
    os.nice(part_named(name).niceness)
    if name in ALONE:
        ALONE[name](settings)
        return
    serve_metrics(settings, name)
    serve = SERVERS[name]
    beats = part_named(name).check is Check.HEARTBEAT
    try:
        asyncio.run(with_heartbeat(settings, name, serve) if beats else serve(settings))
    except RefusalShareError as error:
        # Restarting would refuse the next thousand records: a person must look first.
        raise fail(f"{name} stopped and is not started again: {error}", HELD_STATUS) from error


def _server(name: str) -> Callable[[], None]:
    """A command without options that serves part `name`."""

    def serve() -> None:
        _serve_part(name)

    return serve


def _register_parts() -> None:
    """Make each part a sub-command."""
    from labourwatch.parts import PARTS

    for part in PARTS:
        app.command(part.name, help=f"Part: {part.describes}.")(_server(part.name))


_register_parts()
