"""What operators were told: append-only, so that a lost memory of it can be rebuilt."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from warehouse.client import aware, fetch
from warehouse.history import append, insert_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client


class Stage(StrEnum):
    """How far a notice has come."""

    DECIDED = "decided"
    SENT = "sent"
    """The mail server took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRecord:
    """One stage of one notice."""

    notice_id: str
    stage: str
    topic: str
    record: str
    """The notice, JSON."""
    at: datetime
    recorded_at: datetime


_NAMES: Final = tuple(field.name for field in fields(NoticeRecord))


def write_notices(client: Client, notices: Sequence[NoticeRecord]) -> None:
    """Append stages of notices; the same sequence again changes nothing."""
    token = insert_token(f"{one.notice_id} {one.stage} {one.at.isoformat()}" for one in notices)
    append(client, "operator_notices", notices, token)


def read_notices(client: Client) -> list[NoticeRecord]:
    """Every stage of every notice that is kept, oldest first."""
    rows = fetch(
        client,
        f"SELECT {', '.join(_NAMES)} FROM operator_notices"
        " ORDER BY at, stage, notice_id LIMIT 1 BY notice_id, stage",
    )
    return [NoticeRecord(**dict(zip(_NAMES, map(aware, row), strict=True))) for row in rows]
