"""The strategy's indicators kept once a day, so that they have a trend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from alerts.calendar import local_day
from config.registry import registry
from warehouse.strategy_values import find, is_kept, values_of, write_values

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from config.settings import Settings

_log = structlog.get_logger(__name__)


def strategy_round(
    client: Client, settings: Settings, now: datetime, keep_lead: Callable[[], None]
) -> None:
    """Keep the values of this day (Asia/Vientiane), unless they are kept.

    Raises:
        clickhouse_connect.driver.exceptions.Error: nothing was kept; again later.
    """
    today, invented = local_day(now), settings.is_demonstration
    if is_kept(client, today):
        return
    found = find(client, registry(), as_of=now, today=today, demonstration=invented)
    keep_lead()
    values = values_of(found, on_day=today, demonstration=invented, computed_at=now)
    write_values(client, values)
    _log.info("strategy_kept", day=str(today), values=len(values))
