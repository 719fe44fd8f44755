"""What officers' corrections teach of occupations: three kinds of evidence, each with its weight.

The same title, titles alike, and a classifier. How often each kind was right is counted before it
learns a lesson (prequentially: Dawid 1984), so that its weight is earned, not set. A state is known
by the chain of its lessons: equal lessons in equal order give equal codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec

from streams.classify.lessons import Case, Lesson, features_of, title_key
from streams.classify.recall import Memory
from streams.classify.softmax import TwoStage
from streams.identity import identify

EMPTY: Final = "0"
"""State of a learner that has learned nothing."""
_SURE: Final = 0.97
_CACHED: Final = 50_000


class Kind(StrEnum):
    """Kinds of learned evidence; also the reason of a code that they decided."""

    SAME = "learned_same_title"
    ALIKE = "learned_similar_title"
    MODEL = "learned_model"


# Reliability before anything was counted, and how many counts that belief is worth. By the least
# cosine or probability of the leading code. Beliefs, not fits: counts replace them.
_BELIEFS: Final[Mapping[Kind, tuple[tuple[float, float], ...]]] = {
    Kind.SAME: ((0.0, 0.90),),
    Kind.ALIKE: ((0.9, 0.75), (0.75, 0.60), (0.0, 0.40)),
    Kind.MODEL: ((0.8, 0.60), (0.5, 0.40), (0.0, 0.15)),
}
_WORTH: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One kind of evidence about a case."""

    kind: Kind
    shares: Mapping[str, float]
    reliability: float
    """How often the leading code is right, in (0, 1)."""
    bin: str


class Learner:
    """Learns lesson by lesson; cheap to ask, because answers of a state are kept."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._model = TwoStage()
        self._tallies: dict[str, tuple[int, int]] = {}
        self._lessons: list[Lesson] = []
        self._state = EMPTY
        self._known: dict[Case, tuple[Opinion, ...]] = {}

    @property
    def state(self) -> str:
        """Identity of the lessons learned, in their order."""
        return self._state

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons in order."""
        return tuple(self._lessons)

    @property
    def tallies(self) -> Mapping[str, tuple[int, int]]:
        """By bin: how often that evidence was asked before a lesson, and how often right."""
        return self._tallies

    def opinions(self, case: Case) -> tuple[Opinion, ...]:
        """What the learner holds of `case`; nothing where it was taught nothing like it."""
        if not self._lessons:
            return ()
        found = self._known.get(case)
        if found is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            found = self._known[case] = tuple(self._ask(case, blind=False))
        return found

    def blind_opinions(self, case: Case) -> tuple[Opinion, ...]:
        """As `opinions`, without what was said of the very title: how it generalises."""
        return tuple(self._ask(case, blind=True)) if self._lessons else ()

    def learn(self, lesson: Lesson) -> None:
        """Take one lesson."""
        for opinion in self._ask(lesson.case, blind=False):
            asked, right = self._tallies.get(opinion.bin, (0, 0))
            hit = _leader(opinion.shares) == lesson.isco08
            self._tallies[opinion.bin] = (asked + 1, right + hit)
        self._memory.add(lesson)
        if features := features_of(lesson.case):
            self._model.learn(features, lesson.isco08)
        self._lessons.append(lesson)
        self._state = next_state(self._state, lesson)
        self._known.clear()

    def snapshot(self) -> bytes:
        """The whole state; `restore` gives a learner that answers the same to the last bit."""
        return msgspec.msgpack.encode(
            {
                "state": self._state,
                "lessons": self._lessons,
                "tallies": self._tallies,
                "model": self._model.snapshot(),
            }
        )

    @classmethod
    def restore(cls, data: bytes) -> Learner:
        """The learner that `snapshot` was taken of.

        Raises:
            msgspec.MsgspecError: not a snapshot of this version.
        """
        held = _DECODER.decode(data)
        learner = cls()
        learner._model = TwoStage.restore(held.model)
        learner._tallies = dict(held.tallies)
        learner._lessons = list(held.lessons)
        learner._state = held.state
        for lesson in held.lessons:
            learner._memory.add(lesson)
        return learner

    def _ask(self, case: Case, *, blind: bool) -> Iterator[Opinion]:
        key, features = title_key(case.title), features_of(case)
        same = None if blind else self._memory.same(key)
        if same is not None:
            yield self._opinion(Kind.SAME, same.shares, 1.0)
        alike = self._memory.alike(features, without=key)
        if alike is not None:
            yield self._opinion(Kind.ALIKE, alike.shares, alike.similarity)
        shares = self._model.shares(features)
        if shares:
            yield self._opinion(Kind.MODEL, shares, max(shares.values()))

    def _opinion(self, kind: Kind, shares: Mapping[str, float], strength: float) -> Opinion:
        least, believed = next(step for step in _BELIEFS[kind] if strength >= step[0])
        name = f"{kind.value}:{least:g}"
        asked, right = self._tallies.get(name, (0, 0))
        reliability = (believed * _WORTH + right) / (_WORTH + asked)
        return Opinion(kind=kind, shares=shares, reliability=min(reliability, _SURE), bin=name)


class _Held(msgspec.Struct):
    state: str
    lessons: list[Lesson]
    tallies: dict[str, tuple[int, int]]
    model: dict[str, Any]


_DECODER: Final = msgspec.msgpack.Decoder(_Held)


def next_state(state: str, lesson: Lesson) -> str:
    """The state that follows `state` when `lesson` is learned."""
    return identify("lesson", state, lesson.correction_id, lesson.isco08)[:12]


def taught(lessons: Iterable[Lesson]) -> Learner:
    """A learner of `lessons`, in order."""
    learner = Learner()
    for lesson in lessons:
        learner.learn(lesson)
    return learner


def _leader(shares: Mapping[str, float]) -> str:
    return max(shares, key=lambda code: (shares[code], code))
