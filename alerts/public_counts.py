"""Issuing the public's tables of counts in time: a few at a time, newest first, leader only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

import structlog
from clickhouse_connect.driver.client import Client

from alerts.releases.counts import is_seen
from alerts.releases.evidence import Evidence
from warehouse.disclosure.issue import due, issue_counts
from warehouse.disclosure.lattice import Period
from warehouse.disclosure.records import Measure
from warehouse.series import Frequency

SETTLING_DAYS: Final = 2
"""A period is told so many complete days after its end: late adverts of it are in by then."""
AT_ONCE: Final = 6
"""Weekly tables in one run; a monthly one ends the run, since it takes seconds."""
_log = structlog.get_logger(__name__)


def issue_due_counts(
    client: Client, *, first: date, through: date, clock: Callable[[], datetime]
) -> list[Period]:
    """Issue what is due and return it.

    Each table is issued at a moment of its own: what was known at a moment stays so, however long
    catching up takes. New vacancies of a period whose sources were mostly out are told to nobody.

    Args:
        client: may write.
        first: first observed day.
        through: last day that is complete.
        clock: the present, at which a table is issued and up to which the register counts for it.
    """
    issued: list[Period] = []
    settled = through - timedelta(days=SETTLING_DAYS)
    evidence = Evidence(client, cutoff=clock(), since=first, until=through)  # visits alone are read
    for measure in Measure:
        for period in due(client, measure, first=first, through=settled, limit=AT_ONCE):
            now = clock()
            seen = measure is Measure.STOCK or is_seen(evidence, period.first, period.last)
            issue_counts(client, period, cutoff=now, issue=now, seen=seen)
            issued.append(period)
            if period.frequency is Frequency.MONTHLY:
                break
    if issued:
        _log.info("public_counts_issued", tables=len(issued), last=str(issued[-1].last))
    return issued
