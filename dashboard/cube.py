"""The register of vacancies as one small array: day × province × major group.

The whole history at the dashboard's grain is some hundred thousand numbers. It is read once after
each load and every filter and chart is then answered from memory, whatever the number of viewers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

PROVINCES: Final = (
    *("LA-VT", "LA-PH", "LA-LM", "LA-OU", "LA-BK", "LA-LP", "LA-HO", "LA-XA", "LA-XI"),
    *("LA-VI", "LA-BL", "LA-KH", "LA-SV", "LA-SL", "LA-XE", "LA-CH", "LA-AT", "LA-XS"),
)
GROUPS: Final = tuple("0123456789")
_PROVINCE_INDEX: Final = {code: index for index, code in enumerate((*PROVINCES, ""))}
_GROUP_INDEX: Final = {code: index for index, code in enumerate((*GROUPS, ""))}

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRow:
    """One row of the daily roll-up. "" is an unknown province or an uncodable occupation."""

    day: date
    province: str
    isco1: str
    flow: int
    stock_delta: int


@dataclass(frozen=True, slots=True)
class Cube:
    """Flow and change of stock; both arrays have shape (days, 19 provinces, 11 groups).

    The last province and the last group stand for "unknown", so that all parts sum to the nation.
    """

    first_day: date
    flow: Counts
    stock_delta: Counts

    @property
    def days(self) -> int:
        """Number of days from the first to the last with an event."""
        return len(self.flow)

    @property
    def last_day(self) -> date:
        """The newest day with an event; it may be incomplete."""
        return self.first_day + timedelta(days=self.days - 1)

    @property
    def complete_day(self) -> date:
        """The newest day that can be complete: the one before the last."""
        return self.last_day - timedelta(days=1)

    def daily_flow(self, province: str = "all", isco1: str = "all") -> Counts:
        """New vacancies by day for one cell or a sum over "all"."""
        return _select(self.flow, province, isco1)

    def daily_stock(self, province: str = "all", isco1: str = "all") -> Counts:
        """Open vacancies at the end of each day."""
        return np.cumsum(_select(self.stock_delta, province, isco1))

    def weekly_flow(
        self, province: str = "all", isco1: str = "all"
    ) -> tuple[list[date], list[int]]:
        """Sums over weeks that end on the last complete day: last days and counts, in order."""
        series = self.daily_flow(province, isco1)[: self.days - 1]
        weeks = len(series) // 7
        sums = series[len(series) - 7 * weeks :].reshape(weeks, 7).sum(axis=1) if weeks else []
        ends = [self.complete_day - timedelta(days=7 * back) for back in range(weeks - 1, -1, -1)]
        return ends, [int(count) for count in sums]

    def recent_flow(self, days: int, *, back: int = 0) -> Counts:
        """New vacancies by province and group in `days` complete days, ending `back` days earlier.

        Shape (19, 11).
        """
        end = max(0, self.days - 1 - back)
        total: Counts = self.flow[max(0, end - days) : end].sum(axis=0)
        return total


def build(rows: Iterable[DailyRow]) -> Cube | None:
    """A cube of `rows`, or `None` where there is none. Rows of one cell and day are added up."""
    held = list(rows)
    if not held:
        return None
    first = min(row.day for row in held)
    days = (max(row.day for row in held) - first).days + 1
    shape = (days, len(_PROVINCE_INDEX), len(_GROUP_INDEX))
    flow, stock = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    place = (
        np.fromiter(((row.day - first).days for row in held), dtype=np.intp, count=len(held)),
        np.fromiter((province_index(row.province) for row in held), dtype=np.intp, count=len(held)),
        np.fromiter((group_index(row.isco1) for row in held), dtype=np.intp, count=len(held)),
    )
    np.add.at(flow, place, np.array([row.flow for row in held]))
    np.add.at(stock, place, np.array([row.stock_delta for row in held]))
    return Cube(first, flow, stock)


def province_index(code: str) -> int:
    """Position of a province on its axis; an unheard-of code counts as unknown."""
    return _PROVINCE_INDEX.get(code, len(PROVINCES))


def group_index(code: str) -> int:
    """Position of a major group on its axis; an unheard-of code counts as not codable."""
    return _GROUP_INDEX.get(code, len(GROUPS))


def _select(counts: Counts, province: str, isco1: str) -> Counts:
    by_group = counts.sum(axis=1) if province == "all" else counts[:, province_index(province), :]
    chosen: Counts = by_group.sum(axis=1) if isco1 == "all" else by_group[:, group_index(isco1)]
    return chosen
