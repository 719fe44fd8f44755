"""The words `labourwatch bulletin …`: what was published in words and pictures, and looking."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from labourwatch.cli_release import Name, open_warehouse
from labourwatch.reaching import running
from labourwatch.terminal import fail, say

bulletin = typer.Typer(no_args_is_help=True, help="Weekly and monthly bulletins, HTML and PDF.")
Place = Annotated[str, typer.Option(help="ISO 3166-2:LA code such as LA-SV; default the nation.")]


@bulletin.command("list")
def bulletin_list(
    kind: Annotated[str, typer.Option(help="weekly or monthly; default both.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 40,
) -> None:
    """Bulletins in the archive, the newest period first."""
    from warehouse.bulletins import heads
    from warehouse.disclosure.records import View

    with open_warehouse() as client:
        found = heads(client, views=list(View), kind=kind or None, limit=limit)
    for head in found:
        say(f"{head.bulletin_id:<36}{head.digest[:16]}  {head.title}")


@bulletin.command("file")
def bulletin_file(
    bulletin_id: Annotated[str, typer.Argument(help="Such as W2026-W47.0.LA-SV.public.lo.")],
    out: Annotated[Path, typer.Option(help="File; .pdf or .html says which form.")],
) -> None:
    """One bulletin as it was published, byte by byte."""
    from warehouse.bulletins import UnknownBulletinError, digest_of, read
    from warehouse.disclosure.records import View

    try:
        with open_warehouse() as client:
            found = read(client, bulletin_id, views=list(View))
    except UnknownBulletinError as error:
        raise fail(str(error).strip("'\"")) from error
    out.write_bytes(found.pdf if out.suffix == ".pdf" else found.html.encode())
    same = digest_of(found.html, found.pdf) == found.head.digest
    say(f"{out}: {'as published' if same else 'DIFFERS from what was published'}")
    raise typer.Exit(0 if same else 1)


@bulletin.command("look")
def bulletin_look(
    release_id: Name,
    out: Annotated[Path, typer.Option(help="File; .pdf or .html says which form.")],
    place: Place = "",
    language: Annotated[str, typer.Option(help="lo or en.")] = "lo",
    inside: Annotated[bool, typer.Option(help="As the department sees it.")] = False,
) -> None:
    """Make one bulletin of any release to look at it: nothing is stored or sent."""
    from dashboard.bulletins.office import make_one
    from dashboard.language import CODES
    from warehouse.disclosure.records import View
    from warehouse.releases import release_named

    if language not in CODES:
        raise fail(f"{language!r}: expected one of {', '.join(CODES)}")
    if not release_id.startswith(("W", "M")):
        raise fail(f"{release_id!r}: bulletins are of weekly and monthly releases")
    view = View.DEPARTMENT if inside else View.PUBLIC
    with open_warehouse() as client:
        row = release_named(client, release_id)
        made = make_one(client, running(), row, place, view, language, datetime.now(UTC))
    out.write_bytes(made.pdf if out.suffix == ".pdf" else made.html.encode())
    say(f"{out}: {made.head.title}")
