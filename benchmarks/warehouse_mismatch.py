"""Do the intervals of mismatch and turnover cover the truth, with few units and with many?

Pairs of distributions are drawn (equal, alike and far apart) over 4 and 12 groups, vacancies and
unemployed are drawn from them, and it is counted how often the 95 % interval holds the true index.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from alerts.indicators.mismatch import sahin, turnover, turnover_of, unmatched
from alerts.indicators.sides import Sides, sides_of
from benchmarks.mismatch_bunches import KNOWN, NOT_KNOWN, bunched
from benchmarks.report import Figure

_SIZES: Final = ((5, 200), (10, 500), (30, 30), (100, 200), (3000, 3000))
"""Vacancies and unemployed."""
_GROUPS: Final = (4, 12)
_ALIKE: Final = (None, 5.0, 1.0)
"""Concentration of both sides around their common shares; `None`: equal."""
_SPREAD: Final = 2.0
_BUNCHED_TRIALS: Final = {False: 400, True: 12}


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Smallest and largest coverage over indices and sizes, all kinds of pairs together."""
    trials = 12 if quick else 250
    shares = {
        f"{index} {v} vacancies {u} unemployed": share
        for v, u in _SIZES
        for index, share in _coverage(v, u, trials, seed).items()
    }
    about = f"trials of each of {len(_SIZES)} sizes: 95 % intervals of mismatch and turnover"
    many = f"{trials * len(_GROUPS) * len(_ALIKE)} {about} that hold the truth, "
    figures = [
        Figure(
            key="mismatch_coverage_min", value=min(shares.values()), goal="0.93",
            about=f"{many}smallest share",
        ),
        Figure(
            key="mismatch_coverage_max", value=max(shares.values()), goal="0.97",
            about=f"{many}largest share",
        ),
    ]  # fmt: skip
    with_employers = bunched(seed, _BUNCHED_TRIALS[quick])
    figures += [
        _least("mismatch_bunched_coverage_min", KNOWN, with_employers),
        _least("mismatch_bunched_ignored_min", NOT_KNOWN, with_employers),
    ]
    return figures, {"coverage": shares, "coverage where employers post in bunches": with_employers}


def _least(key: str, known: str, rows: dict[str, dict[str, float]]) -> Figure:
    found = {
        f"{index}, employers with {mix}": share
        for mix, row in rows.items()
        for index, share in row.items()
        if index.endswith(known)
    }
    name = min(found, key=lambda each: found[each])
    return Figure(
        key=key, value=found[name], goal="reported",
        about=f"smallest share of intervals that hold the truth, 30 vacancies in bunches: {name}",
    )  # fmt: skip


def _coverage(vacancies: int, unemployed: int, trials: int, seed: int) -> dict[str, float]:
    draw = np.random.default_rng((seed, vacancies, unemployed))
    held, many = {"sahin": 0, "turnover": 0}, 0
    for p, q in _pairs(draw, trials):
        drawn = draw.multinomial(vacancies, p), draw.multinomial(unemployed, q)
        seen = sides_of([(float(v), float(u)) for v, u in zip(*drawn, strict=True)])
        truth = Sides(
            vacancies=tuple(p), unemployed=tuple(q), vacancies_total=1.0, unemployed_total=1.0
        )
        for told, true, index in (
            (sahin(seen, seed=many), unmatched(truth), "sahin"),
            (turnover(seen, seed=many), turnover_of(truth), "turnover"),
        ):
            assert told.lower is not None
            assert told.upper is not None
            held[index] += told.lower - 1e-12 <= true <= told.upper + 1e-12
        many += 1
    return {index: round(count / many, 4) for index, count in held.items()}


def _pairs(draw: np.random.Generator, trials: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """True shares of vacancies and of unemployed."""
    for groups in _GROUPS:
        for alike in _ALIKE:
            for _ in range(trials):
                common = draw.dirichlet(np.full(groups, _SPREAD))
                if alike is None:
                    yield common, common
                else:
                    around = common * groups * alike
                    yield draw.dirichlet(around), draw.dirichlet(around)
