"""Supply tables that a provider pushes: aggregates of a declared feed, remembered cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
import redis.asyncio as redis_async

from config.feeds import Feed
from config.topics import SUPPLY
from scrapers.figures import cell_key, figure_text
from scrapers.frontier_store import SourceFrontier
from scrapers.items import LetterForm, RunOutcome, Stage, SupplyRecord
from scrapers.letters import Original
from scrapers.parsing.posting import Refused
from scrapers.parsing.supply import SupplyRefused
from scrapers.parsing.supply_table import SupplyRow, SupplyTable, make_supply_records
from scrapers.publish import Publisher
from scrapers.push.lease import SourceLease
from scrapers.push.records import Line, Outcome, Problem, Reason, Remark
from scrapers.reading import Entry
from scrapers.runs import Clock, Run
from scrapers.sources import Source

_SCALARS: Final = (str, int, float)
_NOBODY: Final = Entry(posting_id="", url="", digest="", modified_at=None, fields={})


class TableRefusedError(ValueError):
    """Nothing of a push of supply can be taken; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyPush:
    """A push of supply, decoded."""

    feed: Feed
    rows: tuple[Any, ...]
    """Decoded JSON records, or a `Line`."""


def read_supply(push: SupplyPush, source_id: str, received_at: datetime) -> SupplyTable:
    """The whole table of a push, its rows numbered from 1. Pure.

    Raises:
        TableRefusedError: columns are missing, or about persons.
    """
    rows: list[SupplyRow] = []
    for number, row in enumerate(push.rows, start=1):
        cells = _cells(row)
        if cells is not None:
            rows.append((number, cells))
    table = make_supply_records(rows, push.feed, source_id=source_id, received_at=received_at)
    if rows and table.refused_whole is not None:
        raise TableRefusedError(table.refused_whole.detail)
    return table


async def push_supply(
    redis: redis_async.Redis,
    publisher: Publisher,
    source: Source,
    push: SupplyPush,
    lease: SourceLease,
    *,
    now: datetime,
    clock: Clock,
    detail: str,
) -> Outcome:
    """Publish figures that are new or revised, wait until the broker has them, remember them.

    Raises:
        TableRefusedError: nothing of the table can be taken.
        DeliveryError, LeaseLostError, redis.WatchError: nothing is remembered; repeat the push.
    """
    table = read_supply(push, source.id, now)
    frontier = SourceFrontier(redis, source.id, fence=lease)
    await frontier.load_some(())
    run = Run(source, frontier, publisher.outbox(), now=now, clock=clock, stage=Stage.PUSH)
    taking = _Taking(run)
    for index, row in enumerate(push.rows):
        if _cells(row) is None:
            await taking.refuse_row(index, row)
    for refusal in table.refusals:
        if refusal.row:
            await taking.refuse(refusal)
    await frontier.load_figures([cell_key(record) for record in table.records])
    taking.publish(table.records)
    taking.outcome.remarks += [
        Remark(index=-1, id="", field="", remark=warning) for warning in table.warnings
    ]
    failed = not table.records
    await run.deliver(run.conclude(RunOutcome.FAILED if failed else RunOutcome.OK, detail))
    return taking.outcome


class _Taking:
    def __init__(self, run: Run) -> None:
        self._run, self.outcome = run, Outcome()

    def publish(self, records: Iterable[SupplyRecord]) -> None:
        """Send what is not known as it is, and remember it with the run's delivery."""
        frontier = self._run.frontier
        for record in records:
            cell, figure = cell_key(record), figure_text(record)
            known = frontier.figures.get(cell)
            if known == figure:
                self.outcome.unchanged += 1
                continue
            self._run.outbox.send(SUPPLY, record.record_id.encode(), record)
            self._run.published += 1
            frontier.remember_figure(cell, figure)
            if known is None:
                self.outcome.accepted += 1
            else:
                self.outcome.updated += 1

    async def refuse_row(self, index: int, row: Any) -> None:
        """A record that is no object of texts and numbers."""
        line = isinstance(row, Line)
        payload = row.text.encode() if isinstance(row, Line) else msgspec.json.encode(row)
        original = Original(form=LetterForm.ROW, payload=payload)
        reason = Reason.NOT_JSON if line else Reason.SCHEMA
        await self._refuse(index, "", reason, "an object of texts and numbers", original)

    async def refuse(self, refused: SupplyRefused) -> None:
        """A row that does not keep the feed's schema."""
        payload = msgspec.json.encode(dict(refused.fields))
        original = Original(form=LetterForm.SUPPLY, payload=payload)
        expected = refused.detail.partition(": expected ")[2] or refused.detail
        await self._refuse(refused.row - 1, refused.column, refused.reason, expected, original)

    async def _refuse(
        self, index: int, field: str, reason: str, expected: str, original: Original
    ) -> None:
        told = f"record {index}, {field}: expected {expected}"
        await self._run.refuse(_NOBODY, Refused(reason=reason, detail=told[:500]), original)
        self.outcome.refused += 1
        self.outcome.errors.append(
            Problem(index=index, id="", field=field, reason=reason, expected=expected)
        )


def _cells(row: Any) -> dict[str, str] | None:
    """A record's values as text; `None` where it is no object of texts and numbers."""
    if not isinstance(row, dict):
        return None
    cells: dict[str, str] = {}
    for name, value in row.items():
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, _SCALARS):
            return None
        cells[name] = f"{value:.15g}" if isinstance(value, float) else str(value)
    return cells
