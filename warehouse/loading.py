"""The loader: topics → warehouse, each record exactly once in effect, whatever is killed when.

The story of a batch: records of one partition gather until they are due; their plan is committed
as offset metadata; they become rows and dead letters; dead letters are published; rows are stored
under the plan's token; the offset moves; dashboards are told. A crash anywhere repeats the batch
from its plan, and nothing of it is stored twice (see `warehouse.plan` and `warehouse.store`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from clickhouse_connect.driver.exceptions import Error

from warehouse.batch import LOADED_TOPICS, Batch, build_batch
from warehouse.client import Failure, backoff_s, classify_failure
from warehouse.lane import Lane
from warehouse.metrics import BATCH, LETTERS, ROWS
from warehouse.plan import MAX_RECORDS, Due, Plan, read_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from warehouse.outlets import Offsets, Outlet
    from warehouse.store import Store

logger = logging.getLogger(__name__)

_IDLE_S: Final = 0.5
"""How long one look for records lasts when none are waiting; bounds the time to stop."""
_GRACE_S: Final = 2.0
"""How long the broker may take to answer a loader that was asked to stop."""
_GATHER_S: Final = 0.03
"""Pause between looks while records are waiting, so that they come many at a time."""
_T = TypeVar("_T")


class StoppedError(Exception):
    """The loader was asked to stop while it waited for another part."""


class PartitionLostError(Exception):
    """The partition went to another loader; what was read of it here counts for nothing."""


class Loader(ConsumerRebalanceListener):  # type: ignore[misc]
    """One consumer of all loaded topics and one writer to the warehouse."""

    def __init__(
        self,
        *,
        consumer: AIOKafkaConsumer,
        offsets: Offsets,
        store: Store,
        outlet: Outlet,
        stop: asyncio.Event,
        clock: Callable[[], datetime],
    ) -> None:
        """Take ready parts; `clock` gives the time that rows carry as `loaded_at`."""
        self._consumer = consumer
        self._offsets = offsets
        self._store = store
        self._outlet = outlet
        self._stop = stop
        self._clock = clock
        self._lanes: dict[TopicPartition, Lane] = {}
        self._unread: set[TopicPartition] = set()
        # Batches stored by this loader whose offset the broker did not take, since the partition
        # was lost meanwhile: one that is starved in every batch goes on nevertheless.
        self._stored: dict[TopicPartition, Plan] = {}
        self._building = asyncio.Lock()
        # One batch looks for rows that another stored, and stores its own, before the next looks.
        self._storing = asyncio.Lock()

    async def run(self) -> None:
        """Load until asked to stop. Errors that waiting cannot cure are raised.

        Raises:
            clickhouse_connect.driver.exceptions.Error: judged invalid or fatal.
            warehouse.plan.PlanError: another program commits to our group.
        """
        self._consumer.subscribe(list(LOADED_TOPICS), listener=self)
        try:
            while not self._stop.is_set():
                await self._take_over()
                await self._receive()
                await self._load_due()
        except StoppedError:
            logger.info("stopped while waiting; the batch under way will be repeated")

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Forget everything: the next owner finds the plans."""
        self._forget(revoked)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Note the partitions; their plans are read by `run`, where errors are seen."""
        self._forget(list(self._lanes))
        self._unread = set(assigned)

    def _forget(self, partitions: Iterable[TopicPartition]) -> None:
        for partition in partitions:
            self._lanes.pop(partition, None)
            self._unread.discard(partition)

    async def _take_over(self) -> None:
        """Read the plans of newly assigned partitions and go to where they begin."""
        if not self._unread:
            return
        taking = sorted(self._unread)
        committed = await self._patiently(lambda: self._offsets.read(taking))
        for partition in taking:
            if partition not in self._unread:  # lost again while we asked
                continue
            found = committed.get(partition)
            start = max(found.offset, 0) if found else 0
            plan = (
                read_plan(partition.topic, partition.partition, start, found.metadata)
                if found
                else None
            )
            try:
                await self._begin(partition, start, plan)
            except PartitionLostError:
                self._lose(partition)

    async def _begin(self, partition: TopicPartition, start: int, plan: Plan | None) -> None:
        """Go to where the partition begins; what this loader has stored is not stored again."""
        stored = self._stored.pop(partition, None)
        is_stored = plan is not None and plan == stored
        self._consumer.seek(partition, plan.end if plan and is_stored else start)
        self._lanes[partition] = lane = Lane(next_offset=start, plan=plan)
        self._unread.discard(partition)
        if plan and is_stored:
            await self._finish(partition, lane, plan)
        elif plan:
            logger.info("repeating batch %s", plan.token)

    async def _receive(self) -> None:
        waiting = any(lane.records for lane in self._lanes.values())
        if waiting:
            await asyncio.sleep(_GATHER_S)
        fetched = await self._consumer.getmany(
            timeout_ms=0 if waiting else int(_IDLE_S * 1000), max_records=MAX_RECORDS
        )
        now = asyncio.get_running_loop().time()
        for partition, records in fetched.items():
            if lane := self._lanes.get(partition):
                lane.add(records, now)

    async def _load_due(self) -> None:
        """Load every partition that is due: one batch is built while another is stored."""
        lanes = list(self._lanes)
        done = await asyncio.gather(*map(self._load_if_due, lanes), return_exceptions=True)
        for outcome in done:
            if outcome is not None:
                raise outcome

    async def _load_if_due(self, partition: TopicPartition) -> None:
        lane, now = self._lanes.get(partition), asyncio.get_running_loop().time()
        if lane is None:
            return
        position = lane.records[-1].offset + 1 if lane.records else lane.next_offset
        due = lane.due(position, now)
        if due is Due.WAIT:
            return
        try:
            await self._load(partition, lane, due)
        except PartitionLostError:
            self._lose(partition)

    def _lose(self, partition: TopicPartition) -> None:
        logger.warning("lost %s-%d while loading", *partition)
        self._lanes.pop(partition, None)
        if partition in self._consumer.assignment():
            self._unread.add(partition)

    async def _load(self, partition: TopicPartition, lane: Lane, due: Due) -> None:
        plan = lane.plan or self._new_plan(partition, lane)
        records = lane.take(plan, asyncio.get_running_loop().time())
        if not records:
            logger.error("the records of %s are gone: deleted by retention", plan.token)
        if lane.plan is None:
            await self._commit(partition, lane, plan.start, plan.metadata())
            lane.plan = plan
        async with self._building:
            batch = await asyncio.to_thread(build_batch, plan, records)
        if batch.letters:
            await self._patiently(lambda: self._outlet.refuse(batch.letters))
        async with self._storing:
            rows = await self._store_patiently(batch)
        await self._finish(partition, lane, plan)
        _count(batch, rows, asyncio.get_running_loop().time() - lane.loaded_at)
        logger.debug("stored %s (%s): %s", plan.token, due.value, rows)
        await self._outlet.announce(plan, rows)

    async def _finish(self, partition: TopicPartition, lane: Lane, plan: Plan) -> None:
        """Move the offset past a batch that is stored."""
        self._stored[partition] = plan
        await self._commit(partition, lane, plan.end, "")
        del self._stored[partition]
        lane.plan, lane.next_offset = None, plan.end

    def _new_plan(self, partition: TopicPartition, lane: Lane) -> Plan:
        last = lane.records[:MAX_RECORDS][-1]
        return Plan(
            topic=partition.topic,
            partition=partition.partition,
            start=lane.next_offset,
            end=last.offset + 1,
            loaded_at=self._clock(),
        )

    async def _commit(
        self, partition: TopicPartition, lane: Lane, offset: int, metadata: str
    ) -> None:
        if self._lanes.get(partition) is not lane:
            raise PartitionLostError
        try:
            await self._patiently(lambda: self._consumer.commit({partition: (offset, metadata)}))
        except (CommitFailedError, IllegalStateError) as error:
            raise PartitionLostError from error

    async def _store_patiently(self, batch: Batch) -> Mapping[str, int]:
        """Store, waiting for a warehouse that is away or overloaded as long as it takes."""
        attempt = 0
        while True:
            try:
                return await asyncio.to_thread(self._store.write, batch)
            except Error as error:
                failure = classify_failure(error)
                if failure not in {Failure.RETRY, Failure.OVERLOADED}:
                    raise
                logger.warning("warehouse: %s, attempt %d: %s", failure.value, attempt + 1, error)
                await self._wait(backoff_s(attempt, failure))
                attempt += 1

    async def _patiently(self, act: Callable[[], Awaitable[_T]]) -> _T:
        """Do what needs the broker, again while it is away, unless asked to stop."""
        attempt = 0
        while True:
            try:
                return await self._unless_stopped(act())
            except (CommitFailedError, IllegalStateError):
                raise
            except KafkaError as error:
                logger.warning("broker: attempt %d: %r", attempt + 1, error)
                await self._wait(backoff_s(attempt))
                attempt += 1

    async def _unless_stopped(self, act: Awaitable[_T]) -> _T:
        doing = asyncio.ensure_future(act)
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            done, _ = await asyncio.wait({doing}, timeout=_GRACE_S if stopping.done() else None)
            if done:
                return doing.result()
        finally:
            stopping.cancel()
            doing.cancel()
        raise StoppedError

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return
        raise StoppedError


def _count(batch: Batch, rows: Mapping[str, int], seconds: float) -> None:
    """Tell metrics of one stored batch."""
    for table, count in rows.items():
        ROWS.labels(table).inc(count)
    LETTERS.labels(batch.plan.topic).inc(len(batch.letters))
    BATCH.labels(batch.plan.topic).observe(seconds)
