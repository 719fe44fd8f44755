"""Quality of a release: measured when it is issued, kept with it, and told again for ever."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from warehouse.client import aware, fetch
from warehouse.quality.declared import catalogue
from warehouse.quality.measuring import measure
from warehouse.quality.records import Result, Scope
from warehouse.quality.report import Language, ReleaseFacts, Report, report_of
from warehouse.quality.results import read_results, write_results

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

DAYS: Final = 28
"""Shortest period that checks look at: a day or a week alone says too little."""
_ZONE: Final = ZoneInfo("Asia/Vientiane")
_FACTS: Final = tuple(field.name for field in fields(ReleaseFacts))


class UnknownReleaseError(LookupError):
    """There is no such release."""


def scope_until(last_day: date, as_of: datetime, *, first_day: date | None = None) -> Scope:
    """The four weeks that end on `last_day`, or from `first_day` where that is earlier."""
    since = last_day - timedelta(days=DAYS - 1)
    return Scope(since=min(since, first_day or since), until=last_day, as_of=as_of)


def whole_days_until(as_of: datetime) -> Scope:
    """The four weeks that end with the last whole day in Laos before `as_of`."""
    return scope_until(as_of.astimezone(_ZONE).date() - timedelta(days=1), as_of)


def read_release(client: Client, release_id: str) -> ReleaseFacts:
    """What is known of a release.

    Raises:
        UnknownReleaseError: there is none of this name.
    """
    rows = fetch(
        client,
        f"SELECT {', '.join(_FACTS)} FROM releases WHERE release_id = {{release_id:String}}"
        " ORDER BY issue LIMIT 1",
        release_id=release_id,
    )
    if not rows:
        raise UnknownReleaseError(f"no release {release_id!r}")
    return ReleaseFacts(**dict(zip(_FACTS, map(aware, rows[0]), strict=True)))


def accompany(client: Client, release_id: str, *, computed_at: datetime) -> list[Result]:
    """Measure the quality of what a release was made of, and keep it with the release.

    Raises:
        UnknownReleaseError: there is no such release.
    """
    release = read_release(client, release_id)
    results = measure(
        client, catalogue(), _scope_of(release), computed_at=computed_at, release_id=release_id
    )
    write_results(client, results)
    return results


def report_on(
    client: Client,
    *,
    release_id: str,
    as_of: datetime,
    language: Language,
    demonstration: bool,
) -> Report:
    """The quality report of a release ("": of the data as they stood at `as_of`).

    Of a release it tells what was measured when it was issued; where nothing was, it measures the
    data as known at the release's cutoff, which gives the same but for what can only be asked of
    things as they stand.

    Raises:
        UnknownReleaseError: there is no such release.
    """
    release = read_release(client, release_id) if release_id else None
    scope = _scope_of(release) if release else whole_days_until(as_of)
    results = read_results(client, release_id=release_id) if release else []
    if not results:
        # Long after its moment, also today: what only tells of now would change from day to day.
        results = measure(client, catalogue(), scope, computed_at=scope.as_of + timedelta(days=1))
    return report_of(
        results,
        catalogue(),
        scope=scope,
        release=release,
        language=language,
        demonstration=demonstration,
    )


def _scope_of(release: ReleaseFacts) -> Scope:
    return scope_until(release.period_end, release.cutoff, first_day=release.period_start)
