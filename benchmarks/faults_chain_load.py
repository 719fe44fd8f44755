"""What keeps a chain at work: vacancies put on its boards, and days that pass for early warning."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Final

import redis

from alerts.calendar import end_of_day
from alerts.store import read_fed_through
from benchmarks.faults_chain_alert import CLOCK, set_present
from benchmarks.faults_chain_stack import Chain

MOST_ADDED: Final = 1_050
"""The boards number what is added on one day up to here."""
_BOARDS: Final = ("mekong-careers", "ngan-lao", "vieng-cv", "khon-ngan", "lanexang-ats")
_WORK: Final = ("Accountant", "Driver", "Cook", "Welder", "Nurse", "Teacher", "Seller", "Mason")
_TOWNS: Final = ("LA-VT", "LA-SV", "LA-LP", "LA-CH", "LA-XA")
_AHEAD: Final = timedelta(days=13)
"""Of the last day fed, so that what is decided next is neither history nor far in the future."""
_EVERY_S: Final = 0.5


class Feed:
    """Puts vacancies on the boards at an even rate, in a thread, while it flows."""

    def __init__(self, chain: Chain, seed: int, per_second: float) -> None:
        self._chain = chain
        self._dice = random.Random(seed)
        self._pause_s = 1.0 / per_second
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Feed:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def flows(self) -> bool:
        """Whether vacancies still appear: by hand, or days of history that are being read."""
        phase = self._chain.stack.progress().phase
        return self._chain.posted < MOST_ADDED or phase == "backfill"

    def _run(self) -> None:
        address = f"{self._chain.stack.settings.demo_url}/vacancies"
        while self._chain.posted < MOST_ADDED and not self._stop.wait(self._pause_s):
            title = f"{self._dice.choice(_WORK)} {self._dice.getrandbits(32):08x}"
            self._chain.stack.post(
                address,
                {
                    "title": title,
                    "board": self._dice.choice(_BOARDS),
                    "province": self._dice.choice(_TOWNS),
                },
            )
            self._chain.posted += 1


@contextmanager
def passing_days(chain: Chain) -> Iterator[None]:
    """Let the alert process live in the days that it reads, until they have become the present."""
    stop = threading.Event()
    first = date.fromisoformat(
        chain.stack.get(f"{chain.stack.settings.demo_url}/truth")["first_day"]
    )
    place = chain.stack.var_dir / CLOCK

    def follow() -> None:
        while not stop.wait(_EVERY_S):
            set_present(place, _present(chain, first))

    set_present(place, end_of_day(first) + _AHEAD)
    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def fed_through(chain: Chain) -> int:
    """Ordinal of the last day that the watch has taken in; 0 before the first."""
    with redis.Redis.from_url(chain.stack.settings.redis_url) as client:
        fed = read_fed_through(client)
    return fed.toordinal() if fed else 0


def _present(chain: Chain, first: date) -> datetime:
    """A while after the last day that was fed; the true present once that has come."""
    try:
        with redis.Redis.from_url(chain.stack.settings.redis_url) as client:
            fed = read_fed_through(client) or first
    except redis.RedisError:  # it is being killed
        return datetime.fromisoformat((chain.stack.var_dir / CLOCK).read_text("ascii"))
    return min(end_of_day(fed) + _AHEAD, datetime.now(UTC))
