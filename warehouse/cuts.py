"""Percentiles frozen for a year, and figures of an earlier release that a later one rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.history import insert_token, observation_of
from warehouse.series import Frequency, Observation, SeriesKey

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_OBSERVED: Final = (
    *SeriesKey.__dataclass_fields__,
    *(name for name in Observation.__dataclass_fields__ if name != "series"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenCuts:
    """The nation's percentiles of one component for one ISO year."""

    year: int
    component: str
    measured_on: date
    """First day of the week that they are of."""
    p20: float
    p50: float
    p80: float
    cells: int


_CUTS: Final = tuple(FrozenCuts.__dataclass_fields__)


def read_cuts(client: Client, *, year: int, before: datetime) -> list[FrozenCuts]:
    """Those published before a moment, of each component the first that were."""
    rows = fetch(
        client,
        f"""SELECT {", ".join(_CUTS)} FROM shortage_cuts
        WHERE year = {{year:UInt16}} AND issue < {moment("before")}
        ORDER BY component, issue, measured_on, release_id LIMIT 1 BY component""",
        year=year, before=before,
    )  # fmt: skip
    return [FrozenCuts(**dict(zip(_CUTS, row, strict=True))) for row in rows]


def write_cuts(
    client: Client, cuts: Sequence[FrozenCuts], *, issue: datetime, release_id: str
) -> None:
    """Freeze percentiles with a release; the same again changes nothing."""
    if not cuts:
        return
    client.insert(
        "shortage_cuts",
        [(*astuple(each), issue, release_id) for each in cuts],
        column_names=[*_CUTS, "issue", "release_id"],
        settings={"insert_deduplication_token": insert_token([f"cuts {release_id}"])},
    )


def read_published(
    client: Client, indicator: str, *, frequency: Frequency, time_value: date, before: datetime
) -> list[Observation]:
    """Released figures of one indicator and period, of each the last issue before a moment."""
    rows = fetch(
        client,
        f"""SELECT {", ".join(_OBSERVED)} FROM observations
        WHERE indicator = {{indicator:String}} AND frequency = {{frequency:String}}
          AND time_value = {{time_value:Date}} AND issue < {moment("before")}
          AND release_id != ''
        ORDER BY province, occupation, industry, skill, issue DESC, release_id DESC
        LIMIT 1 BY province, occupation, industry, skill""",
        indicator=indicator, frequency=frequency.value, time_value=time_value, before=before,
    )  # fmt: skip
    return [observation_of(row) for row in rows]


def read_weeks(
    client: Client, *, marks: Mapping[str, float], beside: Sequence[str], since: date,
    as_of: datetime,
) -> list[Observation]:  # fmt: skip
    """Weekly figures of cells that reached an indicator's mark, with those `beside` of the cells.

    Args:
        marks: by indicator, the value that a cell must once have reached.
        beside: further indicators to be read of these cells.
        since: first week.
        as_of: of each figure the last issue by then; only of the cell itself.
    """
    rows = fetch(
        client,
        f"""WITH told AS (
          SELECT {", ".join(_OBSERVED)} FROM observations
          WHERE indicator IN {{names:Array(String)}} AND frequency = 'W' AND industry = ''
            AND skill = '' AND time_value >= {{since:Date}} AND issue <= {moment("as_of")}
            AND release_id != ''
          ORDER BY indicator, province, occupation, time_value, issue DESC, release_id DESC
          LIMIT 1 BY indicator, province, occupation, time_value)
        SELECT * FROM told WHERE standing = 'assessable' AND (province, occupation) IN (
          SELECT province, occupation FROM told
          WHERE standing = 'assessable'
            AND value >= transform(indicator, {{marked:Array(String)}},
              {{least:Array(Float64)}}, 1e300))
        ORDER BY indicator, province, occupation, time_value""",
        names=[*marks, *beside], marked=list(marks), least=list(marks.values()), since=since,
        as_of=as_of,
    )  # fmt: skip
    return [observation_of(row) for row in rows]
