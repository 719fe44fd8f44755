"""Active users of a quarter, counted without knowing who (strategy indicator 1.2).

Linear counting (Whang, Vander-Zanden & Taylor, ACM TODS 15, 1990): whoever is active falls into one
of `BUCKETS` by a secret of the quarter; of d buckets hit, n = -m ln(1 - d/m). A bucket is stored,
never a visitor, and many visitors share one. The secret lives in Redis until the quarter is over.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch
from warehouse.usage import Audience, in_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    import redis
    from clickhouse_connect.driver.client import Client

BUCKETS: Final = 2**18
SECRET_KEY: Final = "lw:usage:secret:"  # noqa: S105 - a key of Redis
_Z: Final = 1.96
_MACHINES: Final = re.compile(
    r"bot\b|crawl|spider|slurp|preview|healthcheck|uptime", re.IGNORECASE
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterUse:
    """The use of one quarter."""

    quarter: date
    """Its first day."""
    requests: int
    filled: int
    """Buckets that were hit."""
    filled_inside: int
    """Of these by accounts and tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCount:
    """An estimated number of users with its 95 % interval, of the counting alone."""

    value: float
    lower: float
    upper: float


def quarter_of(day: date) -> date:
    """First day of the quarter that a day lies in."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def last_of_quarter(quarter: date) -> date:
    """Last day of the quarter that begins with a day."""
    return quarter_of(quarter + timedelta(days=95)) - timedelta(days=1)


def is_machine(agent: str) -> bool:
    """Whether a browser's name says that it is a crawler: nobody's activity."""
    return _MACHINES.search(agent) is not None


def bucket(who: str, secret: bytes) -> int:
    """The bucket of an account, or of an address with a browser's name."""
    digest = hmac.new(secret, who.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) % BUCKETS


def secret_of_quarter(client: redis.Redis, quarter: date) -> bytes | None:
    """The secret that all dashboards share until two days after the quarter; then it is gone.

    Raises:
        redis.RedisError: it cannot be asked for.
    """
    name = f"{SECRET_KEY}{quarter:%Y-%m}"
    over = last_of_quarter(quarter) + timedelta(days=3)
    ends = datetime(over.year, over.month, over.day, tzinfo=UTC)
    client.set(name, secrets.token_bytes(32), nx=True, exat=int(ends.timestamp()))
    held = client.get(name)
    return held if isinstance(held, bytes) else None


def counted(filled: int) -> UserCount:
    """How many users hit so many buckets."""
    free = max(1, BUCKETS - filled)
    value = -BUCKETS * math.log(free / BUCKETS)
    load = value / BUCKETS
    error = math.sqrt(BUCKETS * max(0.0, math.exp(load) - load - 1))
    least = float(filled)  # so many were there at least
    return UserCount(
        value=value, lower=max(least, value - _Z * error), upper=max(value, value + _Z * error)
    )


def record_activity(
    client: Client, *, quarter: date, seen: Sequence[tuple[Audience, int]], token: str
) -> None:
    """Add requests by audience and bucket. A repeated `token` adds nothing."""
    for some, their_token in in_statements(seen, token):
        _record(client, quarter, some, their_token)


def _record(
    client: Client, quarter: date, seen: Sequence[tuple[Audience, int]], token: str
) -> None:
    client.command(
        """INSERT INTO usage_quarters (quarter, audience, requests, buckets)
        SELECT toDate(%(quarter)s), x.1, count(), groupBitmapState(x.2) FROM
          (SELECT arrayJoin(arrayZip(%(audiences)s, CAST(%(buckets)s, 'Array(UInt32)'))) AS x)
        GROUP BY x.1 ORDER BY x.1""",
        parameters={
            "quarter": quarter,
            "audiences": [audience.value for audience, _ in seen],
            "buckets": [at for _, at in seen],
        },
        settings={"insert_deduplication_token": token, "max_threads": 1},
    )


def read_activity(client: Client, *, until: date) -> list[QuarterUse]:
    """The use of every quarter that began by `until`, the oldest first."""
    rows = fetch(
        client,
        """SELECT quarter, sum(requests), groupBitmapMerge(buckets),
          groupBitmapMergeIf(buckets, audience != 'public')
        FROM usage_quarters WHERE quarter <= {until:Date}
        GROUP BY quarter ORDER BY quarter""",
        until=until,
    )
    return [
        QuarterUse(quarter=row[0], requests=row[1], filled=row[2], filled_inside=row[3])
        for row in rows
    ]
