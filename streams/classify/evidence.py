"""Named evidence about occupations, put together into probabilities.

Each piece of evidence gives a score per unit group; the posterior is the softmax of the weighted
sum (a logarithmic opinion pool: Genest and Zidek 1986). A constant added to a row changes nothing;
a row of zeros says nothing. A new kind of evidence, such as an online learner, is one more name
with one more weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from config.vocabulary import read_table
from streams.classify.groups import Scores, unit_groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What of a posting tells its occupation."""

    title: str
    description: str = ""
    category: str = ""
    """Category or industry as the board states it."""
    employer: str = ""
    language: str = ""


class Evidence(Protocol):
    """One way to tell an occupation."""

    @property
    def state(self) -> str:
        """Changes whenever an equal case could be scored differently."""
        ...

    def scores(self, cases: Sequence[Case]) -> Mapping[str, Scores]:
        """Scores by name of evidence, each one row a case; deterministic for equal state."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How much a name of evidence counts."""

    weight: float
    alone: float = 1.0
    """Factor where a posting has no text that tells."""


def shipped_weights() -> dict[str, Weight]:
    """Weight of each name of evidence (`config/lexicon/occupation_weights.csv`)."""
    return {
        row["evidence"]: Weight(weight=float(row["weight"]), alone=float(row["alone"]))
        for row in read_table("lexicon", "occupation_weights.csv")
    }


def combine(named: Mapping[str, Scores], weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Probabilities over unit groups, one row a case.

    Raises:
        KeyError: evidence without a weight.
        ValueError: there is no evidence, or arrays differ in shape.
    """
    if not named:
        raise ValueError("no evidence to combine")
    total = sum(
        (weights[name] * scores.astype(np.float64) for name, scores in named.items()),
        start=np.float64(0.0),
    )
    total = np.asarray(total)
    if total.ndim != 2 or total.shape[1] != len(unit_groups()):
        raise ValueError(f"expected one column a unit group, not shape {total.shape}")
    raised = np.exp(total - total.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def supporting(
    named: Mapping[str, Scores], weights: Mapping[str, float], row: int, group: int, least: float
) -> list[str]:
    """Names of evidence that favour `group`, the strongest first.

    Favour is the weighted score above the mean over all groups, in nats; `least` is the least
    that counts.
    """
    favour = {
        name: weights[name] * float(scores[row, group] - scores[row].mean())
        for name, scores in named.items()
    }
    names = [name for name, nats in favour.items() if nats >= least]
    return sorted(names, key=lambda name: (-favour[name], name))
