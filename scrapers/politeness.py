"""What an answer says about whether we may go on, and how long to wait. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from scrapers.items import RunOutcome

_REFUSING: Final = frozenset({401, 402, 403, 407, 451})
_CHALLENGE_HEADERS: Final = {"cf-mitigated": "challenge", "x-vercel-mitigated": "challenge"}
_CHALLENGE_TEXTS: Final = (
    b"just a moment...",
    b"security checkpoint",
    b"checking your browser",
    b"cf-challenge",
    b"captcha",
    b"attention required! | cloudflare",
)
_CHALLENGE_STATUSES: Final = frozenset({200, 401, 403, 429, 503})
_LARGEST_CHALLENGE: Final = 60_000
_LONGEST_WAIT_S: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why an answer is not the content: what it means for the run, and for whom to read."""

    outcome: RunOutcome
    detail: str
    retry_after_s: float | None = None
    challenge: bool = False


def find_obstacle(
    status: int, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> Obstacle | None:
    """Whether an answer refuses us or fails; `None` for content.

    A challenge page is recognised by its headers or by short pages with its usual words; it is
    never answered. Header names are lower case.
    """
    if _is_challenge(status, headers, body):
        detail = f"HTTP {status}: a challenge page; not bypassed"
        return Obstacle(outcome=RunOutcome.REFUSED, detail=detail, challenge=True)
    if status in _REFUSING:
        return Obstacle(outcome=RunOutcome.REFUSED, detail=f"HTTP {status}: access refused")
    if status in (429, 503):
        wait = retry_after(headers.get("retry-after", ""), now)
        detail = "too many requests" if status == 429 else "unavailable"
        return Obstacle(
            outcome=RunOutcome.FAILED, detail=f"HTTP {status}: {detail}", retry_after_s=wait
        )
    if status >= 400 or (300 <= status < 400 and status != 304):
        return Obstacle(outcome=RunOutcome.FAILED, detail=f"HTTP {status}")
    return None


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds asked for by a Retry-After header (seconds or an HTTP date), at most a day."""
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


def next_delay_s(schedule_s: float, failures: int, retry_after_s: float | None = None) -> float:
    """Seconds until the next run: the schedule, doubled for each successive failure up to 8-fold,
    and never sooner than the source asked for."""
    backed_off = schedule_s * float(1 << min(failures, 3))
    return max(backed_off, retry_after_s or 0.0)


def forbidden_address(addresses: Iterable[str], *, loopback_allowed: bool) -> str | None:
    """The first address that must not be asked: anything not global, save loopback where the
    source itself is declared there."""
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None) or address
        if loopback_allowed and mapped.is_loopback:
            continue
        if not mapped.is_global or mapped.is_multicast:
            return text
    return None


def _is_challenge(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    for name, value in _CHALLENGE_HEADERS.items():
        if value in headers.get(name, "").lower():
            return True
    if status not in _CHALLENGE_STATUSES or len(body) > _LARGEST_CHALLENGE:
        return False
    content_type = headers.get("content-type", "text/html")
    if "html" not in content_type:
        return False
    if status == 200:
        return _title(body) in (b"just a moment...", b"vercel security checkpoint")
    lowered = body.lower()
    return any(text in lowered for text in _CHALLENGE_TEXTS)


def _title(body: bytes) -> bytes:
    lowered = body[:4096].lower()
    start = lowered.find(b"<title>")
    end = lowered.find(b"</title>", start)
    return lowered[start + 7 : end].strip() if 0 <= start < end else b""
