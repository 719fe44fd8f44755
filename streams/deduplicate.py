"""Whether a posting new to us stands for a vacancy that we know.

A vacancy is one employer's opening or openings for one job at one place in one period. Candidates
are vacancies that are open, or closed at most 90 days before: those of the employer's own block,
and those of other blocks that `streams.nearby` finds alike. Each is compared field by field
(`streams.evidence`) and judged (`streams.matching`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from streams.evidence import Evidence, compare, may_agree
from streams.levels import EmployerLevel, Level, TitleLevel
from streams.matching import STRENGTH, LinkReason, contradiction, judge, reason_for
from streams.state import DAY_MS, VacancyState
from streams.traits import Traits

REPOST_WINDOW_MS: Final = 90 * DAY_MS
"""A vacancy advertised again within this time of its closing is the same one, re-posted."""
FORESIGHT_MS: Final = 14 * DAY_MS
"""Boards are crawled at different times, so a vacancy may have been seen a little "later" than its
duplicate. Beyond this, an old record is being processed again and must not meet its future."""

_UNIT_DIGITS: Final = 4
_GROUP_DIGITS: Final = 3
_UNDECIDED: Final = frozenset((TitleLevel.DIFFERENT, TitleLevel.KINDRED, TitleLevel.OPAQUE))
_NAMED: Final = frozenset((EmployerLevel.SAME, EmployerLevel.VARIANT))

Rank = tuple[bool, int, float, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The vacancy a posting stands for, why, how probable it is in [0, 1], and the evidence."""

    vacancy_id: str
    reason: LinkReason
    score: float
    evidence: str
    rank: Rank
    """Of two links the one with the higher rank is taken."""


def no_code(_title_key: str) -> str:
    """Where no coder is at hand, titles of two languages are compared by their words alone."""
    return ""


def find_link(
    traits: Traits,
    vacancies: Mapping[str, VacancyState],
    apart: Collection[str] = (),
    code_of: Callable[[str], str] = no_code,
) -> Link | None:
    """The vacancy that a posting with `traits` stands for, if one is known.

    Open vacancies go before closed ones, stronger reasons before weaker, then the better score,
    then the older vacancy: the answer does not depend on the order of `vacancies`. Vacancies
    `apart` are out of question; `code_of` gives the occupation of a title's key, or "".
    """
    best: Link | None = None
    for vacancy_id, vacancy in vacancies.items():
        if vacancy_id in apart or not is_in_reach(traits, vacancy):
            continue
        link = _link(traits, vacancy_id, vacancy, code_of)
        if link is not None and (best is None or link.rank > best.rank):
            best = link
    return best


def _link(
    traits: Traits, vacancy_id: str, vacancy: VacancyState, code_of: Callable[[str], str]
) -> Link | None:
    if not may_agree(traits, vacancy):
        return None
    evidence = compared(traits, vacancy, code_of)
    judgement = judge(evidence)
    if not isinstance(judgement.reason, LinkReason):
        return None
    is_open, strength = vacancy.open_postings > 0, STRENGTH[judgement.reason]
    return Link(
        vacancy_id=vacancy_id,
        reason=judgement.reason,
        score=judgement.score,
        evidence=evidence.code(),
        rank=(is_open, -strength, judgement.score, -vacancy.first_seen, vacancy_id),
    )


def compared(traits: Traits, vacancy: VacancyState, code_of: Callable[[str], str]) -> Evidence:
    """Evidence about a posting and a vacancy; the coder is asked only where words cannot tell."""
    evidence = compare(traits, vacancy)
    undecided = evidence.title in _UNDECIDED
    paid = evidence.pay is Level.EQUAL
    if not undecided or not evidence.translated or not (paid or evidence.employer in _NAMED):
        return evidence
    one, other = code_of(traits.title_key), code_of(vacancy.title_key)
    # Coders of two languages agree on the group more often than on the unit.
    digits = _GROUP_DIGITS if paid else _UNIT_DIGITS
    return compare(traits, vacancy, same_code=one != "" and one[:digits] == other[:digits])


def is_same_job(traits: Traits, vacancy: VacancyState) -> bool:
    """Whether a posting that returns still stands for `vacancy`: boards reuse their numbers."""
    evidence = compare(traits, vacancy)
    return contradiction(evidence) is None and reason_for(evidence) is not None


def is_in_reach(traits: Traits, vacancy: VacancyState) -> bool:
    """Whether `vacancy` is open or closed lately enough to be the posting's."""
    if vacancy.first_seen > traits.at + FORESIGHT_MS:
        return False
    return vacancy.open_postings > 0 or traits.at - vacancy.closed_at <= REPOST_WINDOW_MS
