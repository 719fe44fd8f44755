"""One step of the watch: complete days go in, state, history and messages come out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import redis
import structlog
from clickhouse_connect.driver.client import Client

from alerts.alert import Alert
from alerts.assessed import EVIDENCE, RULES, WEEKS, signals_on
from alerts.coverage import Coverage, coverage_from
from alerts.escalation import record_of
from alerts.forecasts.pressure import forecasts_on
from alerts.indices.rules import RULES as WATCHED
from alerts.indices.watch import waiting_from
from alerts.lifecycle import Decision
from alerts.monitor import Monitor
from alerts.outbox import by_province, coalesce, history_of, messages_of
from alerts.panel import LOOK_BACK_DAYS, Panel
from alerts.parameters import DetectorParameters
from alerts.signal import Signal
from alerts.silences import in_force
from alerts.source_marks import joining_marks, volume_marks
from alerts.store import AlertStore
from alerts.transition import DEFAULT_RULES, Rules
from warehouse.cuts import read_weeks
from warehouse.first_issues import read_first_issues
from warehouse.forecasts import ForecastRow, newest_forecasts
from warehouse.health import run_days
from warehouse.marks import Mark
from warehouse.openings import read_openings
from warehouse.series import Observation

_CHUNK_DAYS: Final = 200
_BEGINNING: Final = date(2000, 1, 1)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """What one step did."""

    days: int
    fed_through: date | None
    decisions: int
    messages: int


class Watch:
    """The monitor between the warehouse and Redis. Blocking; one thread at a time."""

    def __init__(
        self, client: Client, store: AlertStore, redis_client: redis.Redis,
        parameters: DetectorParameters, group_of: Callable[[Alert], Hashable] = by_province,
        rules: Rules = DEFAULT_RULES,
    ) -> None:  # fmt: skip
        self._group_of = group_of
        self._rules = rules
        self._client = client
        self._store = store
        self._redis = redis_client
        self._parameters = parameters
        self._monitor: Monitor | None = None

    @property
    def monitor(self) -> Monitor:
        """State in memory, loaded when first needed."""
        if self._monitor is None:
            self._monitor = self._store.load(self._parameters)
            self._monitor.rules = self._rules
        return self._monitor

    def forget(self) -> None:
        """Drop what is in memory; the stored state is read again."""
        self._monitor = None

    def coverage(self) -> Coverage:
        """Which source was visited on which day."""
        days = run_days(self._client, since=_BEGINNING)
        return coverage_from((d.source_id, d.day.toordinal(), d.ok > 0) for d in days)

    def source_marks(self, coverage: Coverage) -> list[Mark]:
        """Periods of sources that counts and visits tell, for operators."""
        return [*volume_marks(self.monitor.volumes), *joining_marks(coverage)]

    def advance(
        self, coverage: Coverage, through: int, now: datetime,
        keep_lead: Callable[[], None] = lambda: None,
    ) -> Advance:  # fmt: skip
        """Feed every complete day up to `through`, saving after each stretch of days.

        Args:
            coverage: visits of sources.
            through: ordinal of the last complete day.
            now: the present: decides what is history, and dates what is published.
            keep_lead: called before each stretch.

        Raises:
            alerts.store.LostLeadershipError: another process is ahead; call `forget`.
            clickhouse_connect.driver.exceptions.Error: nothing of the stretch was saved.
        """
        started = coverage.first_day
        if started is None:
            return self._outcome(0, 0, 0)
        first = max(self.monitor.fed_through, started) + 1
        days, decided, told = 0, 0, 0
        while first <= through:
            keep_lead()
            last = min(first + _CHUNK_DAYS - 1, through)
            panel = self._panel(first - LOOK_BACK_DAYS, last, coverage)
            decisions = self._feed(panel, first, last, now)
            days, decided = days + last - first + 1, decided + len(decisions)
            told += sum(decision.tell for decision in decisions)
            first = last + 1
        return self._outcome(days, decided, told)

    def replay(self, coverage: Coverage, through: int, now: datetime) -> Monitor:
        """A monitor fed every day up to `through` that records and tells nothing."""
        monitor = Monitor(parameters=self._parameters, rules=self._rules)
        first = (coverage.first_day or through) + 1
        while first <= through:
            last = min(first + _CHUNK_DAYS - 1, through)
            panel = self._panel(first - LOOK_BACK_DAYS, last, coverage)
            figures = self._assessments(first, now)
            waiting = self._first_issues(monitor, now)
            for day in range(first, last + 1):
                on = date.fromordinal(day)
                further = [*signals_on(on, figures), *monitor.indices.on(on, waiting)]
                self._day(monitor, day, panel, now, further)
            first = last + 1
        return monitor

    def _panel(self, first: int, last: int, coverage: Coverage) -> Panel:
        since, until = date.fromordinal(first), date.fromordinal(last)
        return Panel(read_openings(self._client, since=since, until=until), coverage)

    def _assessments(self, first: int, now: datetime) -> list[Observation]:
        """Weekly figures that were published by now and that signals may rest on."""
        marks = {name: rule.begins for name, rule in RULES.items()}
        since = date.fromordinal(first) - timedelta(weeks=WEEKS)
        return read_weeks(self._client, marks=marks, beside=EVIDENCE, since=since, as_of=now)

    def _forecasts(self, now: datetime) -> list[ForecastRow]:
        """The newest forecasts made by now."""
        return newest_forecasts(self._client, as_of=now)

    def _first_issues(self, monitor: Monitor, now: datetime) -> deque[Observation]:
        """Published figures that may not have been fed yet, in order."""
        since = monitor.indices.since
        return waiting_from(read_first_issues(self._client, list(WATCHED), since=since, as_of=now))

    def _feed(self, panel: Panel, first: int, last: int, now: datetime) -> list[Decision]:
        decisions: list[Decision] = []
        signals: list[Signal] = []
        monitor, self._monitor = self.monitor, None  # void, should anything below fail
        monitor.silences = in_force(self._store.silences(), now)
        figures = self._assessments(first, now)
        foreseen, waiting = self._forecasts(now), self._first_issues(monitor, now)
        for day in range(first, last + 1):
            on = date.fromordinal(day)
            further = [
                *signals_on(on, figures), *forecasts_on(on, foreseen),
                *monitor.indices.on(on, waiting),
            ]  # fmt: skip
            decided, seen = self._day(monitor, day, panel, now, further)
            decisions += decided
            signals += seen
        decisions = coalesce(decisions)
        messages = messages_of(decisions, alerts=monitor.alerts.values(), group_of=self._group_of)
        self._store.save(monitor, history_of(decisions, signals, now), messages, now)
        self._monitor = monitor
        return decisions

    def _day(
        self, monitor: Monitor, day: int, panel: Panel, now: datetime, further: Sequence[Signal]
    ) -> tuple[list[Decision], list[Signal]]:
        """One day of the monitor; tests script it."""
        return monitor.feed(day, panel, now, further)

    def escalate(self, now: datetime) -> int:
        """Raise what nobody acknowledged in time, and save; how many alerts.

        Raises:
            alerts.store.LostLeadershipError: another process is ahead; call `forget`.
        """
        monitor, self._monitor = self.monitor, None
        monitor.silences = in_force(self._store.silences(), now)
        raised = monitor.escalate(now)
        if raised:
            history = history_of(raised, [], now, actions=[record_of(one) for one in raised])
            messages = messages_of(raised, alerts=monitor.alerts.values(), group_of=self._group_of)
            self._store.save(monitor, history, messages, now)
        self._monitor = monitor
        return len(raised)

    def _outcome(self, days: int, decisions: int, messages: int) -> Advance:
        through = self.monitor.fed_through
        return Advance(
            days=days,
            fed_through=date.fromordinal(through) if through else None,
            decisions=decisions,
            messages=messages,
        )


def utc_now() -> datetime:
    """The present; the only clock of the alert stage, read at its edge."""
    return datetime.now(UTC)
