"""The archive spider: a source's past days, fetched ahead and handed over in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import msgspec
from scrapy import Spider
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from scrapers.manners import Manners
from scrapers.parsing.dates import VIENTIANE
from scrapers.sources import Source
from scrapers.spiders.source import obstacle_of

_OUTAGE: Final = 503
_NO_ARCHIVE: Final = 404


class _Index(msgspec.Struct):
    days: list[date]


class DayAnswer(msgspec.Struct):
    """An archive's answer for one observed day; postings stay bytes until they are needed."""

    observed_at: datetime
    postings: list[msgspec.Raw] = []
    listed_ids: list[str | int] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedDay:
    """One day of one source; `answer` is `None` for a day on which the source failed."""

    day: date
    observed_at: datetime
    answer: DayAnswer | None
    detail: str = ""
    days_left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveBroken:
    """The archive cannot be read further now; what was handed over before is good."""

    detail: str


Handed = ArchivedDay | ArchiveBroken | None
"""What the spider puts into its queue; `None` is the end."""


class ArchiveSpider(Spider):
    """Reads days after `after`, at most `window` ahead of what has been taken from `days`.

    The reader of the queue calls `taken()` for every day it has taken.
    """

    name = "archive"

    def __init__(
        self,
        *,
        source: Source,
        manners: Manners,
        after: str,
        days: asyncio.Queue[Handed],
        window: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if source.archive is None:
            raise ValueError(f"source {source.id} has no archive")
        self.source, self._spec, self._after = source, source.archive, after
        self.manners = manners
        self._days = days
        self._room = asyncio.Semaphore(window)
        self._ready: dict[int, ArchivedDay | ArchiveBroken] = {}
        self._next = 0
        self._total = 0
        self.broken = False

    def taken(self) -> None:
        """A day has been taken from the queue: another may be fetched."""
        self._room.release()

    def give_up(self) -> None:
        """Ask for no further day."""
        self.broken = True
        self._room.release()

    async def start(self) -> AsyncIterator[Request]:
        """The archive's index."""
        yield Request(
            self.source.absolute(self._spec.index),
            callback=self.parse_index,
            errback=self._index_failed,
            meta={"dont_cache": True},
        )

    async def parse_index(self, response: Response) -> AsyncIterator[Request]:
        """Requests of the days that are still to be read, as fast as they are taken."""
        if response.status == _NO_ARCHIVE:
            return
        try:
            index = msgspec.json.decode(response.body, type=_Index)
        except msgspec.DecodeError as error:
            self._broken(f"index: HTTP {response.status}: {error}")
            return
        days = sorted(day for day in index.days if day.isoformat() > self._after)
        self._total = len(days)
        for number, day in enumerate(days):
            await self._room.acquire()
            if self.broken:
                return
            yield Request(
                self.source.absolute(self._spec.day.replace("{date}", day.isoformat())),
                callback=self.parse_day,
                errback=self._day_failed,
                cb_kwargs={"number": number, "day": day},
                meta={"dont_cache": True, "number": number, "tells_outages": True},
                priority=-number,
                dont_filter=True,
            )

    def parse_day(self, response: Response, number: int, day: date) -> None:
        """One day, handed over when all days before it have been."""
        left = self._total - number - 1
        noon = datetime.combine(day, time(12), VIENTIANE).astimezone(UTC)
        if response.status == _OUTAGE:
            detail = "HTTP 503: unavailable on this day"
            found: ArchivedDay | ArchiveBroken = ArchivedDay(
                day=day, observed_at=noon, answer=None, detail=detail, days_left=left
            )
        elif response.status != 200:
            found = ArchiveBroken(detail=f"{day}: HTTP {response.status}")
        else:
            found = _read_day(day, noon, response.body, left)
        self._hand_over(number, found)

    def _hand_over(self, number: int, found: ArchivedDay | ArchiveBroken) -> None:
        self._ready[number] = found
        while self._next in self._ready and not self.broken:
            ready = self._ready.pop(self._next)
            self._next += 1
            self.broken = isinstance(ready, ArchiveBroken)
            self._days.put_nowait(ready)

    def _day_failed(self, failure: Failure) -> None:
        request: Any = failure.request  # type: ignore[attr-defined]
        broken = ArchiveBroken(detail=obstacle_of(failure).detail)
        self._hand_over(request.meta["number"], broken)

    def _index_failed(self, failure: Failure) -> None:
        self._broken(f"index: {obstacle_of(failure).detail}")

    def _broken(self, detail: str) -> None:
        self.broken = True
        self._days.put_nowait(ArchiveBroken(detail=detail))


def _read_day(day: date, noon: datetime, body: bytes, left: int) -> ArchivedDay:
    """A day's answer; one that cannot be read is a failed observation of that day."""
    try:
        answer = msgspec.json.decode(body, type=DayAnswer)
    except (msgspec.DecodeError, RecursionError) as error:
        detail = f"archive page unreadable: {error}"
        return ArchivedDay(day=day, observed_at=noon, answer=None, detail=detail, days_left=left)
    observed_at = answer.observed_at
    if observed_at.tzinfo is None:
        observed_at = observed_at.replace(tzinfo=VIENTIANE)
    return ArchivedDay(
        day=day, observed_at=observed_at.astimezone(UTC), answer=answer, days_left=left
    )
