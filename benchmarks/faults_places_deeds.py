"""What is done to places: each deed makes a fault, lets it last, and ends it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import redis

from benchmarks.faults_load import PER_SECOND, Blow
from benchmarks.faults_places_stack import Places
from benchmarks.loading_records import Sent, mixed_records
from tests.fixtures_ground import Disk
from tests.fixtures_shim import Shim

LASTS_S: Final = 6.0
"""Longer than brokers wait for each other."""
_SLOWER_S: Final = 0.1
"""More for each write of a file: a disk that is worn out, or shared with too many."""
_JUMP_S: Final = 3600.0
_BETWEEN_S: Final = 3.0
"""Until a fault is over and the next begins, beside the time that it lasts."""
_OUTAGE_PER_SECOND: Final = 25
_MOST_COPIES: Final = 5


class Place(StrEnum):
    """Which fault of a place."""

    BROKER_CUT = "network: a broker (a leader) cut off from all"
    NEIGHBOURS_CUT = "network: a broker cut off from its neighbours alone"
    WAREHOUSE_CUT = "network: the warehouse cut off"
    BROKER_FULL = "disk of a broker full"
    WAREHOUSE_FULL = "disk of the warehouse full"
    BROKER_SLOW = "disk of a broker slow, 0.1 s more a write"
    WAREHOUSE_SLOW = "disk of the warehouse slow, 0.1 s more a write"
    BROKER_CLOCK = "clock of a broker 1 h ahead, 1 h behind, right again"
    LOADER_CLOCK = "clock of the loader 1 h ahead, 1 h behind, right again"
    REDIS_CLOCK = "clock of Redis 1 h ahead, 1 h behind, right again"
    REDIS_FLUSHED = "Redis flushed while the loader works"
    REPEATED = "delivery: each record two to five times"
    SHUFFLED = "delivery: records in any order"
    OUTAGE = "the warehouse away for 10 minutes"


ONLY_ON_KAFKA: Final = frozenset({Place.NEIGHBOURS_CUT})
ON_ANY_STACK: Final = frozenset({Place.REDIS_FLUSHED, Place.REPEATED, Place.SHUFFLED, Place.OUTAGE})
"""Those that need no ground of one's own."""
_INSTANT: Final = frozenset({Place.REDIS_FLUSHED, Place.REPEATED, Place.SHUFFLED})


def blow_of(at: Places, place: Place, seed: int, *, runs: int, lasts_s: float) -> Blow:
    """The fault with enough records to last through all its runs."""
    per_second = _OUTAGE_PER_SECOND if place is Place.OUTAGE else PER_SECOND
    each_s = _BETWEEN_S + (0.0 if place in _INSTANT else lasts_s)
    sent = mixed_records(seed, 200 + int(runs * each_s * per_second * 0.75))
    dice = random.Random(seed)
    if place is Place.REPEATED:
        sent = _repeated(sent, dice)
    elif place is Place.SHUFFLED:
        dice.shuffle(sent)
    deed = Deeds(at=at, lasts_s=lasts_s).of(place)
    return Blow(fault=place, happen=deed, sent=sent, per_second=per_second)


def _repeated(sent: list[Sent], dice: random.Random) -> list[Sent]:
    """Each two to five times, the first where it was, the others anywhere."""
    copies = [(float(n), r) for n, r in enumerate(sent)]
    copies += [
        (dice.uniform(0, len(sent)), record)
        for record in sent
        for _ in range(dice.randint(1, _MOST_COPIES - 1))
    ]
    return [record for _, record in sorted(copies, key=lambda copy: copy[0])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """Faults of these places that last `lasts_s` each."""

    at: Places
    lasts_s: float

    def of(self, place: Place) -> Callable[[], None]:
        """The deed that makes and ends a fault."""
        at = self.at
        found: Mapping[Place, Callable[[], None]] = {
            Place.BROKER_CUT: self._broker_cut,
            Place.NEIGHBOURS_CUT: self._neighbours_cut,
            Place.WAREHOUSE_CUT: self._warehouse_cut,
            Place.BROKER_FULL: lambda: self._full(at.next_seat().disk),
            Place.WAREHOUSE_FULL: lambda: self._full(at.disk_of_warehouse),
            Place.BROKER_SLOW: lambda: self._slow(at.next_seat().part),
            Place.WAREHOUSE_SLOW: lambda: self._slow("embedded.warehouse"),
            Place.BROKER_CLOCK: lambda: self._jump(at.next_seat().part),
            Place.LOADER_CLOCK: lambda: self._jump("warehouse.loader"),
            Place.REDIS_CLOCK: lambda: self._jump("valkey-server", "redis-server"),
            Place.REDIS_FLUSHED: self._flush,
            Place.OUTAGE: self._outage,
        }
        return found.get(place, lambda: None)

    def _broker_cut(self) -> None:
        seat = self.at.next_seat()
        seat.cut()
        time.sleep(self.lasts_s)
        seat.heal()

    def _neighbours_cut(self) -> None:
        seat = self.at.next_seat()
        assert seat.host is not None
        seat.host.lose(self.at.neighbours(seat))
        time.sleep(self.lasts_s)
        seat.host.find(self.at.neighbours(seat))

    def _warehouse_cut(self) -> None:
        self.at.cut_warehouse()
        time.sleep(self.lasts_s)
        self.at.heal_warehouse()

    def _full(self, disk: Disk | None) -> None:
        assert disk is not None
        disk.stay_full(self.lasts_s)
        disk.free()
        self.at.revive()

    def _slow(self, part: str) -> None:
        self._shim.set(part, slower_s=_SLOWER_S)
        time.sleep(self.lasts_s)
        self._shim.set(part)

    def _jump(self, *parts: str) -> None:
        for ahead_s in (_JUMP_S, -_JUMP_S, 0.0):
            for part in parts:
                self._shim.set(part, ahead_s=ahead_s)
            time.sleep(self.lasts_s / 2 if ahead_s else 0.0)

    def _flush(self) -> None:
        with redis.Redis.from_url(self.at.stack.settings.redis_url) as client:
            client.flushall()

    def _outage(self) -> None:
        self.at.stack.warehouse.kill()
        time.sleep(self.lasts_s)
        self.at.stack.start_warehouse()

    @property
    def _shim(self) -> Shim:
        assert self.at.shim is not None
        return self.at.shim
