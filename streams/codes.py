"""What the coders say of one posting: codes, how sure they are, and why.

"" always means that a code could not be told; no code is ever guessed to fill a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """Stated pay, converted to kip a month; `lower == upper` for a single figure."""

    lower_lak: float
    upper_lak: float
    currency: str
    """Currency as written in the text (ISO 4217)."""
    period: str
    """hour, day, week, month or year as stated."""
    outlier: bool = False
    """Whether hardly any month's pay is so low or so high: kept as read, left out of figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One possible occupation."""

    isco08: str
    probability: float
    """Calibrated, in [0, 1]; the candidates of a posting sum to at most 1."""


class SkillContext(StrEnum):
    """How a posting asks for a skill."""

    REQUIRED = "required"
    NICE = "nice"
    """An advantage, not a condition."""
    MENTIONED = "mentioned"
    """Neither is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """A skill that a posting names."""

    code: str
    """Of `config/codelists/skills`: an ESCO concept, or one of the national list."""
    context: SkillContext
    start: int
    """Where the words stand in the text that was coded: title, line break, description."""
    end: int
    score: float
    """How surely the words mean this skill, in [0, 1]."""


class Flag(StrEnum):
    """Marks of a job, each by the definition cited in docs/methods.md."""

    GREEN = "green"
    DIGITAL = "digital"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What the coders say of one posting. Probabilities are in [0, 1]; "" means not codable."""

    isco08: str
    isco08_probability: float
    isco08_reason: str
    isic: str
    """ISIC Rev. 4 section letter, or ""."""
    province: str
    """ISO 3166-2:LA, the first named of several, or "" (unknown, nationwide or abroad)."""
    district: str
    """District code (LAxxyy), or ""."""
    place_reason: str
    pay: Pay | None
    skills: tuple[Skill, ...]
    coder_version: str
    candidates: tuple[Candidate, ...] = ()
    """Occupations in order of probability, the one chosen first; at most five."""
    isic_division: str = ""
    """ISIC Rev. 4 division (two digits) within `isic`, or ""."""
    isic_probability: float = 0.0
    isic_reason: str = ""
    provinces: tuple[str, ...] = ()
    """Every province named, where several are."""
    education: str = ""
    """Lowest level asked for, ISCED 2011 (0 to 8), or ""."""
    experience_months: int | None = None
    """Shortest experience asked for; 0 where none is said to be needed."""
    employment_type: str = ""
    """schema.org's term (FULL_TIME, PART_TIME, CONTRACTOR, TEMPORARY, INTERN, VOLUNTEER, PER_DIEM,
    OTHER), or ""."""
    flags: tuple[Flag, ...] = ()
