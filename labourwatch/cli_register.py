"""Words of `labourwatch begin-anew`."""

from __future__ import annotations

from typing import Annotated

import typer

from labourwatch.reaching import reach, running
from labourwatch.terminal import fail, say


def begin_anew(
    *,
    accept_doubles: Annotated[
        bool, typer.Option(help="Say that you know that open postings are counted twice.")
    ] = False,
) -> None:
    """Let the stream worker begin an empty register, where Redis lost it and no backup is left."""
    from labourwatch.beginning_anew import began_anew

    if not accept_doubles:
        raise fail(
            "what boards still show would be counted a second time. Restore the newest backup "
            "(labourwatch restore); only if there is none: labourwatch begin-anew --accept-doubles"
        )
    settings = running()
    say(reach(lambda: began_anew(settings)))
