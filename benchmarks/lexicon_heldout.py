"""How far the Lao lexicon reaches beyond itself: expressions held out with where they came from."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

from streams.classify.lexicon import Lexicon, solid
from streams.classify.lexicon_build import Entry, parts, settle
from streams.classify.neighbours import LaoNeighbours

_HELD_OUT: Final = 0.15
_TOGETHER: Final = 8
"""Expressions of a pattern that are held out together, so that none leaves its twins behind."""
_ASKED: Final = 2
"""Expressions asked of each held-out group: long lists must not weigh more than short ones."""


def held_out(seed: int) -> tuple[list[Entry], list[Entry]]:
    """Lexicon without some groups of expressions, and expressions asked of those groups."""
    chance = random.Random(seed)
    groups = list(_groups())
    chance.shuffle(groups)
    cut = round(_HELD_OUT * len(groups))
    kept = settle(entry for group in groups[cut:] for entry in group)
    known = {solid(entry.expression) for entry in kept}
    asked = [e for group in groups[:cut] for e in chance.sample(group, min(_ASKED, len(group)))]
    return kept, [entry for entry in asked if solid(entry.expression) not in known]


def rates(seed: int) -> list[dict[str, Any]]:
    """Rows of a table: what the longest expression and what the neighbours tell."""
    kept, asked = held_out(seed)
    expressions = {entry.expression: (entry.isco08, entry.confidence) for entry in kept}
    texts = [entry.expression for entry in asked]
    lexicon = Lexicon(expressions)
    found = [match.isco08 if (match := lexicon.find(text)) else "" for text in texts]
    votes = LaoNeighbours(expressions).vote(texts)
    near = [[code for code, _ in vote.shares] if vote else [""] for vote in votes]
    stated = [vote.probability for vote in votes if vote]
    return [
        _row("longest expression within", asked, [[code] for code in found]),
        {
            **_row("nearest expressions by letters", asked, near),
            "mean stated probability": round(sum(stated) / max(1, len(stated)), 4),
        },
    ]


def _groups() -> Iterator[list[Entry]]:
    for part in parts():
        for start in range(0, len(part), _TOGETHER):
            yield part[start : start + _TOGETHER]


def _row(name: str, asked: Sequence[Entry], answers: Sequence[Sequence[str]]) -> dict[str, Any]:
    pairs = list(zip(asked, answers, strict=True))
    count = len(pairs)

    def share(hits: Iterator[bool]) -> float:
        return round(sum(hits) / count, 4)

    return {
        "evidence": name,
        "expressions": count,
        "answered": share(bool(codes[0]) for _, codes in pairs),
        "isco4_top1": share(codes[0] == entry.isco08 for entry, codes in pairs),
        "isco4_top5": share(entry.isco08 in codes[:5] for entry, codes in pairs),
        "isco1_top1": share(codes[0][:1] == entry.isco08[0] for entry, codes in pairs),
    }
