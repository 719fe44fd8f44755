"""Memory of corrected titles: the same title again, and the most alike.

The strongest thing that a correction teaches is what its own title means. That acts at once, after
one example, and costs a look-up; no gradient does that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from streams.classify.lessons import Features, Lesson, features_of, title_key

_NEIGHBOURS: Final = 9
_POWER: Final = 4
_FLOOR: Final = 0.55
"""Cosine below which two titles share little more than common letters."""
_MOST_SHARED: Final = 400
"""A feature of more lessons than this says nothing, and looking through them costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """Lessons like a case: share of each code in their vote, and the nearest one's cosine."""

    shares: Mapping[str, float]
    similarity: float
    officers: int
    """How many officers taught the code that leads."""


class Memory:
    """Lessons by title and by feature. Order of adding does not matter but for equal votes."""

    def __init__(self) -> None:
        self._lessons: list[Lesson] = []
        self._keys: list[str] = []
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        self._by_feature: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)

    def add(self, lesson: Lesson) -> None:
        """Remember `lesson`."""
        number, key = len(self._lessons), title_key(lesson.case.title)
        self._lessons.append(lesson)
        self._keys.append(key)
        self._by_key[key].append(number)
        for feature, weight in features_of(lesson.case).items():
            self._by_feature[feature].append((number, weight))

    def same(self, key: str) -> Recalled | None:
        """What was said of the very title `key`; `None` where nothing was."""
        numbers = self._by_key.get(key, ()) if key else ()
        if not numbers:
            return None
        # Of one officer the latest opinion of a title counts.
        latest = {self._lessons[n].officer: self._lessons[n].isco08 for n in numbers}
        votes = Counter(latest.values())
        return Recalled(
            shares={code: count / len(latest) for code, count in sorted(votes.items())},
            similarity=1.0,
            officers=max(votes.values()),
        )

    def alike(self, features: Features, without: str = "") -> Recalled | None:
        """What was said of titles like it, other than that of key `without`."""
        cosines: defaultdict[int, float] = defaultdict(float)
        for feature, weight in features.items():
            holding = self._by_feature.get(feature, ())
            if len(holding) <= _MOST_SHARED:
                for number, other in holding:
                    cosines[number] += weight * other
        near = sorted(
            ((cosine, -number) for number, cosine in cosines.items() if cosine >= _FLOOR),
            reverse=True,
        )
        near = [(c, n) for c, n in near if not without or self._keys[-n] != without][:_NEIGHBOURS]
        if not near:
            return None
        votes: defaultdict[str, float] = defaultdict(float)
        officers: defaultdict[str, set[str]] = defaultdict(set)
        for cosine, negative in near:
            lesson = self._lessons[-negative]
            votes[lesson.isco08] += cosine**_POWER
            officers[lesson.isco08].add(lesson.officer)
        total = sum(votes.values())
        leader = max(votes, key=lambda code: (votes[code], code))
        return Recalled(
            shares={code: vote / total for code, vote in sorted(votes.items())},
            similarity=min(1.0, near[0][0]),
            officers=len(officers[leader]),
        )
