"""What lies before an officer who corrects codes: records that the pages draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.coding.agreement import Agreement
from dashboard.coding.influence import Queued
from dashboard.coding.rounds import Part, Progress, Round
from streams.opinions import Correction, CorrectionMode
from streams.records import NormalisedPosting
from warehouse import coding, opinions


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What everybody may see."""

    standings: dict[str, int]
    history: Sequence[opinions.Opinion]
    samples: Sequence[Progress]
    agreements: Sequence[Agreement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies before an officer."""

    queued: Sequence[Queued]
    in_doubt: int
    """Vacancies in the queue, shown or not."""
    waiting: int
    """Vacancies to be coded twice that wait for this officer."""
    history: Sequence[opinions.Opinion]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVacancy:
    """One vacancy on an officer's desk."""

    codes: coding.CodedVacancy
    stored: opinions.StoredVacancy
    history: Sequence[opinions.Opinion]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindVacancy:
    """One vacancy to be coded without sight of any code; the third officer sees both."""

    one: Round
    part: Part
    posting: NormalisedPosting
    waiting: int


def with_sent(
    history: Sequence[opinions.Opinion], sent: Sequence[Correction]
) -> list[opinions.Opinion]:
    """The history with what is on its way into the warehouse."""
    stored = {one.correction_id for one in history}
    late = [
        opinions.Opinion(
            correction_id=one.correction_id,
            vacancy_id=one.vacancy_id,
            title=one.posting.title,
            language=one.posting.language,
            field=one.field.value,
            before=one.before,
            after=one.after,
            officer=one.officer,
            why=one.why,
            corrected_at=one.corrected_at,
            mode=one.mode.value,
            revokes=one.revokes,
            coder_version=one.coder_version,
            standing="",
            reason="",
            detail="",
        )
        for one in sent
        if one.correction_id not in stored and one.mode is not CorrectionMode.DOUBLE_CODING
    ]
    return [*late, *history]
