"""Which of many cells' changes may be told: false-discovery control, and parents before children.

Each open episode carries an e-value: evidence that under "nothing changed" is at most 1 on
average. By the e-BH procedure (Wang and Ramdas 2022), which holds under any dependence between
cells, the k strongest of m watched cells are told where the k-th has e ≥ m/(αk): the expected share
of false ones among the told is then at most α. Assumed: the expectation of before is right within
its own doubt, which belongs to the spread, and counts spread as quasi-Poisson. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import lgamma, log
from typing import Final, TypeVar

from alerts.episode import Episode

LEVEL: Final = 0.1
"""Share of false ones among told changes."""
_WIDE: Final = 1.35
"""A child may differ from its parents' change by this factor and still be explained by it."""

_PRIOR: Final = 2.0
"""Shape of the prior of a ratio: spread 1/√2 about 1."""

Key = TypeVar("Key")


class Telling(StrEnum):
    """Why a cell's change is told or not."""

    TOLD = "told"
    EXPLAINED = "explained"
    """A parent changes the same way by a like factor: it names this cell instead."""
    TOO_FEW = "insufficient_evidence"
    """Sparse: the parent answers."""
    HELD = "held"
    """Not yet enough evidence among so many cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A cell's open episode as it stands."""

    up: bool
    ratio: float
    """Observed over expected since the onset."""
    evidence: float
    """ln e of the episode."""
    sparse: bool


def log_evidence(observed: float, expected: float, dispersion: float) -> float:
    """ln e of `observed` against `expected`.

    Bayes factor of a rate ratio with prior Gamma(κ, κ) against a ratio of 1, Poisson counts of
    which `dispersion` make one: with dispersion 1 its mean is exactly 1 when nothing changed, and
    along the days of a given onset it is a test martingale. The onset itself is estimated, which
    the wait before telling and α have to pay for.

    Args:
        observed: vacancies since the onset.
        expected: at the level of before, over the same days.
        dispersion: variance over mean of `observed` if nothing changed (`Episode.spread`).
    """
    y, e = observed / dispersion, expected / dispersion
    k = _PRIOR
    gain = k * log(k) + lgamma(k + y) - lgamma(k) - (k + y) * log(k + e)
    return gain + e


def evidence_of(episode: Episode, dispersion: float) -> float:
    """ln e of an open episode; `dispersion` is that of its cell's counts."""
    return log_evidence(episode.observed, episode.expected, episode.spread(dispersion))


def discoveries(evidence: Mapping[Key, float], watched: int, level: float = LEVEL) -> set[Key]:
    """Cells whose change may be told.

    Args:
        evidence: ln e of every open episode; cells without one have e = 1 at most.
        watched: cells that could have had one.
        level: wanted share of false ones among the told.
    """
    ranked = sorted(evidence, key=lambda key: -evidence[key])
    told = 0
    for k, key in enumerate(ranked, start=1):
        if evidence[key] >= log(watched / (level * k)):
            told = k
    return set(ranked[:told])


def judge_cell(candidate: Candidate, parents: Iterable[Candidate], discovered: bool) -> Telling:
    """Whether a child's change is told, given its parents' open episodes."""
    if candidate.sparse:
        return Telling.TOO_FEW
    if any(_explains(parent, candidate) for parent in parents):
        return Telling.EXPLAINED
    return Telling.TOLD if discovered else Telling.HELD


def _explains(parent: Candidate, child: Candidate) -> bool:
    if parent.up != child.up:
        return False
    beyond = child.ratio / parent.ratio if child.up else parent.ratio / max(child.ratio, 1e-9)
    return beyond <= _WIDE * (1.0 + 1.0 / max(child.evidence, 1.0))
