"""Reading the warehouse into a `Snapshot`: no other module knows where the data are.

Readers never cause a query: pages draw the present snapshot, and the live hub replaces it after a
load. The cost of the warehouse therefore does not grow with the number of viewers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING, Final

from clickhouse_connect.driver.exceptions import ClickHouseError
from redis.exceptions import RedisError

from alerts.state import decode_alert
from dashboard.alert_reads import read_deeds, with_courses
from dashboard.came import with_came
from dashboard.comparison import is_filling
from dashboard.counts import read_basis, read_cube, read_recent
from dashboard.released_reads import with_released
from dashboard.source_reads import read_sources
from dashboard.strategy_reads import with_strategy
from dashboard.told import with_told
from dashboard.views import (
    AlertChange,
    AlertView,
    Refusals,
    Snapshot,
    VacancyRow,
)
from warehouse import history, register
from warehouse.quality.results import read_results

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from dashboard.accounts.records import Account

SHOWN_VACANCIES: Final = 200
_HISTORY: Final = 10_000


class Part(StrEnum):
    """Parts of a snapshot that change together."""

    COUNTS = "counts"
    RUNS = "runs"
    SUPPLY = "supply"
    REFUSALS = "refusals"
    ALERTS = "alerts"
    RELEASES = "releases"
    QUALITY = "quality"


EVERYTHING: Final = frozenset(Part)
_PART_OF_TABLE: Final = {
    "vacancies": Part.COUNTS,
    "vacancy_events": Part.COUNTS,
    "rollup_daily": Part.COUNTS,
    "source_runs": Part.RUNS,
    "source_health": Part.RUNS,
    "source_marks": Part.RUNS,
    "supply": Part.SUPPLY,
    "dead_letters": Part.REFUSALS,
    "alert_history": Part.ALERTS,
    "alerts": Part.ALERTS,
    "signals": Part.ALERTS,
    "observations": Part.RELEASES,
    "releases": Part.RELEASES,
    "public_counts": Part.RELEASES,
    "quality_results": Part.QUALITY,
    "strategy_entries": Part.QUALITY,
    "strategy_values": Part.QUALITY,
}


def parts_of(tables: Iterable[str]) -> frozenset[Part]:
    """The parts of a snapshot that a load of `tables` makes out of date."""
    return frozenset(_PART_OF_TABLE[table] for table in tables if table in _PART_OF_TABLE)


class Register:
    """The present snapshot, and how to renew it. `refresh` is for one thread at a time."""

    def __init__(
        self,
        connect: Callable[[], Client],
        standing: Callable[[], Sequence[AlertView]],
        *,
        phase: Callable[[], str],
        clock: Callable[[], datetime],
        accounts: Callable[[], Mapping[str, Account]] = dict,
    ) -> None:
        """What is read from where.

        Args:
            connect: opens a reading client.
            standing: gives alerts from the alert store.
            phase: what the crawler says it is doing.
            clock: this moment (aware).
            accounts: who may log in: deeds are shown by role.
        """
        self._accounts = accounts
        self._phase = phase
        self._clock = clock
        self._connect = connect
        self._standing = standing
        self._client: Client | None = None
        self._lock = Lock()
        self.snapshot = Snapshot()
        self.trouble: str | None = "not read yet"
        """Why the last refresh failed, in words for an operator; `None` after a good one."""

    def refresh(self, parts: frozenset[Part] = EVERYTHING) -> bool:
        """Read `parts` again; `True` where anything changed.

        A warehouse or alert store that does not answer leaves the snapshot as it was and is told
        in `trouble`:
        the pages go on showing what they have, with its time.
        """
        with self._lock:
            before = self.snapshot
            try:
                self._client = self._client or self._connect()
                now = self._clock()
                after = _renewed(before, self._client, parts, now)
                if Part.ALERTS in parts:
                    after = _with_alerts(after, self._client, self._standing(), self._accounts())
                after = with_courses(after, self._client)
                after = _judged(before, after, self._client, self._phase(), now)
            except (ClickHouseError, RedisError, OSError) as error:
                self._client = None
                why = str(error).partition("\n")[0]
                self.trouble = f"{type(error).__name__}: {why}"
                return False
            self.trouble = None
            if after is before:
                return False
            self.snapshot = replace(after, version=before.version + 1)
            return True


def _renewed(held: Snapshot, client: Client, parts: frozenset[Part], now: datetime) -> Snapshot:
    if Part.COUNTS in parts:
        held = with_told(_with_counts(held, client), client)
    if parts & {Part.RUNS, Part.COUNTS}:
        sources, periods = read_sources(client)
        if (sources, periods) != (held.sources, held.periods):
            held = replace(held, sources=sources, periods=periods)
    if parts & {Part.RUNS, Part.SUPPLY}:
        held = with_came(held, client, now)
    if Part.RELEASES in parts or held.released_waits:
        held = with_released(held, client, now)
    if Part.QUALITY in parts:
        quality = tuple(read_results(client))
        held = held if quality == held.quality else replace(held, quality=quality)
        held = with_strategy(held, client, now)
    if Part.REFUSALS in parts:
        refusals = tuple(
            Refusals(stage=row.stage, reason=row.reason, count=row.count, latest=row.latest)
            for row in register.refusal_counts(client)
        )
        held = held if refusals == held.refusals else replace(held, refusals=refusals)
    return held


def _with_alerts(
    held: Snapshot, client: Client, standing: Sequence[AlertView], accounts: Mapping[str, Account]
) -> Snapshot:
    alerts, histories = _alerts(client, standing)
    deeds = read_deeds(client, accounts)
    if (alerts, histories, deeds) == (held.alerts, held.histories, held.deeds):
        return held
    return replace(held, alerts=alerts, histories=histories, deeds=deeds)


def _judged(
    before: Snapshot, held: Snapshot, client: Client, phase: str, now: datetime
) -> Snapshot:
    """`held` with what may be said of changes; nothing while history is being read."""
    cube = held.cube
    filling = is_filling(phase, cube.complete_day if cube else None, now)
    basis = held.basis
    if cube is None or filling:
        basis = None
    elif basis is None or cube is not before.cube or held.sources != before.sources:
        basis = read_basis(client, cube)
    if filling == held.filling and basis is held.basis:
        return held
    return replace(held, filling=filling, basis=basis)


def _with_counts(held: Snapshot, client: Client) -> Snapshot:
    now = register.progress(client)
    if now is None:
        return held
    if held.cube is not None and (now.loaded_at, now.events) == (held.loaded_at, held.events):
        return held
    cube = read_recent(held.cube, held.loaded_at, client)
    if cube is None or (int(cube.flow.sum()), int(cube.stock_delta.sum())) != (now.flow, now.stock):
        cube = read_cube(client)
    return replace(
        held,
        loaded_at=now.loaded_at,
        events=now.events,
        cube=cube,
        vacancies=tuple(_vacancies(client, SHOWN_VACANCIES)),
    )


def _vacancies(client: Client, limit: int) -> list[VacancyRow]:
    return [
        VacancyRow(
            vacancy_id=row.vacancy_id,
            title=row.title,
            employer=row.employer,
            province=row.province,
            isco08=row.isco08,
            isco08_probability=row.isco08_probability,
            isco08_reason=row.isco08_reason,
            source_id=row.source_id,
            language=row.language,
            opened_on=row.opened_on,
            first_seen=row.loaded_at,
        )
        for row in register.newest_vacancies(client, limit=limit)
    ]


def _alerts(
    client: Client, standing: Sequence[AlertView]
) -> tuple[tuple[AlertView, ...], dict[str, tuple[AlertChange, ...]]]:
    """All alerts with their histories: what stands now from the store, the rest from history."""
    newest_first = history.read_alert_history(client, limit=_HISTORY)
    latest = {alert.alert_id: alert for alert in standing}
    changes: dict[str, list[AlertChange]] = {}
    for record in newest_first:
        if record.alert_id not in latest:
            latest[record.alert_id] = _alert(record)
        changes.setdefault(record.alert_id, []).append(_change(record))
    ranked = sorted(latest.values(), key=lambda alert: alert.changed_at, reverse=True)
    ranked.sort(key=lambda alert: (not alert.is_open, alert.state == "pending"))
    return tuple(ranked), {key: tuple(reversed(rows)) for key, rows in changes.items()}


def _alert(record: history.AlertRecord) -> AlertView:
    return AlertView(
        alert_id=record.alert_id,
        state=record.state,
        kind=record.kind,
        direction=record.direction,
        province=record.province,
        isco1=record.isco1,
        onset_on=record.onset_on,
        changed_at=record.at,
        observed=record.observed,
        expected=record.expected,
        ratio=record.ratio,
        ratio_lower=record.ratio_lower,
        ratio_upper=record.ratio_upper,
        n=record.n,
        sources=record.sources,
        reason=record.reason,
        detail=record.detail,
        severity=record.severity,
        industry=decode_alert(record.record.encode()).industry if record.record else "",
        indicator=record.indicator,
        probability=record.probability,
    )


def _change(record: history.AlertRecord) -> AlertChange:
    return AlertChange(
        at=record.at,
        state=record.state,
        previous_state=record.previous_state,
        reason=record.reason,
        notified=bool(record.notified),
        detail=record.detail,
    )
