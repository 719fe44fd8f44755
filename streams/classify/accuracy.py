"""How right codes are against codes that people gave: top-1 and top-5 by digits, calibration.

A posting without an answer counts as wrong. Intervals are Wilson's (1927), 95 %.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from config.vocabulary import occupations

DIGITS: Final = (1, 2, 3, 4)
_Z95: Final = 1.959964
_BINS: Final = 10
_PARTS: Final = re.compile(r"[|;]|\s/\s")
_CODE: Final = re.compile(r"(?<!\d)(\d{1,4})(?:\.0+|(?:\.\d+)+)?(?!\d)")
_NONE: Final = frozenset({"", "na", "n/a", "nan", "none", "null", "-", "not codable", "uncodable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One posting's true codes and what the coder said of it."""

    truths: tuple[str, ...]
    """Codes that count as right (1 to 4 digits); empty where people found it not codable."""
    said: tuple[str, ...]
    """The coder's codes in order of probability; empty where it says "not codable"."""
    probability: float
    """Stated for the first of `said`."""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Hits of n with Wilson's 95 % interval; `value` is `None` for n = 0."""

    hits: int
    n: int
    value: float | None
    lower: float
    upper: float


@dataclass(slots=True)
class Tally:
    """Counts of one group of postings, built one by one."""

    n: int = 0
    answered: int = 0
    uncodable: int = 0
    uncodable_left: int = 0
    asked: dict[int, int] = field(default_factory=lambda: dict.fromkeys(DIGITS, 0))
    top1: dict[int, int] = field(default_factory=lambda: dict.fromkeys(DIGITS, 0))
    top5: dict[int, int] = field(default_factory=lambda: dict.fromkeys(DIGITS, 0))
    stated: list[tuple[float, bool]] = field(default_factory=list)
    """Probability stated and whether the code was right, at the truth's own number of digits."""

    def add(self, scored: Scored) -> None:
        """Count one posting."""
        if not scored.truths:
            self.uncodable += 1
            self.uncodable_left += not scored.said
            return
        self.n += 1
        self.answered += bool(scored.said)
        for digits in DIGITS:
            truths = {code[:digits] for code in scored.truths if len(code) >= digits}
            self.asked[digits] += bool(truths)
            codes = [code[:digits] for code in scored.said[:5]]
            self.top1[digits] += bool(codes) and codes[0] in truths
            self.top5[digits] += not truths.isdisjoint(codes)
        if scored.said:
            right = any(scored.said[0].startswith(truth) for truth in scored.truths)
            self.stated.append((scored.probability, right))


def truths_of(cell: str) -> tuple[str, ...] | None:
    """ISCO-08 codes in a cell such as "2422", "2422.10", "ISCO 2422" or "2422|2421".

    Returns:
        An empty tuple where the cell says that the posting cannot be coded, and `None` where it
        says something that is no code of ISCO-08. A leading zero that a spreadsheet has taken away
        is put back.
    """
    text = cell.strip()
    if text.casefold() in _NONE or set(text) == {"0"}:
        return ()
    found = [_known(match[1]) for part in _PARTS.split(text) for match in _first(part)]
    return tuple(dict.fromkeys(code for code in found if code)) or None


def _first(part: str) -> Iterable[re.Match[str]]:
    match = _CODE.search(part)
    return (match,) if match else ()


def _known(code: str) -> str:
    known = occupations()
    return next((each for each in (code, f"0{code}") if each in known), "")


def wilson(hits: int, n: int) -> Share:
    """A share with its 95 % interval."""
    if n == 0:
        return Share(hits=0, n=0, value=None, lower=0.0, upper=1.0)
    p, z2 = hits / n, _Z95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Share(
        hits=hits, n=n, value=p, lower=max(0.0, centre - half), upper=min(1.0, centre + half)
    )


def calibration_error(stated: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error over ten bins of equal width; `None` without answers."""
    if not stated:
        return None
    bins: dict[int, list[tuple[float, bool]]] = {}
    for probability, right in stated:
        bins.setdefault(min(int(probability * _BINS), _BINS - 1), []).append((probability, right))
    gaps = (
        abs(sum(p for p, _ in held) - sum(right for _, right in held)) for held in bins.values()
    )
    return sum(gaps) / len(stated)


def coverage_at(stated: Sequence[tuple[float, bool]], n: int, precision: float) -> float:
    """Largest share of n postings that can be answered by a threshold on the stated probability
    so that at least `precision` of the answers are right."""
    ranked = sorted(stated, key=lambda each: -each[0])
    right, best = 0, 0
    for number, (probability, hit) in enumerate(ranked, start=1):
        right += hit
        tied = number < len(ranked) and ranked[number][0] == probability
        if not tied and right >= precision * number:
            best = number
    return best / n if n else 0.0
