"""Supply records that a provider pushes: aggregates only, remembered by their content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import redis.asyncio as redis_async

from config.topics import SUPPLY
from scrapers.frontier_store import SourceFrontier
from scrapers.items import LetterForm, RunOutcome, Stage, SupplyRecord
from scrapers.letters import Original
from scrapers.parsing.columns import TableKind, map_columns
from scrapers.parsing.posting import Refused
from scrapers.parsing.supply import SupplyRefused, make_supply
from scrapers.publish import Publisher
from scrapers.push.lease import SourceLease
from scrapers.push.records import Line, Outcome, Problem, Reason
from scrapers.reading import Entry
from scrapers.runs import Clock, Run
from scrapers.sources import Source

_SCALARS: Final = (str, int, float)
_NOBODY: Final = Entry(posting_id="", url="", digest="", modified_at=None, fields={})


def supply_columns(rows: Sequence[Any]) -> dict[str, str]:
    """Name as sent → field, for all rows together.

    Raises:
        ColumnError: a needed field is in no row, or a name is about persons: nothing is taken.
    """
    names = dict.fromkeys(name for row in rows if isinstance(row, dict) for name in row)
    return map_columns(names, TableKind.SUPPLY)


async def push_supply(
    redis: redis_async.Redis,
    publisher: Publisher,
    source: Source,
    rows: Sequence[Any],
    columns: Mapping[str, str],
    lease: SourceLease,
    *,
    now: datetime,
    clock: Clock,
    detail: str,
) -> Outcome:
    """Publish rows that are new or revised, wait until the broker has them, remember them.

    Args:
        columns: of `supply_columns(rows)`.

    Raises:
        DeliveryError, LeaseLostError, redis.WatchError: nothing is remembered; repeat the push.
    """
    frontier = SourceFrontier(redis, source.id, fence=lease)
    await frontier.load_some(())
    run = Run(source, frontier, publisher.outbox(), now=now, clock=clock, stage=Stage.PUSH)
    push = _SupplyPush(run, columns)
    records = [await push.read(index, row) for index, row in enumerate(rows)]
    client: Any = redis
    key = f"lw:push:supply:{source.id}"
    ids = [record.record_id for record in records if record is not None]
    known = dict(zip(ids, await client.hmget(key, ids), strict=True)) if ids else {}
    fresh = push.publish([record for record in records if record is not None], known)
    outcome = push.outcome
    failed = bool(rows) and outcome.refused == len(rows)
    await run.deliver(run.conclude(RunOutcome.FAILED if failed else RunOutcome.OK, detail))
    if fresh:
        await client.hset(key, mapping=fresh)
    return outcome


class _SupplyPush:
    def __init__(self, run: Run, columns: Mapping[str, str]) -> None:
        self._run, self._columns, self.outcome = run, columns, Outcome()

    async def read(self, index: int, row: Any) -> SupplyRecord | None:
        """The record of one row; `None` where it was refused."""
        fields = self._fields(row)
        if fields is None:
            reason = Reason.NOT_JSON if isinstance(row, Line) else Reason.SCHEMA
            await self._refuse(index, row, "", reason, "an object of texts and numbers")
            return None
        record = make_supply(fields, source_id=self._run.source.id, published_at=self._run.now)
        if isinstance(record, SupplyRefused):
            await self._refuse(index, fields, fields.get("id", ""), record.reason, record.detail)
            return None
        return record

    def publish(
        self, records: Sequence[SupplyRecord], known: Mapping[str, bytes | None]
    ) -> dict[str, str]:
        """Send what is not known as it is; the digests to be remembered."""
        fresh: dict[str, str] = {}
        for record in records:
            digest = _digest(record)
            held = known.get(record.record_id)
            if fresh.get(record.record_id, held and held.decode()) == digest:
                self.outcome.unchanged += 1
                continue
            self._run.outbox.send(SUPPLY, record.record_id.encode(), record)
            self._run.published += 1
            if held is None and record.record_id not in fresh:
                self.outcome.accepted += 1
            else:
                self.outcome.updated += 1
            fresh[record.record_id] = digest
        return fresh

    def _fields(self, row: Any) -> dict[str, str] | None:
        if not isinstance(row, dict):
            return None
        fields: dict[str, str] = {}
        for name, value in row.items():
            if isinstance(value, bool) or not (value is None or isinstance(value, _SCALARS)):
                return None
            if value is not None and name in self._columns:
                fields[self._columns[name]] = (
                    f"{value:.15g}" if isinstance(value, float) else str(value)[:300]
                )
        return fields

    async def _refuse(
        self, index: int, content: Any, record_id: str, reason: str, told: str
    ) -> None:
        # `make_supply` begins with the field: "count: expected a number …".
        field, _, expected = told.rpartition(": expected ")
        payload = (
            content.text.encode() if isinstance(content, Line) else msgspec.json.encode(content)
        )
        form = LetterForm.PUSHED if reason in set(Reason) else LetterForm.SUPPLY
        await self._run.refuse(
            _NOBODY,
            Refused(reason=reason, detail=f"record {index}: {told}"[:500]),
            Original(form=form, payload=payload),
        )
        self.outcome.refused += 1
        self.outcome.errors.append(
            Problem(index=index, id=record_id[:300], field=field, reason=reason, expected=expected)
        )


def _digest(record: SupplyRecord) -> str:
    content = (
        record.province,
        record.occupation,
        record.measure,
        record.count,
        record.period_start,
        record.period_end,
    )
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=8).hexdigest()
