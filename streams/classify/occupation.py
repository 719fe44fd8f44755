"""Occupation (ISCO-08 unit group) of a posting: evidence put together, or "not codable".

Results are cached by what they rest on: markets repeat themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from streams.classify.documents import GroupDocuments, pairs, shipped_names, shipped_texts
from streams.classify.english import CATEGORY, WORDS_MAJOR, WORDS_SUB, EnglishEvidence
from streams.classify.evidence import Case, Evidence, combine, shipped_weights, supporting
from streams.classify.groups import Scores, sums, unit_groups
from streams.classify.lexical import LexicalEvidence, load_lexicons
from streams.classify.neighbours import load_neighbours
from streams.classify.retrieval import TitleIndex, known_titles
from streams.classify.titlewords import TitleWords
from streams.codes import Candidate

_MOST_CANDIDATES: Final = 5
_LEAST_PROBABILITY: Final = 0.001
_LEAST_FAVOUR: Final = 0.7
"""Nats (a factor of two) by which evidence must favour a code to be named as its reason."""
_WRONG_COSTS: Final = 4 / 3
"""Cost of a wrong major group, where leaving a posting without code costs 1 (docs/methods.md)."""
_FAINT: Final = frozenset((CATEGORY, WORDS_MAJOR, WORDS_SUB))
"""Evidence that adds to other evidence and is none by itself."""
_READ: Final = 4000
_FLAT: Final = 1e-3  # nats; less is rounding


class Refused(StrEnum):
    """Why a posting has no occupation."""

    NO_EVIDENCE = "not_codable"
    """Nothing in it is known to any kind of evidence."""
    UNSURE = "not_codable_unsure"
    """Even its major group is too likely to be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """A code with its probability in [0, 1]; `isco08` is "" and the probability 0 if refused."""

    isco08: str
    probability: float
    reason: str
    """Names of the evidence for the code, the strongest first, or a value of `Refused`."""
    candidates: tuple[Candidate, ...] = ()
    """Occupations in order of probability; given even where none is sure enough to be chosen."""


NOT_CODABLE: Final = Occupation(isco08="", probability=0.0, reason=Refused.NO_EVIDENCE.value)


class OccupationCoder:
    """Codes cases with several kinds of evidence. Deterministic for equal states of these."""

    def __init__(
        self,
        evidence: Sequence[Evidence],
        weights: Mapping[str, float],
        cache_size: int = 20_000,
    ) -> None:
        self._evidence = tuple(evidence)
        self._weights = dict(weights)
        self._cache: dict[bytes, Occupation] = {}
        self._cache_size = cache_size
        self._state = self.state

    @property
    def state(self) -> str:
        """States of the evidence that can change; "" while there is none."""
        return "+".join(each.state for each in self._evidence if each.state)

    def code(self, cases: Sequence[Case]) -> list[Occupation]:
        """One occupation per case, in order."""
        if self._state != self.state:
            self._cache.clear()
            self._state = self.state
        keys = [_key(case) for case in cases]
        fresh = {key: case for key, case in zip(keys, cases, strict=True) if key not in self._cache}
        if len(self._cache) + len(fresh) > self._cache_size:
            self._cache.clear()
            fresh = dict(zip(keys, cases, strict=True))
        if fresh:
            self._cache.update(zip(fresh, self._decide(list(fresh.values())), strict=True))
        return [self._cache[key] for key in keys]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The kinds of evidence, as given."""
        return self._evidence

    @property
    def weights(self) -> Mapping[str, float]:
        """Weight of each name of evidence."""
        return self._weights

    def forget(self) -> None:
        """Remember no result."""
        self._cache.clear()

    def gather(self, cases: Sequence[Case]) -> dict[str, Scores]:
        """Scores by name of all evidence, for measuring and for learners that add to it."""
        named: dict[str, Scores] = {}
        for each in self._evidence:
            named.update(each.scores(cases))
        return named

    def _decide(self, cases: Sequence[Case]) -> list[Occupation]:
        named = self.gather(cases)
        shares = combine(named, self._weights)
        return [self._choose(named, shares[row], row) for row in range(len(cases))]

    def _choose(
        self, named: Mapping[str, Scores], shares: NDArray[np.float64], row: int
    ) -> Occupation:
        if not any(
            np.ptp(scores[row]) > _FLAT for name, scores in named.items() if name not in _FAINT
        ):
            return NOT_CODABLE
        candidates = _candidates(shares)
        best = int(np.argmax(shares))
        major = float(sums(shares, 1).max())
        if major < 1 - 1 / _WRONG_COSTS:
            return Occupation(
                isco08="", probability=0.0, reason=Refused.UNSURE.value, candidates=candidates
            )
        reasons = supporting(named, self._weights, row, best, _LEAST_FAVOUR)
        return Occupation(
            isco08=unit_groups()[best],
            probability=float(shares[best]),
            reason="+".join(reasons[:3]) or "weak",
            candidates=candidates,
        )


def load_occupation_coder(
    more: Sequence[Evidence] = (), more_weights: Mapping[str, float] | None = None
) -> OccupationCoder:
    """The coder with all shipped tables, and `more` evidence under names of `more_weights`."""
    table = shipped_weights()
    weights = {name: each.weight for name, each in table.items()}
    english = load_english()
    alone = {name: each.weight * each.alone for name, each in table.items()}
    lexical = LexicalEvidence(load_lexicons(), english, alone, load_neighbours())
    return OccupationCoder([english, lexical, *more], {**weights, **(more_weights or {})})


def load_english() -> EnglishEvidence:
    """Evidence from English with the shipped titles and texts."""
    titles = list(known_titles())
    return EnglishEvidence(
        TitleIndex(titles),
        TitleWords(titles),
        GroupDocuments(shipped_texts()),
        GroupDocuments(shipped_texts(pairs)),
        shipped_names(),
        {name: each.alone for name, each in shipped_weights().items()},
    )


def _candidates(shares: NDArray[np.float64]) -> tuple[Candidate, ...]:
    few = np.argpartition(shares, -_MOST_CANDIDATES)[-_MOST_CANDIDATES:]
    order: Any = sorted(few, key=lambda group: (-shares[group], group))
    codes = unit_groups()
    return tuple(
        Candidate(isco08=codes[group], probability=round(float(shares[group]), 4))
        for group in order
        if shares[group] >= _LEAST_PROBABILITY
    )


def _key(case: Case) -> bytes:
    text = "\0".join((case.title, case.category, case.description[:_READ]))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
