"""The words of `labourwatch feedback`; what they do is in `labourwatch.answering_feedback`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from labourwatch.reaching import running, said
from labourwatch.shell_deeds import noted
from labourwatch.terminal import say

feedback = typer.Typer(no_args_is_help=True, help="What readers say of pages, and answers to it.")

Which = Annotated[str, typer.Argument(help="Its id or the id's beginning, of `feedback list`.")]
By = Annotated[str, typer.Option(help="Account of who answers, never a name.")]


@feedback.command("list")
def listed(
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    limit: Annotated[int, typer.Option(help="Lines at most.", min=1)] = 100,
    as_data: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Feedback that is not closed, the newest first."""
    from labourwatch.answering_feedback import listing, rows

    settings = running()
    if as_data:
        said(lambda: [json.dumps(rows(settings, every=every, limit=limit), indent=2, default=str,
                                 ensure_ascii=False)])  # fmt: skip
        return
    said(lambda: listing(settings, every=every, limit=limit))


@feedback.command("show")
def show(which: Which) -> None:
    """One piece with its page and vintage, its whole text and what was answered."""
    from labourwatch.answering_feedback import whole

    settings = running()
    said(lambda: whole(settings, which))


@feedback.command("answer")
@noted("feedback answer", "which")
def answer(
    which: Which,
    text: Annotated[str, typer.Option(help="What its writer may read; no personal data.")],
    account: By,
) -> None:
    """Answer it and leave it open."""
    _state(which, reason="", text=text, account=account)


@feedback.command("close")
@noted("feedback close", "which")
def close(
    which: Which,
    reason: Annotated[
        str, typer.Option(help="corrected, explained, planned, duplicate, unfounded or not_ours")
    ],
    account: By,
    text: Annotated[str, typer.Option(help="What its writer may read; no personal data.")] = "",
) -> None:
    """Close it with a reason; a later answer opens it again."""
    _state(which, reason=reason, text=text, account=account)


def _state(which: str, *, reason: str, text: str, account: str) -> None:
    from labourwatch.answering_feedback import state

    settings, now = running(), datetime.now(UTC)
    said(lambda: state(settings, which, reason=reason, text=text, account=account, now=now))
    say("whoever wrote it reads this under the number of the receipt")
