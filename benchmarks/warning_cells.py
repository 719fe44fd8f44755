"""A country of 720 cells: wide and local shocks, watched together and each cell on its own."""

from __future__ import annotations

from typing import Any

from alerts.evaluation.cells import country, watch_country
from alerts.evaluation.cells_scoring import CellScore, score_country
from alerts.evaluation.simulator import TUNING_SEED
from alerts.parameters import load_parameters
from benchmarks.report import Figure


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """False episodes, recall and redundant alarms of the hierarchy, and of cells alone."""
    if seed == TUNING_SEED:
        raise ValueError("the tuning seed is no test")
    days, countries = (300, 1) if quick else (730, 3)
    together = [_scored(seed + i, days, joined=True) for i in range(countries)]
    alone = [_scored(seed, days, joined=False)]
    row, other = _row("together", together), _row("each cell alone", alone)
    figures = [
        Figure(key="cells_false_per_year", value=row["false a cell-year"], goal="≤ 0.05",
               about="false told episodes per cell and year, 720 cells (18 × 40)"),
        Figure(key="cells_recall", value=row["recall"], goal="≥ 0.66",
               about="share of shocks, wide and local, told of their own place while they last"),
        Figure(key="cells_redundant", value=row["redundant"], goal="≤ 0.08",
               about="share of cells under a wide shock that spoke for themselves besides"),
        Figure(key="cells_alone_false_per_year", value=other["false a cell-year"],
               about="the same of detectors without hierarchy and discovery control"),
        Figure(key="cells_alone_redundant", value=other["redundant"], about="the same"),
    ]  # fmt: skip
    return figures, {"tables": {"720 cells, together and alone": [row, other]}}


def _scored(seed: int, days: int, *, joined: bool) -> CellScore:
    made = country(seed, days)
    return score_country(made, watch_country(made, load_parameters(), joined=joined))


def _row(name: str, scores: list[CellScore]) -> dict[str, Any]:
    covered = sum(s.covered for s in scores)
    return {
        "watch": name,
        "false a cell-year": sum(s.false for s in scores) / sum(s.cell_years for s in scores),
        "recall": sum(s.found for s in scores) / sum(s.shocks for s in scores),
        "redundant": sum(s.redundant for s in scores) / covered,
        "alarms told": sum(s.told for s in scores),
        "shocks": sum(s.shocks for s in scores),
    }
