"""Words of `labourwatch begin-anew`."""

from __future__ import annotations

from typing import Annotated

import typer

from labourwatch.reaching import reach, running
from labourwatch.shell_deeds import noted
from labourwatch.terminal import fail, say


@noted("begin-anew")
def begin_anew(
    *,
    accept_doubles: Annotated[
        bool, typer.Option(help="Say that you know that open postings are counted twice.")
    ] = False,
) -> bool:
    """Let the stream worker begin an empty register: Redis lost it, warehouse and backups too."""
    from labourwatch.beginning_anew import NOT_LOST, began_anew

    if not accept_doubles:
        raise fail(
            "what boards still show would be counted a second time. The stream worker rebuilds a "
            "lost register from the warehouse by itself; where that holds nothing, restore the "
            "newest backup (labourwatch restore). Only if there is none: labourwatch begin-anew "
            "--accept-doubles"
        )
    settings = running()
    told = reach(lambda: began_anew(settings))
    say(told)
    return told != NOT_LOST
