"""The register of vacancies as one small array: day × province × major group.

The whole history at the dashboard's grain is some hundred thousand numbers. It is read once after
each load and every filter and chart is then answered from memory, whatever the number of viewers.
"""

from __future__ import annotations

from collections.abc import Sequence
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
CHANGE_DAYS: Final = 28
"""Length of each of the two periods that a four-week change compares."""
NEEDED_DAYS: Final = 2 * CHANGE_DAYS + 1
"""Complete days before a change can be told: both periods, and the day on which reading began."""
_EPOCH: Final = date(1970, 1, 1).toordinal()
_PROVINCE_INDEX: Final = {code: index for index, code in enumerate((*PROVINCES, ""))}
_GROUP_INDEX: Final = {code: index for index, code in enumerate((*GROUPS, ""))}

Counts = NDArray[np.int64]


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

    def recent_flow(self, days: int) -> Counts:
        """New vacancies by province and group in the last `days` complete days, or all there are.

        Shape (19, 11).
        """
        end = self.days - 1
        total: Counts = self.flow[max(0, end - days) : end].sum(axis=0)
        return total

    def change_flows(self) -> tuple[Counts, Counts] | None:
        """New vacancies of the last four weeks and of the four before, each of shape (19, 11).

        `None` without `NEEDED_DAYS` complete days: two periods are of equal length or not compared.
        """
        end = self.days - 1
        if end < NEEDED_DAYS:
            return None
        middle = end - CHANGE_DAYS
        return self.flow[middle:end].sum(axis=0), self.flow[middle - CHANGE_DAYS : middle].sum(0)


def spliced(held: Cube, since: date, fresh: Cube | None) -> Cube:
    """`held` with everything from day `since` on replaced by `fresh`."""
    keep = (since - held.first_day).days
    if keep <= 0 and fresh is not None:
        return fresh
    kept = Cube(held.first_day, held.flow[:keep], held.stock_delta[:keep])
    if fresh is None:
        return kept
    gap = max(0, (fresh.first_day - held.first_day).days - kept.days)
    between = np.zeros((gap, *held.flow.shape[1:]), dtype=np.int64)
    return Cube(
        held.first_day,
        np.concatenate((kept.flow, between, fresh.flow)),
        np.concatenate((kept.stock_delta, between, fresh.stock_delta)),
    )


def framed(held: Cube | None, first_day: date, last_day: date) -> Cube:
    """`held` from `first_day` to `last_day`, days without events as zeros; `None` is all zeros."""
    shape = ((last_day - first_day).days + 1, len(_PROVINCE_INDEX), len(_GROUP_INDEX))
    flow, stock = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    if held is not None:
        skipped = max(0, (first_day - held.first_day).days)
        start = max(0, (held.first_day - first_day).days)
        taken = min(held.days - skipped, shape[0] - start)
        if taken > 0:
            flow[start : start + taken] = held.flow[skipped : skipped + taken]
            stock[start : start + taken] = held.stock_delta[skipped : skipped + taken]
    return Cube(first_day, flow, stock)


def from_columns(
    *,
    days: Sequence[int],
    provinces: Sequence[int],
    groups: Sequence[int],
    flows: Sequence[int],
    stock_deltas: Sequence[int],
) -> Cube | None:
    """A cube of columns of equal length, or `None` where they are empty.

    Args:
        days: days since 1970-01-01.
        provinces: positions on the axis of `PROVINCES`, "unknown" being the one after the last.
        groups: likewise of `GROUPS`.
        flows: new vacancies.
        stock_deltas: change of stock.
    """
    if not len(days):
        return None
    at = np.asarray(days, dtype=np.int64)
    first = int(at.min())
    shape = (int(at.max()) - first + 1, len(_PROVINCE_INDEX), len(_GROUP_INDEX))
    place = (at - first, np.asarray(provinces, dtype=np.intp), np.asarray(groups, dtype=np.intp))
    flow, stock = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    np.add.at(flow, place, np.asarray(flows, dtype=np.int64))
    np.add.at(stock, place, np.asarray(stock_deltas, dtype=np.int64))
    return Cube(date.fromordinal(first + _EPOCH), flow, stock)


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
