"""Confusion matrices: how often postings with one true code are given another. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

NOT_CODABLE: Final = ""
"""A category as any other, both as truth and as answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One posting that people and a coder have coded."""

    truth: str
    said: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Counts of (truth, said) for one coder version, language and level of a classification."""

    coder_version: str
    scheme: str
    """`isco08` or `isic`."""
    digits: int
    language: str
    """BCP 47; "" for all languages together."""
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Postings behind it."""
        return sum(self.counts.values())

    def truths(self) -> Mapping[str, int]:
        """Postings by true code."""
        totals: Counter[str] = Counter()
        for (truth, _), count in self.counts.items():
            totals[truth] += count
        return totals


def confusions_of(
    pairs: Iterable[Pair], *, coder_version: str, scheme: str, levels: Iterable[int]
) -> list[Confusion]:
    """Matrices by level and language, and of all languages together.

    A truth that is given less finely than a level is left out there.
    """
    counts: dict[tuple[int, str], Counter[tuple[str, str]]] = {}
    pairs = list(pairs)
    for digits in levels:
        for pair in pairs:
            if pair.truth != NOT_CODABLE and len(pair.truth) < digits:
                continue
            cell = (pair.truth[:digits], pair.said[:digits])
            for language in dict.fromkeys(("", pair.language)):
                counts.setdefault((digits, language), Counter())[cell] += 1
    return [
        Confusion(
            coder_version=coder_version,
            scheme=scheme,
            digits=digits,
            language=language,
            counts=dict(sorted(counted.items())),
        )
        for (digits, language), counted in sorted(counts.items())
    ]
