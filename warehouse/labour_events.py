"""Events of the labour market that were confirmed: what alerts are scored against. Append-only.

Of several statements about an event the latest counts; writing the same ones again stores nothing.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from warehouse.client import fetch, moment
from warehouse.history import insert_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourEvent:
    """One statement about an event."""

    event_id: str
    statement_id: str
    province: str
    """ISO 3166-2:LA; "" is the nation."""
    occupation: str
    """ISCO-08, 1 to 4 digits; "" is all."""
    industry: str
    """ISIC Rev. 4 section; "" is all."""
    direction: str
    """`up` or `down`."""
    started_on: date
    ended_on: date | None
    """Last day; None: it lasts, or is not known."""
    confirmed_on: date
    basis: str
    """`official`, `officer`, `news` or `planted`."""
    citation: str
    officer: str
    """Account, never a name."""
    withdrawn: bool
    recorded_at: datetime


_NAMES: Final = tuple(field.name for field in fields(LabourEvent))


def write_labour_events(client: Client, events: Sequence[LabourEvent]) -> None:
    """Append statements; the same sequence again changes nothing."""
    if events:
        token = insert_token(event.statement_id for event in events)
        client.insert(
            "labour_events", [astuple(event) for event in events], column_names=_NAMES,
            settings={"insert_deduplication_token": token},
        )  # fmt: skip


def read_labour_events(
    client: Client, *, as_of: datetime | None = None, withdrawn: bool = False
) -> list[LabourEvent]:
    """Events as stated last by `as_of`, in order of beginning; withdrawn ones only if asked."""
    rows = fetch(
        client,
        f"""SELECT {", ".join(_NAMES)} FROM (
          SELECT * FROM labour_events WHERE recorded_at <= {moment("as_of")}
          ORDER BY recorded_at DESC, statement_id LIMIT 1 BY event_id
        ) WHERE {{withdrawn:UInt8}} OR NOT withdrawn ORDER BY started_on, event_id""",
        as_of=as_of or _LAST,
        withdrawn=int(withdrawn),
    )
    return [LabourEvent(**_record(row)) for row in rows]


def _record(row: Sequence[Any]) -> dict[str, Any]:
    record = dict(zip(_NAMES, row, strict=True))
    at = record["recorded_at"]
    return record | {
        "withdrawn": bool(record["withdrawn"]),
        "recorded_at": at.replace(tzinfo=UTC) if at.tzinfo is None else at,
    }
