"""The alert stage as a process: a tick every few seconds, under a leader lock, until stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Hashable, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4

import redis
import structlog
from aiokafka.errors import KafkaError
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from clickhouse_connect.driver.exceptions import Error

from alerts.alert import Alert
from alerts.coverage import Coverage
from alerts.delivery import send_messages, write_history
from alerts.digests import DigestDesk
from alerts.lead import KEEP_SECONDS, Lead
from alerts.metrics import TICK
from alerts.objective_round import ObjectiveDesk
from alerts.operator_box import OperatorBox
from alerts.outbox import by_province
from alerts.parameters import load_parameters
from alerts.progress import Barrier, BrokerPositions, Positions
from alerts.public_counts import issue_due_counts
from alerts.quality_round import check_day
from alerts.recovery import recover
from alerts.releases.office import ReleaseOffice
from alerts.releases.plan import schedule
from alerts.rounds import Round, waiting_out
from alerts.routing import choose, load_routes
from alerts.store import AlertStore, LostLeadershipError, read_fed_through
from alerts.transition import Rules
from alerts.watch import Watch, utc_now
from config.settings import Settings
from warehouse.client import Failure, classify_failure, connect
from warehouse.migrate import lacking
from warehouse.questions.sealing import seal

TICK_SECONDS: Final = 3
ISSUE_SECONDS: Final = 60
"""Between looks for public tables of counts that are due."""
CATCHING_UP: Final = 20
"""Such looks in a row, one month of tables each: a first start has a year to tell."""
SEAL_EVERY: Final = timedelta(hours=1)
_log = structlog.get_logger(__name__)


class Scheduler:
    """One scheduler. `tick` is safe to call at any time, in any number of processes."""

    def __init__(self, settings: Settings, positions: Positions, stack: ExitStack) -> None:
        self._settings = settings
        self._routes = load_routes()
        client = connect(settings)
        stack.callback(client.close)
        self._client = client
        self._redis = stack.enter_context(redis.Redis.from_url(settings.redis_url))
        self._store = AlertStore(self._redis)
        self.watch = Watch(
            client, self._store, self._redis, load_parameters(), self._group_of, rules_of(settings)
        )
        self.lead = Lead(self._redis, uuid4().hex)
        self._operators = OperatorBox(self._redis)
        self.objectives = ObjectiveDesk(settings, self._redis)
        self._barrier = Barrier(positions=positions)
        self._checked: date | None = None
        self._sealed_at: datetime | None = None
        self._office = ReleaseOffice(client, self._redis, schedule())
        self._digests = DigestDesk(
            client, self._redis, self._routes, settings, schedule().digest
        )  # fmt: skip

    def schema_lacks(self) -> str:
        """Migrations that the loader has not run yet, "" where there are none; blocking.

        A tick on half a schema would end the process.
        """
        return ", ".join(lacking(self._client))

    def keep_lead(self) -> None:
        """Renew the lease while a tick works; blocking, beside ticks."""
        with waiting_out():
            self.lead.keep()

    async def tick(self, now: datetime) -> None:
        """Advance through complete days, then deliver; what fails for now is tried next time."""
        try:
            if await asyncio.to_thread(self.lead.hold):
                await asyncio.to_thread(recover, self._client, self._store, self.watch, now)
                coverage = await asyncio.to_thread(self.watch.coverage)
                await self._advance(coverage, now)
                await asyncio.to_thread(self.watch.escalate, now)
                await asyncio.to_thread(self._deliver, coverage, now)
        except LostLeadershipError as error:
            _log.warning("leadership_lost", why=str(error))
            self.watch.forget()
        except (redis.ConnectionError, redis.TimeoutError, KafkaError) as error:
            _log.warning("waiting", why=repr(error))
        except Error as error:
            if classify_failure(error) in {Failure.FATAL, Failure.INVALID}:
                raise
            _log.warning("waiting", why=str(error))

    async def _advance(self, coverage: Coverage, now: datetime) -> None:
        observed = coverage.complete_through()
        if observed is None:
            return
        settled = await self._barrier.advance(observed)
        if settled <= self.watch.monitor.fed_through:
            return
        done = await asyncio.to_thread(
            self.watch.advance, coverage, settled, now, self.lead.require
        )
        _log.info(
            "advanced",
            days=done.days,
            through=str(done.fed_through),
            decisions=done.decisions,
            messages=done.messages,
        )

    def issue_counts(self, clock: Callable[[], datetime]) -> None:
        """Public tables of counts that are due; blocking, beside ticks. Try again after failures.

        Only of settled days: a table is decided for good, and one of a history that is still being
        loaded would hide for ever what was thin at that moment.

        Raises:
            clickhouse_connect.driver.exceptions.Error: one that no later try will mend.
        """
        with waiting_out():
            through = self._saved_through()
            first_day = self.watch.coverage().first_day if through and self.lead.hold() else None
            if through is None or first_day is None:
                return
            first = date.fromordinal(first_day + 1)
            for _ in range(CATCHING_UP):
                if not issue_due_counts(self._client, first=first, through=through, clock=clock):
                    return
                self.lead.require()

    def look_at_objectives(self, now: datetime) -> None:
        """Whether the service keeps what it promises; blocking, beside ticks."""
        with waiting_out():
            if self.lead.hold():
                day = self._saved_through()
                self.objectives.look(self.watch.coverage, day.toordinal() if day else 0, now)

    def check_quality(self, now: datetime) -> None:
        """Checks of data quality once a complete day; blocking, beside ticks, as `issue_counts`."""
        with waiting_out():
            through = self._saved_through()
            if through and through != self._checked and self.lead.hold():
                check_day(self._client, through, now)
                self._checked = through

    def seal_months(self, now: datetime) -> None:
        """Compute what sealed roll-ups lack, once an hour; blocking, beside ticks."""
        with waiting_out():
            due = self._sealed_at is None or now - self._sealed_at >= SEAL_EVERY
            if due and self._saved_through() and self.lead.hold():
                attempts = seal(self._client, now=now)
                self._sealed_at = now
                _log.info("months_sealed", computed=len(attempts))

    def publish_releases(self, now: datetime) -> None:
        """Publish the releases that are due; blocking, beside ticks, as `issue_counts`."""
        with waiting_out():
            through = self._saved_through()
            if through and self.lead.hold():
                publish = self._office.publish
                publish(self.watch.coverage(), through, now, keep_lead=self.lead.require)

    def go_round(self, further: Round, now: datetime) -> None:
        """Work that a layer above adds; blocking, beside ticks, as `issue_counts`."""
        with waiting_out():
            if self._saved_through() and self.lead.hold():
                further(self._client, self._settings, now, self.lead.require)

    def _saved_through(self) -> date | None:
        """The last day that is saved. The watch's memory is the ticks' alone, void while they work:
        what was loaded beside one could take the place of what it saved, and a day be told again.
        """
        return read_fed_through(self._redis)

    def _group_of(self, alert: Alert) -> Hashable:
        """Alerts of one province that go the same way are told together."""
        route = choose(self._routes, alert)
        return by_province(alert), None if route is None else route.name

    def _deliver(self, coverage: Coverage, now: datetime) -> None:
        write_history(self._store, self._client)
        send_messages(
            self._store, self._settings, self._routes,
            owner=self.lead.owner, now=now, client=self._client,
        )  # fmt: skip
        write_history(self._store, self._client)  # receipts, before anything can lose them
        further = [*self.watch.source_marks(coverage), *self.objectives.marks()]
        self._operators.collect(self._client, now, further)
        self._operators.send(self._settings, now, self._client)
        through = self.watch.monitor.fed_through
        read = date.fromordinal(through) if through else None
        self._digests.send(now, read, self.lead.owner)


def rules_of(settings: Settings) -> Rules:
    """The limits of an alert's life as the installation sets them."""
    return Rules(
        budget=settings.alert_budget,
        repeat_after=timedelta(days=settings.alert_repeat_days),
        escalate_after=tuple(timedelta(hours=h) for h in settings.alert_escalate_hours),
    )


