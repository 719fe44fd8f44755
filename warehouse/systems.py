"""What has come from each external system, and the status that follows from it and the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from config.registry import AgreementState, Connection, Registry, System
from scrapers.items import BY_HAND
from warehouse.client import fetch, moment

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LOCAL: Final = "Asia/Vientiane"


class SystemStatus(StrEnum):
    """How a system stands."""

    CONNECTED = "connected"
    """Declared as sent by machine, and so received within its expected time."""
    RECEIVING = "receiving"
    """Received within its expected time, by hand."""
    LATE = "late"
    """Received before, nothing within its expected time."""
    PENDING = "pending"
    """Nothing received; an agreement has been asked for or signed."""
    REFUSED = "refused"
    """Nothing received, and its owner or its server said no."""
    NONE = "none"
    """Nothing received, nothing agreed."""


SUPPLYING: Final = frozenset({SystemStatus.CONNECTED, SystemStatus.RECEIVING})
"""Statuses of systems that are able to supply data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What has come under one source up to a moment."""

    source_id: str
    feed: str = ""
    """Feed of its figures; "" where it sent none."""
    last_at: datetime
    """When something last came: a successful crawl, a posting or a figure (UTC)."""
    records: int
    """Observations of postings and statements of figures."""
    machine_at: datetime | None = None
    """End of the last successful run that no person handed in as a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One system with what is known and what has come."""

    system: System | None
    """`None`: data came under a source that no system on the register has."""
    system_id: str
    status: SystemStatus
    agreement: AgreementState
    last_at: datetime | None
    records: int
    demonstration: bool = False
    """Whether what came was invented: it never counts for the strategy."""


def receipts(client: Client, *, as_of: datetime) -> list[Receipt]:
    """What had come under each source up to `as_of`, by source and feed. One query."""
    until = moment("as_of")
    rows = fetch(
        client,
        f"""SELECT source_id, max(feed), max(at), sum(n), max(machine) FROM (
          SELECT source_id, '' AS feed, max(finished_at) AS at, 0 AS n,
              max(if(startsWith(detail, {{by_hand:String}}), NULL, finished_at)) AS machine
            FROM source_runs
            WHERE outcome IN ('ok', 'partial') AND finished_at <= {until} GROUP BY source_id
          UNION ALL SELECT source_id, '', max(fetched_at), count(), NULL FROM postings
            WHERE fetched_at <= {until} GROUP BY source_id
          UNION ALL SELECT source_id, toString(system), max(received_at), count(), NULL FROM supply
            WHERE received_at <= {until} GROUP BY source_id, system
        ) GROUP BY source_id ORDER BY source_id""",
        as_of=as_of,
        by_hand=BY_HAND,
    )
    return [
        Receipt(source_id=r[0], feed=r[1], last_at=r[2], records=r[3], machine_at=r[4])
        for r in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Records of one source in one month (Asia/Vientiane)."""

    source_id: str
    feed: str = ""
    month: str
    """`2026-09`."""
    records: int


def volumes(client: Client, *, since: datetime, as_of: datetime) -> list[Volume]:
    """Observations of postings and statements of figures by source and month, in time order."""
    rows = fetch(
        client,
        f"""SELECT source_id, max(feed), month, sum(n) FROM (
          SELECT source_id, '' AS feed, formatDateTime(fetched_at, '%Y-%m', '{_LOCAL}') AS month,
              count() AS n
            FROM postings WHERE fetched_at > {moment("since")} AND fetched_at <= {moment("as_of")}
            GROUP BY source_id, month
          UNION ALL
          SELECT source_id, toString(system), formatDateTime(received_at, '%Y-%m', '{_LOCAL}')
              AS month, count()
            FROM supply WHERE received_at > {moment("since")} AND received_at <= {moment("as_of")}
            GROUP BY source_id, system, month
        ) GROUP BY source_id, month ORDER BY month, source_id""",
        since=since, as_of=as_of,
    )  # fmt: skip
    return [Volume(source_id=row[0], feed=row[1], month=row[2], records=row[3]) for row in rows]


def standings(
    register: Registry, received: Sequence[Receipt], *, as_of: datetime, demonstration: bool
) -> list[Standing]:
    """Every system on the register in its order, then sources that are on none, by name.

    In a demonstration all that came was invented, so no system on the register has received
    anything; what came is told apart, marked as demonstration.
    """
    by_system: dict[str, list[Receipt]] = defaultdict(list)
    others: list[Receipt] = []
    for receipt in received:
        system = None if demonstration else register.system_of(receipt.source_id, receipt.feed)
        if system is None:
            others.append(receipt)
        else:
            by_system[system.id].append(receipt)
    known = [_standing(system, by_system[system.id], as_of) for system in register.systems]
    return known + [_unregistered(receipt, demonstration) for receipt in others]


def status_of(
    system: System, last_at: datetime | None, machine_at: datetime | None, as_of: datetime
) -> SystemStatus:
    """The status that follows from the last receipt and the register, as of a moment.

    Args:
        last_at: when anything last came.
        machine_at: when anything last came that no person handed in.
    """
    if last_at is not None:
        within = timedelta(days=system.expected_days)
        if as_of - last_at > within:
            return SystemStatus.LATE
        declared = system.connection is Connection.AUTOMATIC
        linked = declared and machine_at is not None and as_of - machine_at <= within
        return SystemStatus.CONNECTED if linked else SystemStatus.RECEIVING
    agreement = system.agreement.known(_day(as_of))
    if agreement is AgreementState.REFUSED or system.refusal:
        return SystemStatus.REFUSED
    return SystemStatus.NONE if agreement is AgreementState.NONE else SystemStatus.PENDING


def _day(moment_: datetime) -> date:
    return moment_.astimezone(ZoneInfo(_LOCAL)).date()


def _standing(system: System, received: Iterable[Receipt], as_of: datetime) -> Standing:
    held = list(received)
    last_at = max((receipt.last_at for receipt in held), default=None)
    by_machine = [receipt.machine_at for receipt in held if receipt.machine_at is not None]
    machine_at = max(by_machine, default=None)
    return Standing(
        system=system,
        system_id=system.id,
        status=status_of(system, last_at, machine_at, as_of),
        agreement=system.agreement.known(_day(as_of)),
        last_at=last_at,
        records=sum(receipt.records for receipt in held),
    )


def _unregistered(receipt: Receipt, demonstration: bool) -> Standing:
    return Standing(
        system=None,
        system_id=receipt.source_id,
        status=SystemStatus.RECEIVING,
        agreement=AgreementState.NONE,
        last_at=receipt.last_at,
        records=receipt.records,
        demonstration=demonstration,
    )


def by_system(register: Registry, found: Iterable[Volume]) -> Mapping[tuple[str, str], int]:
    """Records by (system, month) of the systems whose records are real-time data."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for volume in found:
        system = register.system_of(volume.source_id, volume.feed)
        if system is not None and system.real_time:
            sums[system.id, volume.month] += volume.records
    return sums
