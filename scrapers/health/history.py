"""What is remembered of a source's health between crawls. Records and how they learn; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import log, log1p
from typing import Final

from scrapers.health.evidence import Level, Rate, Share, learned, weight_of
from scrapers.health.notes import MOST_NAMES, Notes, Sentinel
from scrapers.health_records import HealthReason, Verdict

MOST_DOUBTFUL: Final = 20_000
MOST_SENTINELS: Final = 12
_TEXT_RUNS: Final = 200
_KEPT, _SWAP = Share(hits=100.0, n=100.0), Share(hits=0.0, n=100.0)
"""An advert seldom loses a field by its employer's hand: one in 200, until it is learned."""
_SOUND: Final = Share(hits=0.0, n=100.0)
"""Hardly any page is encoded twice, whatever the source."""
SHORT: Final = 0.25
"""A description below this part of the usual length is short."""
_R = HealthReason
COVERAGE: Final = {
    "title": _R.TITLE_COVERAGE_FELL,
    "employer": _R.EMPLOYER_COVERAGE_FELL,
    "place": _R.PLACE_COVERAGE_FELL,
    "description": _R.TEXT_COVERAGE_FELL,
    "date_posted": _R.POSTED_COVERAGE_FELL,
    "valid_through": _R.CLOSING_COVERAGE_FELL,
    "pay": _R.PAY_COVERAGE_FELL,
}
"""Field, as in `notes.FIELDS`, → the reason that tells of its loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a run is, beside what it noted."""

    now: datetime
    answered: bool
    """Whether any page of the listing could be read."""
    complete: bool
    """Whether all of its pages that were asked for were."""
    full: bool
    """Whether the whole listing was to be read."""
    settles: bool
    """Whether absence from this source's listing means anything."""
    listed: int
    shown: int
    """Open postings, not doubted and not past their day, that the listing should show."""
    gone: int
    """Those of them that it did not."""
    seen_before: datetime | None
    """Event time of the source's latest successful run, of whatever kind."""
    present: frozenset[str] = frozenset()
    """Sentinels that the listing still shows."""

    @property
    def tells(self) -> bool:
        """Whether the listing can be compared with what was open."""
        return self.answered and self.complete and self.full and self.settles


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One share to be judged: `hits` of `n`, against the share learned under `key`."""

    reason: HealthReason
    key: str
    hits: float
    n: float
    rises: bool = False
    """Whether the fault is a rise; else a fall."""
    pools: bool = True
    """Whether evidence of successive runs adds up: not where they show the same listing."""
    judged: bool = True
    """Else it is only learned."""
    forgets: bool = False
    """Whether one run without the fault ends it, marked or not: it holds nothing meanwhile."""
    chosen: bool = False
    """Whether employers decide it for their adverts: then it changes with them, and unchanged
    sentinels outweigh new adverts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of runs that cannot be believed."""

    mark_id: str
    kind: Verdict
    from_at: datetime
    reasons: frozenset[HealthReason]
    """Not yet cleared by evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything known of one source. Learned from healthy runs only."""

    shares: Mapping[str, Share] = field(default_factory=dict)
    latency: Level = field(default_factory=Level)
    text: Level = field(default_factory=Level)
    """Of ln(1 + characters)."""
    listed: Level = field(default_factory=Level)
    """Of ln(1 + postings listed)."""
    closing: Rate = field(default_factory=Rate)
    """Closings per posting and day."""
    opening: Rate = field(default_factory=Rate)
    """New postings a day."""
    runs: int = 0
    """Healthy runs with a whole listing."""
    healthy_at: datetime | None = None
    listed_at: datetime | None = None
    """Latest healthy run with a whole listing."""
    employers: tuple[str, ...] = ()
    """Hashes of the employers seen last, oldest first."""
    titles: tuple[str, ...] = ()
    sentinels: tuple[Sentinel, ...] = ()
    """Known adverts that are read again now and then: a change of theirs is one of the layout."""
    sentinels_at: datetime | None = None
    """When they were last read again."""
    suspicious: int = 0
    """Suspicious runs in a row."""
    incomplete: int = 0
    """Listings in a row that broke off."""
    odd: frozenset[HealthReason] = frozenset()
    """Reasons of the latest runs; the same for `odd_runs` runs since `odd_since`."""
    odd_since: datetime | None = None
    odd_runs: int = 0
    period: Period | None = None
    doubtful: tuple[str, ...] = ()
    """Postings published or refused by runs not believed: read again after recovery."""


def days_unseen(history: History, facts: Facts) -> float:
    """Days since the latest believed listing, else since any successful run; 1 where none was."""
    return _days(history.listed_at or facts.seen_before, facts.now)


def share_of(history: History, key: str) -> Share:
    """The share learned under `key`; those of sentinels and of encoding are known beforehand."""
    if key == "encoded":
        return history.shares.get(key, _SOUND)
    if key.startswith("kept:"):
        return history.shares.get(key, _SWAP if key == "kept:order" else _KEPT)
    return history.shares.get(key, Share())


def learn(history: History, notes: Notes, checks: list[Check], facts: Facts) -> History:
    """The history with a healthy run taken in."""
    shares = dict(history.shares)
    for check in checks:
        if check.n:
            shares[check.key] = learned(share_of(history, check.key), check.hits, check.n)
    text = history.text
    for posting in notes.postings:
        text = text.learn(log1p(posting.length), 1.0 / _TEXT_RUNS)
    named = [posting for posting in notes.postings if "employer" in posting.filled]
    weight = weight_of(_days(history.healthy_at, facts.now))
    latency = history.latency
    if notes.latencies:
        latency = latency.learn(log(max(notes.median_latency_s, 1e-4)), weight)
    history = replace(
        history,
        shares=shares,
        latency=latency,
        text=text,
        healthy_at=facts.now,
        employers=_latest(history.employers, [posting.employer for posting in named]),
        titles=_latest(history.titles, [posting.title for posting in named]),
        sentinels=_sentinels(history, notes, facts),
        sentinels_at=history.sentinels_at or facts.now,
    )
    return _learn_listing(history, notes, facts) if facts.full and facts.complete else history


def _learn_listing(history: History, notes: Notes, facts: Facts) -> History:
    days = days_unseen(history, facts)
    weight = weight_of(days)
    first = not history.runs
    return replace(
        history,
        runs=history.runs + 1,
        listed_at=facts.now,
        listed=history.listed.learn(log1p(facts.listed), weight),
        closing=history.closing.learn(facts.gone, facts.shown * days, days),
        opening=history.opening if first else history.opening.learn(notes.new, days, days),
    )


def _sentinels(history: History, notes: Notes, facts: Facts) -> tuple[Sentinel, ...]:
    """The adverts that fill most fields, the newest of equals, as long as they are listed."""
    whole = facts.full and facts.complete
    held = [s for s in history.sentinels if not whole or s.posting_id in facts.present]
    fresh = {sentinel.posting_id: sentinel for sentinel in (*held, *notes.read)}
    ranked = sorted(
        enumerate(fresh.values()), key=lambda p: (len(p[1].seen.filled), p[0]), reverse=True
    )
    return tuple(sentinel for _, sentinel in ranked[:MOST_SENTINELS])


def _days(before: datetime | None, now: datetime) -> float:
    return 1.0 if before is None else max((now - before).total_seconds() / 86_400, 0.0)


def _latest(held: tuple[str, ...], further: list[str]) -> tuple[str, ...]:
    fresh = list(dict.fromkeys(further))
    return (*(name for name in held if name not in set(fresh)), *fresh)[-MOST_NAMES:]
