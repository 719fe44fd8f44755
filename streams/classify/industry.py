"""Industry (ISIC Rev. 4 section and division) of a posting's employer.

Evidence is multiplied: what the occupation makes plausible, times a factor for every cue in the
employer's name, in what the board states and in what the text says of the employer
(docs/methods.md). The posterior of the section is the probability; below one half the industry is
not codable.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from config.vocabulary import industries, read_table
from streams.classify.industry_cues import Cue, cues_of, head_of
from streams.classify.industry_titles import nearest_division
from streams.text import fold

LEAST: Final = 0.5
"""Posterior below which a section or division is not told."""


class IndustryReason(StrEnum):
    """Which evidence weighed most for the section."""

    KNOWN_EMPLOYER = "known_employer"
    EMPLOYER_NAME = "employer_name"
    STATED = "stated"
    CLIENT = "client"
    """Of a recruitment agency: what its text says of the client."""
    TEXT = "text"
    CATEGORY = "category"
    TITLE = "title"
    OCCUPATION = "occupation"
    NOT_CODABLE = "not_codable"


# Natural logarithms of the factors. An ordinary division has a prior of about 1 in 150, so that a
# word in the employer's name alone is believed at about 0.7 and as the head of the name at 0.95.
_WEIGHTS: Final[Mapping[IndustryReason, float]] = {
    IndustryReason.KNOWN_EMPLOYER: 10.0,
    IndustryReason.EMPLOYER_NAME: 6.0,
    IndustryReason.STATED: 6.0,
    IndustryReason.CLIENT: 6.5,
    IndustryReason.TEXT: 5.0,
    IndustryReason.CATEGORY: 3.5,
    IndustryReason.TITLE: 2.0,
}
_HEAD: Final = 2.0
_FURTHER: Final = 2.0
"""What a cue of a text weighs that is not the first of its sentence."""
_AGENCY: Final = "78"
_READ: Final = 1_500
"""Characters of a description in which an employer is expected to say what it is."""

# Divisions in which postings are common, by judgement; all others count a third of these.
_COMMON: Final = frozenset(
    {
        *("01", "07", "10", "14", "35", "41", "42", "45", "46", "47", "49"),
        *("52", "55", "56", "61", "62", "64", "84", "85", "86", "94"),
    }
)

_SENTENCE: Final = re.compile(r"[.!?;]\s|\n|。|！")
_ABOUT_ITSELF: Final = re.compile(
    r"\bwe (?:are|operate|run|own|import|export|grow|build|produce|provide|manufacture|distribute|"
    r"sell|develop|offer|serve|make|organi[sz]e)\b|\bour (?!website|e-?mail)\w+|\bleading\b|"
    r"\b(?:is|are) (?:an?|the|one of)\b|\bthe (?:company|employer|organi[sz]ation|group) \w+s\b|"
    r"^\W*an? (?:\w+[ -]){0,5}(?:company|bank|hotel|school|firm|institution|operator|provider|"
    r"manufacturer|resort|restaurant|clinic|hospital|ngo)\b|\blicensed\b|\bestablished\b|"
    r"\bprivate (?:family|household|home)\b|ສ່ວນຕົວ|"
    r"ດຳເນີນທຸລະກິດ|ດໍາເນີນທຸລະກິດ|ບໍລິສັດເຮົາ|ພວກເຮົາ|ຮັບສະໝັກ|ເປັນບໍລິສັດ|ກ່ຽວກັບບໍລິສັດ|"
    r"ดำเนินธุรกิจ|บริษัทของเรา|เราเป็น|เป็นบริษัท|công ty chúng tôi|chúng tôi là|chuyên|"
    r"我们是|本公司|公司主营|主要从事|是一家",
    re.IGNORECASE,
)
_CLIENT: Final = re.compile(
    r"\b(?:our|my|the|a) client\b|\bon behalf of\b|ລູກຄ້າຂອງ|ຮັບສະໝັກ\S*\s?ໃຫ້|ໃຫ້ໂຮງງານ|ໃຫ້ບໍລິສັດ|"
    r"ลูกค้าของเรา|khách hàng của|客户",
    re.IGNORECASE,
)
# Categories that say what is done, not where.
_FUNCTION: Final = re.compile(
    r"account|admin|human resource|\bhr\b|sales|marketing|secretar|customer|\bit\b|legal|security|"
    r"driver|engineer|finance|manage|office|purchas|procure|design|ບັນຊີ|ບໍລິຫານ|ຂາຍ|ການຕະຫຼາດ|ໄອທີ|"
    r"บัญชี|การตลาด|ธุรการ|ขาย|kế toán|hành chính|会计|行政|销售",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """A section and, within it, a division; both "" where not codable."""

    section: str
    division: str
    probability: float
    """Of the section, in [0, 1]."""
    reason: IndustryReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of evidence: the log factor by which it favours `isic`."""

    isic: str
    weight: float
    reason: IndustryReason


