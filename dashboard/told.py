"""The public's counts by week: read anew when a table was issued, and found by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from dashboard.views import Snapshot
from warehouse.disclosure.records import Cell, Measure, PublicCount
from warehouse.disclosure.table import public_mark, public_table
from warehouse.series import Frequency

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_SINCE: Final = timedelta(weeks=60)
_WEEK: Final = timedelta(days=6)


def with_told(held: Snapshot, client: Client) -> Snapshot:
    """`held` with the counts of the weeks before its last day; as it was where none are new."""
    if held.cube is None:
        return held
    mark = f"{public_mark(client)} {held.cube.last_day}"
    if mark == held.told_mark:
        return held
    return replace(held, told=_read(client, held.cube.last_day), told_mark=mark)


def _read(client: Client, until: date) -> tuple[PublicCount, ...]:
    """The nation with its provinces, then major groups: one dimension at a time."""
    return tuple(
        count
        for measure in Measure
        for province, isco1 in ((None, ""), ("", None))
        for count in public_table(
            client, measure=measure, frequency=Frequency.WEEKLY, since=until - _SINCE,
            until=until, province=province, isco1=isco1, isic="",
        )
        if isco1 == "" or count.cell.isco1
    )  # fmt: skip


def of_nation(told: Sequence[PublicCount]) -> list[PublicCount]:
    """The counts of the whole country."""
    return [count for count in told if count.cell == Cell()]


def weeks_of(
    told: Sequence[PublicCount], measure: Measure, province: str = "", isco1: str = ""
) -> list[PublicCount]:
    """The weeks of one cell in order, hidden ones too. "" is all provinces or occupations."""
    cell = Cell(province=province, isco1=isco1)
    held = [count for count in told if count.measure is measure and count.cell == cell]
    return sorted(held, key=lambda count: count.time_value)


def newest(
    told: Sequence[PublicCount], measure: Measure, province: str = "", isco1: str = ""
) -> PublicCount | None:
    """The newest week of a cell, hidden or not; `None` before the first table."""
    held = weeks_of(told, measure, province, isco1)
    return held[-1] if held else None


def last_day_of(count: PublicCount) -> date:
    """The last day of the week a count is of."""
    return count.time_value if count.measure is Measure.STOCK else count.time_value + _WEEK
