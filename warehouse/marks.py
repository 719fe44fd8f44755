"""Marked periods of sources, and the health of their latest runs, read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A period in which a source cannot be believed, as stated last."""

    mark_id: str
    source_id: str
    kind: str
    """`changed` or `outage`."""
    from_at: datetime
    to_at: datetime | None
    """`None` while it lasts."""
    reason: str
    evidence: str
    issue: datetime
    """Event time of the latest statement."""
    opened_at: datetime
    """Event time of the first statement."""
    opened_for: str
    """Reason of the first statement."""
    opened_on: str
    """Evidence of the first statement."""


_COLUMNS: Final = tuple(Mark.__dataclass_fields__)


def read_marks(
    client: Client,
    *,
    source_id: str | None = None,
    since: datetime | None = None,
    as_of: datetime | None = None,
) -> list[Mark]:
    """Every marked period, by source and beginning.

    Args:
        since: only periods that last until after this moment.
        as_of: only what was stored by then.
    """
    conditions = ["1"]
    if source_id is not None:
        conditions.append("source_id = {source_id:String}")
    if as_of is not None:
        conditions.append(f"loaded_at <= {moment('as_of')}")
    lasting = "" if since is None else f"HAVING isNull(t) OR t > {moment('since')}"
    rows = fetch(
        client,
        f"""SELECT mark_id, any(source_id), argMax(kind, at), argMax(from_at, at),
          argMax(tuple(to_at), at).1 AS t, argMax(reason, at), argMax(evidence, at), max(issue),
          min(issue), argMin(reason, at), argMin(evidence, at)
        FROM (SELECT *, tuple(issue, loaded_at, record_id) AS at FROM source_marks
          WHERE {" AND ".join(conditions)})
        GROUP BY mark_id {lasting} ORDER BY any(source_id), min(from_at), mark_id""",
        source_id=source_id,
        since=since,
        as_of=as_of,
    )
    return [Mark(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastHealth:
    """The latest measured run of one source."""

    source_id: str
    finished_at: datetime
    verdict: str
    reasons: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]


def last_health(client: Client) -> dict[str, LastHealth]:
    """Per source, what its latest measured run showed."""
    rows = fetch(
        client,
        """SELECT source_id, finished_at, verdict, reasons, before, after FROM source_health
        ORDER BY finished_at DESC, run_id DESC LIMIT 1 BY source_id""",
    )
    return {
        row[0]: LastHealth(
            source_id=row[0], finished_at=row[1], verdict=row[2], reasons=tuple(row[3]),
            before=tuple(row[4]), after=tuple(row[5]),
        )
        for row in rows
    }  # fmt: skip
