"""Every vintage of the forecasts that alerts may rest on: what a replay of the past needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.forecasts import ForecastRow

if TYPE_CHECKING:
    from datetime import datetime

    from clickhouse_connect.driver.client import Client

_COLUMNS: Final = tuple(ForecastRow.__dataclass_fields__)


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
