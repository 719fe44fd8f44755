"""A coder that has learned: another coder's codes, with what officers taught put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from streams.classify.coder import Coder
from streams.classify.learner import EMPTY, Learner
from streams.classify.lessons import case_of
from streams.classify.pooling import pool
from streams.codes import Candidate, Codes
from streams.records import NormalisedPosting


class LearningCoder:
    """Implements `streams.classify.coder.Coder`. The learner can be exchanged while it serves."""

    def __init__(self, inner: Coder, learner: Learner | None = None) -> None:
        self.inner = inner
        self._learner = learner or Learner()

    @property
    def version(self) -> str:
        """The coder's version and the state of what was learned: together they tell every code."""
        state = self._learner.state
        return self.inner.version if state == EMPTY else f"{self.inner.version}+{state}"

    @property
    def learner(self) -> Learner:
        """What serves now."""
        return self._learner

    def serve(self, learner: Learner) -> None:
        """Code with `learner` from now on."""
        self._learner = learner

    def code(self, batch: Sequence[NormalisedPosting]) -> list[Codes]:
        """One `Codes` per posting, in order."""
        given = self.inner.code(batch)
        if self._learner.state == EMPTY:
            return given
        version = self.version
        return [
            with_learned(posting, replace(codes, coder_version=version), self._learner)
            for posting, codes in zip(batch, given, strict=True)
        ]


def with_learned(
    posting: NormalisedPosting, codes: Codes, learner: Learner, *, blind: bool = False
) -> Codes:
    """`codes` with the occupation that the coder and `learner` together hold.

    `blind` leaves out what was said of the very title.
    """
    case = case_of(posting)
    coder = candidates_of(codes)
    learned = learner.weigh(case, coder, blind=blind)
    if learned is None:
        return codes
    pooled = pool(coder, learned)
    leader, probability = pooled.candidates[0]
    if leader != codes.isco08 and pooled.decided_by is None:
        return codes
    return replace(
        codes,
        isco08=leader,
        isco08_probability=round(probability, 4),
        isco08_reason=pooled.decided_by.value if pooled.decided_by else codes.isco08_reason,
        candidates=tuple(
            Candidate(isco08=code, probability=round(share, 4)) for code, share in pooled.candidates
        ),
    )


def candidates_of(codes: Codes) -> dict[str, float]:
    """Code → probability as the coder holds it; empty where the posting is not codable to it."""
    if not codes.isco08:
        return {}
    if codes.candidates and codes.candidates[0].isco08 == codes.isco08:
        return {one.isco08: one.probability for one in codes.candidates}
    return {codes.isco08: codes.isco08_probability}
