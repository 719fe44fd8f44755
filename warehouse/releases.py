"""Releases in the warehouse: written once, read back as they were, and compared with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.history import insert_token, observation_of
from warehouse.published import ReleaseRow, releases
from warehouse.series import Observation, SeriesKey

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)
_KEY: Final = tuple(SeriesKey.__dataclass_fields__)
_FIGURE: Final = tuple(name for name in Observation.__dataclass_fields__ if name != "series")
_BLOCK: Final = 20_000


class UnknownReleaseError(LookupError):
    """There is no such release; the message says what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One issue of one figure."""

    time_value: date
    issue: datetime
    release_id: str
    value: float | None
    lower: float | None
    upper: float | None
    n: int


def write_release(client: Client, release: ReleaseRow, observations: Sequence[Observation]) -> None:
    """Store a release's figures, then the release itself; the same again changes nothing.

    Until the release's own row is there, nobody is told of it.
    """
    names = [*_KEY, *_FIGURE]
    for start in range(0, len(observations), _BLOCK):
        rows = [
            (*(getattr(o.series, name) for name in _KEY), *(getattr(o, name) for name in _FIGURE))
            for o in observations[start : start + _BLOCK]
        ]
        token = insert_token([f"{release.release_id} {release.issue.isoformat()} {start}"])
        client.insert(
            "observations", rows, column_names=names,
            settings={"insert_deduplication_token": token},
        )  # fmt: skip
    columns = [field.name for field in fields(ReleaseRow)]
    row = [list(v) if isinstance(v := getattr(release, name), tuple) else v for name in columns]
    client.insert(
        "releases", [row], column_names=columns,
        settings={"insert_deduplication_token": insert_token([release.release_id])},
    )  # fmt: skip


def release_named(client: Client, release_id: str) -> ReleaseRow:
    """One release.

    Raises:
        UnknownReleaseError: there is none of that name.
    """
    held = releases(client)
    found = next((row for row in held if row.release_id == release_id), None)
    if found is None:
        newest = f"the newest is {held[0].release_id}" if held else "there is none yet"
        raise UnknownReleaseError(f"no release {release_id!r}; {newest}")
    return found


def observations_of(client: Client, release: ReleaseRow) -> list[Observation]:
    """The figures of a release as they were published with it."""
    rows = fetch(
        client,
        f"""SELECT {", ".join((*_KEY, *_FIGURE))} FROM observations
        WHERE release_id = {{release_id:String}} AND issue = {moment("issue")}
        ORDER BY {", ".join(_KEY)}, time_value LIMIT 1 BY {", ".join(_KEY)}, time_value""",
        release_id=release.release_id,
        issue=release.issue,
    )
    return [observation_of(row) for row in rows]


def revisions(
    client: Client,
    series: SeriesKey,
    *,
    since: date = date(1970, 1, 1),
    as_of: datetime | None = None,
) -> list[Revision]:
    """Every issue of every figure of a series: by day, then from the first issue to the last."""
    names = tuple(Revision.__dataclass_fields__)
    same = " AND ".join(f"{name} = {{{name}:String}}" for name in _KEY)
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM observations
        WHERE {same} AND time_value >= {{since:Date}} AND issue <= {moment("as_of")}
          AND release_id != ''
        ORDER BY time_value, issue, release_id LIMIT 1 BY time_value, issue""",
        since=since,
        as_of=as_of or _LAST,
        **{name: str(getattr(series, name)) for name in _KEY},
    )
    return [Revision(**dict(zip(names, row, strict=True))) for row in rows]
