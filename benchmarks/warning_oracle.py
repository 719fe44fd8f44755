"""Medium cells: how much of what is missed do the counts not tell, and how much is not learned?

The detector beside itself told the truth of quiet days (`benchmarks.count_oracle`), each at the
false alarms that METHODS allows, on the published seed and five more. By direction as well: a
halving is told by days that lack vacancies, and takes longer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from alerts.evaluation.scoring import Interval, Outcome, paired, summarise
from alerts.evaluation.simulator import TUNING_SEED, Event, Simulated, simulate
from alerts.parameters import Density, load_parameters
from benchmarks.count_oracle import AS_IT_IS, LADDER, ORACLE, Known, at_rate, told_outcomes
from benchmarks.report import Figure

_WANTED: Final = 0.2
_SEEDS: Final = 6
_DIRECTIONS: Final[dict[str, Callable[[Event], bool]]] = {
    "doubled": lambda event: event.factor >= 2.0,
    "halved": lambda event: event.factor <= 0.5,
}


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Recall, false alarms and delay by what the detector is told."""
    tuning, test, seeds = (4, 4, 1) if quick else (100, 150, _SEEDS)
    known = simulate(Density.MEDIUM, tuning, TUNING_SEED)
    fresh = [
        one for more in range(seeds) for one in simulate(Density.MEDIUM, test, seed + more)
    ]  # fmt: skip
    parameters = load_parameters()
    as_it_is = told_outcomes(parameters, fresh, AS_IT_IS)
    told = {
        each: told_outcomes(at_rate(parameters, known, each, _WANTED), fresh, each)
        for each in LADDER
    }
    base = told[AS_IT_IS]
    rows = [_row("nothing, thresholds of the service", fresh, as_it_is, None)]
    for each, outcomes in told.items():
        ahead = None if each is AS_IT_IS else paired(outcomes, base, _big, seed)
        rows.append(_row(each.name, fresh, outcomes, ahead))
    gap = paired(told[ORACLE], base, _big, seed)
    title = f"Medium cells by what the detector is told, at {_WANTED} false alarms a year on tuning"
    return _figures(as_it_is, told, gap), {"tables": {title: rows}}


def _big(outcomes: Sequence[Outcome]) -> float:
    return summarise(outcomes).big_recall


def _figures(
    as_it_is: list[Outcome], told: dict[Known, list[Outcome]], gap: Interval
) -> list[Figure]:
    ours, oracle = summarise(as_it_is), summarise(told[ORACLE])
    n = sum(sum(one.big) for one in as_it_is)
    about = f"medium cells of the published and further seeds together, {n} doublings and halvings"
    truth = "the same detector told the true mean of quiet days and the true spread"
    return [
        Figure(key="medium_pooled_big_recall", value=ours.big_recall, goal="≥ 0.85",
               about=f"{about}: share found"),
        Figure(key="medium_pooled_false_per_year", value=ours.false_per_year, goal="≤ 0.2",
               about="the same: false alarms per series and year"),
        Figure(key="medium_pooled_median_delay_days", value=ours.median_delay, goal="≤ 24",
               about=f"the same; 90th percentile {ours.slow_delay:.0f}"),
        Figure(key="medium_oracle_big_recall", value=oracle.big_recall,
               about=f"{truth}; ahead by {gap.value:+.2f} ({gap.lower:+.2f} to {gap.upper:+.2f}, "
               "paired), both with thresholds for 0.2 false alarms a year on tuning seeds"),
        Figure(key="medium_oracle_false_per_year", value=oracle.false_per_year, about=truth),
        Figure(key="medium_oracle_median_delay_days", value=oracle.median_delay, about=truth),
    ]  # fmt: skip


def _row(
    name: str, series: Sequence[Simulated], outcomes: Sequence[Outcome], ahead: Interval | None
) -> dict[str, Any]:
    summary = summarise(outcomes)
    row: dict[str, Any] = {
        "told": name,
        "false a year": round(summary.false_per_year, 3),
        "recall": round(summary.recall, 3),
        "big": round(summary.big_recall, 3),
        "median delay": summary.median_delay,
    }
    for direction, meets in _DIRECTIONS.items():
        row |= _directed(direction, meets, series, outcomes)
    row["big, ahead of nothing told"] = (
        "" if ahead is None else f"{ahead.value:+.3f} ({ahead.lower:+.3f} to {ahead.upper:+.3f})"
    )
    return row


def _directed(
    name: str,
    meets: Callable[[Event], bool],
    series: Sequence[Simulated],
    outcomes: Sequence[Outcome],
) -> dict[str, Any]:
    """How many of one direction were found, and when."""
    delays = [
        delay
        for one, outcome in zip(series, outcomes, strict=True)
        for event, delay in zip(one.events, outcome.delays, strict=True)
        if meets(event)
    ]
    found = [delay for delay in delays if delay is not None]
    return {
        f"{name}, of {len(delays)}": round(len(found) / len(delays), 3) if delays else None,
        f"delay, {name}": float(np.median(found)) if found else None,
    }
