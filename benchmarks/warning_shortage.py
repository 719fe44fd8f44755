"""Is P(shortage) what it says? Against simulated truth, beside simpler answers.

Percentiles are frozen on one market and used on later ones, as in the service. In truth a cell is
short if its true components score 2 or more by the percentiles of the true ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from alerts.indicators.estimate import Estimated
from alerts.indicators.shortage import SHORTAGE_FROM, Component, Cuts, cuts_of, points, shortage
from alerts.indicators.shrinking import dispersed, shrunk
from benchmarks.report import RESULTS, Figure
from benchmarks.shortage_world import SIZES, Market, market

_CELLS: Final = 207
_MARKETS: Final = {False: 40, True: 2}
_BINS: Final = 10
_YEAR: Final = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One cell that could be assessed."""

    density: str
    probability: float
    unshrunk: float
    """P without drawing the components together."""
    over: bool
    """Whether the score itself was 2 or more."""
    short: bool
    """In truth."""


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Brier score beside its baselines, calibration error, and the reliability table."""
    rng = np.random.default_rng([seed, 7])
    cases: list[Case] = []
    assessed = 0
    for number in range(_MARKETS[quick]):
        found = cases_of(market(rng, _CELLS), market(rng, _CELLS), seed + number)
        cases += found
        assessed += _CELLS
    told = [*_figures(cases, assessed), *by_density(cases)]
    table = reliability(cases)
    if not quick:
        _plot(table)
    return told, {"tables": {"Reliability of P(shortage)": table}}


def cases_of(frozen: Market, now: Market, seed: int) -> list[Case]:
    """Every cell of `now` that can be assessed, by the percentiles of `frozen`."""
    drawn = {
        name: _cuts(list(dispersed(found).values())) for name, found in frozen.measured.items()
    }
    plain = {
        name: _cuts([each.value or 0.0 for each in found.values()])
        for name, found in frozen.measured.items()
    }
    true = {name: _cuts([float(v) for v in found]) for name, found in frozen.truth.items()}
    values = {name: shrunk(found) for name, found in now.measured.items()}
    cases = []
    for cell, density in enumerate(now.density):
        parts = {name: found[cell] for name, found in values.items() if cell in found}
        raw = {name: found[cell] for name, found in now.measured.items() if cell in found}
        found = shortage(parts, drawn, n=20, seed=seed)
        if found.probability.value is None:
            continue
        simple = shortage(raw, plain, n=20, seed=seed)
        cases.append(
            Case(
                density=density, probability=found.probability.value,
                unshrunk=simple.probability.value or 0.0,
                over=(simple.score.value or 0.0) >= SHORTAGE_FROM,
                short=_is_short(now, true, raw, cell),
            )
        )  # fmt: skip
    return cases


def _cuts(values: Sequence[float]) -> Cuts:
    cuts = cuts_of(values, _YEAR)
    if cuts is None:
        raise ValueError(f"{len(values)} cells are too few for percentiles")
    return cuts


def _is_short(
    now: Market, true: dict[Component, Cuts], told: dict[Component, Estimated], cell: int
) -> bool:
    """By the true values of the components that are told of the cell."""
    scored = [points(name, float(now.truth[name][cell]), true[name]) for name in told]
    return sum(scored) / len(scored) >= SHORTAGE_FROM


def brier(chances: Sequence[float], truths: Sequence[bool]) -> float:
    """Mean squared difference."""
    return float(np.mean((np.array(chances) - np.array(truths, dtype=float)) ** 2))


def reliability(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Per tenth of P: how many, what was said, what was true."""
    rows = []
    for number in range(_BINS):
        low = number / _BINS
        held = [c for c in cases if min(int(c.probability * _BINS), _BINS - 1) == number]
        if held:
            said = float(np.mean([c.probability for c in held]))
            true = float(np.mean([c.short for c in held]))
            rows.append(
                {"P from": low, "cells": len(held), "mean P": round(said, 3),
                 "short in truth": round(true, 3)}
            )  # fmt: skip
    return rows


def calibration_error(cases: Sequence[Case]) -> float:
    """Mean |said − true| over tenths, weighted by cells."""
    rows = reliability(cases)
    gaps = sum(row["cells"] * abs(row["mean P"] - row["short in truth"]) for row in rows)
    return float(gaps / sum(row["cells"] for row in rows))


def _figures(cases: Sequence[Case], drawn: int) -> list[Figure]:
    truths = [c.short for c in cases]
    rate = float(np.mean(truths))
    alerted = [c.short for c in cases if c.probability >= 0.8]
    about = f"of {len(cases)} cells assessed on simulated truth ({drawn} simulated)"
    return [
        Figure(key="brier", value=brier([c.probability for c in cases], truths),
               about=f"P(shortage): mean squared error {about}", goal="below its baselines"),
        Figure(key="brier_base_rate", value=brier([rate] * len(cases), truths),
               about="baseline: the share of short cells said of every cell"),
        Figure(key="brier_score_cut", value=brier([float(c.over) for c in cases], truths),
               about="baseline: score of 2 or more, without uncertainty"),
        Figure(key="brier_unshrunk", value=brier([c.unshrunk for c in cases], truths),
               about="P from components taken as they are, not drawn towards their middle"),
        Figure(key="shortage_calibration_error", value=calibration_error(cases),
               about="mean |P − share that is short| over tenths of P"),
        Figure(key="shortage_sharpness", value=float(np.var([c.probability for c in cases])),
               about="variance of P; p(1 − p) of the base rate would be perfect foresight: "
               f"{rate * (1 - rate):.3f}"),
        Figure(key="shortage_alert_precision", value=float(np.mean(alerted)) if alerted else 0.0,
               about=f"of {len(alerted)} cells with P ≥ 0.8, those short in truth",
               goal="at least 0.8"),
    ]  # fmt: skip


def by_density(cases: Sequence[Case], prefix: str = "") -> list[Figure]:
    """The Brier score of each density, its base rate beside it."""
    found = []
    for name in SIZES:
        same = [c for c in cases if c.density == name]
        if same:
            truths = [c.short for c in same]
            rate = float(np.mean(truths))
            base = brier([rate] * len(same), truths)
            found.append(
                Figure(key=f"{prefix}{name}_brier",
                       value=brier([c.probability for c in same], truths),
                       about=f"the same of {len(same)} {name} cells; base rate {base:.3f}, "
                       f"calibration error {calibration_error(same):.3f}")
            )  # fmt: skip
    return found


def _plot(rows: Sequence[dict[str, Any]]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    said, true = ([row[name] for row in rows] for name in ("mean P", "short in truth"))
    axes.plot(said, true, marker="o", color="#1f5f8b")
    for row in rows:
        axes.annotate(f"n={row['cells']}", (row["mean P"], row["short in truth"]), fontsize=7)
    axes.set_xlabel("P(shortage) as published")
    axes.set_ylabel("share of cells that are short in truth")
    figure.tight_layout()
    RESULTS.mkdir(exist_ok=True)
    figure.savefig(RESULTS / "warning-shortage-reliability.png", dpi=120)
    plt.close(figure)
