"""How the service is used and how fast it answers, by day (strategy indicator 1.3).

What is stored are sums and sketches by day. A visitor is a number that `visitor` makes from an
address and a secret of the day; the secret lives in the memory of the process that answers and is
never stored, so that nobody can be followed from day to day, nor looked up afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from warehouse.client import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from clickhouse_connect.driver.client import Client

_FAILED_FROM: Final = 500
T = TypeVar("T")
AT_ONCE: Final = 500
"""Requests in one statement."""


class Audience(StrEnum):
    """Who asks, as far as rights tell."""

    PUBLIC = "public"
    DEPARTMENT = "department"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One request that was answered."""

    route: str
    """Pattern of the address, for example `/v1/indicators/{code}`."""
    audience: Audience
    status: int
    elapsed_ms: float
    visitor: int
    """From `visitor`."""
    bucket: int | None = None
    """Of the quarter, from `warehouse.active_users`; None: a machine, or no secret is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageDay:
    """One route on one day. The quantiles are approximate, the visitors within about 2 %."""

    day: date
    route: str
    audience: Audience
    requests: int
    failed: int
    median_ms: float
    p95_ms: float
    visitors: int


def visitor(address: str, agent: str, secret_of_the_day: bytes) -> int:
    """A number of 64 bits that tells visitors of one day apart and means nothing else."""
    keyed = hmac.new(secret_of_the_day, f"{address}|{agent}".encode(), hashlib.sha256)
    return int.from_bytes(keyed.digest()[:8])


def record_usage(client: Client, *, day: date, answered: Sequence[Answered], token: str) -> None:
    """Add requests of one day (Asia/Vientiane). A repeated `token` adds nothing."""
    for some, their_token in in_statements(answered, token):
        _record(client, day, some, their_token)


def in_statements(rows: Sequence[T], token: str) -> Iterator[tuple[Sequence[T], str]]:
    """Rows in slices that one statement can hold, each with a token of its own."""
    for at in range(0, len(rows), AT_ONCE):
        yield rows[at : at + AT_ONCE], f"{token} {at}"


def _record(client: Client, day: date, answered: Sequence[Answered], token: str) -> None:
    """Values are bound into the statement: as parameters of the address a hundred would be too
    long for it."""
    client.command(
        """INSERT INTO usage_daily (day, route, audience, requests, failed, response_ms, visitors,
          timed, total_ms, total_ms2, within_2s, within_5s)
        SELECT toDate(%(day)s), x.1, x.2, count(), countIf(x.3 >= %(failed)s),
          quantilesTDigestState(0.5, 0.95)(toFloat32(x.4)), uniqHLL12State(x.5),
          count(), sum(toFloat64(x.4)), sum(toFloat64(x.4) * x.4), countIf(x.4 <= 2000),
          countIf(x.4 <= 5000)
        FROM (SELECT arrayJoin(arrayZip(%(routes)s, %(audiences)s,
          CAST(%(statuses)s, 'Array(UInt16)'), CAST(%(times)s, 'Array(Float32)'),
          CAST(%(visitors)s, 'Array(UInt64)'))) AS x)
        GROUP BY x.1, x.2 ORDER BY x.1, x.2""",
        parameters={
            "day": day,
            "failed": _FAILED_FROM,
            "routes": [one.route for one in answered],
            "audiences": [one.audience.value for one in answered],
            "statuses": [one.status for one in answered],
            "times": [float(one.elapsed_ms) for one in answered],
            "visitors": [one.visitor for one in answered],
        },
        settings={"insert_deduplication_token": token, "max_threads": 1},
    )


def read_usage(client: Client, *, since: date, until: date) -> list[UsageDay]:
    """Usage by day, route and audience."""
    rows = fetch(
        client,
        """SELECT day, route, audience, sum(requests), sum(failed),
          quantilesTDigestMerge(0.5, 0.95)(response_ms) AS q, uniqHLL12Merge(visitors)
        FROM usage_daily WHERE day BETWEEN {since:Date} AND {until:Date}
        GROUP BY day, route, audience ORDER BY day, route, audience""",
        since=since,
        until=until,
    )
    return [
        UsageDay(
            day=r[0], route=r[1], audience=Audience(r[2]), requests=r[3], failed=r[4],
            median_ms=r[5][0], p95_ms=r[5][1], visitors=r[6],
        )
        for r in rows
    ]  # fmt: skip
