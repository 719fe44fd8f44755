"""Evidence from titles in Lao, Thai, Vietnamese and Chinese, read as they are written.

First the lexicons of expressions; where they do not know all of a title, the words that
`config/lexicon/title_words.csv` and `title_ranks.csv` know in every language stand for their
English ones (*gloss*), which then are compared with English titles. Lao titles are also compared
with the whole lexicon by their letters (*near*).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from config.vocabulary import read_table
from streams.classify.english import EnglishEvidence, english_segments
from streams.classify.evidence import Case
from streams.classify.gloss import gloss, in_order
from streams.classify.groups import Scores, position_of, spread, unit_groups
from streams.classify.lexicon import Match, load_lexicon
from streams.classify.neighbours import LaoNeighbours, NearVote
from streams.classify.titles import has_lao, is_vietnamese, segments

LEXICON: Final = "lexicon"
LEXICON_PART: Final = "lexicon_part"
NEAR: Final = "lexicon_near"
GLOSS: Final = "gloss"

# How often the code of an expression is that of a title: of one equal to it, of one that holds it.
_WHOLE, _PART = 0.90, 0.72
_BESIDE_NEAR: Final = 0.4
"""What a part of a title and its gloss count beside its neighbours, which have seen both."""
_BESIDE_PART: Final = 0.6
"""What a gloss counts beside an expression, which has seen some of its words."""
_AMONG_NEXT: Final = 0.45
"""How often, where the first of the nearest is wrong, one of the others is right."""
_SHORT_CHINESE: Final = 3  # characters; each is a word or nearly so
_THAI: Final = re.compile("[\u0e00-\u0e7f]")
_CHINESE: Final = re.compile("[\u3400-\u9fff]")


class Expressions(Protocol):
    """A list of expressions with codes."""

    def find(self, title: str) -> Match | None:
        """The expression that tells most of `title`, or `None`."""
        ...


class SpacedLexicon:
    """Expressions of a language that is written with spaces between syllables: Vietnamese."""

    def __init__(self, expressions: Mapping[str, tuple[str, float]]) -> None:
        """Build a lexicon from lower-case expression → (ISCO-08 code, confidence in [0, 1])."""
        self._codes = dict(expressions)
        longest_first = sorted(self._codes, key=len, reverse=True)
        alternatives = "|".join(map(re.escape, longest_first)) or "(?!)"
        self._pattern = re.compile(rf"(?=(?<!\w)({alternatives})(?!\w))")

    def find(self, title: str) -> Match | None:
        """The longest expression among the words of `title`, the earliest of equals."""
        found = [(len(m.group(1)), -m.start(), m.group(1)) for m in self._pattern.finditer(title)]
        if not found:
            return None
        expression = max(found)[2]
        code, confidence = self._codes[expression]
        return Match(
            expression=expression,
            isco08=code,
            confidence=confidence,
            whole=expression == " ".join(title.split()),
        )


class LexicalEvidence:
    """Implements `Evidence`: lexicons first, then the gloss."""

    state = ""

    def __init__(
        self,
        lexicons: Mapping[str, Expressions],
        english: EnglishEvidence,
        weights: Mapping[str, float],
        neighbours: LaoNeighbours | None = None,
    ) -> None:
        """`lexicons` by language (lo, th, vi, zh); `weights` those of titles alone."""
        self._neighbours = neighbours
        self._lexicons = lexicons
        self._english = english
        self._weights = weights

    def scores(self, cases: Sequence[Case]) -> Mapping[str, Scores]:
        """Scores of titles in the four languages; zeros for titles in English."""
        shape = (len(cases), len(unit_groups()))
        names = (LEXICON, LEXICON_PART, NEAR)
        scores = {name: np.zeros(shape, dtype=np.float32) for name in names}
        beside = np.ones((len(cases), 1), dtype=np.float32)
        gloss_share = np.ones((len(cases), 1), dtype=np.float32)
        glosses = [""] * len(cases)
        matches = [self.find(case.title) for case in cases]
        votes = self._near([case.title for case in cases], matches)
        for row, (case, match, vote) in enumerate(zip(cases, matches, votes, strict=True)):
            whole = match is not None and match.whole
            if vote is not None:
                scores[NEAR][row] = _near_log_odds(vote)
                beside[row] = _BESIDE_NEAR
            if match is not None and match.isco08 in position_of():
                scores[LEXICON if whole else LEXICON_PART][row] = beside[row] * _log_odds(match)
            if not whole and not english_segments(case.title):
                glosses[row] = self.gloss(case.title)
            if match is not None and vote is None:
                gloss_share[row] = _BESIDE_PART
        return {**scores, GLOSS: beside * gloss_share * self._gloss_scores(glosses)}

    def _near(
        self, titles: Sequence[str], matches: Sequence[Match | None]
    ) -> list[NearVote | None]:
        """The vote of the Lao part of each title nearest to an expression, if none is all of it."""
        found: list[NearVote | None] = [None] * len(titles)
        if self._neighbours is None:
            return found
        asked = [
            (row, part)
            for row, (title, match) in enumerate(zip(titles, matches, strict=True))
            if match is None or not match.whole
            for part in segments(title)
            if has_lao(part)
        ]
        votes = self._neighbours.vote([part for _, part in asked])
        for (row, _), vote in zip(asked, votes, strict=True):
            best = found[row]
            if vote is not None and (best is None or vote.similarity > best.similarity):
                found[row] = vote
        return found

    def without_lexicons(self) -> LexicalEvidence:
        """The same with the gloss alone."""
        return LexicalEvidence({}, self._english, self._weights)

    def find(self, title: str) -> Match | None:
        """The expression that tells most of a title: the first that is all of a part, else the
        longest. Of several jobs the first counts."""
        found = [
            match
            for part in segments(title)
            if (lexicon := self._lexicons.get(_language(part))) is not None
            and (match := lexicon.find(part)) is not None
        ]
        return max(
            found, key=lambda m: (m.whole, 0 if m.whole else len(m.expression)), default=None
        )

    def gloss(self, title: str) -> str:
        """English words for the words of a title that are known, the head last; "" for none."""
        found = gloss(title)
        return in_order(found, [self._english.headiness(word) for word in found])

    def _gloss_scores(self, glosses: Sequence[str]) -> Scores:
        total = np.zeros((len(glosses), len(unit_groups())), dtype=np.float32)
        if any(glosses):
            parts = [[gloss] if gloss else [] for gloss in glosses]
            for name, scores in self._english.of_titles(parts).items():
                total += np.float32(self._weights[name]) * scores
        return total


def load_lexicons() -> dict[str, Expressions]:
    """The shipped lexicons by language.

    Raises:
        ValueError: a row has no four-digit code or a confidence outside [0, 1].
    """
    return {
        "lo": load_lexicon(),
        "th": load_lexicon("occupations_th.csv"),
        "zh": load_lexicon("occupations_zh.csv", short=_SHORT_CHINESE),
        "vi": SpacedLexicon(_spaced(read_table("lexicon", "occupations_vi.csv"))),
    }


def _spaced(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, float]]:
    return {row["expression"]: (row["isco08"], float(row["confidence"])) for row in rows}


def _language(text: str) -> str:
    if has_lao(text):
        return "lo"
    if _THAI.search(text):
        return "th"
    if _CHINESE.search(text):
        return "zh"
    return "vi" if is_vietnamese(text) else ""


def _log_odds(match: Match) -> Scores:
    """ln of the probability of each group given a match, over the least of them."""
    sure = (_WHOLE if match.whole else _PART) * match.confidence
    group = position_of()[match.isco08]
    shares = (1 - sure) * spread()[group]
    shares[group] += sure
    scores: Scores = np.log(shares / shares.min())
    return scores


def _near_log_odds(vote: NearVote) -> Scores:
    """ln of the probability of each group given a vote, over the least of them."""
    sure = vote.probability
    group = position_of()[vote.isco08]
    others = sum(share for _, share in vote.shares[1:])
    next_ones = (1 - sure) * _AMONG_NEXT if others else 0.0
    shares = (1 - sure - next_ones) * spread()[group].astype(np.float64)
    shares[group] += sure
    for code, share in vote.shares[1:]:
        shares[position_of()[code]] += next_ones * share / others
    scores: Scores = np.log(shares / shares.min()).astype(np.float32)
    return scores
