"""`labourwatch healthy PART`: the health check of a container or a service unit."""

from __future__ import annotations

import time

import typer

from config.settings import load_settings
from labourwatch.terminal import fail, say


def healthy(part: str) -> None:
    """Ask one part of this installation whether it does its work; exit status 0 if so."""
    from labourwatch.health import is_healthy, turns_here
    from labourwatch.parts import part_named

    try:
        asked = part_named(part)
    except KeyError as error:
        raise fail(str(error.args[0])) from error
    settings = load_settings()
    well = is_healthy(settings, asked) and turns_here(settings, asked, time.time())
    say(f"{part} {'is healthy' if well else 'is not healthy'}")
    raise typer.Exit(0 if well else 1)
