"""Later public tables of a period: its revision is told, its level never again. Pure.

The first table fixes for good which cells are hidden. A cell that is told changes by its revision,
rounded by itself: who knows what was revised learns nothing from the new figure, and who does not
learns the revision to within two vacancies, not the level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from warehouse.disclosure.lattice import NONE, Tally
from warehouse.disclosure.records import Cell, Hidden
from warehouse.disclosure.rules import COUNT, ROUNDING, RULES, nearest, primary
from warehouse.disclosure.suppress import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One cell of one issue: what `public_counts` holds."""

    value: int | None
    step: int
    revised: bool
    hidden: Hidden | None
    """The true reason; the table gets `told_as` of it."""


def first_telling(decision: Decision) -> Telling:
    """As decided."""
    return Telling(value=decision.value, step=decision.step, revised=False, hidden=decision.reason)


def revised(decision: Decision, tally: Tally) -> Telling:
    """The cell in a later issue, when its count is `tally`."""
    if decision.value is None:
        return Telling(value=None, step=0, revised=True, hidden=Hidden.STICKY)
    why = primary(RULES[COUNT], n=tally.n, employers=tally.employers, top_share=tally.top_share)
    value = decision.value + nearest(tally.n - decision.n, max(decision.step, ROUNDING))
    if why is None and value < RULES[COUNT].n:
        why = Hidden.TOO_FEW
    if why is not None:
        return Telling(value=None, step=0, revised=True, hidden=why)
    return Telling(value=value, step=decision.step, revised=True, hidden=None)


NOT_SEEN: Final = Telling(value=None, step=0, revised=False, hidden=Hidden.NOT_OBSERVED)


def tellings(
    decisions: Mapping[Cell, Decision], tallies: Mapping[Cell, Tally], *, first: bool, seen: bool
) -> dict[Cell, Telling]:
    """All cells of one issue; of a period that was not `seen`, none is told, whatever was decided.

    What was decided stays, so that tables beside it protect its cells as if they were told.
    """
    if not seen:
        return dict.fromkeys(decisions, NOT_SEEN)
    return {
        cell: first_telling(decision) if first else revised(decision, tallies.get(cell, NONE))
        for cell, decision in decisions.items()
    }