def industry_of(
    *,
    employer: str,
    stated: str,
    category: str,
    title: str,
    text: str,
    isco08: str,
    isco08_probability: float,
) -> Industry:
    """The industry of the employer of a posting.

    Args:
        stated: the board's industry field. category: its job category, weaker evidence.
        isco08: the posting's occupation, or ""; it counts as far as `isco08_probability` goes.
    """
    agency = any(cue.isic == _AGENCY for cue in cues_of("any").find(fold(employer)))
    client = agency and _CLIENT.search(text[:_READ]) is not None
    evidence = [
        *(() if client else _from_name(employer)),
        *_from_stated(stated),
        *_from_category(category),
        *_from_text(text[:_READ], IndustryReason.CLIENT if client else IndustryReason.TEXT),
        *_from_title(title),
    ]
    return _decide(evidence, _prior(isco08, round(isco08_probability, 1)))


@lru_cache(maxsize=16_384)
def _from_name(employer: str) -> tuple[Evidence, ...]:
    folded = fold(employer)
    known = cues_of("employer").find(folded)
    cues = cues_of("any").find(folded)
    head = head_of(cues, folded)
    return (
        *_pieces(known, IndustryReason.KNOWN_EMPLOYER),
        *(
            Evidence(
                isic=cue.isic,
                weight=_WEIGHTS[IndustryReason.EMPLOYER_NAME] + (_HEAD if cue == head else 0.0),
                reason=IndustryReason.EMPLOYER_NAME,
            )
            for cue in _distinct(cues)
        ),
    )


@lru_cache(maxsize=4_096)
def _from_stated(stated: str) -> tuple[Evidence, ...]:
    cues = cues_of("any").find(fold(stated))
    if cues or not stated.strip():
        return tuple(_pieces(cues, IndustryReason.STATED))
    near = nearest_division(stated)
    if near is None:
        return ()
    weight = _WEIGHTS[IndustryReason.STATED] * near.similarity
    return (Evidence(isic=near.division, weight=weight, reason=IndustryReason.STATED),)


@lru_cache(maxsize=4_096)
def _from_category(category: str) -> tuple[Evidence, ...]:
    if _FUNCTION.search(category):
        return ()
    return tuple(_pieces(cues_of("any").find(fold(category)), IndustryReason.CATEGORY))


def _from_title(title: str) -> Iterator[Evidence]:
    return _pieces(cues_of("any").find(fold(title)), IndustryReason.TITLE)


def _from_text(text: str, reason: IndustryReason) -> Iterator[Evidence]:
    """What sentences say that speak of the employer: the first cue fully, others weakly."""
    marks = _CLIENT if reason is IndustryReason.CLIENT else _ABOUT_ITSELF
    weight = _WEIGHTS[reason]
    for sentence in _SENTENCE.split(text):
        if not marks.search(sentence):
            continue
        for cue in _distinct(cues_of("any").find(fold(sentence))):
            if reason is not IndustryReason.CLIENT or cue.isic != _AGENCY:
                yield Evidence(isic=cue.isic, weight=weight, reason=reason)
                # "A factory for garments": the section leaves it to the next cue which division.
                weight = weight if cue.isic.isalpha() else _FURTHER


