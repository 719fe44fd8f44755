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
from streams.classify.titles import has_lao
from streams.identity import identify

EMPTY: Final = "0"
"""State of a learner that has learned nothing."""
_SURE: Final = 0.97
_CACHED: Final = 50_000
_HALF: Final = 0.5


class Kind(StrEnum):
    """Kinds of learned evidence; also the reason of a code that they decided."""

    SAME = "learned_same_title"
    ALIKE = "learned_similar_title"
    MODEL = "learned_model"


# How often the leading code is right before anything was counted, by the least cosine or
# probability. Two thirds of what was found on dictionary titles: adverts differ more than
# dictionaries, and what has not proved itself shall overrule little. Counts replace it.
_BELIEFS: Final[Mapping[Kind, tuple[tuple[float, float], ...]]] = {
    Kind.SAME: ((0.0, 0.90),),
    Kind.ALIKE: ((0.8, 0.57), (0.7, 0.53), (0.6, 0.35), (0.0, 0.30)),
    Kind.MODEL: ((0.8, 0.60), (0.5, 0.50), (0.3, 0.28), (0.0, 0.10)),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The best learned evidence beside the coder."""

    kind: Kind
    shares: Mapping[str, float]
    learned: float
    """How often its leading code is right, with the coder saying what it says."""
    coder: float
    """How often the coder is right instead; 0 where it says the same or nothing."""
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

    def weigh(
        self, case: Case, coder: Mapping[str, float], *, blind: bool = False
    ) -> Weighed | None:
        """The best of what was learned of `case`, beside the coder's candidates (empty: none).

        What counts is how often either was right where the two agreed or differed as they do here:
        they often err together. `None` where nothing was learned of such a case.
        """
        opinions = self.blind_opinions(case) if blind else self.opinions(case)
        if not opinions:
            return None
        best = max(opinions, key=lambda one: (one.kind is Kind.SAME, one.reliability))
        stated = coder[leader_of(coder)] if coder else 0.0
        r, p = best.reliability, min(stated, _SURE)
        if not coder:
            name, learned, coders = f"{best.bin}:alone", r, 0.0
        elif leader_of(coder) == leader_of(best.shares):
            name, learned, coders = f"{best.bin}:with", max(p, r), 0.0
        else:
            # As independent witnesses of whom at most one is right, until counts tell better.
            name = f"{best.bin}:{'against_sure' if p >= _HALF else 'against_unsure'}"
            possible = r * (1 - p) + p * (1 - r) + (1 - p) * (1 - r)
            learned, coders = r * (1 - p) / possible, p * (1 - r) / possible
            coders = self._proved(f"{name}:coder", coders)
        return Weighed(
            kind=best.kind,
            shares=best.shares,
            learned=min(self._proved(name, learned), _SURE),
            coder=coders,
            bin=name,
        )

    def learn(self, lesson: Lesson) -> None:
        """Take one lesson."""
        for opinion in self._ask(lesson.case, blind=False):
            self._count(opinion.bin, leader_of(opinion.shares) == lesson.isco08)
        coder = {lesson.coder: lesson.coder_probability} if lesson.coder else {}
        weighed = self.weigh(lesson.case, coder)
        if weighed is not None:
            self._count(weighed.bin, leader_of(weighed.shares) == lesson.isco08)
            if ":against" in weighed.bin:
                self._count(f"{weighed.bin}:coder", lesson.coder == lesson.isco08)
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
        script = _script(case)
        same = None if blind else self._memory.same(key)
        if same is not None:
            yield self._opinion(Kind.SAME, same.shares, 1.0, script)
        alike = self._memory.alike(features, without=key)
        if alike is not None:
            yield self._opinion(Kind.ALIKE, alike.shares, alike.similarity, script)
        shares = self._model.shares(features)
        if shares:
            yield self._opinion(Kind.MODEL, shares, max(shares.values()), script)

    def _opinion(
        self, kind: Kind, shares: Mapping[str, float], strength: float, script: str
    ) -> Opinion:
        least, believed = next(step for step in _BELIEFS[kind] if strength >= step[0])
        name = f"{kind.value}:{script}:{least:g}"
        reliability = min(self._proved(name, believed), _SURE)
        return Opinion(kind=kind, shares=shares, reliability=reliability, bin=name)

    def _proved(self, name: str, believed: float) -> float:
        asked, right = self._tallies.get(name, (0, 0))
        return (believed * _WORTH + right) / (_WORTH + asked)

    def _count(self, name: str, hit: bool) -> None:
        asked, right = self._tallies.get(name, (0, 0))
        self._tallies[name] = (asked + 1, right + hit)


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


def leader_of(shares: Mapping[str, float]) -> str:
    """The code with the largest share, the later of equals."""
    return max(shares, key=lambda code: (shares[code], code))


def _script(case: Case) -> str:
    """Lao titles are counted apart: other words, another lexicon, another reliability."""
    return "lo" if has_lao(case.title) else "other"
