"""`labourwatch trace ID`: one posting's way through the stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.settings import Settings
    from warehouse.traces import Step


def trace(
    wanted: Annotated[
        str, typer.Argument(metavar="ID", help="source:posting, trace id, vacancy or record id.")
    ],
) -> None:
    """Show when a posting was observed, published, decided, coded, stored, and what counted it."""
    from labourwatch.reaching import running, said

    settings = running()
    said(lambda: _found(settings, wanted))


def _found(settings: Settings, wanted: str) -> list[str]:
    from warehouse.client import connect
    from warehouse.traces import find_postings, read_steps

    with connect(settings, readonly=True) as client:
        # What was refused has no row among postings, but its letter names its key.
        keys = find_postings(client, wanted) or [wanted]
        steps = read_steps(client, keys)
    if not steps:
        raise ValueError(f"nothing is stored of {wanted}; records that wait are not stored yet")
    return lines_of(steps)


def lines_of(steps: Sequence[Step]) -> list[str]:
    """The trace id of every posting, then a line a step."""
    from scrapers.tracing import trace_of

    keys = dict.fromkeys(step.posting_key for step in steps if step.posting_key)
    return [
        *(f"{trace_of(key)}  {key}" for key in keys),
        "",
        *(
            f"{step.at:%Y-%m-%d %H:%M:%S}  {step.stage:<10} {step.posting_key}  {step.what}"
            for step in steps
        ),
    ]
