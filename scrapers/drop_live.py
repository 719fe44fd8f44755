"""One look at a place where files are dropped: what is new there is read, once, and remembered."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from scrapers.context import CrawlContext
from scrapers.drop_places import ChangedMeanwhileError, DropPlace, Folder, PlaceError
from scrapers.drop_sftp import SftpFolder
from scrapers.drop_spec import DropSpec, Place
from scrapers.drop_store import DropMemory, FileRead
from scrapers.drop_web import WebFile
from scrapers.drops import DroppedFile, Verdict, in_order, judge_file, judge_rows
from scrapers.formats.rows import Layout, TableError
from scrapers.frontier import Standing
from scrapers.health.watching import Watched, watch_file
from scrapers.items import LetterForm, RunOutcome, SourceRun, Stage
from scrapers.letters import Original
from scrapers.parsing.columns import ColumnError, TableKind
from scrapers.parsing.posting import Refusal, Refused
from scrapers.politeness import Obstacle
from scrapers.reading import Entry
from scrapers.report import Crawled, Report
from scrapers.runs import Run
from scrapers.sources import Source
from scrapers.staying_away import settle_absence
from scrapers.table_files import TableFile
from scrapers.table_run import take_table

LOG = logging.getLogger(__name__)
_UNKNOWN = Entry(posting_id="", url="", digest="", modified_at=None, fields={})


async def collect_drops(
    source: Source,
    context: CrawlContext,
    *,
    full: bool = True,  # noqa: ARG001  every look is a whole one
    reported_at: datetime | None = None,  # noqa: ARG001  a look without a file is not reported
) -> Crawled:
    """Read every new file of a source; each is delivered, committed and remembered by itself.

    A run is reported for each file, and for a look that fails. A look that finds no new file has
    observed nothing and is not reported; postings whose day has passed are withdrawn by it.

    Raises:
        DeliveryError: the broker did not take a record; the file is read again at the next look.
    """
    look = _Look(source, context)
    frontier = await context.frontier(source.id)
    await frontier.adopt()
    report = Report()
    try:
        async with look.place() as place:
            for file in await look.files_to_read(place):
                await look.take(place, file)
    except PlaceError as error:
        await look.report_failure(error.obstacle, report)
    await look.expire()
    if report.postponed is None:
        await settle_absence(source, context, report, look.summary())
    return Crawled(
        record=look.summary(),
        retry_after_s=report.retry_after_s,
        unfinished=report.postponed is not None,
    )


class _Look:
    """What is done with the files of one source, and what came of it."""

    def __init__(self, source: Source, context: CrawlContext) -> None:
        if source.drop is None:
            raise ValueError(f"source {source.id} declares no drop")
        self._source, self._context, self._spec = source, context, source.drop
        self._memory = DropMemory(context.redis, source.id)
        self._declared = declared_digest(source.drop)
        self._records: list[SourceRun] = []
        self._failed: SourceRun | None = None
        self._started = context.clock()

    def place(self) -> DropPlace:
        """Where this source's files lie."""
        match self._spec.where:
            case Place.FOLDER:
                return Folder(Path(self._spec.path))
            case Place.HTTP:
                return WebFile(self._source, self._context)
            case Place.SFTP:
                return SftpFolder(self._spec)

    async def files_to_read(self, place: DropPlace) -> list[DroppedFile]:
        """Files that are new or changed and whole, in the order of delivery."""
        stored = await self._memory.files()
        known = {n: f.mark for n, f in stored.items() if not self._to_be_tried_again(f)}
        files, before = await place.listed(), {}
        if self._spec.where is Place.HTTP:
            before = {file.name: file.mark for file in files}
        elif any(self._verdict(f, files, before, known) is Verdict.CHANGING for f in files):
            before = {file.name: file.mark for file in files}
            await asyncio.sleep(self._spec.settle_s)
            files = await place.listed()
        await self._memory.forget(stored.keys() - {file.name for file in files})
        chosen = (f for f in files if self._verdict(f, files, before, known) is Verdict.READ)
        return in_order(chosen)

    async def take(self, place: DropPlace, file: DroppedFile) -> None:
        """Read one file, unless its content is known, and put it away."""
        spec, folder = self._spec, self._context.settings.var_dir / "drops"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=self._source.id) as own:
            copy = Path(own) / "copy"
            try:
                digest = await place.copy(file, copy, spec.largest_bytes)
            except ChangedMeanwhileError:
                LOG.info("%s: %s is still being written", self._source.id, file.name)
                return
            # A complete file that is delivered again says that its postings are still open.
            if not spec.complete and await self._memory.was_read(digest):
                refused = False
            else:
                refused = await self._read(copy, file.name, digest)
        await self._memory.remember(
            file.name,
            FileRead(
                mark=file.mark,
                digest=digest,
                declared=self._declared,
                refused=refused,
                read_at=self._context.clock(),
            ),
        )
        if spec.after == "archive":
            await self._put_away(place, file, "refused" if refused else "archive")

    async def report_failure(self, obstacle: Obstacle, report: Report) -> None:
        """Report a look that reached nothing, so that the source is out as long as that lasts.

        A look that hours or a budget put off has not been made.
        """
        if obstacle.outcome is RunOutcome.PARTIAL:
            report.postponed = obstacle
            return
        report.listing_failed(obstacle)
        self._failed = await self._deliver(await self._run(), obstacle.outcome, obstacle.detail)

    async def expire(self) -> None:
        """Withdraw postings whose stated day has passed, between files too."""
        run = await self._run()
        last_run_at = run.frontier.last_run_at
        await run.expire()
        run.frontier.last_run_at = last_run_at
        changes = run.frontier.take_changes()
        if run.withdrawn:
            await run.outbox.delivered()
        if changes.changed or changes.adopted:
            await run.frontier.commit(changes)

    def summary(self) -> SourceRun:
        """The runs of this look taken together; it fails only where the place did."""
        records, source_id, failed = self._records, self._source.id, self._failed
        return SourceRun(
            source_id=source_id,
            run_id=f"{source_id}:{self._started.isoformat()}",
            started_at=self._started,
            finished_at=self._context.clock(),
            outcome=failed.outcome if failed else RunOutcome.OK,
            detail=records[-1].detail if records else "no new file",
            listed=sum(record.listed for record in records),
            published=sum(record.published for record in records),
            refused=sum(record.refused for record in records),
            withdrawn=sum(record.withdrawn for record in records),
        )

    def _to_be_tried_again(self, file: FileRead) -> bool:
        return file.refused and file.declared != self._declared

    def _verdict(
        self,
        file: DroppedFile,
        files: Sequence[DroppedFile],
        before: dict[str, str],
        known: dict[str, str],
    ) -> Verdict:
        names = {one.name for one in files}
        return judge_file(file, self._spec, before=before, names=names, known=known)

    async def _read(self, copy: Path, name: str, digest: str) -> bool:
        """Send, deliver and commit the rows of one file; returns whether it was refused whole."""
        run = await self._run()
        open_before = sum(k.standing is Standing.OPEN for k in run.frontier.known.values())
        try:
            taken = await take_table(run, table_file(self._spec, copy, name))
        except (TableError, ColumnError) as error:
            detail = str(error) if name in str(error) else f"{name}: {error}"
            outcome = RunOutcome.PARTIAL if run.published else RunOutcome.FAILED
            await run.refuse(_UNKNOWN, _file_refused(error, detail), _told(name, digest))
            await self._deliver(run, outcome, detail)
            return True
        judged = judge_rows(taken, self._spec, listed=len(run.listed), open_before=open_before)
        store = await self._context.health(self._source.id)
        watched = await watch_file(run, store, complete=judged.absence_counts)
        if judged.absence_counts and not watched.holds_closing:
            await run.reconcile(())
        health = watched if run.listed else None  # tables of the supply side list no postings
        await self._deliver(run, judged.outcome, f"{name}: {judged.detail}", health)
        if health is not None:
            await store.keep(health.history, run.now, news=True, accepted=health.accepted)
        return False

    async def _run(self) -> Run:
        context = self._context
        return Run(
            self._source,
            await context.frontier(self._source.id),
            context.publisher.outbox(),
            now=context.clock(),
            clock=context.clock,
            stage=Stage.INGEST,
        )

    async def _deliver(
        self, run: Run, outcome: RunOutcome, detail: str, watched: Watched | None = None
    ) -> SourceRun:
        health, marks = (watched.record, watched.marks) if watched else (None, ())
        conclusion = run.conclude(outcome, detail, health=health, marks=marks)
        self._context.published += run.published
        self._context.refused += run.refused
        await run.deliver(conclusion)
        self._records.append(conclusion.record)
        return conclusion.record

    async def _put_away(self, place: DropPlace, file: DroppedFile, folder: str) -> None:
        """A file that cannot be moved has been read all the same."""
        try:
            await place.put_away(file, folder)
        except PlaceError as error:
            LOG.warning("%s: %s", self._source.id, error)


def table_file(spec: DropSpec, path: Path, name: str) -> TableFile:
    """A file as the declaration says that it is read."""
    return TableFile(
        path=path,
        name=name,
        kind=TableKind(spec.table),
        feed=spec.feed,
        told=spec.columns,
        complete=spec.complete,
        layout=Layout(
            format=spec.format,
            sheet=spec.sheet,
            encoding=spec.encoding,
            delimiter=spec.delimiter,
            records=spec.records,
            largest_bytes=spec.largest_bytes,
        ),
    )


def declared_digest(spec: DropSpec) -> str:
    """Changes when the declaration changes, so that refused files are tried again."""
    return hashlib.blake2b(spec.model_dump_json().encode(), digest_size=8).hexdigest()


def _file_refused(error: Exception, detail: str) -> Refused:
    unfit = isinstance(error, ColumnError)
    return Refused(
        reason=Refusal.COLUMNS_UNFIT if unfit else Refusal.FILE_UNREADABLE, detail=detail
    )


def _told(name: str, digest: str) -> Original:
    """Which file was refused; nothing of its content, which may be about persons."""
    return Original(
        form=LetterForm.FILE, payload=msgspec.json.encode({"file": name, "digest": digest})
    )
