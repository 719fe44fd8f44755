"""One round: each of some parts is killed once, at its own moment, and comes back."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, cast

import redis
from clickhouse_connect.driver.exceptions import Error

from alerts.lead import LEADER
from benchmarks.faults_chain_load import Feed
from benchmarks.faults_chain_stack import Chain
from warehouse.client import connect, fetch

RECOVERY_S: Final = 120.0
PATIENCE_S: Final = 600.0
"""What takes longer than two minutes counts as unrecovered, but the next kill waits for it."""
_LOOK_S: Final = 0.1
_ROWS: Final = "SELECT count() FROM postings"
_NOT_FED: Final = ("dashboard", "alert")
"""Parts through which no posting goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One kill. `seconds` until the part's work went on; `None`: it never did."""

    part: str
    under_load: bool
    seconds: float | None

    @property
    def is_recovered(self) -> bool:
        """Whether the work went on within two minutes."""
        return self.seconds is not None and self.seconds <= RECOVERY_S


@dataclass(slots=True, kw_only=True)
class Hurt:
    """A part that was killed and has not recovered yet."""

    part: str
    since: float
    under_load: bool
    recovered: Callable[[], bool]


def go_round(
    made: Chain, dice: random.Random, feed: Feed, names: Sequence[str], spread_s: float
) -> list[Wait]:
    """Kill each part at a moment within `spread_s`, and wait for all.

    A part that is down at its moment, because another is, is killed once it runs again.
    """
    begun = time.monotonic()
    due = {name: begun + dice.uniform(0, spread_s) for name in names}
    hurt, waits = list[Hurt](), list[Wait]()
    while due or hurt:
        now, running = time.monotonic(), made.stack.pids()
        for name in [name for name, at in due.items() if at <= now and name in running]:
            del due[name]
            hurt.append(_kill(made, name, feed))
        ended = {one.part: wait for one in hurt if (wait := _wait_of(one)) is not None}
        hurt = [one for one in hurt if one.part not in ended]
        waits += ended.values()
        time.sleep(_LOOK_S)
    return waits


def _wait_of(one: Hurt) -> Wait | None:
    """How long it took, once it has recovered or is given up."""
    recovered = one.recovered()
    lasted = time.monotonic() - one.since
    if not recovered and lasted <= PATIENCE_S:
        return None
    seconds = round(lasted, 2) if recovered else None
    return Wait(part=one.part, under_load=one.under_load, seconds=seconds)


def _kill(made: Chain, name: str, feed: Feed) -> Hurt:
    led = leader(made) if name == "alert" else b""
    flows = feed.flows
    made.kill(name)
    since = time.monotonic()
    if name == "alert":
        recovered = lambda: made.is_back(name) and leader(made) not in (b"", led)  # noqa: E731
    elif name in _NOT_FED:
        recovered = lambda: made.is_back(name)  # noqa: E731
    else:
        recovered = _stores_more(made, name, feed)
    return Hurt(part=name, since=since, under_load=flows, recovered=recovered)


def _stores_more(made: Chain, name: str, feed: Feed) -> Callable[[], bool]:
    """Whether, since the part is back, a further posting was stored, while any come."""
    before: int | None = None

    def recovered() -> bool:
        nonlocal before
        if not made.is_back(name):
            return False
        count = stored(made)
        if before is None:
            before = count
        return count is not None and before is not None and (count > before or not feed.flows)

    return recovered


def stored(made: Chain) -> int | None:
    """Postings in the warehouse; `None` while it is away."""
    try:
        with connect(made.stack.settings, readonly=True) as client:
            return int(fetch(client, _ROWS)[0][0])
    except (Error, OSError):
        return None


def leader(made: Chain) -> bytes:
    """Who holds the lease of the alert process; nobody while Redis is away."""
    try:
        with redis.Redis.from_url(made.stack.settings.redis_url) as client:
            return cast("bytes | None", client.get(LEADER)) or b""
    except redis.RedisError:
        return b""
