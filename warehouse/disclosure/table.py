"""The public's tables of counts, read from the public lattice and from nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from warehouse.client import fetch, moment
from warehouse.disclosure.intervals import count_interval
from warehouse.disclosure.records import SEAL, Cell, Hidden, Measure, PublicCount, Released, View
from warehouse.disclosure.release import Counts, count_key, release
from warehouse.series import Frequency, Observation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)
_MOST: Final = 1_000_000
_COLUMNS: Final = (
    "measure, frequency, time_value, province, isco1, isic, issue, release_id, value, step,"
    " revised, hidden"
)


def public_table(
    client: Client,
    *,
    measure: Measure,
    frequency: Frequency,
    since: date,
    until: date,
    province: str | None = None,
    isco1: str | None = None,
    isic: str | None = None,
    as_of: datetime | None = None,
    limit: int = 100_000,
) -> list[PublicCount]:
    """Public counts of the lattice's cells, by period and cell; hidden cells are there as `None`.

    Args:
        client: may be read-only.
        measure: flow or stock.
        frequency: weekly (nation, provinces, groups, sections) or monthly (also province × group
            and province × section).
        since: earliest `time_value`.
        until: latest `time_value`.
        province: `None` for the nation and every province, "" for the nation alone, or a code.
        isco1: likewise.
        isic: likewise.
        as_of: what had been issued by then; the newest by default.
        limit: rows at most.

    A filter selects cells and never makes new sums. Periods without a public table are absent.
    """
    rows = fetch(
        client,
        f"""SELECT {_COLUMNS} FROM public_counts
        WHERE measure = {{measure:String}} AND frequency = {{frequency:String}}
          AND time_value BETWEEN {{since:Date}} AND {{until:Date}} AND issue <= {moment("as_of")}
          AND ({{any_province:UInt8}} OR province = {{province:String}})
          AND ({{any_isco1:UInt8}} OR isco1 = {{isco1:String}})
          AND ({{any_isic:UInt8}} OR isic = {{isic:String}})
        ORDER BY time_value, province, isco1, isic, issue DESC
        LIMIT 1 BY time_value, province, isco1, isic LIMIT {{limit:UInt32}}""",
        measure=measure.value,
        frequency=frequency.value,
        since=since,
        until=until,
        as_of=as_of or _LAST,
        any_province=int(province is None),
        province=province or "",
        any_isco1=int(isco1 is None),
        isco1=isco1 or "",
        any_isic=int(isic is None),
        isic=isic or "",
        limit=limit,
    )
    return [_count_of(row) for row in rows]


def public_mark(client: Client) -> str:
    """Changes when a public table is issued; cheap to ask."""
    rows = fetch(client, "SELECT toString(max(issue)), count() FROM public_counts")
    return f"{rows[0][0]} {rows[0][1]}"


def _count_of(row: Sequence[Any]) -> PublicCount:
    measure, frequency, day, province, isco1, isic, issue, release_id, value, step, *rest = row
    revised, hidden = rest
    ends: tuple[int, int] | tuple[None, None] = (None, None)
    if value is not None:
        ends = count_interval(value, step, revised=bool(revised), drawn=measure == Measure.FLOW)
    return PublicCount(
        measure=Measure(measure),
        frequency=Frequency(frequency),
        time_value=day,
        cell=Cell(province=province, isco1=isco1, isic=isic),
        value=value,
        step=step,
        lower=ends[0],
        upper=ends[1],
        hidden=Hidden(hidden) if hidden else None,
        issue=issue,
        release_id=release_id,
        seal=SEAL,
    )


def counts_for(
    client: Client, observations: Iterable[Observation], *, as_of: datetime | None = None
) -> Counts:
    """The public counts that any observations are, or are told along with, for `release`."""
    days: dict[tuple[Measure, Frequency], list[date]] = defaultdict(list)
    for each in observations:
        if (key := count_key(each.series, each.time_value)) is not None:
            days[key[0], key[1]].append(key[2])
    return {
        (count.measure, count.frequency, count.time_value, count.cell): count
        for (measure, frequency), held in sorted(days.items())
        for count in public_table(
            client, measure=measure, frequency=frequency, since=min(held), until=max(held),
            as_of=as_of, limit=_MOST,
        )
    }  # fmt: skip


def released_page(
    client: Client,
    page: Sequence[Observation],
    view: View,
    *,
    as_of: datetime | None = None,
    history_since: date | None = None,
) -> list[Released]:
    """Any observations as `view` may see them, in the same order.

    Args:
        client: may be read-only.
        page: as stored.
        view: for whom.
        as_of: of the public's tables of counts; the newest by default.
        history_since: see `release`.
    """
    if view is View.DEPARTMENT:
        return release(page, view)
    counts = counts_for(client, page, as_of=as_of)
    return release(page, view, counts=counts, history_since=history_since)
