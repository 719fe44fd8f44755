"""The strategy's indicators that the register and the receipts decide: 1.4, 3.1, 3.5 and 3.6.

Definitions and formulas are those of the strategy's annex on monitoring; targets those of its
table of operational indicators. It states no baseline for these four, and no target for 3.6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.registry import Registry, Sector, SystemKind
from warehouse.systems import SUPPLYING, Standing, SystemStatus, Volume, by_system

METHOD: Final = "strategy-1"
"""Raised with every change of what is counted."""
SOURCE: Final = "register of systems (config/registry.yaml) and records received"
_LOCAL: Final = ZoneInfo("Asia/Vientiane")
_QUARTER: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyFigure:
    """One indicator as of one moment."""

    number: str
    """As the strategy numbers it."""
    value: int
    """What counts for the strategy: never anything invented."""
    demonstration: int
    """The same count over what is invented; 0 outside a demonstration."""
    parts: tuple[tuple[str, int], ...]
    """The addends of the formula, by their codes; they sum to `value`."""
    n: int
    """Systems looked at (3.6: months)."""
    baseline: int | None
    target_2_years: int | None
    target_10_years: int | None
    formula: str
    as_of: datetime
    method: str = METHOD
    source: str = SOURCE


FORMULAS: Final = {
    "1.4": "external systems successfully connected",
    "3.1": "government sources + private sources + job platforms + educational institutions "
    "and others",
    "3.5": "agreements with government + agreements with the private sector and others, in force",
    "3.6": "records from employment platforms + social media postings + other digital platforms, "
    "in the last 3 whole months",
}
_TARGETS: Final = {"1.4": (5, 20), "3.1": (5, 15), "3.5": (10, 15), "3.6": (None, None)}


def strategy_figures(
    register: Registry,
    stands: Sequence[Standing],
    found: Iterable[Volume],
    *,
    as_of: datetime,
    demonstration: bool,
) -> list[StrategyFigure]:
    """The four indicators in the strategy's order.

    Args:
        found: records by source and month, at least of the last 3 whole months before `as_of`.
    """
    return [
        _connected(stands, as_of),
        _sources(stands, as_of),
        _agreements(register, as_of),
        _volume(register, list(found), as_of, demonstration),
    ]


def whole_months(as_of: datetime, count: int = _QUARTER) -> list[str]:
    """The last whole months (Asia/Vientiane) before `as_of`, oldest first, as `2026-09`."""
    first = as_of.astimezone(_LOCAL).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months: list[str] = []
    for _ in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
        months.insert(0, f"{first:%Y-%m}")
    return months


def _connected(stands: Sequence[Standing], as_of: datetime) -> StrategyFigure:
    linked = [held for held in stands if held.system and held.status is SystemStatus.CONNECTED]
    kinds = Counter(held.system.kind.value for held in linked if held.system)
    return _figure("1.4", kinds, stands, as_of)


def _sources(stands: Sequence[Standing], as_of: datetime) -> StrategyFigure:
    able = [held.system for held in stands if held.system and held.status in SUPPLYING]
    sectors = Counter({sector.value: 0 for sector in Sector})
    sectors.update(system.sector.value for system in able)
    return _figure("3.1", sectors, stands, as_of)


def _agreements(register: Registry, as_of: datetime) -> StrategyFigure:
    day = as_of.astimezone(_LOCAL).date()
    signed = {
        (system.agreement.reference, system.sector is Sector.GOVERNMENT)
        for system in register.systems
        if system.agreement.holds(day)
    }
    sides = Counter({"government": 0, "private_and_others": 0})
    sides.update("government" if public else "private_and_others" for _, public in signed)
    return _of("3.5", sides, len(register.systems), 0, as_of)


def _volume(
    register: Registry, found: list[Volume], as_of: datetime, demonstration: bool
) -> StrategyFigure:
    months = whole_months(as_of)
    parts = Counter({"job_platforms": 0, "social_media": 0, "other_platforms": 0})
    if demonstration:
        invented = sum(volume.records for volume in found if volume.month in months)
        return _of("3.6", parts, len(months), invented, as_of)
    kinds = {system.id: system.kind for system in register.systems}
    for (system_id, month), records in by_system(register, found).items():
        if month in months:
            parts[_addend(kinds[system_id])] += records
    return _of("3.6", parts, len(months), 0, as_of)


def _addend(kind: SystemKind) -> str:
    """The addend of 3.6 to which a system's records belong."""
    if kind in (SystemKind.JOB_PLATFORM, SystemKind.EMPLOYMENT_SERVICE):
        return "job_platforms"
    return "social_media" if kind is SystemKind.SOCIAL_MEDIA else "other_platforms"


def _figure(
    number: str, parts: Counter[str], stands: Sequence[Standing], as_of: datetime
) -> StrategyFigure:
    registered = sum(held.system is not None for held in stands)
    invented = sum(held.demonstration for held in stands)
    return _of(number, parts, registered, invented, as_of)


def _of(number: str, parts: Counter[str], n: int, invented: int, as_of: datetime) -> StrategyFigure:
    soon, late = _TARGETS[number]
    return StrategyFigure(
        number=number,
        value=sum(parts.values()),
        demonstration=invented,
        parts=tuple(parts.items()),
        n=n,
        baseline=None,
        target_2_years=soon,
        target_10_years=late,
        formula=FORMULAS[number],
        as_of=as_of,
    )
