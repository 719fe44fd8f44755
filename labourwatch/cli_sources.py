"""Words of `labourwatch sources …`; what they do is in `labourwatch.sourcing`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config.settings import load_settings
from labourwatch.reaching import has_stack, reach, running
from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail, say

sources = typer.Typer(no_args_is_help=True, help="Where postings come from.")
_Name = Annotated[str, typer.Argument(help="A source's id, or the path of a YAML file.")]


@sources.command("list")
def list_sources() -> None:
    """A line for each source: kind, whether it is crawled, and on what ground. With a running
    stack, also which have turned us away and which are in doubt."""
    from redis.exceptions import RedisError

    from labourwatch.sourcing import listed
    from labourwatch.standings import standings

    settings = load_settings()
    try:
        known = standings(settings) if has_stack(settings) else {}
    except RedisError:
        known = {}
        say("! the stack is stopped: what is known of refusals and doubts is not shown")
    lines, fine = listed(settings, known)
    for line in lines:
        say(line)
    raise typer.Exit(0 if fine else 1)


@sources.command()
def check(names: Annotated[list[str] | None, typer.Argument(help="Default: all.")] = None) -> None:
    """Tell every mistake of source files with file, line and what is expected."""
    from labourwatch.sourcing import checked
    from scrapers.source_files import SourceError

    try:
        lines, fine = checked(load_settings(), names or [])
    except SourceError as error:
        raise fail(str(error)) from error
    for line in lines:
        say(line)
    raise typer.Exit(0 if fine else 1)


@sources.command("test")
def try_out(
    name: _Name,
    adverts: Annotated[int, typer.Option(min=1, max=50, help="How many to fetch.")] = 3,
    page: Annotated[
        Path | None, typer.Option(help="Read this saved advert instead of fetching.")
    ] = None,
    listing: Annotated[
        Path | None, typer.Option(help="Read this saved listing instead of fetching.")
    ] = None,
    url: Annotated[str, typer.Option(help="Address of the saved advert.")] = "",
    report: Annotated[
        Path | None, typer.Option(help="Write fields and pages side by side as HTML.")
    ] = None,
    as_data: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fetch a few adverts and show what is read of them beside the page. Nothing is kept."""
    from labourwatch.sourcing import as_json, shown, tried, write_page
    from scrapers.source_files import SourceError

    try:
        trial = tried(load_settings(), name, adverts=adverts, page=page, listing=listing, url=url)
    except SourceError as error:
        raise fail(str(error)) from error
    for line in [as_json(trial)] if as_data else shown(trial):
        say(line)
    if report is not None:
        write_page(trial, report)
        say(f"\nside by side: {report}")
    raise typer.Exit(0 if trial.adverts and trial.outcome.value == "ok" else 1)


@sources.command()
@noted("sources enable", "name")
def enable(name: _Name) -> None:
    """Have a source crawled. Its legal basis, contact and owner must be filled in."""
    _switch(name, enabled=True)


@sources.command()
@noted("sources disable", "name")
def disable(
    name: _Name, why: Annotated[str, typer.Option(help="Shown to whoever asks.")] = ""
) -> None:
    """Have a source no longer crawled, and say why."""
    _switch(name, enabled=False, why=why)


@sources.command()
@noted("sources resume", "name")
def resume(name: _Name) -> bool:
    """Have a source asked again that turned us away. Only with its owner's agreement."""
    from labourwatch.resuming import NOTHING, resumed
    from scrapers.source_files import SourceError

    try:
        settings = running()
        told = reach(lambda: resumed(settings, name))
    except SourceError as error:
        raise fail(str(error)) from error
    say(told)
    return not told.endswith(NOTHING)


@sources.command()
@noted("sources accept", "name")
def accept(name: _Name) -> None:
    """Take what a source shows now as its normal state, where its health is in doubt."""
    from labourwatch.accepting import accepted

    settings = running()
    told = reach(lambda: accepted(settings, name))
    if told is None:
        raise fail(f"{name}: nothing is known of its health: no source of this name was crawled")
    say(told)


def _switch(name: str, *, enabled: bool, why: str = "") -> None:
    from labourwatch.sourcing import switch
    from scrapers.source_files import SourceError

    try:
        say(switch(load_settings(), name, enabled=enabled, why=why))
    except SourceError as error:
        raise fail(str(error)) from error
