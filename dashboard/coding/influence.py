"""Which vacancies an officer should look at first: what a wrong code would do to the counts. Pure.

Counts are kept by province and major group. A wrong major group takes a vacancy out of one cell
and puts it into another; its influence is the expected relative change of both:

    influence = openings x sum over groups b other than a of P(b) (1 / n_a + 1 / (n_b + 1)) x w

n are the new vacancies of a cell in four weeks, P the coder's probabilities by major group, w is
`ALERT_WEIGHT` where either cell has an open alert, else 1. An error within the major group moves no
cell but the detail below it, and counts with `WITHIN_GROUP`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from warehouse.coding import QueueRow

ALERT_WEIGHT: Final = 3.0
WITHIN_GROUP: Final = 0.2
MOST_OPENINGS: Final = 10
"""Stated openings beyond this count no further: a typing error must not lead the queue."""
UNCODED_DOUBT: Final = 0.5
"""Chance that a vacancy without code and candidates has an occupation: by convention."""
THIN_CELL: Final = 10
"""Below so many new vacancies in four weeks a cell is thin, and would not be published."""
UNSURE: Final = 0.5

Cell = tuple[str, str]
"""Province and major group; "" as group: not codable."""


class Ground(StrEnum):
    """Why a vacancy stands in the queue."""

    NOT_CODED = "not_coded"
    UNSURE = "unsure"
    CLOSE_CALL = "close_call"
    """Another major group is nearly as likely."""
    ALERTING_CELL = "alerting_cell"
    THIN_CELL = "thin_cell"
    MANY_OPENINGS = "many_openings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A vacancy with its place in the queue."""

    row: QueueRow
    influence: float
    """Expected relative change of counts; the queue's order, no unit."""
    doubt: float
    """Probability that the major group is wrong, as far as the coder tells."""
    in_cell: int
    """New vacancies of its cell in four weeks."""
    grounds: tuple[Ground, ...]


def queue(
    rows: Iterable[QueueRow], cells: Mapping[Cell, int], alerting: Collection[Cell]
) -> list[Queued]:
    """The rows by influence, the greatest first.

    Args:
        rows: vacancies that nobody has corrected.
        cells: new vacancies by cell in four weeks; absent is none.
        alerting: cells of open alerts; "all" on an axis means every province or group.
    """
    ranked = (_ranked(row, cells, alerting) for row in rows)
    return sorted(ranked, key=lambda one: (-one.influence, one.row.vacancy_id))


def alternatives(row: QueueRow) -> dict[str, float]:
    """Probability of each major group other than the one that counts.

    What the candidates leave open stands under "?": some group, nobody knows which.
    """
    own = row.isco08[:1]
    found: dict[str, float] = defaultdict(float)
    same = 0.0 if own else row.probability
    for code, probability in row.candidates:
        if own and code[:1] == own:
            same += probability
        else:
            found[code[:1]] += probability
    if own and not row.candidates:
        same = row.probability
    rest = max(0.0, 1.0 - same - sum(found.values()))
    if not own:
        rest = 0.0 if found else UNCODED_DOUBT
    if rest > 0:
        found["?"] = rest
    return dict(found)


def _ranked(row: QueueRow, cells: Mapping[Cell, int], alerting: Collection[Cell]) -> Queued:
    own = row.isco08[:1]
    others = alternatives(row)
    here = max(1, cells.get((row.province, own), 0))
    weight = min(MOST_OPENINGS, max(1, row.openings))
    moved = sum(
        probability * _shift(row.province, own, group, here, cells) * _importance(
            row.province, (own, group), alerting
        )
        for group, probability in others.items()
    )  # fmt: skip
    doubt = min(1.0, sum(others.values()))
    within = max(0.0, 1.0 - row.probability - doubt) if own else 0.0
    moved += WITHIN_GROUP * within / here
    return Queued(
        row=row,
        influence=weight * moved,
        doubt=doubt,
        in_cell=cells.get((row.province, own), 0),
        grounds=_grounds(row, others, cells, alerting),
    )


def _shift(province: str, own: str, group: str, here: int, cells: Mapping[Cell, int]) -> float:
    """Relative change of the two cells; a group nobody knows has no cell to gain."""
    gained = 0.0 if group == "?" else 1 / (cells.get((province, group), 0) + 1)
    return (1 / here if own else 0.0) + gained


def _importance(province: str, groups: Iterable[str], alerting: Collection[Cell]) -> float:
    touched = any(
        cell in alerting
        for group in groups
        for cell in ((province, group), (province, "all"), ("all", group))
    )
    return ALERT_WEIGHT if touched else 1.0


def _grounds(
    row: QueueRow,
    others: Mapping[str, float],
    cells: Mapping[Cell, int],
    alerting: Collection[Cell],
) -> tuple[Ground, ...]:
    own = row.isco08[:1]
    named = [group for group in others if group != "?"]
    rival = max((others[group] for group in named), default=0.0)
    thin = min([cells.get((row.province, group), 0) for group in (own, *named) if group] or [0])
    holds = {
        Ground.NOT_CODED: not row.isco08,
        Ground.UNSURE: bool(row.isco08) and row.probability < UNSURE,
        Ground.CLOSE_CALL: bool(row.isco08) and rival >= 0.5 * row.probability,
        Ground.ALERTING_CELL: _importance(row.province, (own, *named), alerting) > 1,
        Ground.THIN_CELL: thin < THIN_CELL,
        Ground.MANY_OPENINGS: row.openings >= MOST_OPENINGS,
    }
    return tuple(ground for ground, true in holds.items() if true)
