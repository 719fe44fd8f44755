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
    return "".join(
        character
        if character.isprintable() or character in "\n\t"
        else character.encode("unicode_escape").decode()
        for character in text
    )


def fail(message: str, status: int = 1) -> typer.Exit:
    """Say `message` on standard error; raise what is returned."""
    typer.echo(harmless(message), err=True)
    return typer.Exit(status)
