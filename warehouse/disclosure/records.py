"""Who asks, what is kept from them and why, and the only records in which figures leave."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from warehouse.series import Frequency, SeriesKey, Standing


class View(StrEnum):
    """For whom figures are meant."""

    PUBLIC = "public"
    """Anybody: cells of the public lattice, by the release rules, rounded."""
    DEPARTMENT = "department"
    """Holders of the right `read`: every cell, as computed."""


class Hidden(StrEnum):
    """Why a figure is not told. The public is told the reasons below `CONFIDENTIAL` only."""

    TOO_FEW = "too_few"
    """Fewer vacancies (closures, postings with pay…) than the rule asks for; also none at all."""
    FEW_EMPLOYERS = "few_employers"
    DOMINATED = "dominated"
    """One employer holds more than the rule allows, or its share is not known."""
    COMPLEMENTARY = "complementary"
    """It would give away a hidden cell."""
    STICKY = "sticky"
    """Hidden in the first public table of its period, therefore in every later one."""
    CONFIDENTIAL = "confidential"
    """One of the reasons above; which one would itself tell something."""
    TOO_SHORT = "too_short"
    """Too little history for a trend."""
    OUTSIDE = "outside"
    """No cell of the public lattice."""
    NOT_FINAL = "not_final"
    """Issued before its period was over."""
    NOT_DECIDED = "not_decided"
    """Its period's public table has not been issued yet."""
    NOT_OBSERVED = "not_observed"
    """Sources were out for most of its period: it is told to nobody, and tells no one's affairs."""


CONFIDENTIAL_REASONS: Final = frozenset(
    {Hidden.TOO_FEW, Hidden.FEW_EMPLOYERS, Hidden.DOMINATED, Hidden.COMPLEMENTARY, Hidden.STICKY}
)


def told_as(reason: Hidden | None) -> Hidden | None:
    """What the public is told for `reason`."""
    return Hidden.CONFIDENTIAL if reason in CONFIDENTIAL_REASONS else reason


class Measure(StrEnum):
    """What is counted: the indicators of the rule `count`."""

    FLOW = "flow"
    """New vacancies of the period."""
    STOCK = "stock"
    """Vacancies open at the end of the period's last day."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cell:
    """A place × kind of work. "" is all of them, `UNKNOWN` those of which it is not known."""

    province: str = ""
    """ISO 3166-2:LA."""
    isco1: str = ""
    """ISCO-08 major group."""
    isic: str = ""
    """ISIC Rev. 4 section."""

    @property
    def is_told(self) -> bool:
        """Whether the cell is one of the lattice; what is unknown never is."""
        return UNKNOWN not in (self.province, self.isco1, self.isic)


UNKNOWN: Final = "?"


class NotClearedError(Exception):
    """Somebody tried to send out figures that the release rules have not seen."""


class _Seal:
    """Held by this package alone."""


SEAL: Final = _Seal()
"""Only `warehouse/disclosure` may use it: import-linter cannot see that, a test does."""


def _check(seal: object) -> None:
    if seal is not SEAL:
        raise NotClearedError("figures leave through warehouse.disclosure only")


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A figure as it may be shown to a view. Made by `release` alone."""

    series: SeriesKey
    time_value: date
    issue: datetime
    value: float | None
    """`None`: not told, for the reason in `hidden`, or else in `standing`. Never 0 instead."""
    n: int | None
    """`None` where the figure is hidden. See `n_at_least`."""
    employers: int | None
    """The public is told that there are at least so many: the least number of the rule."""
    lower: float | None
    upper: float | None
    grade: str
    method: str
    top_share: float | None
    """Departments only."""
    standing: Standing
    answered_province: str
    answered_occupation: str
    sources: tuple[str, ...]
    release_id: str
    view: View
    hidden: Hidden | None
    step: float | None
    """What `value` is a multiple of, in its unit; `None`: not rounded. Ends of the interval are
    rounded outwards to the same step."""
    n_at_least: bool
    """Whether `n` is the lower end of a band: 10, 20, 50, 100, 200, 500…"""
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        _check(seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCount:
    """One cell of one public table of counts. Made by `public_table` alone."""

    measure: Measure
    frequency: Frequency
    time_value: date
    """First day of the period; of a stock its last."""
    cell: Cell
    value: int | None
    """A multiple of `step`, or `None` for the reason in `hidden`; an empty cell is hidden too."""
    step: int
    """What `value` is rounded to: 5 or coarser; 0 where it is hidden."""
    lower: int | None
    """95 % interval of the rate behind a flow of `value`, with the rounding in it; a stock is an
    enumeration: what rounding leaves open."""
    upper: int | None
    hidden: Hidden | None
    issue: datetime
    release_id: str
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        _check(seal)
