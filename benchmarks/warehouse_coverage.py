"""How often the 95 % interval of each indicator holds the truth that was simulated, at small n.

Truth is drawn anew in every trial, so that a share is the average over cells as they may be. A
trial in which the indicator says that it cannot be told is no trial of the interval; the share of
those is shown, and a place of the table where more than half are says "not told".
"""

from __future__ import annotations

from math import sqrt
from typing import Any, Final

import numpy as np

from benchmarks.coverage_worlds import WORLDS, World
from benchmarks.report import Figure

_SIZES: Final = (5, 10, 30, 100)
_TRIALS: Final = {False: 2000, True: 100}
_COSTLY: Final = {"wage_growth": 8, "pooled_rate": 4, "duration_relative": 4,
                  "duration_median": 2, "duration_mean_60": 2, "growth": 2,
                  "mismatch_sahin": 8, "mismatch_turnover": 8}  # fmt: skip
"""So many times fewer trials where one takes long."""
_FEWEST_TOLD: Final = 0.5


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Smallest and largest coverage over indicators and n, and the whole table."""
    rows = [
        _row(name, world, n, max(_TRIALS[quick] // _COSTLY.get(name, 1), 15), seed)
        for name, world in WORLDS.items()
        for n in _SIZES
    ]
    told = [row for row in rows if isinstance(row["coverage"], float)]
    low = min(told, key=lambda row: row["coverage"])
    high = max(told, key=lambda row: row["coverage"])
    about = f"over {len(told)} of {len(rows)} indicators and sizes (5, 10, 30, 100) that are told"
    figures = [
        Figure(key=f"coverage_95_{end}", value=row["coverage"], goal="0.93 to 0.97",
               about=f"{word} share of 95 % intervals that hold the truth, {about}: "
               f"{row['indicator']} at {row['n']}, Monte-Carlo error {row['error']}")
        for end, word, row in (("min", "smallest", low), ("max", "largest", high))
    ]  # fmt: skip
    outside = sum(not 0.93 <= row["coverage"] <= 0.97 for row in told)
    figures.append(
        Figure(key="coverage_95_outside", value=outside, goal="0",
               about=f"of {len(told)}, those outside 0.93 to 0.97, chance included")
    )  # fmt: skip
    return figures, {"tables": {"Coverage of 95 % intervals": rows}}


def _row(name: str, world: World, n: int, trials: int, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng([seed, n, *name.encode()])
    held: list[bool] = []
    above = below = 0
    for _ in range(trials):
        found, truth = world(rng, n)
        if found.value is None:
            continue
        under = found.lower is not None and truth < found.lower - 1e-12
        over = found.upper is not None and truth > found.upper + 1e-12
        below, above = below + under, above + over
        held.append(not under and not over)
    made = len(held)
    row: dict[str, Any] = {"indicator": name, "n": n, "trials": trials}
    if made < _FEWEST_TOLD * trials:
        return {**row, "told": round(made / trials, 3), "coverage": "not told"}
    share = sum(held) / made
    return {
        **row,
        "told": round(made / trials, 3),
        "coverage": round(share, 4),
        "error": round(sqrt(max(share * (1 - share), 1e-4) / made), 4),
        "truth below": round(below / made, 4),
        "truth above": round(above / made, 4),
    }
