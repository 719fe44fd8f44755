"""What a crawl's answers mean for the next visits, and the runs that are not made."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from scrapers.context import CrawlContext
from scrapers.items import RunOutcome, SourceRun
from scrapers.publish import DeliveryError
from scrapers.refusals import Absence, asked_to_wait, refused_again
from scrapers.report import Report
from scrapers.runs import Run
from scrapers.sources import Source

LOG = logging.getLogger(__name__)
_REPORTED_EVERY: Final = timedelta(hours=1)
LOOK_AGAIN_S: Final = 30.0
"""How soon an operator's word that a source may be asked again is heard."""


async def settle_absence(
    source: Source, context: CrawlContext, report: Report, record: SourceRun
) -> None:
    """Keep away from a source that refused us or named a time; forget it where it answered."""
    before = await context.absences.last(source)
    # From now, not from the run's event time: the site counts from its answer.
    now, wait = context.clock(), report.retry_after_s
    if report.refusal:
        absence = refused_again(before, source, report.refusal, now, wait)
    elif wait and report.obstacle is not None:
        absence = asked_to_wait(before, source, report.obstacle.detail, now, wait)
    elif before is not None and record.outcome is RunOutcome.OK:
        await context.absences.end(source.id)
        return
    else:
        return
    await context.absences.keep(source.id, absence)


class Doorstep:
    """Waiting before a source that is not to be asked, and reporting so once an hour."""

    def __init__(self, source: Source, context: CrawlContext) -> None:
        self._source, self._context = source, context
        self._reported_at: datetime | None = None

    async def wait_s(self) -> float:
        """Seconds until it is worth looking again; 0 where the source may be asked now."""
        now = self._context.clock()
        absence = await self._context.absences.last(self._source)
        if absence is None or absence.until <= now:
            self._reported_at = None
            return 0.0
        if absence.times and (
            self._reported_at is None or now - self._reported_at >= _REPORTED_EVERY
        ):
            try:
                await self._report(absence, now)
                self._reported_at = now
            except DeliveryError as error:
                LOG.warning("%s: absence not reported yet: %s", self._source.id, error)
        return min(LOOK_AGAIN_S, (absence.until - now).total_seconds())

    async def _report(self, absence: Absence, now: datetime) -> None:
        """A run without a request: the source counts as refused, not as forgotten, and postings
        still end on the day they stated."""
        frontier = await self._context.frontier(self._source.id)
        outbox, clock = self._context.publisher.outbox(), self._context.clock
        run = Run(self._source, frontier, outbox, now=now, clock=clock)
        last_run_at = frontier.last_run_at
        await run.expire()
        frontier.last_run_at = last_run_at
        detail = f"not asked until {absence.until:%Y-%m-%d %H:%M} UTC: {absence.detail}"
        try:
            await run.deliver(run.conclude(RunOutcome.REFUSED, detail))
        except DeliveryError:
            await frontier.load()
            raise
