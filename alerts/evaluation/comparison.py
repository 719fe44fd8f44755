"""The detector and all baselines side by side, at the detector's own rate of false alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.evaluation.baselines import BASELINES, alarms_of, calibrate, cleaned
from alerts.evaluation.counts import finds
from alerts.evaluation.river_methods import RIVER, calibrate_river, river_alarms
from alerts.evaluation.scoring import Interval, Outcome, Summary, interval, judge, paired, summarise
from alerts.evaluation.simulator import TUNING_SEED, Simulated, simulate
from alerts.parameters import Density, DetectorParameters

OURS: Final = "Labourwatch count detector"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One method on one class."""

    method: str
    summary: Summary
    recall: Interval
    advantage: Interval | None
    """Our recall minus this method's, paired by series; None for ourselves."""


def compare(
    density: Density, parameters: DetectorParameters, *, tuning: int, test: int, seed: int
) -> list[Compared]:
    """Every method on fresh series, ours first.

    Args:
        density: class of the series.
        parameters: of our detector.
        tuning: series on which the baselines' thresholds are set.
        test: series on which all are measured.
        seed: of the test series and the bootstrap; not the tuning seed.

    Raises:
        ValueError: the seed is the tuning seed.
    """
    if seed == TUNING_SEED:
        raise ValueError("the tuning seed is no test")
    known, fresh = simulate(density, tuning, TUNING_SEED), simulate(density, test, seed)
    return compared(outcomes_of(known, fresh, parameters), seed)


def outcomes_of(
    known: Sequence[Simulated],
    fresh: Sequence[Simulated],
    parameters: DetectorParameters,
    *,
    least_rate: float = 0.0,
) -> dict[str, list[Outcome]]:
    """By method, ours first, what became of each fresh series.

    Args:
        known: on which the baselines' thresholds are set to our own rate of false alarms there.
        fresh: on which all are measured.
        parameters: of our detector.
        least_rate: false alarms a series-year that baselines are allowed even where we had fewer.
    """
    own_rate = summarise([judge(s, finds(parameters, s)) for s in known]).false_per_year
    rate = max(own_rate, least_rate)
    outcomes = {OURS: [judge(s, finds(parameters, s)) for s in fresh]}
    return outcomes | _paths(known, fresh, rate) | _river(known, fresh, rate)


def compared(outcomes: Mapping[str, Sequence[Outcome]], seed: int) -> list[Compared]:
    """Every method's metrics with intervals; `outcomes` hold one for each block, ours first."""
    return [_compared(name, found, outcomes[OURS], seed) for name, found in outcomes.items()]


def _paths(
    known: Sequence[Simulated], fresh: Sequence[Simulated], rate: float
) -> dict[str, list[Outcome]]:
    known_counts, fresh_counts = [cleaned(s) for s in known], [cleaned(s) for s in fresh]
    outcomes = {}
    for name, baseline in BASELINES.items():
        threshold = calibrate(known, [baseline(y) for y in known_counts], rate)
        alarms = [alarms_of(baseline(y), threshold) for y in fresh_counts]
        outcomes[name] = [judge(s, a) for s, a in zip(fresh, alarms, strict=True)]
    return outcomes


def _river(
    known: Sequence[Simulated], fresh: Sequence[Simulated], rate: float
) -> dict[str, list[Outcome]]:
    outcomes = {}
    for name, (make, _) in RIVER.items():
        threshold = calibrate_river(name, known, rate)
        outcomes[name] = [judge(s, river_alarms(make, threshold, cleaned(s))) for s in fresh]
    return outcomes


def _recall(outcomes: Sequence[Outcome]) -> float:
    delays = [delay for outcome in outcomes for delay in outcome.delays]
    return sum(d is not None for d in delays) / len(delays) if delays else float("nan")


def _compared(name: str, found: Sequence[Outcome], ours: Sequence[Outcome], seed: int) -> Compared:
    return Compared(
        method=name,
        summary=summarise(found),
        recall=interval(found, _recall, seed),
        advantage=None if name == OURS else paired(ours, found, _recall, seed),
    )


def best_of(compared: Sequence[Compared], slack: float = 1.5) -> Compared:
    """The baseline with the highest recall among those within `slack` of our false alarms."""
    ours, *others = compared
    limit = slack * max(ours.summary.false_per_year, 0.05)
    fair = [c for c in others if c.summary.false_per_year <= limit]
    return max(fair or others, key=lambda c: c.summary.recall)
