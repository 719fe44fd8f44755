"""How long vacancies were advertised, as survival analysis takes it: spells and their bounds. Pure.

A spell is an unbroken time in which a vacancy stood in at least one posting; a re-post begins the
next. No moment is made up: where crawls, an outage or the start of our observation leave a gap,
the spell carries both ends of the gap. Moments are milliseconds since 1970 (UTC).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from streams.endings import end_of_day
from streams.records import EndCause
from streams.state import millis

DAY_MS: Final = 86_400_000
OLDEST_STATED_MS: Final = 365 * DAY_MS
"""A stated posting date further back than this is not believed."""


class SpellStatus(StrEnum):
    """How a spell ended, as far as is known."""

    CLOSED = "closed"
    EXPIRED = "expired"
    """Stood until the closing date that it stated."""
    LAPSED = "lapsed"
    """Nothing is known of its end: known to be open until `ended_after` only."""
    OPEN = "open"
    """Listed at the latest crawl that counts; `ended_after` is that crawl."""
    UNKNOWN = "unknown"
    """Not known to have ended, but its sources fail; last confirmed at `ended_after`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One spell. It began within [`started_after`, `started_before`] and was still open at
    `ended_after`; where it ended, it did so by `ended_before`."""

    vacancy_id: str
    number: int
    """0 for the first spell; above, how often the vacancy had been re-posted."""
    province: str
    isco08: str
    source_id: str
    """Source whose posting opened it."""
    started_after: int | None
    """`None`: it was listed before we looked and states no posting date: its age is unknown."""
    started_before: int
    entered_at: int
    """First sight: what ended before is not in the data (left truncation)."""
    ended_after: int
    ended_before: int | None
    """`None`: not known to have ended (right censoring)."""
    status: SpellStatus


class Change(NamedTuple):
    """A change of a vacancy's stock: +1 opened or re-posted, -1 closed or expired, 0 retracted."""

    at: int
    stock: int
    posting_key: str
    source_id: str


class Sight(NamedTuple):
    """A posting seen for the first time, changed or again; the day it states, as an ordinal."""

    posting_key: str
    at: int
    stated: int | None


class End(NamedTuple):
    """The end of a posting; see `streams.records.PostingEnd`."""

    posting_key: str
    at: int
    after: int
    before: int
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that was stored of one vacancy."""

    vacancy_id: str
    province: str
    isco08: str
    changes: Sequence[Change]
    sights: Sequence[Sight]
    ends: Sequence[End]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How one source was watched."""

    looks: Sequence[int]
    """Successful crawls in order; of the whole listing where the source has one."""
    unseen_runs: int
    """Absences from `looks` at which a posting is withdrawn; 0: absence means nothing."""
    failing: bool
    """Whether the latest crawl did not succeed or is not believed."""

    def look_before(self, at: int) -> int | None:
        """The last look before `at`; `None`: there was none, so what it saw may be old."""
        place = bisect_left(self.looks, at)
        return self.looks[place - 1] if place else None

    def confirmed(self, seen_at: int) -> int:
        """Until when a posting seen at `seen_at` and not withdrawn is known to be open.

        It may have been missing from the last looks, fewer than make it withdrawn.
        """
        if not self.unseen_runs or len(self.looks) < self.unseen_runs:
            return seen_at
        return max(seen_at, self.looks[-self.unseen_runs])


UNWATCHED: Final = Watch(looks=(), unseen_runs=0, failing=False)


def spells_of(history: History, watches: Mapping[str, Watch]) -> Iterator[Spell]:
    """The spells of one vacancy, in order."""
    floor: int | None = None
    for number, (opened, closed) in enumerate(_pairs(history.changes)):
        until = None if closed is None else closed.at
        ends = [e for e in history.ends if opened.at <= e.at and (until is None or e.at <= until)]
        after, before, status = (
            _open_until(history, opened, ends, watches) if closed is None else _ended(opened, ends)
        )
        earliest, latest = _origin(history, opened, watches, floor)
        yield Spell(
            vacancy_id=history.vacancy_id,
            number=number,
            province=history.province,
            isco08=history.isco08,
            source_id=opened.source_id,
            started_after=earliest,
            started_before=latest,
            entered_at=opened.at,
            ended_after=after,
            ended_before=before,
            status=status,
        )
        floor = after


