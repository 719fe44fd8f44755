"""Changes in simulated counts: the detector and its baselines, by density, on fresh seeds."""

from __future__ import annotations

from typing import Any, Final

from alerts.evaluation.comparison import Compared, best_of, compare
from alerts.parameters import Density, load_parameters
from benchmarks.report import Figure
from benchmarks.warning_sizes import size_figures

_MARKS: Final = {
    Density.AGGREGATE: ("≥ 0.85", "1.0", "≤ 0.11", "≤ 8"),
    Density.DENSE: ("≥ 0.82", "≥ 0.96", "≤ 0.2", "≤ 17"),
    Density.MEDIUM: ("", "≥ 0.85", "≤ 0.2", "≤ 24"),
    Density.SPARSE: ("answered by the parent", "", "", ""),
}


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Recall, false alarms and delay by density, with every baseline beside."""
    tuning, test = (10, 10) if quick else (60, 150)
    parameters = load_parameters()
    figures, rows, bests = [], [], []
    for density in Density:
        compared = compare(density, parameters, tuning=tuning, test=test, seed=seed)
        figures += _figures(density, compared[0])
        figures += size_figures(density, parameters, series=test, seed=seed)
        rows += [_row(density, c) for c in compared]
        best = best_of(compared)
        bests.append(f"{density}: {best.method} {best.summary.recall:.2f}")
    figures.append(
        Figure(
            key="best_baseline",
            value="; ".join(bests),
            about="the baseline that finds most of all events at our rate of false alarms",
        )
    )
    title = "Methods at the detector's rate of false alarms, thresholds set on tuning seeds"
    return figures, {"tables": {title: rows}}


def _figures(density: Density, ours: Compared) -> list[Figure]:
    summary, interval = ours.summary, ours.recall
    recall, big, false, delay = _MARKS[density]
    between = f"95 % interval {interval.lower:.2f} to {interval.upper:.2f}"
    return [
        Figure(
            key=f"{density}_recall", value=summary.recall, goal=recall,
            about=f"share of all events found while they last ({between})",
        ),
        Figure(
            key=f"{density}_big_recall", value=summary.big_recall, goal=big,
            about="of those that at least double or halve the rate",
        ),
        Figure(
            key=f"{density}_false_per_year", value=summary.false_per_year, goal=false,
            about="false alarms per series and year, years with events too",
        ),
        Figure(
            key=f"{density}_median_delay_days", value=summary.median_delay, goal=delay,
            about=f"from the first day to the alarm; 90th percentile {summary.slow_delay:.0f}",
        ),
    ]  # fmt: skip


def _row(density: Density, compared: Compared) -> dict[str, Any]:
    summary, ahead = compared.summary, compared.advantage
    return {
        "density": str(density),
        "method": compared.method,
        "recall": round(summary.recall, 3),
        "big": round(summary.big_recall, 3),
        "false a year": round(summary.false_per_year, 3),
        "median delay": summary.median_delay if summary.median_delay >= 0 else None,
        "precision": round(summary.precision, 3) if summary.precision >= 0 else None,
        "within 1/2/4/8 weeks": " ".join(f"{share:.2f}" for share in summary.within),
        "ours ahead by": ""
        if ahead is None
        else f"{ahead.value:+.2f} ({ahead.lower:+.2f} to {ahead.upper:+.2f})",
    }
