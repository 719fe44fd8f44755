"""Bulletins on schedule: made once with each weekly and monthly release, archived.

The whole set of a release is stored in one insert that stores the same set once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from alerts.releases.plan import Kind
from dashboard.bulletins.gathering import Reading
from dashboard.bulletins.making import make_bulletin
from dashboard.geography import provinces
from dashboard.language import CODES
from warehouse import bulletins as archive
from warehouse import published
from warehouse.bulletins import Bulletin
from warehouse.disclosure.records import View
from warehouse.published import ReleaseRow

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from config.settings import Settings

RECENT: Final = timedelta(days=21)
"""Releases issued longer ago get no bulletin by themselves: a first start publishes a history."""
PATIENCE: Final = timedelta(days=2)
"""So long a public bulletin waits for its period's public counts; then it says that they lack."""
_KINDS: Final = (Kind.WEEKLY.value, Kind.MONTHLY.value)
_log = structlog.get_logger(__name__)


def make_due(
    client: Client, settings: Settings, now: datetime,
    keep_lead: Callable[[], None] = lambda: None,
) -> list[str]:  # fmt: skip
    """Bulletins of the newest release of each kind, if they are not made yet.

    Args:
        client: of the warehouse.
        settings: address of the installation, and whether its data are invented.
        now: the present.
        keep_lead: called before each set.

    Returns:
        Ids of the bulletins that were made.

    Raises:
        clickhouse_connect.driver.exceptions.Error: tried again next time.
        dashboard.bulletins.making.TypesettingError: no PDF can be made.
    """
    made: list[str] = []
    for kind in _KINDS:
        newest = newest_release(published.releases(client, kinds=[kind], as_of=now))
        if newest is None or now - newest.issue > RECENT:
            continue
        for view in (View.PUBLIC, View.DEPARTMENT):
            if archive.heads(client, views=[view], release_id=newest.release_id, limit=1):
                continue
            reading = Reading(client=client, row=newest, view=view, now=now).read()
            if not reading.is_decided and now - newest.issue < PATIENCE:
                continue
            keep_lead()
            found = list(make_set(reading, settings))
            archive.keep(client, found)
            made += [one.head.bulletin_id for one in found]
    if made:
        _log.info("bulletins_made", count=len(made), first=made[0])
    return made


def newest_release(rows: Sequence[ReleaseRow]) -> ReleaseRow | None:
    """The last revision of the last period: a first start issues several periods at one moment."""
    return max(rows, key=lambda row: (row.period_end, row.revision), default=None)


def make_set(reading: Reading, settings: Settings) -> Iterator[Bulletin]:
    """All bulletins of a release for one view: weekly of every province, and of the nation."""
    places = ["", *provinces()] if reading.period.kind is Kind.WEEKLY else [""]
    for place in places:
        said = reading.about(place)
        for code in CODES:
            yield make_bulletin(
                said, code, url=settings.dashboard_url.rstrip("/"),
                demonstration=settings.is_demonstration,
            )  # fmt: skip


def make_one(client: Client, settings: Settings, row: ReleaseRow, place: str, view: View, code: str,
             now: datetime) -> Bulletin:  # fmt: skip
    """One bulletin, for a look at it: nothing is stored or sent."""
    said = Reading(client=client, row=row, view=view, now=now).read().about(place)
    return make_bulletin(
        said, code, url=settings.dashboard_url.rstrip("/"), demonstration=settings.is_demonstration
    )
