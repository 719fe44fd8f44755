"""The words of `labourwatch registry`; what they do is in `labourwatch.registering`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.settings import load_settings
from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail, say

if TYPE_CHECKING:
    from labourwatch.registering import Told

registry = typer.Typer(no_args_is_help=True, help="External systems, and what has come from them.")

AsOf = Annotated[str, typer.Option(help="As was known at this day's end; default: now.")]
AsData = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@registry.command("show")
def show(as_of: AsOf = "", as_data: AsData = False) -> None:
    """Every system with its status, agreement and last receipt."""
    from labourwatch.registering import systems_as_json, systems_as_lines

    _tell(as_of, systems_as_json if as_data else systems_as_lines)


@registry.command("indicators")
def indicators(as_of: AsOf = "", as_data: AsData = False) -> None:
    """Indicators 1.2, 1.3, 1.4, 3.1, 3.4, 3.5, 3.6 of the strategy, with target and formula."""
    from labourwatch.registering import indicators_as_json, indicators_as_lines

    _tell(as_of, indicators_as_json if as_data else indicators_as_lines)


@registry.command("enter")
@noted("registry enter", "number")
def enter_indicator(
    number: Annotated[str, typer.Argument(help="As the strategy numbers it, such as 2.3, or I1.")],
    value: Annotated[float, typer.Argument(help="Shares from 0 to 1.")],
    on: Annotated[str, typer.Option(help="Day that it holds for, such as 2026-11-01.")],
    source: Annotated[str, typer.Option(help="Document or register that says so.")],
    account: Annotated[str, typer.Option(help="Account of who enters it, never a name.")],
) -> None:
    """Enter an indicator of the strategy that the system's own data cannot decide."""
    from clickhouse_connect.driver.exceptions import Error

    from labourwatch.durations import QuestionError, day_asked
    from labourwatch.entering import EntryError, checked, enter
    from labourwatch.reaching import running

    try:
        day = day_asked(on, "--on")
        entry = checked(number, value, day, source, account, now=datetime.now(UTC))
        enter(running(), entry)
    except (QuestionError, EntryError) as error:
        raise fail(str(error)) from error
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error
    say(f"entered: {entry.number} = {entry.value:g} on {entry.on_day}")


@registry.command("pages")
def pages(folder: Annotated[Path, typer.Argument(help="For example docs/sources.")]) -> None:
    """Write the page of every feed from its declaration."""
    from labourwatch.feed_pages import write_pages

    try:
        written = write_pages(folder)
    except OSError as error:
        raise fail(f"{folder}: {error}") from error
    say(f"{len(written)} pages written to {folder}")


def _tell(as_of: str, worded: Callable[[Told], list[str]]) -> None:
    from clickhouse_connect.driver.exceptions import Error

    from config.declared import DeclarationError
    from labourwatch.durations import QuestionError, day_asked
    from labourwatch.registering import look

    try:
        day = day_asked(as_of, "--as-of") if as_of else None
        told = look(load_settings(), now=datetime.now(UTC), day=day)
    except (QuestionError, DeclarationError) as error:
        raise fail(str(error)) from error
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error
    for line in worded(told):
        say(line)
