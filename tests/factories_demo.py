"""A small simulated market, and its boards on loopback ports, for tests of the demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from labourwatch.demo.market import Market
from labourwatch.demo.state import MarketFile, open_market

ANCHOR = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
DAYS = 70


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime = ANCHOR) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Move on by a timedelta's arguments."""
        self.now += timedelta(**span)


@contextmanager
def market_in(
    directory: Path, clock: SetClock, *, seed: int = 7, days: int = DAYS, mean: float = 60.0
) -> Iterator[Market]:
    """The market of a directory, begun at `ANCHOR` or continued."""
    wanted = MarketFile(seed=seed, anchor=ANCHOR.isoformat(), history_days=days, mean_per_day=mean)
    market = open_market(directory, wanted, clock)
    market.live.catch_up(clock())
    yield market
    market.live.close()
