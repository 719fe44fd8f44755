"""Which expressions grow: counted once in order of time, tested with false discoveries in hand.

Counting is lossy (Manku and Motwani 2002): after every `width` postings what is too rare is
forgotten, so that memory is bounded and a count is too low by at most one in `width` postings.
The test takes the upper bound for the time before and the lower for now: forgetting cannot make
a term look new.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

_EMPLOYERS: Final = 8
"""Employers of a term that are remembered; more add nothing to the decision."""
LEAST_VACANCIES: Final = 5
LEAST_EMPLOYERS: Final = 3
FALSE_DISCOVERY: Final = 0.05
_PART_OF: Final = 0.9
"""A term that stands in a longer one this often is only a piece of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emerging:
    """A term that no code covers and that is named more often than before."""

    term: str
    recent: int
    """Vacancies that name it now, of how many `TermCounter.recent` says."""
    before: int
    """Vacancies that named it before: an upper bound."""
    employers: int
    """Employers that named it, at most 8."""
    growth: float
    """Share now over share before, half a vacancy added to each count."""
    p_value: float
    q_value: float
    """Smallest false discovery rate at which it is told (Benjamini and Hochberg 1995)."""


@dataclass(slots=True)
class _Count:
    forgotten: int
    before: int = 0
    recent: int = 0
    employers: set[str] = field(default_factory=set)


class TermCounter:
    """Counts terms of vacancies, first those before, then the recent ones."""

    def __init__(self, *, width: int = 2000) -> None:
        self._width = width
        self._counts: dict[str, _Count] = {}
        self.before = 0
        self.recent = 0

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, terms: Iterable[str], employer: str, *, recent: bool) -> None:
        """Count one vacancy. `employer` is only compared, never told."""
        self.before += not recent
        self.recent += recent
        passed = (self.before + self.recent) // self._width
        for term in terms:
            count = self._counts.setdefault(term, _Count(forgotten=passed))
            count.before += not recent
            count.recent += recent
            if len(count.employers) < _EMPLOYERS:
                count.employers.add(employer)
        if (self.before + self.recent) % self._width == 0:
            self._forget(passed)

    def emerging(
        self,
        *,
        names: Collection[str] = frozenset(),
        least_vacancies: int = LEAST_VACANCIES,
        least_employers: int = LEAST_EMPLOYERS,
        rate: float = FALSE_DISCOVERY,
    ) -> list[Emerging]:
        """Terms that grow, the surest first; none that stands in `names`."""
        tested = [
            self._test(term, count)
            for term, count in self._counts.items()
            if count.recent + count.before >= least_vacancies
            and len(count.employers) >= least_employers
            and term not in names
        ]
        told = [
            each
            for each in _adjusted(tested)
            if each.q_value <= rate and each.recent >= least_vacancies
        ]
        return [each for each in told if not _is_part(each, told)]

    def _test(self, term: str, count: _Count) -> Emerging:
        before = count.before + count.forgotten
        shares = (count.recent + 0.5) / (self.recent + 1), (before + 0.5) / (self.before + 1)
        return Emerging(
            term=term,
            recent=count.recent,
            before=before,
            employers=len(count.employers),
            growth=shares[0] / shares[1],
            p_value=upper_tail(
                count.recent, count.recent + before, self.recent / (self.recent + self.before)
            ),
            q_value=1.0,
        )

    def _forget(self, passed: int) -> None:
        self._counts = {
            term: count
            for term, count in self._counts.items()
            if count.before + count.recent + count.forgotten > passed
        }


def upper_tail(hits: int, of: int, share: float) -> float:
    """P(X ≥ hits), X binomial: the chance of so many recent mentions if nothing changed.

    Given all mentions, those of one period are binomial where mentions come at one rate.
    """
    if share >= 1 or hits <= 0:
        return 1.0
    if share <= 0:
        return 0.0
    logs = (
        math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)
        + k * math.log(share) + (of - k) * math.log1p(-share)
        for k in range(hits, of + 1)
    )  # fmt: skip
    return min(1.0, math.fsum(map(math.exp, logs)))


def q_values(p_values: Sequence[float]) -> list[float]:
    """Smallest false discovery rate at which each is told, in the order of the p-values.

    Benjamini and Hochberg (1995): the least of p · m / rank over this and all larger p-values.
    """
    many = len(p_values)
    adjusted, least = [1.0] * many, 1.0
    order = sorted(range(many), key=p_values.__getitem__)
    for rank in range(many, 0, -1):
        place = order[rank - 1]
        least = min(least, p_values[place] * many / rank)
        adjusted[place] = least
    return adjusted


def _adjusted(tested: Sequence[Emerging]) -> list[Emerging]:
    """With q-values, in order of p."""
    ordered = sorted(tested, key=lambda each: (each.p_value, each.term))
    found = q_values([each.p_value for each in ordered])
    return [replace(each, q_value=q) for each, q in zip(ordered, found, strict=True)]


def _is_part(each: Emerging, told: Iterable[Emerging]) -> bool:
    return any(
        each.term != longer.term
        and each.term in longer.term
        and longer.recent >= _PART_OF * each.recent
        for longer in told
    )
