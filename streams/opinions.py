"""Records of the correction loop: what officers say of codes, and what is decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from streams.identity import identify
from streams.records import NormalisedPosting


class CorrectedField(StrEnum):
    """What of a vacancy's codes is said; values are written as in the table `vacancies`."""

    ISCO08 = "isco08"
    """Four digits, or "" for not codable."""
    ISIC = "isic"
    """A section's letter or a division's two digits."""
    PROVINCE = "province"
    DISTRICT = "district"
    """A district also sets its province."""
    PAY = "pay"
    """`lower-upper` in kip a month, or "" where none is stated."""
    SKILLS = "skills"
    """Codes with a space between, in order of the text."""
    EDUCATION = "education"
    EXPERIENCE_MONTHS = "experience_months"
    EMPLOYMENT_TYPE = "employment_type"
    FLAGS = "flags"
    """Names with a space between."""


class CorrectionMode(StrEnum):
    """Why an officer says what a field is."""

    CORRECTION = "correction"
    """The vacancy is to be counted so."""
    DOUBLE_CODING = "double_coding"
    """A code given without sight of others', for agreement and evaluation: changes no vacancy."""
    REVOCATION = "revocation"
    """What an earlier correction said does not hold: the coder's own code counts again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An officer says what one field of a vacancy's codes is. Topic `corrections`."""

    vacancy_id: str
    posting: NormalisedPosting
    """The posting that the vacancy's description is of, as stored: redacted, never typed anew."""
    field: CorrectedField
    before: str
    """The value that the officer was shown; "" in double coding, where none is."""
    after: str
    officer: str
    """Account identifier; never a person's name."""
    why: str
    corrected_at: datetime
    mode: CorrectionMode = CorrectionMode.CORRECTION
    coder_version: str = ""
    """Of the coder whose code the officer was shown."""
    revokes: str = ""
    """For a revocation: the correction that does not hold."""

    @property
    def correction_id(self) -> str:
        """Identity: the same statement of the same moment is the same correction."""
        said = (self.vacancy_id, self.field.value, self.after, self.officer, self.mode.value)
        return identify("opinion", *said, self.revokes, self.corrected_at.isoformat())

    @property
    def text_digest(self) -> str:
        """Digest of title and description: tells whether the advert was changed since."""
        return identify("text", self.posting.title, self.posting.description)[:16]

    @property
    def posting_key(self) -> str:
        """Key of the posting."""
        return self.posting.posting_key

    @property
    def source_id(self) -> str:
        """Source of the posting."""
        return self.posting.source_id

    @property
    def posting_id(self) -> str:
        """The source's own identifier of the posting."""
        return self.posting.posting_id


class Standing(StrEnum):
    """What became of a correction, as far as learning goes; the latest of each counts."""

    LEARNED = "learned"
    """The serving state of the learner has it."""
    APPLIED = "applied"
    """The vacancy is coded so; nothing is learned from this field or mode."""
    HELD = "held"
    """The vacancy is coded so; learning waits for a second officer."""
    BLOCKED = "blocked"
    """Neither: the account says too much that contradicts the evidence; an operator must look."""
    QUARANTINED = "quarantined"
    """A state that had learned it did worse on what is trusted, and does not serve."""
    REVOKED = "revoked"
    """Taken back: the learner has forgotten it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDecision:
    """What became of one correction, and why. Topic `correction-decisions`."""

    decision_id: str
    correction_id: str
    vacancy_id: str
    officer: str
    standing: Standing
    reason: str
    detail: str
    """Figures behind the reason, for a person."""
    learner_state: str
    """The state that serves after the decision."""
    decided_at: datetime
    """Event time of the record that caused the decision."""
