"""Occupation (ISCO-08 unit group) from a title: lexicon for Lao, known titles for English.

The first evidence that holds decides, and its name is kept as the reason. Probabilities are the
shares observed for each kind of evidence on titles held out of the index (docs/methods.md); a
title with no evidence above the floor is "not codable".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from streams.classify.lexicon import Lexicon
from streams.classify.retrieval import TitleIndex, Vote
from streams.classify.titles import has_lao, latin_part, segments

# Below this cosine the nearest title shares little more than common letters with ours.
_SIMILARITY_FLOOR = 0.30
_WHOLE, _PART = 0.90, 0.72
_EXACT = 0.85


class OccupationReason(StrEnum):
    """Which evidence gave the code."""

    LEXICON_WHOLE = "lexicon_whole"
    LEXICON_PART = "lexicon_part"
    TITLE_EXACT = "title_exact"
    TITLE_NEAR = "title_near"
    NOT_CODABLE = "not_codable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """A code with its probability in [0, 1] and reason; `isco08` is "" when not codable."""

    isco08: str
    probability: float
    reason: OccupationReason


NOT_CODABLE = Occupation(isco08="", probability=0.0, reason=OccupationReason.NOT_CODABLE)


class OccupationCoder:
    """Codes titles. Results are cached by title: markets repeat themselves."""

    def __init__(self, lexicon: Lexicon, index: TitleIndex, cache_size: int = 200_000) -> None:
        self._lexicon = lexicon
        self._index = index
        self._cache: dict[str, Occupation] = {}
        self._cache_size = cache_size

    def code(self, titles: Sequence[str]) -> list[Occupation]:
        """One occupation per title, in order."""
        fresh = [title for title in dict.fromkeys(titles) if title not in self._cache]
        if len(self._cache) + len(fresh) > self._cache_size:
            self._cache.clear()
            fresh = list(dict.fromkeys(titles))
        self._cache.update(zip(fresh, self._decide(fresh), strict=True))
        return [self._cache[title] for title in titles]

    def _decide(self, titles: Sequence[str]) -> list[Occupation]:
        parts = [segments(title) for title in titles]
        lao = [self._from_lexicon(each) for each in parts]
        asked = [() if found else _english(each) for each, found in zip(parts, lao, strict=True)]
        votes = dict(zip(flat := [text for each in asked for text in each], self._votes(flat)))  # noqa: B905
        return [
            found or _best([votes[text] for text in each])
            for each, found in zip(asked, lao, strict=True)
        ]

    def _votes(self, texts: Sequence[str]) -> list[Vote | None]:
        return self._index.vote(texts) if texts else []

    def _from_lexicon(self, parts: Sequence[str]) -> Occupation | None:
        found = [match for part in parts if has_lao(part) and (match := self._lexicon.find(part))]
        if not found:
            return None
        best = max(found, key=lambda match: (match.whole, len(match.expression)))
        base = _WHOLE if best.whole else _PART
        reason = OccupationReason.LEXICON_WHOLE if best.whole else OccupationReason.LEXICON_PART
        return Occupation(isco08=best.isco08, probability=base * best.confidence, reason=reason)


def _english(parts: Sequence[str]) -> tuple[str, ...]:
    """Latin text of the parts; a mixed part gives its Latin words."""
    texts = (latin_part(part) if has_lao(part) else part for part in parts)
    return tuple(text for text in texts if len(text) > 2)


def _best(votes: Sequence[Vote | None]) -> Occupation:
    """The first part of a title names the job; a later part wins only when clearly nearer."""
    best = NOT_CODABLE
    for position, vote in enumerate(votes):
        if vote is None or vote.similarity < _SIMILARITY_FLOOR:
            continue
        found = _occupation(vote)
        discount = 1.0 if position == 0 else 0.6
        if found.probability * discount > best.probability:
            best = found
    return best


def _occupation(vote: Vote) -> Occupation:
    if vote.similarity == 1.0:
        return Occupation(
            isco08=vote.isco08,
            probability=_EXACT * vote.share,
            reason=OccupationReason.TITLE_EXACT,
        )
    return Occupation(
        isco08=vote.isco08,
        probability=_EXACT * vote.share * min(1.0, vote.similarity + 0.2),
        reason=OccupationReason.TITLE_NEAR,
    )
