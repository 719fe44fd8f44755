"""robots.txt as it was read, remembered between requests and runs (RFC 9309)."""

from __future__ import annotations

from time import monotonic
from urllib.parse import urlsplit

from protego import Protego

from scrapers.hours import Hours, stated_hours

PRODUCT_TOKEN = "labourwatch"  # noqa: S105
"""The name by which a robots.txt addresses us."""
LARGEST = 512_000
"""Bytes of a robots.txt that are read; RFC 9309 asks for 500 KiB at least."""


class RobotsMemory:
    """Rules by origin, for an hour (RFC 9309: a day at most), so that a long crawl notices a
    change and a short one does not ask before each run."""

    def __init__(self, keep_s: float = 3600.0) -> None:
        self._keep_s = keep_s
        self._rules: dict[str, tuple[float, Protego]] = {}
        self.delays: dict[str, float] = {}
        """Shortest delay between requests (seconds) that robots.txt asks for, by `host_key`."""
        self.hours: dict[str, Hours] = {}
        """`Visit-time` by `host_key`."""

    def get(self, origin: str) -> Protego | None:
        """Rules read less than `keep_s` ago."""
        read_at, rules = self._rules.get(origin, (0.0, None))
        return rules if rules is not None and monotonic() - read_at < self._keep_s else None

    def put(self, origin: str, text: str) -> Protego:
        """Remember a robots.txt just read."""
        rules = Protego.parse(text)
        self._rules[origin] = (monotonic(), rules)
        key = host_key(origin)
        self.delays[key] = stated_delay(rules)
        stated = rules.visit_time(PRODUCT_TOKEN)
        hours = stated_hours(stated.start_time, stated.end_time) if stated else None
        if hours is not None:
            self.hours[key] = hours
        else:
            self.hours.pop(key, None)
        return rules


def stated_delay(rules: Protego) -> float:
    """Seconds between two requests by `Crawl-delay` and `Request-rate`; 0 where neither is said."""
    delay = float(rules.crawl_delay(PRODUCT_TOKEN) or 0.0)
    rate = rules.request_rate(PRODUCT_TOKEN)
    if rate is not None and rate.requests:
        delay = max(delay, rate.seconds / rate.requests)
    return delay


def host_key(url: str) -> str:
    """What shares one limit: a host; on this machine a host and port, since the demonstration's
    boards are told apart by nothing else."""
    parts = urlsplit(url)
    host = wired(parts.hostname or "")
    return parts.netloc if host in ("127.0.0.1", "::1", "localhost") else host


def wired(host: str) -> str:
    """A host's name as it is asked for: lower case, Lao and other letters in their ASCII form."""
    try:
        return host.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return host.lower()
