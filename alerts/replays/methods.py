"""Our detector and the baselines on the recorded past with planted events, cell by cell. Pure.

Cells are dealt into two halves. Each half is measured with thresholds that the other half gave the
baselines: to our own rate of false alarms there. Cells are the blocks of all intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from alerts.evaluation.comparison import Compared, compared, outcomes_of
from alerts.evaluation.scoring import Outcome
from alerts.evaluation.simulator import Simulated
from alerts.parameters import Density, DetectorParameters
from alerts.replays.injected import LEAST_DAYS, into_series

LEAST_CELLS: Final = 4
"""Fewer cells of a class are not compared: halves of one cell set no threshold."""
_SLACK_ALARMS: Final = 0.5
"""Baselines are allowed half an alarm in all of a half's years where we had none."""


def side_by_side(
    series: Sequence[Simulated], parameters: DetectorParameters, *, rounds: int, seed: int
) -> dict[Density, list[Compared]]:
    """Every method by density class, ours first; classes with too few cells are left out.

    Args:
        series: one a cell; sparse ones answer nothing and are left out.
        parameters: of our detector.
        rounds: how often an event is planted into each cell.
        seed: of the events and the bootstrap.
    """
    found = {}
    for density in (Density.AGGREGATE, Density.DENSE, Density.MEDIUM):
        cells = [s for s in series if s.density is density and len(s.counts) >= LEAST_DAYS]
        if len(cells) >= LEAST_CELLS:
            found[density] = compared(_crossed(cells, parameters, rounds, seed), seed)
    return found


def _crossed(
    cells: Sequence[Simulated], parameters: DetectorParameters, rounds: int, seed: int
) -> Mapping[str, Sequence[Outcome]]:
    total: dict[str, list[Outcome]] = {}
    halves = cells[::2], cells[1::2]
    for tested, others in (halves, halves[::-1]):
        known = _planted(others, rounds, seed)
        years = sum(len(s.counts) for s in known) / 365.25
        outcomes = outcomes_of(
            known, _planted(tested, rounds, seed), parameters, least_rate=_SLACK_ALARMS / years
        )
        for method, each in outcomes.items():
            blocks = [each[i * rounds : (i + 1) * rounds] for i in range(len(tested))]
            total.setdefault(method, []).extend(_joined(block) for block in blocks)
    return total


def _planted(cells: Sequence[Simulated], rounds: int, seed: int) -> list[Simulated]:
    """Each cell as often as there are rounds, one after the other."""
    return [
        into_series(cell, (seed, turn, *cell.name.encode()))
        for cell in cells
        for turn in range(rounds)
    ]


def _joined(outcomes: Sequence[Outcome]) -> Outcome:
    """Rounds of one cell as one block."""
    return Outcome(
        delays=tuple(delay for one in outcomes for delay in one.delays),
        big=tuple(flag for one in outcomes for flag in one.big),
        false=sum(one.false for one in outcomes),
        true=sum(one.true for one in outcomes),
        years=sum(one.years for one in outcomes),
    )
