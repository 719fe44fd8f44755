"""The strategy's indicators that checks of data quality measure: 3.4; and what a measured one is.

Formulas and targets are those of the strategy's annex on monitoring. What a demonstration measures
is measured on invented data, and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from warehouse.quality.records import Result, Verdict

CHECKS: Final = "checks of data quality"


class ValueOrigin(StrEnum):
    """How the service found a value."""

    COMPUTED = "computed"
    MEASURED = "measured"
    """By a check of data quality."""
    USED = "used"
    """From requests that were answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFigure:
    """One indicator with its interval. `value` is None where nothing, or too little, was seen."""

    number: str
    """As the strategy numbers it."""
    value: float | None
    lower: float | None
    upper: float | None
    n: int
    unit: str
    """`share`, `seconds` or `count`."""
    target_2_years: float
    target_10_years: float
    formula: str
    as_of: datetime | None
    """The moment of the data; None where no check was ever kept."""
    method: str
    origin: ValueOrigin
    source: str
    period_start: date | None = None
    """First day that it describes; None where that is told by `as_of` alone."""
    period_end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    number: str
    check_id: str
    subject: str
    unit: str
    targets: tuple[float, float]
    formula: str


_KINDS: Final = (
    _Kind(
        number="3.4",
        check_id="occupation_right",
        subject="4 digits",
        unit="share",
        targets=(0.6, 0.95),
        formula="records verified as correct / records verified, of the occupation at 4 digits",
    ),
)


def measured_figures(results: Iterable[Result]) -> list[MeasuredFigure]:
    """The indicators from results of checks, in the strategy's order."""
    held = {(result.check_id, result.subject): result for result in results}
    return [_figure(kind, held.get((kind.check_id, kind.subject))) for kind in _KINDS]


def _figure(kind: _Kind, result: Result | None) -> MeasuredFigure:
    told = result is not None and result.verdict is not Verdict.NOT_ASSESSABLE
    return MeasuredFigure(
        number=kind.number,
        value=result.value if result and told else None,
        lower=result.lower if result and told else None,
        upper=result.upper if result and told else None,
        n=result.n if result else 0,
        unit=kind.unit,
        target_2_years=kind.targets[0],
        target_10_years=kind.targets[1],
        formula=kind.formula,
        as_of=result.as_of if result else None,
        method=result.method if result else kind.check_id,
        origin=ValueOrigin.MEASURED,
        source=CHECKS,
        period_start=result.period_start if result else None,
        period_end=result.period_end if result else None,
    )
