"""The key figures of the first page, each with n and interval. Pure: a cube and lists in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from dashboard.comparison import Basis
from dashboard.cube import CHANGE_DAYS, GROUPS, PROVINCES, Cube
from dashboard.holidays import ordinary_counts, ordinary_share
from dashboard.intervals import Interval, expected_count, log_change, raw_fano, share
from dashboard.views import AlertView, SourceHealth

CODED_DAYS: Final = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The headline. Counts are vacancies after de-duplication."""

    loaded_at: datetime | None
    complete_day: date
    """The week's figures run to this day."""
    today: date
    today_flow: int
    """New vacancies on the newest, still incomplete, day."""
    week_flow: int
    week_compared: int
    """Of these, what came from the sources that are compared."""
    week_expected: Interval | None
    """What `week_compared` was expected to be; `None` while nothing can be expected."""
    stock: int
    stock_confirmed: int
    """Of the stock, what stands at sources that answered their last crawl, at least: as if every
    advert that the others listed last stood for a vacancy of its own."""
    silent_sources: tuple[str, ...]
    coded: Interval | None
    """Share of new vacancies with an ISCO-08 code in the last 28 days."""
    firing: int
    open_alerts: int

    @property
    def week_is_unusual(self) -> bool:
        """Whether this week's compared flow lies outside what was expected."""
        expected = self.week_expected
        return expected is not None and not expected.lower <= self.week_compared <= expected.upper


def summarise(
    cube: Cube,
    sources: Sequence[SourceHealth],
    alerts: Sequence[AlertView],
    loaded_at: datetime | None,
    basis: Basis | None,
) -> Summary:
    """The key figures of this moment. Without `basis` (history is being read) nothing is expected.

    A basis that withholds changes gives no expectation either.
    """
    _, weeks = cube.weekly_flow()
    ends, compared = basis.cube.weekly_flow() if basis and basis.withheld is None else ([], [])
    recent = cube.recent_flow(CODED_DAYS)
    stock = int(cube.stock_delta.sum())
    silent = [source for source in sources if not source.answers]
    return Summary(
        loaded_at=loaded_at,
        complete_day=cube.complete_day,
        today=cube.last_day,
        today_flow=int(cube.flow[-1].sum()),
        week_flow=weeks[-1] if weeks else 0,
        week_compared=compared[-1] if compared else 0,
        week_expected=expected_count(
            ordinary_counts(ends[:-1], compared[:-1]), ordinary_share(cube.complete_day)
        ),
        stock=stock,
        stock_confirmed=max(0, stock - sum(source.listed for source in silent)),
        silent_sources=tuple(source.source_id for source in silent),
        coded=share(int(recent[:, : len(GROUPS)].sum()), int(recent.sum())),
        firing=sum(alert.state == "firing" for alert in alerts),
        open_alerts=sum(alert.is_open for alert in alerts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """Four weeks against the four before, of one province or one major group."""

    province: str
    isco1: str
    now: int
    before: int
    change: Interval
    """Log ratio."""

    @property
    def enough(self) -> bool:
        """Whether there are enough vacancies to speak of a change at all."""
        return self.now + self.before >= MINIMUM_EVIDENCE


MINIMUM_EVIDENCE: Final = 20
"""Vacancies in both periods together below which a change is "too few to tell"."""


def province_changes(cube: Cube) -> dict[str, CellChange]:
    """The change of every province over four weeks; empty without two whole periods."""
    return _changes(cube, 1, [(code, "all") for code in PROVINCES])


def group_changes(cube: Cube) -> dict[str, CellChange]:
    """The change of every major group over four weeks; empty without two whole periods."""
    return _changes(cube, 0, [("all", code) for code in GROUPS])


def _changes(cube: Cube, axis: int, cells: Sequence[tuple[str, str]]) -> dict[str, CellChange]:
    periods = cube.change_flows()
    if periods is None:
        return {}
    now, before = (flow.sum(axis=axis) for flow in periods)
    middle = cube.complete_day - timedelta(days=CHANGE_DAYS)
    shares = {
        "now_share": ordinary_share(cube.complete_day, CHANGE_DAYS),
        "before_share": ordinary_share(middle, CHANGE_DAYS),
    }
    return {
        province if isco1 == "all" else isco1: CellChange(
            province=province,
            isco1=isco1,
            now=int(now[at]),
            before=int(before[at]),
            change=log_change(
                int(now[at]),
                int(before[at]),
                dispersion(cube.weekly_flow(province, isco1)[1]),
                **shares,
            ),
        )
        for at, (province, isco1) in enumerate(cells)
    }


def dispersion(weeks: Sequence[int]) -> float:
    """Fano factor of a weekly series around its own four-week level, so that trend is not noise.

    Never below 1, but the blocks it is the mean of may be: clamped singly they would read chance
    as unrest.
    """
    blocks = [weeks[start : start + 4] for start in range(max(0, len(weeks) - 28), len(weeks), 4)]
    factors = [raw_fano(block) for block in blocks if len(block) == 4]
    known = [factor for factor in factors if factor is not None]
    return max(1.0, sum(known) / len(known)) if known else 1.0
