"""Whether a posting new to us stands for a vacancy that we know.

A vacancy is one employer's opening or openings for one job at one place in one period. Candidates
are the vacancies of the posting's own employer that are open, or closed at most 90 days before.
`RULES` are tried in order of their strength; each is a named reason with a score. A rule that links
translations (same employer, place, pay and period, titles in two languages) is one more of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz

from streams.records import NormalisedPosting
from streams.sketch import resemblance, sketch
from streams.state import DAY_MS, VacancyState, millis
from streams.text import fold

REPOST_WINDOW_MS: Final = 90 * DAY_MS
"""A vacancy advertised again within this time of its closing is the same one, re-posted."""
FORESIGHT_MS: Final = 14 * DAY_MS
"""Boards are crawled at different times, so a vacancy may have been seen a little "later" than its
duplicate. Beyond this, an old record is being processed again and must not meet its future."""
SAME_TITLE: Final = 0.92
"""Tolerates a typing error or an added article in a title of three words, not another word."""
KINDRED_TITLE: Final = 0.60
"""One title may name the place or the department and the other not; the text must then agree."""
SAME_TEXT: Final = 0.70
"""Copies of one text that a board has cut, framed or signed keep about this much in common."""
UNRELATED_TEXT: Final = 0.10
"""Two long texts that share less describe two jobs, however alike their titles are."""


class LinkReason(StrEnum):
    """Why a posting is, or is not, a vacancy that we know."""

    NEW_VACANCY = "new_vacancy"
    SAME_FINGERPRINT = "same_fingerprint"
    """Employer, title, place and number of openings are equal."""
    SIMILAR_TITLE = "similar_title"
    """The titles nearly agree and the texts do not contradict it."""
    SIMILAR_TEXT = "similar_text"
    """The texts nearly agree and the titles do not contradict it."""
    POSTING_RETURNED = "posting_returned"
    """The same posting, seen again after it had gone."""
    CONTENT_CHANGED = "content_changed"
    OTHER_POSTINGS_OPEN = "other_postings_open"
    """A posting has gone; the vacancy stays open through others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a posting is compared by."""

    title_key: str
    place: str
    """Province code, or the folded text of a place we do not know, or ""."""
    openings: int
    sketch: bytes
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The vacancy a posting stands for, why, and how alike the two are in [0, 1]."""

    vacancy_id: str
    reason: LinkReason
    score: float


_DECORATION: Final = re.compile(
    r"\b(?:urgent(?:ly)?|(?:we are )?(?:hiring|looking for)|wanted|needed|vacanc(?:y|ies)|apply now"
    r"|jobs?|positions?|m f|f m|male female|\d+ (?:persons?|people|pax|posts?|openings?))\b"
    r"|ດ່ວນ|(?:ປະກາດ)?ຮັບສະຫມັກ(?:ພະນັກງານ)?|ຕ້ອງການ|ດ່ວນທີ່ສຸດ|\d+ ?(?:ຄົນ|ຕຳແຫນ່ງ|อัตรา|คน)|ด่วน|รับสมัคร"
)
_RANK: Final = re.compile(
    r"\b(?:senior|junior|sr|jr|assistant|asst|deputy|vice|chief|head|lead|leader|intern(?:ship)?"
    r"|trainee|manager|supervisor|director|officer|part|night|day|[ivx]{1,4}|\d+)\b"
    r"|ຫົວຫນ້າ|ຮອງ|ຜູ້ຊ່ວຍ|ຜູ້ຈັດການ|ຝຶກງານ|ຊ່ຽວຊານ|ອາວຸໂສ|หัวหน้า|รอง|ผู้ช่วย|ผู้จัดการ|ฝึกงาน"
)


def title_key(title: str) -> str:
    """The title folded and without words that say how urgent or how many, not what."""
    folded = fold(title)
    return " ".join(_DECORATION.sub(" ", folded).split()) or folded


def traits_of(posting: NormalisedPosting, province_of: Callable[[str], str]) -> Traits:
    """Traits of `posting`; `province_of` gives the province code of a text, or ""."""
    return Traits(
        title_key=title_key(posting.title),
        place=province_of(posting.location_raw) or fold(posting.location_raw),
        openings=posting.openings,
        sketch=sketch(posting.description),
        at=millis(posting.fetched_at),
    )


def find_link(traits: Traits, vacancies: Mapping[str, VacancyState]) -> Link | None:
    """The vacancy that a posting with `traits` stands for, if one is known.

    Open vacancies go before closed ones, stronger rules before weaker, then the better score, then
    the older vacancy: the answer does not depend on the order of `vacancies`.
    """
    best: tuple[bool, int, float, int, str] | None = None
    for vacancy_id, vacancy in vacancies.items():
        if not is_in_reach(traits, vacancy) or not _places_agree(traits.place, vacancy.place):
            continue
        for strength, (_, rule) in enumerate(RULES):
            score = rule(traits, vacancy)
            if score is not None:
                is_open = vacancy.open_postings > 0
                rank = (is_open, -strength, score, -vacancy.first_seen, vacancy_id)
                best = rank if best is None or rank > best else best
                break
    if best is None:
        return None
    return Link(vacancy_id=best[4], reason=RULES[-best[1]][0], score=round(best[2], 3))


def is_same_job(traits: Traits, vacancy: VacancyState) -> bool:
    """Whether a posting that returns still stands for `vacancy`: boards reuse their numbers."""
    return any(rule(traits, vacancy) is not None for _, rule in RULES)


def is_in_reach(traits: Traits, vacancy: VacancyState) -> bool:
    """Whether `vacancy` is open or closed lately enough to be the posting's."""
    if vacancy.first_seen > traits.at + FORESIGHT_MS:
        return False
    return vacancy.open_postings > 0 or traits.at - vacancy.closed_at <= REPOST_WINDOW_MS


def _places_agree(one: str, other: str) -> bool:
    return one == other or not one or not other


def _same_fingerprint(traits: Traits, vacancy: VacancyState) -> float | None:
    equal = (
        traits.title_key == vacancy.title_key
        and traits.place == vacancy.place
        and traits.openings == vacancy.openings
    )
    return 1.0 if equal else None


def _similar_title(traits: Traits, vacancy: VacancyState) -> float | None:
    alike = fuzz.token_sort_ratio(
        traits.title_key, vacancy.title_key, score_cutoff=100 * SAME_TITLE
    )
    if not alike or _ranks(traits.title_key) != _ranks(vacancy.title_key):
        return None
    text = resemblance(traits.sketch, vacancy.sketch)
    return None if text is not None and text < UNRELATED_TEXT else float(alike) / 100


def _similar_text(traits: Traits, vacancy: VacancyState) -> float | None:
    alike = fuzz.token_set_ratio(
        traits.title_key, vacancy.title_key, score_cutoff=100 * KINDRED_TITLE
    )
    if not alike:
        return None
    text = resemblance(traits.sketch, vacancy.sketch)
    if text is None or text < SAME_TEXT:
        return None
    return text if _ranks(traits.title_key) == _ranks(vacancy.title_key) else None


def _ranks(key: str) -> frozenset[str]:
    """Words of rank and number in a title: two titles that differ in them name two jobs."""
    return frozenset(_RANK.findall(key))


Rule = Callable[[Traits, VacancyState], float | None]
RULES: Final[tuple[tuple[LinkReason, Rule], ...]] = (
    (LinkReason.SAME_FINGERPRINT, _same_fingerprint),
    (LinkReason.SIMILAR_TITLE, _similar_title),
    (LinkReason.SIMILAR_TEXT, _similar_text),
)