def _pieces(cues: Sequence[Cue], reason: IndustryReason) -> Iterator[Evidence]:
    weight = _WEIGHTS[reason]
    return (Evidence(isic=cue.isic, weight=weight, reason=reason) for cue in _distinct(cues))


def _distinct(cues: Sequence[Cue]) -> list[Cue]:
    """The first cue of each code."""
    first: dict[str, Cue] = {}
    for cue in cues:
        first.setdefault(cue.isic, cue)
    return list(first.values())


def _decide(evidence: Sequence[Evidence], prior: Mapping[str, float]) -> Industry:
    weights = dict(prior)
    for piece in evidence:
        factor = math.exp(piece.weight)
        for division in _divisions(piece.isic):
            weights[division] *= factor
    total = sum(weights.values())
    sections: dict[str, float] = {}
    for division, weight in weights.items():
        section = industries()[division].parent
        sections[section] = sections.get(section, 0.0) + weight / total
    section, probability = max(sections.items(), key=lambda each: (each[1], each[0]))
    if probability < LEAST:
        none = IndustryReason.NOT_CODABLE
        return Industry(section="", division="", probability=probability, reason=none)
    inside = set(_divisions(section))
    division = max(inside, key=lambda each: (weights[each], each))
    return Industry(
        section=section,
        division=division if weights[division] / total >= LEAST else "",
        probability=min(probability, 0.99),
        reason=_weightiest(evidence, inside | {section}),
    )


def _weightiest(evidence: Sequence[Evidence], codes: set[str]) -> IndustryReason:
    fitting = [(piece.weight, piece.reason) for piece in evidence if piece.isic in codes]
    return max(fitting, default=(0.0, IndustryReason.OCCUPATION))[1]


@cache
def _divisions(isic: str) -> tuple[str, ...]:
    """The divisions of a section, or a division itself."""
    inside = (code for code, label in industries().items() if label.parent == isic)
    return tuple(inside) if isic.isalpha() else (isic,)


@lru_cache(maxsize=4_096)
def _prior(isco08: str, probability: float) -> Mapping[str, float]:
    """Weights of divisions for an occupation, summing to 1: shares of the table as far as the
    occupation is certain, the rest spread over all divisions as they are common."""
    base = {
        code: 3.0 if code in _COMMON else 1.0
        for code, label in industries().items()
        if label.parent
    }
    told = next((_shares()[isco08[:n]] for n in range(4, 0, -1) if isco08[:n] in _shares()), {})
    told = {code: share * probability for code, share in told.items()}
    rest = (1.0 - sum(told.values())) / sum(base.values())
    prior = {code: weight * rest for code, weight in base.items()}
    for isic, share in told.items():
        inside = _divisions(isic)
        whole = sum(base[code] for code in inside)
        for code in inside:
            prior[code] += share * base[code] / whole
    return prior


@cache
def _shares() -> Mapping[str, Mapping[str, float]]:
    """ISCO-08 group → share of its jobs by ISIC section or division, as judged plausible.

    Raises:
        ValueError: a row's shares are no shares of ISIC codes.
    """
    table: dict[str, dict[str, float]] = {}
    for number, row in enumerate(read_table("lexicon", "occupation_industry.csv"), start=2):
        pairs = (pair.split(":") for pair in row["isic"].split())
        shares = {code: float(share) for code, share in pairs}
        if not shares.keys() <= industries().keys() or sum(shares.values()) > 1:
            raise ValueError(f"occupation_industry.csv:{number}: no shares: {row['isic']!r}")
        table[row["isco08"]] = shares
    return table
