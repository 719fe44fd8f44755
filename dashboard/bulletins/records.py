"""What a bulletin tells: figures of one release about one place, as one view may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from alerts.releases.plan import Kind
from warehouse.disclosure.alerts import ToldAlert
from warehouse.disclosure.records import Released, View
from warehouse.forecasts import ForecastRow
from warehouse.published import ReleaseRow

WEEKLY_KEY: Final = (
    "flow", "stock", "growth", "tightness", "shortage_probability", "demand_pressure",
)  # fmt: skip
MONTHLY_KEY: Final = (
    "flow", "stock", "wage_median", "wage_growth", "duration_median", "repost_rate",
    "mismatch_sahin",
)  # fmt: skip
KEY: Final[Mapping[Kind, tuple[str, ...]]] = {Kind.WEEKLY: WEEKLY_KEY, Kind.MONTHLY: MONTHLY_KEY}
GROUP_COLUMNS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.WEEKLY: ("flow", "growth", "shortage_probability"),
    Kind.MONTHLY: ("flow", "wage_median", "duration_median"),
}
PLACE_COLUMNS: Final = ("flow", "stock", "wage_median")
"""Of the monthly table of provinces."""

Figures = Mapping[str, Released]
"""By indicator. What is not there was not computed for the cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything that one bulletin says, before it is put into words."""

    kind: Kind
    place: str
    """ISO 3166-2:LA; "" is the nation."""
    view: View
    release: ReleaseRow
    made_at: datetime
    here: Figures
    before: Figures
    """Of the period before, as known now."""
    nation: Figures
    groups: Mapping[str, Figures]
    """By ISCO-08 major group."""
    places: Mapping[str, Figures] = field(default_factory=dict)
    """By province; of national bulletins."""
    trend: tuple[tuple[date, Released | None], ...] = ()
    """New vacancies by period, the oldest first; None where there is no figure."""
    skills: tuple[tuple[str, Released], ...] = ()
    """Skill groups most asked for, with their share of the vacancies that name skills."""
    alerts: tuple[ToldAlert, ...] = ()
    """Alerts that stand at `made_at`, in their latest state, the oldest first."""
    opened: int = 0
    """Alerts that began to fire within the period."""
    forecasts: tuple[ForecastRow, ...] = ()
    """Of the place's weekly flow; departments only, and none of months."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources that the place's figures rest on."""
        return tuple(sorted({name for one in self.here.values() for name in one.sources}))
