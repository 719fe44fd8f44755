"""What commands say to a person."""

from __future__ import annotations

import sys

import typer


def say(line: str) -> None:
    """Print a line at once."""
    typer.echo(harmless(line))
    sys.stdout.flush()


def harmless(text: str) -> str:
    """`text` without control characters: what a hostile posting wrote must not drive a terminal."""
    return escaped(text, keep="\n\t")


def escaped(text: str, keep: str = "") -> str:
    """`text` whose characters that are not printable, nor in `keep`, are written as escapes."""
    return "".join(
        one if one.isprintable() or one in keep else one.encode("unicode_escape").decode()
        for one in text
    )


def fail(message: str, status: int = 1) -> typer.Exit:
    """Say `message` on standard error; raise what is returned."""
    typer.echo(harmless(message), err=True)
    return typer.Exit(status)
