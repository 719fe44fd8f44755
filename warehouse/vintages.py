"""Every vintage of the figures and forecasts that alerts may rest on: what a replay needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.forecasts import ForecastRow
from warehouse.history import observation_of
from warehouse.series import Observation, SeriesKey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from clickhouse_connect.driver.client import Client

_COLUMNS: Final = tuple(ForecastRow.__dataclass_fields__)
_KEY: Final = tuple(SeriesKey.__dataclass_fields__)
_OBSERVED: Final = (
    *_KEY, *(name for name in Observation.__dataclass_fields__ if name != "series"),
)  # fmt: skip


def past_forecasts(
    client: Client, *, since: datetime, until: datetime, least: float
) -> list[ForecastRow]:
    """Forecasts made in that time, oldest first, of cells whose chance ever reached `least`.

    Cells with industry have no alerts and are left out.
    """
    made = f"made_at >= {moment('since')} AND made_at <= {moment('until')} AND industry = ''"
    rows = fetch(
        client,
        f"""SELECT {", ".join(_COLUMNS)} FROM forecasts WHERE {made}
          AND (province, occupation) IN (SELECT province, occupation FROM forecasts
            WHERE {made} AND chance_above >= {{least:Float64}})
        ORDER BY made_at, province, occupation, ahead
        LIMIT 1 BY made_at, province, occupation, ahead""",
        since=since, until=until, least=least,
    )  # fmt: skip
    return [ForecastRow(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def past_weeks(
    client: Client, *, marks: Mapping[str, float], beside: Sequence[str], since: date,
    as_of: datetime,
) -> list[Observation]:  # fmt: skip
    """As `warehouse.cuts.read_weeks`, but every issue by `as_of`, in order of issue."""
    rows = fetch(
        client,
        f"""WITH told AS (
          SELECT {", ".join(_OBSERVED)} FROM observations
          WHERE indicator IN {{names:Array(String)}} AND frequency = 'W' AND industry = ''
            AND skill = '' AND time_value >= {{since:Date}} AND issue <= {moment("as_of")}
            AND release_id != '' AND standing = 'assessable')
        SELECT * FROM told WHERE (province, occupation) IN (
          SELECT province, occupation FROM told
          WHERE value >= transform(indicator, {{marked:Array(String)}},
            {{least:Array(Float64)}}, 1e300))
        ORDER BY issue, release_id, indicator, province, occupation, time_value
        LIMIT 1 BY issue, release_id, indicator, province, occupation, time_value""",
        names=[*marks, *beside], marked=list(marks), least=list(marks.values()), since=since,
        as_of=as_of,
    )  # fmt: skip
    return [observation_of(row) for row in rows]
