"""Whether evidence makes two postings one vacancy: contradictions first, then a named reason, then
a score.

The score is the posterior of Fellegi and Sunter (1969, "A Theory for Record Linkage", JASA 64) with
the weights of `config/dedup.yaml`. A link needs all three: nothing that contradicts it, a reason
that can be named, and a score at or above the threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from streams.evidence import Evidence
from streams.levels import EmployerLevel, Level, TitleLevel


class LinkReason(StrEnum):
    """Why a posting is, or is not, a vacancy that we know."""

    NEW_VACANCY = "new_vacancy"
    SAME_FINGERPRINT = "same_fingerprint"
    """Employer, title, place and number of openings are equal."""
    SIMILAR_TITLE = "similar_title"
    """The titles nearly agree and the texts do not contradict it."""
    SIMILAR_TEXT = "similar_text"
    """The texts nearly agree and the titles do not contradict it."""
    SAME_MEANING = "same_meaning"
    """Titles in other words for the same job, in one language; pay and demands may settle it."""
    TRANSLATED = "translated"
    """Title or text in another language; employer, place, pay and period agree."""
    PART_OF = "part_of"
    """One advertises some of the other's jobs, openings or places."""
    POSTING_RETURNED = "posting_returned"
    """The same posting, seen again after it had gone."""
    CONTENT_CHANGED = "content_changed"
    OTHER_POSTINGS_OPEN = "other_postings_open"
    """A posting has gone; the vacancy stays open through others."""
    LINKED_BY_HAND = "linked_by_hand"
    UNLINKED_BY_HAND = "unlinked_by_hand"


class Contradiction(StrEnum):
    """Why two postings that look alike are of two vacancies."""

    EMPLOYER_DIFFERS = "employer_differs"
    PLACE_DIFFERS = "place_differs"
    PAY_DIFFERS = "pay_differs"
    DEMANDS_DIFFER = "demands_differ"
    """Other experience or education is asked for, and neither text nor pay is the same."""
    RANK_DIFFERS = "rank_differs"
    TITLE_DIFFERS = "title_differs"
    TEXT_DIFFERS = "text_differs"
    TOO_LITTLE = "too_little"
    """Nothing contradicts, and too little speaks for it."""


STRENGTH: Final[Mapping[LinkReason, int]] = {
    reason: place
    for place, reason in enumerate(
        (
            LinkReason.SAME_FINGERPRINT,
            LinkReason.SIMILAR_TITLE,
            LinkReason.SIMILAR_TEXT,
            LinkReason.SAME_MEANING,
            LinkReason.TRANSLATED,
            LinkReason.PART_OF,
        )
    )
}
"""Of two links the one with the stronger reason (the lower number) is taken."""


_NAMED: Final = frozenset((EmployerLevel.SAME, EmployerLevel.VARIANT, EmployerLevel.AGENCY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What evidence comes to; `reason` is a `LinkReason` where the two are one vacancy."""

    reason: LinkReason | Contradiction
    score: float


def judge(evidence: Evidence) -> Judgement:
    """Whether `evidence` makes one vacancy, why, and how probable it is in [0, 1]."""
    model = load_model()
    score = round(model.score(evidence), 3)
    against = contradiction(evidence)
    reason = reason_for(evidence) if against is None else None
    if reason is None or score < model.threshold:
        return Judgement(reason=against or Contradiction.TOO_LITTLE, score=score)
    return Judgement(reason=reason, score=score)


def contradiction(evidence: Evidence) -> Contradiction | None:
    """The first thing that two postings of one vacancy cannot differ in."""
    if evidence.place is Level.DIFFERENT:
        return Contradiction.PLACE_DIFFERS
    renamed = evidence.employer is EmployerLevel.OTHER_SCRIPT and not evidence.translated
    if renamed or evidence.employer is EmployerLevel.DIFFERENT:
        return Contradiction.EMPLOYER_DIFFERS
    if evidence.title is TitleLevel.DIFFERENT:
        return Contradiction.TITLE_DIFFERS
    if not evidence.same_rank and evidence.title is not TitleLevel.LISTED:
        return Contradiction.RANK_DIFFERS
    if evidence.pay is Level.DIFFERENT:
        return Contradiction.PAY_DIFFERS
    same = Level.EQUAL in (evidence.text, evidence.pay)
    if evidence.demands is Level.DIFFERENT and not same:
        return Contradiction.DEMANDS_DIFFER
    facts = evidence.pay is Level.EQUAL and evidence.demands is Level.EQUAL
    if evidence.text is Level.DIFFERENT and not (facts or _is_fingerprint(evidence)):
        return Contradiction.TEXT_DIFFERS
    return None


def reason_for(evidence: Evidence) -> LinkReason | None:
    """The strongest reason that the levels allow."""
    title = evidence.title
    worded = title in {TitleLevel.EQUAL, TitleLevel.ALIKE}
    if title is TitleLevel.LISTED:
        return LinkReason.PART_OF
    if worded and (evidence.place is Level.PART or evidence.openings is Level.PART):
        return LinkReason.PART_OF
    if evidence.translated:
        known = worded or title in {TitleLevel.MEANING, TitleLevel.CODE}
        agree = _facts_agree(evidence) if title is TitleLevel.OPAQUE else _paid_alike(evidence)
        return LinkReason.TRANSLATED if known or agree else None
    if _is_fingerprint(evidence):
        return LinkReason.SAME_FINGERPRINT
    if worded:
        return LinkReason.SIMILAR_TITLE
    if evidence.text is Level.EQUAL:
        return LinkReason.SIMILAR_TEXT
    facts = evidence.pay is Level.EQUAL and evidence.demands is Level.EQUAL
    return LinkReason.SAME_MEANING if title is TitleLevel.MEANING or facts else None


def _paid_alike(evidence: Evidence) -> bool:
    return evidence.pay is Level.EQUAL


def _facts_agree(evidence: Evidence) -> bool:
    """Employer, place, pay, demands and period all agree: the titles need not be understood."""
    return (
        evidence.employer in {EmployerLevel.SAME, EmployerLevel.VARIANT}
        and evidence.place in {Level.EQUAL, Level.OVERLAP}
        and evidence.pay is Level.EQUAL
        and evidence.demands is Level.EQUAL
        and evidence.period is Level.CLOSE
        and evidence.text is Level.UNKNOWN
    )


def _is_fingerprint(evidence: Evidence) -> bool:
    return (
        evidence.title is TitleLevel.EQUAL
        and evidence.place is Level.EQUAL
        and evidence.openings in {Level.EQUAL, Level.UNKNOWN}
        and evidence.employer in _NAMED
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights (log2 likelihood ratios) by field and level, the prior in the same unit."""

    prior: float
    threshold: float
    weights: Mapping[str, Mapping[str, float]]

    def score(self, evidence: Evidence) -> float:
        """Posterior probability that the two are one vacancy."""
        total = self.prior + sum(
            levels[getattr(evidence, name).value] for name, levels in self.weights.items()
        )
        return float(1 / (1 + 2.0**-total))


@cache
def load_model() -> Model:
    """The shipped weights.

    Raises:
        ValueError: `config/dedup.yaml` lacks a field.
    """
    text = (files("config") / "dedup.yaml").read_text("utf-8")
    read = yaml.safe_load(text)
    try:
        return Model(prior=read["prior"], threshold=read["threshold"], weights=read["weights"])
    except KeyError as error:
        raise ValueError(f"config/dedup.yaml: expected {error.args[0]!r}") from error