def _pairs(changes: Sequence[Change]) -> Iterator[tuple[Change, Change | None]]:
    """Each opening with its closing, `None` while it is open."""
    opened: Change | None = None
    # A posting can be seen and found past its date by one crawl: the opening comes first, unless
    # the vacancy is open already.
    for change in sorted(changes, key=lambda c: (c.at, -c.stock)):
        if change.stock > 0:
            opened = opened or change
        elif opened is not None and change.stock < 0:
            yield opened, change
            opened = None
    if opened is not None:
        yield opened, None


def _ended(opened: Change, ends: Sequence[End]) -> tuple[int, int | None, SpellStatus]:
    """A vacancy ends with the last of its postings; each end is known as an interval."""
    known = [end for end in ends if end.cause != EndCause.LAPSED]
    after = max((end.after for end in ends), default=opened.at)
    if not known or any(e.before > after for e in ends if e.cause == EndCause.LAPSED):
        return after, None, SpellStatus.LAPSED
    last = max(known, key=lambda end: (end.before, end.after))
    return after, max(last.before, after), SpellStatus(last.cause)


def _open_until(
    history: History, opened: Change, ends: Sequence[End], watches: Mapping[str, Watch]
) -> tuple[int, None, SpellStatus]:
    gone = {end.posting_key: end.at for end in sorted(ends, key=lambda end: end.at)}
    seen: dict[str, int] = {}
    for sight in history.sights:
        if sight.at >= opened.at and sight.at > gone.get(sight.posting_key, sight.at - 1):
            seen[sight.posting_key] = max(sight.at, seen.get(sight.posting_key, sight.at))
    standing = seen or {opened.posting_key: opened.at}
    at = {key: watches.get(key.partition(":")[0], UNWATCHED) for key in standing}
    failing = all(watch.failing for watch in at.values())
    until = max(watch.confirmed(standing[key]) for key, watch in at.items())
    after = max([until, *(end.after for end in ends)])
    return after, None, SpellStatus.UNKNOWN if failing else SpellStatus.OPEN


def _origin(
    history: History, opened: Change, watches: Mapping[str, Watch], floor: int | None
) -> tuple[int | None, int]:
    """Bounds of the beginning: the stated day where believed, else the looks on either side.

    `floor`: when the vacancy's spell before was last seen open. What a source's first look found
    may be old, and so may be a date of that very day: boards renew the dates of their adverts.
    """
    watch = watches.get(opened.source_id, UNWATCHED)
    looked = watch.look_before(opened.at)
    stated = _stated_day(history, opened)
    if floor is not None:
        begun = max(floor, looked or floor)
        return _within(stated, begun, opened.at) or (begun, opened.at)
    if looked is not None:
        # A date before the last look, which did not list it, is that of an advert taken over.
        return _within(stated, looked, opened.at) or stated or (looked, opened.at)
    if stated is None or (watch.looks and stated[1] > opened.at):
        return None, opened.at
    return stated[0], min(stated[1], opened.at)


def _stated_day(history: History, opened: Change) -> tuple[int, int] | None:
    """Beginning and end of the posting date that the opening posting states, if credible."""
    for sight in history.sights:
        if sight.posting_key == opened.posting_key and sight.at == opened.at and sight.stated:
            over = millis(end_of_day(date.fromordinal(sight.stated)))
            if opened.at - OLDEST_STATED_MS < over <= opened.at + DAY_MS:
                return over - DAY_MS, over
    return None


def _within(day: tuple[int, int] | None, begun: int, seen: int) -> tuple[int, int] | None:
    """The part of `day` after `begun` and up to `seen`; `None` where there is none."""
    if day is None or day[1] <= begun or day[0] >= seen:
        return None
    return max(day[0], begun), min(day[1], seen)
