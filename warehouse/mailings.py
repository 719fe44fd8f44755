"""Mails beside those of alerts and bulletins: append-only, so that a lost memory can be rebuilt."""

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
    """How far a mail has come."""

    DECIDED = "decided"
    SENT = "sent"
    """The mail server took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingRecord:
    """One stage of one mail."""

    mailing_id: str
    stage: str
    topic: str
    record: str
    """The notice, JSON; "" of a digest."""
    at: datetime
    recorded_at: datetime


DIGEST: Final = "digest"
"""Topic of the weekly digests."""
_NAMES: Final = tuple(field.name for field in fields(MailingRecord))


def write_mailings(client: Client, mailings: Sequence[MailingRecord]) -> None:
    """Append stages of mails; the same sequence again changes nothing."""
    token = insert_token(f"{one.mailing_id} {one.stage} {one.at.isoformat()}" for one in mailings)
    append(client, "mailings", mailings, token)


def read_notices(client: Client) -> list[MailingRecord]:
    """Every stage of every notice to operators that is kept, oldest first."""
    rows = fetch(
        client,
        f"SELECT {', '.join(_NAMES)} FROM mailings WHERE topic != {{digest:String}}"
        " ORDER BY at, stage, mailing_id LIMIT 1 BY mailing_id, stage",
        digest=DIGEST,
    )
    return [MailingRecord(**dict(zip(_NAMES, map(aware, row), strict=True))) for row in rows]


def digests_sent(client: Client, names: Sequence[str]) -> frozenset[str]:
    """Those of the named digests that a mail server took."""
    rows = fetch(
        client,
        "SELECT DISTINCT mailing_id FROM mailings WHERE topic = {digest:String}"
        " AND has({names:Array(String)}, mailing_id)",
        digest=DIGEST,
        names=list(names),
    )
    return frozenset(row[0] for row in rows)
