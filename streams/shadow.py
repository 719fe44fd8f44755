"""A learner's new state is tried in the shadow before it serves. Pure.

It is asked for what is known without it: dictionary titles like the ones just taught (anchors), and
what officers taught before, each without its own lesson. A state that does worse does not serve.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb
from typing import Final

from config.vocabulary import read_table
from streams.classify.learner import Learner, leader_of
from streams.classify.lessons import Case, Lesson, title_key
from streams.classify.lexicon import words
from streams.classify.pooling import pool
from streams.classify.retrieval import known_titles
from streams.classify.titles import has_lao

ANCHORS_A_LESSON: Final = 40
PAST: Final = 120
"""Earlier lessons that are tried."""
_ANCHOR_PROBABILITY: Final = 0.8
"""How sure the coder is of a title that stands in a dictionary."""
_MOST_SHARE: Final = 0.05
_LEVEL: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A title whose code is known from a dictionary."""

    case: Case
    isco08: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became right and wrong by the new state, of how many that were asked."""

    anchors: int
    anchors_lost: int
    past: int
    past_lost: int
    past_won: int

    @property
    def passed(self) -> bool:
        """Not worse: hardly an anchor lost, and no loss of past lessons beyond chance."""
        return self.anchors_lost <= max(1, _MOST_SHARE * self.anchors) and not self.is_worse

    @property
    def is_worse(self) -> bool:
        """Exact paired test, one-sided (McNemar 1947)."""
        return sign_test(self.past_lost, self.past_won) < _LEVEL

    @property
    def detail(self) -> str:
        """For a person."""
        return (
            f"anchors lost {self.anchors_lost} of {self.anchors}, past lessons "
            f"-{self.past_lost} +{self.past_won} of {self.past}"
        )


def sign_test(lost: int, won: int) -> float:
    """Probability of at least `lost` losses among discordant pairs if both are equally likely."""
    pairs = lost + won
    return float(sum(comb(pairs, k) for k in range(lost, pairs + 1)) / 2**pairs)


class Anchors:
    """Dictionary titles, found by the words that they share with a lesson."""

    def __init__(self, titles: Iterable[tuple[str, str]]) -> None:
        """`titles` are (title, ISCO-08 unit group); later ones of the same title are left out."""
        given = list(titles)
        unique = dict(reversed(given))
        self._codes: defaultdict[str, set[str]] = defaultdict(set)
        for title, code in given:
            self._codes[_solid(title)].add(code)
        self._anchors = [
            Anchor(case=Case(title=title, language="lo" if has_lao(title) else "en"), isco08=code)
            for title, code in sorted(unique.items())
        ]
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for number, anchor in enumerate(self._anchors):
            for word in _words(anchor.case.title):
                self._by_word[word].append(number)

    def codes_of(self, title: str) -> frozenset[str]:
        """Codes under which dictionaries have `title`, less its decoration; none where they do not
        know it."""
        return frozenset(self._codes.get(_solid(title_key(title)), ()))

    def like(self, title: str) -> list[Anchor]:
        """Up to 40 anchors that share the rarest words with `title`."""
        scores: defaultdict[int, float] = defaultdict(float)
        for word in _words(title):
            holding = self._by_word.get(word, ())
            for number in holding:
                scores[number] += 1 / len(holding)
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        return [self._anchors[number] for number in ranked[:ANCHORS_A_LESSON]]


def try_out(serving: Learner, new: Learner, taught: Sequence[Lesson], anchors: Anchors) -> Trial:
    """Compare `new`, which has also learned `taught`, with `serving`."""
    said = {title_key(lesson.case.title) for lesson in taught}
    near = {
        anchor.case.title: anchor
        for lesson in taught
        for anchor in anchors.like(lesson.case.title)
        if title_key(anchor.case.title) not in said
    }
    lost = sum(
        _holds(serving, anchor) and not _holds(new, anchor) for _, anchor in sorted(near.items())
    )
    past = _spread(serving.lessons)
    before = [_generalises(serving, lesson) for lesson in past]
    after = [_generalises(new, lesson) for lesson in past]
    pairs = list(zip(before, after, strict=True))
    return Trial(
        anchors=len(near),
        anchors_lost=lost,
        past=len(past),
        past_lost=sum(old and not now for old, now in pairs),
        past_won=sum(now and not old for old, now in pairs),
    )


def _holds(learner: Learner, anchor: Anchor) -> bool:
    known = {anchor.isco08: _ANCHOR_PROBABILITY}
    return pool(known, learner.weigh(anchor.case, known)).candidates[0][0] == anchor.isco08


def _generalises(learner: Learner, lesson: Lesson) -> bool:
    learned = learner.weigh(lesson.case, {}, blind=True)
    return learned is not None and leader_of(learned.shares) == lesson.isco08


def _spread(lessons: Sequence[Lesson]) -> list[Lesson]:
    """At most `PAST` lessons, evenly over all that were learned."""
    step = max(1, len(lessons) // PAST)
    return list(lessons[::step][:PAST])


def _solid(title: str) -> str:
    """Lao is written with or without spaces between words."""
    return title.casefold().replace(" ", "")


def _words(title: str) -> frozenset[str]:
    return words(title) if has_lao(title) else frozenset(title.casefold().split())


def shipped_anchors() -> Anchors:
    """Whole expressions of the Lao lexicon, and English titles that were coded by hand."""
    lao = [
        (row["expression"], row["isco08"]) for row in read_table("lexicon", "occupations_lo.csv")
    ]
    english = [(title, code) for title, code, trust in known_titles() if trust >= 1.0]
    return Anchors([*lao, *english])
