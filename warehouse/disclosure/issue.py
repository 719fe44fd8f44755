"""Issuing a period's public table of counts: decided once, stored, and told again when revised."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from warehouse.client import fetch
from warehouse.disclosure.counts import counts_of_pieces, tallies_of
from warehouse.disclosure.lattice import Period, Tally, axes, month_of, week_of
from warehouse.disclosure.records import Cell, Hidden, Measure, told_as
from warehouse.disclosure.revision import Telling, tellings
from warehouse.disclosure.suppress import Decision, Told, decide
from warehouse.history import insert_token
from warehouse.series import Frequency

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_ZONE: Final = ZoneInfo("Asia/Vientiane")
_CELL: Final = ("measure", "frequency", "time_value", "province", "isco1", "isic")
_DECIDED: Final = (*_CELL, "issue", "n", "value", "step", "reason")
_TOLD: Final = (*_CELL, "issue", "release_id", "value", "step", "revised", "hidden")


class NotOverError(ValueError):
    """A period is told to the public when it is over: parts of it would give single days away."""


def issue_counts(
    client: Client, period: Period, *, cutoff: datetime, issue: datetime, seen: bool,
    release_id: str = "",
) -> dict[Cell, Telling]:  # fmt: skip
    """Store the public table of `period` and return it.

    The first call decides the table; later ones tell the revision since. The same call again
    stores nothing twice.

    Args:
        client: may write.
        period: a whole week or month.
        cutoff: what was stored by then is counted.
        issue: when it is published; after the period's last day in Asia/Vientiane.
        seen: whether enough of the period was observed for its counts to be told to anybody.
        release_id: release that it belongs to.

    Raises:
        NotOverError: the period is not over at `issue`.
        warehouse.disclosure.attack.UnsolvableError: counts that do not add up; nothing is stored.
    """
    if issue.astimezone(_ZONE).date() <= period.last:
        raise NotOverError(f"{period.last} is not over at {issue.isoformat()}")
    tallies = tallies_of(client, period, cutoff=cutoff)
    held = _decisions(client, period.measure, [period])
    first = period not in held or held[period][1] == issue
    if period in held:
        decisions: Mapping[Cell, Decision] = held[period][0]
    else:
        decisions = _decided(client, period, tallies, cutoff)
        _write_decisions(client, period, decisions, issue)
    told = tellings(decisions, tallies, first=first, seen=seen)
    _write_tellings(client, period, told, issue, release_id)
    return told


def due(
    client: Client, measure: Measure, *, first: date, through: date, limit: int = 100
) -> list[Period]:
    """Whole weeks and months from `first` to `through` without a public table, newest end first:
    while history is caught up, readers are told the present before the past.

    Args:
        client: may be read-only.
        measure: flow or stock.
        first: first day that was observed; periods that begin before are never told.
        through: last day whose counts are taken as settled.
        limit: periods at most.
    """
    found = {
        period
        for offset in range(max(0, (through - first).days + 1))
        for of in (week_of, month_of)
        for period in (of(measure, first + timedelta(days=offset)),)
        if period.first >= first and period.last <= through
    }
    held = fetch(
        client,
        """SELECT DISTINCT frequency, time_value FROM public_counts
        WHERE measure = {measure:String}""",
        measure=measure.value,
    )
    told = {(Frequency(row[0]), row[1]) for row in held}
    waiting = [p for p in found if (p.frequency, p.time_value) not in told]
    return sorted(waiting, key=lambda period: (period.last, period), reverse=True)[:limit]


def _decided(
    client: Client, period: Period, tallies: Mapping[Cell, Tally], cutoff: datetime
) -> dict[Cell, Decision]:
    near = neighbours(period)
    told = [
        Told(
            period=other,
            decisions=decisions,
            now={c: t.n for c, t in tallies_of(client, other, cutoff=cutoff).items()},
        )
        for other, (decisions, _) in sorted(_decisions(client, period.measure, near).items())
    ]
    parts: Mapping[Hashable, Mapping[Cell, int]] = {}
    if told:
        parts = counts_of_pieces(client, [period, *(t.period for t in told)], cutoff=cutoff)
    return decide(period, axes(), tallies, told=told, parts=parts)


def neighbours(period: Period) -> list[Period]:
    """Periods that overlap `period` and those that overlap these, itself left out."""
    near = {period}
    for _ in range(2):
        near |= {other for held in near for other in _overlapping(held)}
    return sorted(near - {period})


def _overlapping(period: Period) -> set[Period]:
    days = [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]
    other = month_of if period.frequency is Frequency.WEEKLY else week_of
    return {p for p in (other(period.measure, day) for day in days) if p.overlaps(period)}


def _decisions(
    client: Client, measure: Measure, periods: list[Period]
) -> dict[Period, tuple[dict[Cell, Decision], datetime]]:
    """Decisions of those periods that have any, with the issue of their first table."""
    if not periods:
        return {}
    rows = fetch(
        client,
        f"""SELECT {", ".join(_DECIDED)} FROM count_decisions
        WHERE measure = {{measure:String}} AND time_value BETWEEN {{since:Date}} AND {{until:Date}}
        ORDER BY issue LIMIT 1 BY measure, frequency, time_value, province, isco1, isic""",
        measure=measure.value,
        since=min(period.time_value for period in periods),
        until=max(period.time_value for period in periods),
    )
    wanted = {(period.frequency, period.time_value): period for period in periods}
    found: dict[Period, tuple[dict[Cell, Decision], datetime]] = {}
    for row in rows:
        period = wanted.get((Frequency(row[1]), row[2]))
        if period is not None:
            cell, decision = _decision_of(row)
            found.setdefault(period, ({}, row[6]))[0][cell] = decision
    return found


def _decision_of(row: Any) -> tuple[Cell, Decision]:
    cell = Cell(province=row[3], isco1=row[4], isic=row[5])
    n, step, reason = row[7], row[9], row[10]
    return cell, Decision(n=n, step=step, reason=Hidden(reason) if reason else None)


def _write_decisions(
    client: Client, period: Period, decisions: Mapping[Cell, Decision], issue: datetime
) -> None:
    rows = [
        (*_of(period, cell), issue, d.n, d.value, d.step, d.reason.value if d.reason else "")
        for cell, d in sorted(decisions.items(), key=lambda item: item[0])
    ]
    _insert(client, "count_decisions", rows, _DECIDED, period, issue)


def _write_tellings(
    client: Client,
    period: Period,
    told: Mapping[Cell, Telling],
    issue: datetime,
    release_id: str,
) -> None:
    rows = []
    for cell, each in sorted(told.items(), key=lambda item: item[0]):
        hidden = told_as(each.hidden)
        rows.append(
            (*_of(period, cell), issue, release_id, each.value, each.step, int(each.revised),
             hidden.value if hidden else "")
        )  # fmt: skip
    _insert(client, "public_counts", rows, _TOLD, period, issue)


def _of(period: Period, cell: Cell) -> tuple[str, str, date, str, str, str]:
    day = period.time_value
    return (period.measure, period.frequency, day, cell.province, cell.isco1, cell.isic)


def _insert(
    client: Client,
    table: str,
    rows: list[tuple[Any, ...]],
    columns: tuple[str, ...],
    period: Period,
    issue: datetime,
) -> None:
    identity = f"{table} {period.measure} {period.frequency} {period.first} {issue.isoformat()}"
    token = insert_token([identity])
    client.insert(table, rows, column_names=columns, settings={"insert_deduplication_token": token})
