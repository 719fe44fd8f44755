"""What has come from every source, read from the warehouse into the snapshot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from dashboard.views import Came, Snapshot
from warehouse.systems import receipts, volumes

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_MEMORY: Final = timedelta(days=130)
"""Longer than three whole months and the running one."""
_STALE: Final = timedelta(hours=1)
"""After so long a status may have become another although nothing came."""


def with_came(held: Snapshot, client: Client, now: datetime) -> Snapshot:
    """`held` with what had come by `now`; unchanged where nothing is new."""
    read = Came(
        as_of=now,
        receipts=tuple(receipts(client, as_of=now)),
        volumes=tuple(volumes(client, since=now - _MEMORY, as_of=now)),
    )
    known = held.came
    if known is not None and now - known.as_of < _STALE and read == replace(known, as_of=now):
        return held
    return replace(held, came=read)
