"""What an answer says about whether we may go on, and how long to wait. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from scrapers.challenges import challenge_by, login_wall
from scrapers.items import RunOutcome

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_REFUSING: Final = frozenset({401, 402, 403, 407, 451})
_LONGEST_WAIT_S: Final = 30 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why an answer is not the content: what it means for the run, and for whom to read."""

    outcome: RunOutcome
    detail: str
    retry_after_s: float | None = None
    challenge: bool = False
    by_rule: bool = False
    """Whether a rule of ours or the robots.txt forbade the request, and no answer refused it."""
    leave: bool = False
    """Whether the run ends at once, wherever it met this."""


def find_obstacle(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: datetime,
    url: str = "",
    asked: str = "",
) -> Obstacle | None:
    """Whether an answer refuses us or fails; `None` for content.

    Challenges and log-in walls are never answered. Header names are lower case.

    Args:
        url: the address that answered.
        asked: the address first asked for, before redirects.
    """
    service = challenge_by(status, headers, body)
    if service:
        detail = f"HTTP {status}: a challenge page of {service}; not bypassed"
        wait = retry_after(headers.get("retry-after", ""), now)
        return Obstacle(
            outcome=RunOutcome.REFUSED,
            detail=detail,
            retry_after_s=wait,
            challenge=True,
            leave=True,
        )
    wall = login_wall(status, headers, body, url, asked)
    if wall:
        return Obstacle(outcome=RunOutcome.REFUSED, detail=f"a log-in wall: {wall}; not passed")
    if status in _REFUSING:
        return Obstacle(outcome=RunOutcome.REFUSED, detail=f"HTTP {status}: access refused")
    if status in (429, 503):
        wait = retry_after(headers.get("retry-after", ""), now)
        detail = "too many requests" if status == 429 else "unavailable"
        return Obstacle(
            outcome=RunOutcome.FAILED,
            detail=f"HTTP {status}: {detail}",
            retry_after_s=wait,
            leave=True,
        )
    if status >= 400 or (300 <= status < 400 and status != 304):
        return Obstacle(outcome=RunOutcome.FAILED, detail=f"HTTP {status}")
    return None


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds asked for by a Retry-After header (seconds or an HTTP date), at most 30 days."""
    text = value.strip()
    if text.isdecimal() and len(text) < 10:
        return min(float(text), _LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        return None
    return min(max((moment - now).total_seconds(), 0.0), _LONGEST_WAIT_S)


def next_delay_s(schedule_s: float, failures: int) -> float:
    """Seconds from one run to the next: the schedule, doubled for each successive failure up to
    8-fold."""
    return schedule_s * float(1 << min(failures, 3))


def forbidden_address(addresses: Iterable[str], *, loopback_allowed: bool) -> str | None:
    """The first address that must not be asked: anything not global, save loopback where the
    source itself is declared there."""
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        mapped = _embedded(address)
        if loopback_allowed and mapped.is_loopback:
            continue
        if not mapped.is_global or mapped.is_multicast:
            return text
    return None


def _embedded(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that an IPv6 one leads to (mapped, 6to4, NAT64); else the address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
