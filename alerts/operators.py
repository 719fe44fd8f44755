"""What operators are told of a source's health: once when it goes wrong, once when it is over.

Pure. Only operators are told: a broken source is not news of the labour market.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from warehouse.marks import Mark

PATIENCE: Final = timedelta(minutes=10)
"""An outage shorter than this is not told, nor one that comes back within it told to be over."""
STILL_NEWS: Final = timedelta(days=7)
"""A notice that was decided earlier and never sent is not news any more."""
OUTAGE: Final = "outage"
VOLUME: Final = "volume"
"""A whole source shows fewer or more than the others do (`alerts.source_marks`)."""
PART: Final = "part"
"""A province or an occupation group of a source does."""
JOINING: Final = "joining"
"""A source is collected that was not before, and is not compared yet."""
OBJECTIVE: Final = "objective"
"""The service misses one of its own objectives (`alerts.objectives`)."""
_BESIDE: Final = frozenset({VOLUME, PART, JOINING, OBJECTIVE})
"""Kinds that are told whatever else a source's trouble is."""
UNDELIVERED: Final = "undelivered"
NOTICES: Final = "lw:operator:notices"
"""List in Redis of notices that are not sent yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A source's trouble that operators know of; it may span several marked periods."""

    source_id: str
    mark_id: str
    """Of the period with which it was told."""
    kind: str
    since: datetime
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to operators."""

    trouble: Trouble
    at: datetime
    over_at: datetime | None = None
    """First healthy crawl after it, or `None` while it lasts."""
    ending: str = ""
    """Why it ended: `scrapers.health_records.MarkEnd`."""

    @property
    def topic(self) -> str:
        """What it is about, as `topic_of` has it."""
        return _topic(self.trouble.source_id, self.trouble.kind)

    @property
    def message_id(self) -> str:
        """The same for the same notice, however often it is sent."""
        mark = blake2b(self.trouble.mark_id.encode(), digest_size=8).hexdigest()
        return f"source-{mark}.{'over' if self.over_at else 'begun'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is to be sent, and the troubles that operators know of afterwards, by `topic`."""

    notices: tuple[Notice, ...]
    troubles: Mapping[str, Trouble]


def tell(marks: Sequence[Mark], troubles: Mapping[str, Trouble], now: datetime) -> Told:
    """Compare marked periods with what operators know.

    A change of a source is told at once, an outage when it has lasted for `PATIENCE`; either is
    over when no period has been open for as long.

    Args:
        marks: all periods, or those of the sources in question, in any order.
    """
    by_topic: dict[str, list[Mark]] = {topic: [] for topic in troubles}
    for mark in marks:
        by_topic.setdefault(topic_of(mark), []).append(mark)
    notices: list[Notice] = []
    known = dict(troubles)
    for topic, periods in sorted(by_topic.items()):
        standing = next((mark for mark in periods if mark.to_at is None), None)
        if topic in known:
            over = None if standing else _over(known[topic], periods, now)
            if over is not None:
                notices.append(over)
                del known[topic]
        elif standing is not None and _is_due(standing, now):
            known[topic] = _trouble(standing)
            notices.append(Notice(trouble=known[topic], at=now))
    return Told(notices=tuple(notices), troubles=known)


def topic_of(mark: Mark) -> str:
    """What is one trouble at a time: a source's health, and apart from it each other kind."""
    return _topic(mark.source_id, mark.kind)


def _topic(source_id: str, kind: str) -> str:
    return f"{source_id}|{kind}" if kind in _BESIDE else source_id


def remembered(decided: Sequence[Notice], sent: Collection[str], now: datetime) -> Told:
    """What operators know of after all notices that were decided, oldest first.

    Args:
        sent: `message_id` of those that a mail server took; lately decided others are told again.
    """
    troubles: dict[str, Trouble] = {}
    for notice in decided:
        if notice.over_at is None:
            troubles[notice.topic] = notice.trouble
        else:
            troubles.pop(notice.topic, None)
    unsent = (one for one in decided if one.message_id not in sent)
    return Told(
        notices=tuple(one for one in unsent if now - one.at <= STILL_NEWS), troubles=troubles
    )


def _is_due(mark: Mark, now: datetime) -> bool:
    return mark.kind != OUTAGE or now - mark.opened_at >= PATIENCE


def _trouble(mark: Mark) -> Trouble:
    return Trouble(
        source_id=mark.source_id,
        mark_id=mark.mark_id,
        kind=mark.kind,
        since=mark.from_at,
        reason=mark.reason,
        evidence=mark.evidence,
    )


def _over(trouble: Trouble, periods: Sequence[Mark], now: datetime) -> Notice | None:
    """The end of a trouble, once it has lasted; a source without any period left has ended too."""
    last = max(periods, key=lambda mark: mark.to_at or now, default=None)
    if last is None or last.to_at is None or now - last.to_at < PATIENCE:
        return None
    return Notice(trouble=trouble, at=now, over_at=last.to_at, ending=last.reason)
