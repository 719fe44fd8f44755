"""Runs of a small board as the health detector sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scrapers.health.history import Facts, History
from scrapers.health.notes import FIELDS, Notes, Seen, Sentinel, name_mark
from scrapers.health.periods import Assessment, assess

START = datetime(2026, 3, 2, 3, tzinfo=UTC)


def advert(number: int, *, lost: Iterable[str] = (), **changes: object) -> Seen:
    """An advert of one of nine employers; every second one states pay."""
    filled = set(FIELDS) - set(lost) - ({"pay"} if number % 2 else set())
    found = Seen(
        filled=frozenset(filled), title=name_mark(f"title {number % 13}"),
        employer=name_mark(f"employer {number % 9}"), place=name_mark(f"place {number}"),
        language="lo", length=900, company_title=False,
    )  # fmt: skip
    if "employer" in lost:
        changes["employer"] = ""
    return replace(found, **changes)  # type: ignore[arg-type]


class Watching:
    """A board crawled once a day; what it knows and what it shows."""

    def __init__(self, *, listed: int = 30) -> None:
        self.history = History()
        self.day = 0
        self.listed = listed
        self.number = 0

    def crawl(
        self, new: Iterable[Seen] = (), *, gone: int = 0, again: Iterable[Seen | None] = (),
        refused: Iterable[str] = (), answered: bool = True, listed: int | None = None,
        latency_s: float = 0.2, repeats: int = 0, unread: int = 0, failed: int = 0,
        accepted: bool = False, hours: float = 24, texts: int = 0, twice: int = 0,
    ) -> Assessment:  # fmt: skip
        """One crawl; `again` are the first sentinels as they are read now."""
        self.day += 1
        notes, read = Notes(), list(new)
        for seen in read:
            self.number += 1
            notes.read.append(Sentinel(posting_id=str(self.number), seen=seen))
        notes.new = len(read) + unread
        notes.failures.update(refused)
        notes.latencies = [latency_s] * 5 if answered else []
        notes.listed = self.listed if listed is None else listed
        notes.repeats, notes.adverts_failed = repeats, failed
        notes.texts, notes.encoded_twice = texts, twice
        held = self.history.sentinels
        for sentinel, now in zip(held, again, strict=False):
            notes.read_again[sentinel.posting_id] = now
        facts = Facts(
            now=START + timedelta(hours=hours * self.day), answered=answered, complete=answered,
            full=True, settles=True, listed=notes.listed, shown=self.listed, gone=gone,
            seen_before=None, present=frozenset(s.posting_id for s in held),
        )  # fmt: skip
        found = assess(
            self.history, notes, facts, source_id="b", run_id=f"b:{self.day}", accepted=accepted
        )
        self.history = found.history
        return found

    def live(self, days: int, *, each: int = 2) -> list[Assessment]:
        """Ordinary days: `each` new adverts, one gone, three sentinels as they were."""
        return [
            self.crawl(
                [advert(self.number + i) for i in range(1, each + 1)], gone=1, again=self.kept()
            )
            for _ in range(days)
        ]

    def kept(self, count: int = 3) -> list[Seen | None]:
        """The sentinels as they were."""
        return [sentinel.seen for sentinel in self.history.sentinels[:count]]

    def lost(self, *names: str, count: int = 3) -> list[Seen | None]:
        """The sentinels without some fields."""
        held = self.history.sentinels[:count]
        return [replace(s.seen, filled=s.seen.filled - set(names)) for s in held]
