"""The strategy's indicators that the service's own use decides: 1.2 and 1.3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from warehouse.active_users import (
    QuarterUse,
    counted,
    last_of_quarter,
    quarter_of,
    read_activity,
)
from warehouse.quality.strategy import MeasuredFigure, ValueOrigin
from warehouse.response_times import Asked, ResponseTimes, read_times

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

USERS_METHOD: Final = "active-users-1"
TIMES_METHOD: Final = "response-times-1"
SOURCE: Final = "requests that the dashboard answered"
DAYS: Final = 28
"""Of response times, to the day asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How the service is used."""

    today: date
    """In Asia/Vientiane."""
    as_of: datetime
    quarters: tuple[QuarterUse, ...]
    """The oldest first."""
    times: tuple[ResponseTimes, ...]
    """Basic and complex ones of the last four weeks."""

    @property
    def chosen(self) -> QuarterUse | None:
        """The last whole quarter; the running one while there is none."""
        whole = [one for one in self.quarters if one.quarter < quarter_of(self.today)]
        return whole[-1] if whole else self.quarters[-1] if self.quarters else None


def read_use(client: Client, *, today: date, as_of: datetime) -> Use:
    """The use by `today`."""
    since = today - timedelta(days=DAYS - 1)
    return Use(
        today=today, as_of=as_of, quarters=tuple(read_activity(client, until=today)),
        times=tuple(read_times(client, since=since, until=today)),
    )  # fmt: skip


def usage_figures(use: Use) -> list[MeasuredFigure]:
    """Indicators 1.2 and 1.3."""
    return [_users(use), _response(use)]


def _users(use: Use) -> MeasuredFigure:
    held = use.chosen
    found = counted(held.filled) if held else None
    return MeasuredFigure(
        number="1.2", value=float(round(found.value)) if found else None,
        lower=float(round(found.lower)) if found else None,
        upper=float(round(found.upper)) if found else None,
        n=held.requests if held else 0, unit="count", target_2_years=15_000.0,
        target_10_years=20_000.0,
        formula="unique users who log in or perform any activity in a quarter",
        as_of=use.as_of if held else None, method=USERS_METHOD,
        origin=ValueOrigin.USED, source=SOURCE,
        period_start=held.quarter if held else None,
        period_end=min(last_of_quarter(held.quarter), use.today) if held else None,
    )  # fmt: skip


def _response(use: Use) -> MeasuredFigure:
    held = next((one for one in use.times if one.asked is Asked.COMPLEX), None)
    seen = held if held and held.n else None
    return MeasuredFigure(
        number="1.3", value=seen.mean_s if seen else None, lower=seen.lower_s if seen else None,
        upper=seen.upper_s if seen else None, n=seen.n if seen else 0, unit="seconds",
        target_2_years=5.0, target_10_years=5.0,
        formula="sum of response times / requests (of complex questions; basic ones: 2 seconds)",
        as_of=use.as_of if seen else None, method=TIMES_METHOD,
        origin=ValueOrigin.USED, source=SOURCE,
        period_start=seen.since if seen else None, period_end=seen.until if seen else None,
    )  # fmt: skip
