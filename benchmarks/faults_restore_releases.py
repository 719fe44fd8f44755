"""Releases of the drill: published before a backup, given again after the restore."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Final

from clickhouse_connect.driver.client import Client

from alerts.calendar import local_day
from alerts.releases.issuing import make, next_revision
from alerts.releases.issuing import verify as verify_release
from alerts.releases.office import SETTLING
from alerts.releases.plan import Kind, period_of, schedule
from benchmarks.stack import Stack, wait_until
from warehouse.client import connect, fetch
from warehouse.published import releases

_LOADED_S: Final = 300.0
_NOTHING: Final = "nothing is stored that could be published"
_OLDEST: Final = (
    "SELECT minOrNull(fetched_at) FROM postings WHERE loaded_at <= {cutoff:DateTime64(3)}"
)


def publish_releases(stack: Stack) -> None:
    """A day, its week and its month, the first that are stored, as `labourwatch release make`
    publishes them: of what was stored a minute ago.

    Raises:
        benchmarks.stack.NotReadyError: nothing was stored within five minutes.
    """
    with connect(stack.settings) as client:
        wait_until(lambda: _first_stored(client, _cutoff()) is not None, _LOADED_S, _NOTHING)
        now = _cutoff()
        first = _first_stored(client, now)
        assert first is not None
        for kind in Kind:
            period = period_of(kind, local_day(first))
            revision, before = next_revision(client, period)
            make(
                client, period, schedule().releases[kind], cutoff=now, issue=now,
                revision=revision, supersedes=before, note="a drill" if revision else "",
            )  # fmt: skip


def verified_releases(stack: Stack) -> dict[str, bool]:
    """Each release, and whether its figures, stored and computed again, give its digest."""
    with connect(stack.settings) as client:
        return {
            row.digest: verify_release(client, row, recompute=True).same for row in releases(client)
        }


def _cutoff() -> datetime:
    """A minute ago, in whole milliseconds."""
    return datetime.fromtimestamp(round(time.time() - SETTLING.total_seconds(), 3), UTC)


def _first_stored(client: Client, cutoff: datetime) -> datetime | None:
    """Event time of the oldest posting that was stored by then."""
    found: datetime | None = fetch(client, _OLDEST, cutoff=cutoff)[0][0]
    return found
