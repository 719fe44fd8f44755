"""Checks of data quality once a day, when a day's data are complete."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import structlog

from warehouse.client import fetch
from warehouse.quality.accompanying import scope_until
from warehouse.quality.declared import catalogue
from warehouse.quality.measuring import measure, worst
from warehouse.quality.results import write_results

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_log = structlog.get_logger(__name__)


def check_day(client: Client, day: date, now: datetime) -> int:
    """Put all checks over the four weeks that end with `day`, unless that was done; how many
    results.

    Raises:
        clickhouse_connect.driver.exceptions.Error: nothing was kept; again later.
    """
    done = fetch(
        client,
        "SELECT count() FROM quality_results WHERE release_id = '' AND period_end = {day:Date}",
        day=day,
    )
    if done[0][0]:
        return 0
    results = measure(client, catalogue(), scope_until(day, now), computed_at=now)
    write_results(client, results)
    _log.info("quality_checked", day=str(day), results=len(results), worst=worst(results).value)
    return len(results)
