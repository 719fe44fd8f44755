"""What a check of data quality is, what it measures, and how it is judged. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import sqrt

_Z95 = 1.959964


class Dimension(StrEnum):
    """What of quality a check asks about."""

    RELEVANCE = "relevance"
    COMPLETENESS = "completeness"
    TIMELINESS = "timeliness"
    VALIDITY = "validity"
    CONSISTENCY = "consistency"
    UNIQUENESS = "uniqueness"
    ACCURACY = "accuracy"
    COHERENCE = "coherence"


class Severity(StrEnum):
    """What follows when a check fails."""

    INFORMATION = "information"
    """Told in the report."""
    MINOR = "minor"
    """Told in the report as a weakness."""
    SEVERE = "severe"
    """Operators are told at once: figures may be wrong."""


class Unit(StrEnum):
    """What a value counts."""

    SHARE = "share"
    """0 to 1, of `n`; its interval is Wilson's."""
    COUNT = "count"
    """Things that should not be there, among all `n`: a full count, so without interval."""
    RATIO = "ratio"
    SECONDS = "seconds"
    HOURS = "hours"
    DAYS = "days"


class Better(StrEnum):
    """Which way is good."""

    HIGH = "high"
    LOW = "low"


class Verdict(StrEnum):
    """How a value stands against its marks."""

    PASS = "pass"  # noqa: S105 (a verdict)
    WARN = "warn"
    FAIL = "fail"
    NOT_ASSESSABLE = "not_assessable"


class Reason(StrEnum):
    """Why a verdict is what it is."""

    MEETS = "meets_the_mark"
    SHORT = "short_of_the_mark"
    """It misses the mark, or so much that chance could explain it."""
    BEYOND = "beyond_the_limit"
    """The whole interval lies beyond the limit."""
    UNMARKED = "no_mark_is_set"
    """A figure to be known, not judged."""
    TOO_FEW = "too_few"
    NOTHING = "nothing_to_look_at"
    NOT_THEN = "cannot_be_asked_of_the_past"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Where good ends and where bad begins; `None` where nothing is asked."""

    better: Better
    mark: float | None
    """As good or better passes."""
    limit: float | None
    """Worse than this fails."""
    least: int
    """Fewest things that a verdict can rest on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value that a check measured, of everything or of one subject (a source, a level)."""

    subject: str = ""
    value: float | None
    lower: float | None = None
    """Lower end of the 95 % interval."""
    upper: float | None = None
    n: int
    detail: str = ""
    """Examples or parts, for a person; never personal data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a check looks at: a period of days in Laos, as known at a moment."""

    since: date
    until: date
    """The last day."""
    as_of: datetime
    """Nothing that was stored later counts (UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A judged reading, as kept in `quality_results`."""

    check_id: str
    subject: str
    dimension: Dimension
    severity: Severity
    unit: Unit
    as_of: datetime
    period_start: date
    period_end: date
    value: float | None
    lower: float | None
    upper: float | None
    n: int
    verdict: Verdict
    reason: Reason
    mark: float | None
    limit: float | None
    detail: str
    method: str
    """Check and digest of its definition."""
    release_id: str
    """Release that it accompanies; "" for a check of its own."""
    computed_at: datetime


def wilson_share(hits: float, n: float) -> tuple[float, float, float]:
    """A share of n > 0 with its 95 % interval (Wilson 1927); hits and n may be effective sizes."""
    p, z2 = hits / n, _Z95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 / (1 + z2 / n) * sqrt(max(p * (1 - p), 0.0) / n + z2 / (4 * n * n))
    return p, max(0.0, min(centre - half, p)), min(1.0, max(centre + half, p))


def judge(reading: Reading, marks: Marks) -> tuple[Verdict, Reason]:
    """A value's verdict. It fails only where its whole interval is beyond the limit.

    So few vacancies do not fail a check by chance, and many cannot hide behind it.
    """
    if reading.value is None or reading.n == 0:
        return Verdict.NOT_ASSESSABLE, Reason.NOTHING
    if reading.n < marks.least:
        return Verdict.NOT_ASSESSABLE, Reason.TOO_FEW
    if marks.mark is None:
        return Verdict.PASS, Reason.UNMARKED
    best = reading.upper if marks.better is Better.HIGH else reading.lower
    if marks.limit is not None and _worse(
        reading.value if best is None else best, marks.limit, marks.better
    ):
        return Verdict.FAIL, Reason.BEYOND
    if _worse(reading.value, marks.mark, marks.better):
        return Verdict.WARN, Reason.SHORT
    return Verdict.PASS, Reason.MEETS


def _worse(value: float, than: float, better: Better) -> bool:
    return value < than if better is Better.HIGH else value > than
