"""Known adverts read again: what tells a change of the layout from one of the content. Pure.

An advert that is still listed unchanged says what it said before. A field that was read of it and
no longer is was lost on the way, however few adverts are new today.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from scrapers.health.history import COVERAGE, SHORT, Check, History, share_of
from scrapers.health.notes import Notes
from scrapers.health_records import HealthReason

PER_RUN: Final = 3
"""Adverts read again by one run."""
_EVERY: Final = timedelta(hours=20)
"""How often they are read again while nothing is in doubt."""
_R = HealthReason


def due_sentinels(history: History, now: datetime) -> frozenset[str]:
    """Adverts of which this run reads `PER_RUN` again: once a day, and in each run in doubt."""
    doubt = history.period is not None or history.suspicious
    rested = history.sentinels_at is None or now - history.sentinels_at >= _EVERY
    if not doubt and not rested:
        return frozenset()
    return frozenset(sentinel.posting_id for sentinel in history.sentinels)


def check_sentinels(history: History, notes: Notes) -> list[Check]:
    """For each thing an advert had before: of how many it is still read."""
    before = {sentinel.posting_id: sentinel.seen for sentinel in history.sentinels}
    pairs = [(before[key], now) for key, now in notes.read_again.items() if key in before]
    checks = []
    for name, reason in COVERAGE.items():
        kept = [bool(now and name in now.filled) for was, now in pairs if name in was.filled]
        checks.append(_kept(reason, f"kept:{name}", kept))
    read = [(was, now) for was, now in pairs if now is not None]
    same = [_is_as_usual(history, was.language, now.language) for was, now in read]
    checks.append(_kept(_R.LANGUAGE_CHANGED, "kept:language", same))
    long = [now.length >= SHORT * was.length for was, now in read]
    checks.append(_kept(_R.TEXT_SHRANK, "kept:text", long))
    crossed = [
        was.title != was.employer and (now.title == was.employer or now.employer == was.title)
        for was, now in read
    ]
    order = Check(
        reason=_R.FIELDS_SWAPPED, key="kept:order", hits=sum(crossed), n=len(crossed), rises=True
    )
    return [*checks, order]


def _kept(reason: HealthReason, key: str, kept: list[bool]) -> Check:
    return Check(reason=reason, key=key, hits=sum(kept), n=len(kept))


def _is_as_usual(history: History, was: str, now: str) -> bool:
    """Whether an advert is in the language it was in, or in one that this source uses more.

    A sentinel may have been read while a fault went unnoticed; its return is no second fault.
    """
    usual = {name: share_of(history, f"language:{name}") for name in (was, now)}
    return now == was or (usual[now].is_known and usual[now].expected > usual[was].expected)
