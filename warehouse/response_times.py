"""How long answers took, basic and complex ones (strategy indicator 1.3). Sums, of no person.

Basic is opening a page; complex is a question that the warehouse answers: the interfaces, the
explorer, *Methods & scorecard* with another policy of alerts, downloads, the catalogue and code
lists. Measured until the first byte leaves the service.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_COMPLEX: Final = re.compile(
    r"(/en)?/(v1|sdmx|explore|methods|download|catalogue|codelists)(/|$)"
)  # fmt: skip
_NO_ROUTE: Final = "unknown"
_Z: Final = 1.96


class Asked(StrEnum):
    """What a request asked for."""

    BASIC = "basic"
    COMPLEX = "complex"


GOAL_S: Final = {Asked.BASIC: 2.0, Asked.COMPLEX: 5.0}
"""Goals of the strategy, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTimes:
    """Sums of one route."""

    route: str
    timed: int
    total_ms: float
    total_ms2: float
    within_2s: int
    within_5s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTimes:
    """Requests of one kind in a period. Without requests nothing is told."""

    asked: Asked
    since: date
    until: date
    n: int
    mean_s: float | None
    lower_s: float | None
    upper_s: float | None
    """95 %, of requests taken as independent."""
    within: float | None
    """Share answered within the goal of the kind."""


def asked_of(route: str) -> Asked:
    """Whether a route answers a question, or opens a page."""
    return Asked.COMPLEX if _COMPLEX.match(route) else Asked.BASIC


def times_of(found: Iterable[RouteTimes], *, since: date, until: date) -> list[ResponseTimes]:
    """Basic and complex ones; addresses of no page are left out."""
    held = [one for one in found if one.route != _NO_ROUTE]
    return [
        _summed(asked, [one for one in held if asked_of(one.route) is asked], since, until)
        for asked in Asked
    ]


def _summed(asked: Asked, held: list[RouteTimes], since: date, until: date) -> ResponseTimes:
    n = sum(one.timed for one in held)
    if not n:
        return ResponseTimes(
            asked=asked, since=since, until=until, n=0, mean_s=None, lower_s=None, upper_s=None,
            within=None,
        )  # fmt: skip
    mean = sum(one.total_ms for one in held) / n
    spread = max(0.0, sum(one.total_ms2 for one in held) / n - mean * mean)
    error = _Z * math.sqrt(spread / n)
    right = sum(one.within_2s if asked is Asked.BASIC else one.within_5s for one in held)
    return ResponseTimes(
        asked=asked, since=since, until=until, n=n, mean_s=mean / 1000,
        lower_s=max(0.0, mean - error) / 1000, upper_s=(mean + error) / 1000, within=right / n,
    )  # fmt: skip


def read_times(client: Client, *, since: date, until: date) -> list[ResponseTimes]:
    """Response times of a period, both days included."""
    rows = fetch(
        client,
        """SELECT route, sum(timed), sum(total_ms), sum(total_ms2), sum(within_2s), sum(within_5s)
        FROM usage_daily WHERE day BETWEEN {since:Date} AND {until:Date}
        GROUP BY route ORDER BY route""",
        since=since,
        until=until,
    )
    found = [
        RouteTimes(
            route=r[0], timed=r[1], total_ms=r[2], total_ms2=r[3], within_2s=r[4], within_5s=r[5]
        )
        for r in rows
    ]
    return times_of(found, since=since, until=until)
