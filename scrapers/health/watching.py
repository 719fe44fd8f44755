"""A finished crawl judged: what its run and report say becomes facts, and the verdict a record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from scrapers.frontier import Known, Standing
from scrapers.health.history import Facts, History
from scrapers.health.periods import assess
from scrapers.health.store import HealthStore
from scrapers.health_records import RunHealth, SourceMark
from scrapers.parsing.dates import local_day
from scrapers.report import Report
from scrapers.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What follows from a run for closing, for the next runs and for the warehouse."""

    record: RunHealth
    history: History
    marks: tuple[SourceMark, ...] = ()
    holds_closing: bool = False
    read_again: tuple[str, ...] = ()
    accepted: bool = False
    """Whether an operator's word was followed."""


def watch_run(
    run: Run, report: Report, history: History, *, accepted: bool, settles: bool | None = None
) -> Watched:
    """Judge a run that has ended, before its absences are counted.

    A run that was put off to another hour is measured and not judged: that was our doing.

    Args:
        settles: whether absence means something; default: as the source declares.
    """
    notes = run.notes
    notes.listed = len(run.listed)
    notes.adverts_failed = _failed(run, report)
    doubtful = set(history.doubtful)
    shown = [
        key
        for key, known in run.frontier.known.items()
        if key not in doubtful and _should_show(known, run)
    ]
    gone = sum(key not in run.listed for key in shown)
    facts = _facts(run, report, history, len(shown), gone)
    facts = facts if settles is None else replace(facts, settles=settles)
    measured = notes.measured(
        full=report.full,
        employers=history.employers,
        titles=history.titles,
        open_before=len(shown),
        vanished=gone if facts.tells else 0,
    )
    if report.postponed is not None:
        return Watched(record=measured, history=history)
    assessed = assess(
        history, notes, facts, source_id=run.source.id, run_id=run.run_id, accepted=accepted
    )
    return Watched(
        record=replace(measured, verdict=assessed.verdict, findings=assessed.findings),
        history=assessed.history,
        marks=assessed.marks,
        holds_closing=assessed.holds_closing,
        read_again=assessed.read_again,
        accepted=accepted,
    )


def read_again(run: Run, posting_ids: Collection[str]) -> None:
    """Let the next run read again what was read while the source was not believed."""
    known = run.frontier.known
    held = {key: known[key] for key in posting_ids if key in known}
    run.frontier.remember(
        {
            key: replace(entry, digest="", adopt=False)
            for key, entry in held.items()
            if entry.standing is not Standing.WITHDRAWN
        }
    )


def _facts(run: Run, report: Report, history: History, shown: int, gone: int) -> Facts:
    return Facts(
        now=run.now,
        answered=report.pages_read > 0,
        complete=report.listing_complete,
        full=report.full,
        settles=run.source.lists_everything,
        listed=len(run.listed),
        shown=shown,
        gone=gone,
        seen_before=run.frontier.last_run_at,
        present=frozenset(s.posting_id for s in history.sentinels) & run.listed,
    )


def _should_show(known: Known, run: Run) -> bool:
    """Open, not missed before, and with no reason to close by today."""
    if known.standing is not Standing.OPEN or known.misses:
        return False
    return known.closes_on is None or known.closes_on >= local_day(run.now)


def _failed(run: Run, report: Report) -> int:
    """Adverts without answer, with those that were not asked for any more after an obstacle."""
    if report.detail_obstacle is None:
        return report.details_failed
    answered = len(run.notes.read) + run.notes.failures.total() + report.details_disallowed
    return max(report.details_failed, run.notes.wanted - answered)


async def watch_file(run: Run, store: HealthStore, *, complete: bool) -> Watched:
    """Judge a file of postings that was read to its end, as a crawl whose listing it is.

    Args:
        complete: whether postings that the file does not list are taken to have ended.
    """
    report = Report(full=complete)
    report.pages_read = 1
    accepted = await store.is_accepted()
    watched = watch_run(run, report, store.history, accepted=accepted, settles=complete)
    read_again(run, watched.read_again)
    return watched