async def serve(
    settings: Settings, clock: Callable[[], datetime] = utc_now, rounds: Sequence[Round] = ()
) -> None:
    """Tick until SIGTERM or SIGINT.

    Args:
        settings: of the installation.
        clock: the present.
        rounds: what layers above have the leader do after releases.

    Raises:
        Exception: what made a tick crash; the supervisor restarts the process.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with ExitStack() as stack:
        scheduler = await _once_ready(settings, stop, stack)
        if scheduler is None:
            return
        crashed: list[BaseException] = []
        busy, issuing = asyncio.Lock(), asyncio.Lock()

        async def tick() -> None:
            async with busy:
                with TICK.time():
                    await scheduler.tick(clock())

        async def issue() -> None:
            async with issuing:
                await asyncio.to_thread(scheduler.look_at_objectives, clock())
                await asyncio.to_thread(scheduler.issue_counts, clock)
                await asyncio.to_thread(scheduler.publish_releases, clock())
                await asyncio.to_thread(scheduler.check_quality, clock())
                await asyncio.to_thread(scheduler.seal_months, clock())
                for further in rounds:
                    await asyncio.to_thread(scheduler.go_round, further, clock())

        def crash(event: JobExecutionEvent) -> None:
            crashed.append(event.exception)
            stop.set()

        ticking = AsyncIOScheduler(timezone="UTC")
        ticking.add_listener(crash, EVENT_JOB_ERROR)
        ticking.add_job(tick, "interval", seconds=TICK_SECONDS, max_instances=1, coalesce=True)
        ticking.add_job(scheduler.keep_lead, "interval", seconds=KEEP_SECONDS, coalesce=True)
        ticking.add_job(issue, "interval", seconds=ISSUE_SECONDS, max_instances=1, coalesce=True)
        ticking.start()
        await stop.wait()
        ticking.remove_all_jobs()
        async with busy, issuing:
            await asyncio.to_thread(scheduler.lead.release)
        ticking.shutdown(wait=False)
        if crashed:
            raise crashed[0]


async def _once_ready(
    settings: Settings, stop: asyncio.Event, stack: ExitStack
) -> Scheduler | None:
    """A scheduler, waiting for the warehouse and its schema; None when told to stop before."""
    positions = BrokerPositions(bootstrap=settings.bootstrap_servers)
    while not stop.is_set():
        try:
            scheduler = await asyncio.to_thread(Scheduler, settings, positions, stack)
            missing = await asyncio.to_thread(scheduler.schema_lacks)
        except (Error, redis.ConnectionError) as error:
            missing = repr(error)
        if not missing:
            return scheduler
        _log.warning("waiting_to_start", why=missing)
        await asyncio.sleep(1.0)
    return None


def main(settings: Settings) -> None:
    """`serve` in an event loop of its own."""
    asyncio.run(serve(settings))
