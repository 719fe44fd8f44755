"""Intervals of mismatch where employers post in bunches, each with a mix of groups of its own.

Sizes are Pareto. An employer's mix is drawn around the market's: always one group, near one,
or the market's itself. Each sample is told twice: knowing who posted what, and not.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from alerts.indicators.bunching import bunching
from alerts.indicators.mismatch import sahin, turnover, turnover_of, unmatched
from alerts.indicators.sides import Group, Sides, sides_of

KNOWN: Final = "employers known"
NOT_KNOWN: Final = "employers not known"
_N: Final = 30
_GROUPS: Final = 12
_TAIL: Final = 2.2
_LARGEST: Final = 40
_MIXES: Final[dict[str, float | None]] = {
    "one group": None, "few groups": 1.0, "the market's": 1e4,
}  # fmt: skip
"""Concentration of an employer's mix around the market's; `None`: on one group."""
Shares = dict[str, float]


def bunched(seed: int, trials: int) -> dict[str, Shares]:
    """Share of intervals that hold the truth, by mix, then by index and what is known."""
    return {name: _held(seed, trials, name) for name in _MIXES}


def _held(seed: int, trials: int, name: str) -> Shares:
    rng = np.random.default_rng([seed, *name.encode()])
    held: Counter[str] = Counter()
    for trial in range(trials):
        pairs, design, truth = _sample(rng, _MIXES[name])
        for known, value in ((KNOWN, design), (NOT_KNOWN, None)):
            sides = sides_of(pairs, bunching=value)
            for told, true in (
                (sahin(sides, seed=trial), unmatched(truth)),
                (turnover(sides, seed=trial), turnover_of(truth)),
            ):
                assert told.lower is not None
                assert told.upper is not None
                index = told.method.split("/")[0].split("-")[0]
                held[f"{index}, {known}"] += told.lower - 1e-12 <= true <= told.upper + 1e-12
    return {name: round(count / trials, 4) for name, count in sorted(held.items())}


def _sample(rng: np.random.Generator, around: float | None) -> tuple[list[Group], float, Sides]:
    """Both sides, the design effect as the service sees it, and the truth."""
    raw = np.exp(-np.log(np.arange(1, _GROUPS + 1)) + rng.normal(0, 0.6, size=(2, _GROUPS)))
    p, q = raw / raw.sum(axis=1, keepdims=True)
    sizes = np.minimum(rng.random(_N) ** (-1 / _TAIL), _LARGEST).astype(int)
    owner = rng.permutation(np.repeat(np.arange(1, _N + 1), sizes)[:_N])
    mixes = [_mix(rng, p, around) for _ in range(_N + 1)]
    groups = np.array([rng.choice(_GROUPS, p=mixes[employer]) for employer in owner])
    by_group = [Counter(owner[groups == group].tolist()) for group in range(_GROUPS)]
    people = rng.multinomial(20 * _N, q)
    pairs: list[Group] = [
        (float(held.total()), float(u)) for held, u in zip(by_group, people, strict=True)
    ]
    truth = Sides(
        vacancies=tuple(p), unemployed=tuple(q), vacancies_total=1.0, unemployed_total=1.0
    )
    return pairs, bunching(by_group, float(_N)), truth


def _mix(rng: np.random.Generator, p: np.ndarray, around: float | None) -> np.ndarray:
    """Of mean p; `None`: one group alone."""
    if around is None:
        alone: np.ndarray = np.eye(_GROUPS)[rng.choice(_GROUPS, p=p)]
        return alone
    return rng.dirichlet(around * p)
