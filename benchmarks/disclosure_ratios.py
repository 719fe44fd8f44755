"""Whether ratios and shares give away the counts that they are made of."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import Any

import numpy as np

from warehouse.disclosure.release import log_shift
from warehouse.disclosure.rules import band, nearest, span, step_of

Given = tuple[int, int]


def ratio_attacks(seed: int, draws: int) -> list[dict[str, Any]]:
    """For each kind of figure: how often the exact, and the public, one tells the count behind it.

    The attacker knows the count to within its rounding and, where there is one, the other count
    exactly (registered jobseekers are published elsewhere).
    """
    chance = np.random.default_rng(seed)
    kinds: list[tuple[str, str, Callable[[int, int], float]]] = [
        ("share of n", "share", lambda n, k: k / n),
        ("tightness, jobseekers known", "ln ratio", lambda n, u: log((n + 0.5) / (u + 0.5))),
    ]
    return [_attacked(name, unit, formula, _draws(chance, draws)) for name, unit, formula in kinds]


def _draws(chance: np.random.Generator, draws: int) -> list[Given]:
    counts = np.exp(chance.uniform(np.log(10), np.log(3000), draws)).astype(int)
    return [(int(n), int(chance.integers(n // 4, max(n // 4 + 1, n)))) for n in counts]


def _attacked(
    name: str, unit: str, formula: Callable[[int, int], float], drawn: list[Given]
) -> dict[str, Any]:
    exact = public = left = 0
    for n, other in drawn:
        possible = range(span(nearest(n, 5), 5)[0], span(nearest(n, 5), 5)[1] + 1)
        value = formula(n, other)
        step = step_of(unit, value, n)
        others = _others(name, other)
        exact += sum(any(abs(formula(m, k) - value) < 1e-12 for k in others) for m in possible) == 1
        shown = _shown(unit, value, n, step)
        same_band = [m for m in possible if band(m) == band(n)]
        open_ = [
            m
            for m in same_band
            if any(_shown(unit, formula(m, k), m, step) == shown for k in others)
        ]
        public += len(open_) == 1 and len(same_band) > 1
        left += len(open_)
    return {
        "figure": name,
        "draws": len(drawn),
        "opened by the exact figure": exact,
        "opened by the public figure": public,
        "counts left open (mean)": round(left / len(drawn), 2),
    }


def _shown(unit: str, value: float, n: int, step: float) -> int:
    return round((value + (log_shift(n, 5) if unit == "ln ratio" else 0.0)) / step)


def _others(name: str, other: int) -> range:
    return (
        range(max(0, other - 30), other + 31) if name == "share of n" else range(other, other + 1)
    )
