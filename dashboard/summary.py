"""The key figures of the first page, each with n and interval. Pure: a cube and lists in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dashboard.cube import GROUPS, PROVINCES, Cube
from dashboard.intervals import Interval, expected_count, fano, log_change, share
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
    week_expected: Interval | None
    stock: int
    stock_confirmed: int
    """Of the stock, what stands at sources that answered their last crawl: its lower bound."""
    silent_sources: tuple[str, ...]
    coded: Interval | None
    """Share of new vacancies with an ISCO-08 code in the last 28 days."""
    firing: int
    open_alerts: int

    @property
    def week_is_unusual(self) -> bool:
        """Whether this week's flow lies outside what was expected."""
        expected = self.week_expected
        return expected is not None and not expected.lower <= self.week_flow <= expected.upper


def summarise(
    cube: Cube,
    sources: Sequence[SourceHealth],
    alerts: Sequence[AlertView],
    loaded_at: datetime | None,
) -> Summary:
    """The key figures of this moment."""
    _, weeks = cube.weekly_flow()
    recent = cube.recent_flow(CODED_DAYS)
    stock = int(cube.stock_delta.sum())
    silent = [source for source in sources if not source.answers]
    return Summary(
        loaded_at=loaded_at,
        complete_day=cube.complete_day,
        today=cube.last_day,
        today_flow=int(cube.flow[-1].sum()),
        week_flow=weeks[-1] if weeks else 0,
        week_expected=expected_count(weeks[:-1]),
        stock=stock,
        stock_confirmed=max(0, stock - sum(max(0, source.stock) for source in silent)),
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
    """The change of every province over four weeks."""
    now, before = cube.recent_flow(28).sum(axis=1), cube.recent_flow(28, back=28).sum(axis=1)
    return {
        code: _change(cube, code, "all", int(now[index]), int(before[index]))
        for index, code in enumerate(PROVINCES)
    }


def group_changes(cube: Cube) -> dict[str, CellChange]:
    """The change of every major group over four weeks."""
    now, before = cube.recent_flow(28).sum(axis=0), cube.recent_flow(28, back=28).sum(axis=0)
    return {
        code: _change(cube, "all", code, int(now[index]), int(before[index]))
        for index, code in enumerate(GROUPS)
    }


def national_change(cube: Cube) -> CellChange:
    """The change of the nation over four weeks."""
    now, before = int(cube.recent_flow(28).sum()), int(cube.recent_flow(28, back=28).sum())
    return _change(cube, "all", "all", now, before)


def _change(cube: Cube, province: str, isco1: str, now: int, before: int) -> CellChange:
    _, weeks = cube.weekly_flow(province, isco1)
    return CellChange(
        province=province,
        isco1=isco1,
        now=now,
        before=before,
        change=log_change(now, before, dispersion(weeks)),
    )


def dispersion(weeks: Sequence[int]) -> float:
    """Fano factor of a weekly series around its own four-week level, so that trend is not noise."""
    blocks = [weeks[start : start + 4] for start in range(max(0, len(weeks) - 28), len(weeks), 4)]
    factors = [fano(block) for block in blocks if len(block) == 4]
    return sum(factors) / len(factors) if factors else 1.0
