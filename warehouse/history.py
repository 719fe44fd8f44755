"""What was concluded from the counts: figures, signals and alerts, written once and read back.

Writing the same records again, after a crash, stores nothing twice: an insert's deduplication
token is made of its records' identities, and reading keeps one row of each identity.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from warehouse.client import fetch, moment
from warehouse.series import Frequency, Observation, SeriesKey, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clickhouse_connect.driver.client import Client

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRecord:
    """A detector's finding in one cell, with its evidence. Provinces and groups as elsewhere."""

    signal_id: str
    cell_province: str
    cell_isco1: str
    direction: str
    """`up` or `down`."""
    onset_on: date
    detected_on: date
    event_time: datetime
    observed: float
    expected: float
    ratio: float
    """observed / expected, with its 95 % interval."""
    ratio_lower: float
    ratio_upper: float
    score: float
    n: int
    employers: int
    sources: tuple[str, ...]
    classification: str
    """`labour` or `collection_fault`."""
    detail: str
    loaded_at: datetime
    indicator: str = "flow"
    probability: float | None = None
    components: str = ""
    """Figures behind a score, as JSON; "" where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    """One transition of one alert."""

    alert_id: str
    at: datetime
    """Event time (UTC)."""
    recorded_at: datetime
    state: str
    previous_state: str
    reason: str
    kind: str
    direction: str
    province: str
    isco1: str
    onset_on: date
    observed: float
    expected: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    n: int
    sources: tuple[str, ...]
    notified: bool
    detail: str
    severity: str = "moderate"
    indicator: str = "flow"
    probability: float | None = None
    components: str = ""
    """Figures behind a score, as JSON; "" where there is none."""
    record: str = ""
    """The alert as it was kept, as JSON; "" in rows of before."""


def insert_token(identities: Iterable[str]) -> str:
    """The deduplication token of an insert of these records, in this order."""
    digest = hashlib.sha256()
    for identity in identities:
        digest.update(identity.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def _insert(
    client: Client, table: str, columns: Sequence[str], rows: list[Any], token: str
) -> None:
    if rows:
        client.insert(
            table, rows, column_names=columns, settings={"insert_deduplication_token": token}
        )


def append(client: Client, table: str, records: Sequence[Any], token: str) -> None:
    """Append records of one dataclass under the names of its fields; under one token once."""
    if records:
        names = [field.name for field in fields(records[0])]
        _insert(client, table, names, [astuple(one) for one in records], token)


def write_signals(client: Client, signals: Sequence[SignalRecord]) -> None:
    """Append signals; the same sequence again changes nothing."""
    append(client, "signals", signals, insert_token(signal.signal_id for signal in signals))


def write_alert_history(client: Client, entries: Sequence[AlertRecord]) -> None:
    """Append transitions; the same sequence again changes nothing."""
    token = insert_token(f"{e.alert_id} {e.at.isoformat()} {e.state} {e.reason}" for e in entries)
    append(client, "alert_history", entries, token)


def read_alert_history(
    client: Client,
    *,
    alert_id: str | None = None,
    since: datetime | None = None,
    limit: int = 10_000,
    as_of: datetime | None = None,
) -> list[AlertRecord]:
    """Transitions of one alert or all, newest first; `as_of` bounds when they were recorded."""
    names = [field.name for field in fields(AlertRecord)]
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM alert_history
        WHERE at >= {moment("since")} AND recorded_at <= {moment("as_of")}
          AND ({{every:UInt8}} OR alert_id = {{alert_id:String}})
        ORDER BY at DESC, recorded_at DESC, alert_id LIMIT 1 BY alert_id, at, state, reason
        LIMIT {{limit:UInt32}}""",
        since=since or _FIRST,
        as_of=as_of or _LAST,
        every=int(alert_id is None),
        alert_id=alert_id or "",
        limit=limit,
    )
    return [AlertRecord(**_sources_as_tuple(names, row)) for row in rows]


def _sources_as_tuple(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    record = dict(zip(names, row, strict=True))
    record["sources"] = tuple(record["sources"])
    return record


_KEY: Final = tuple(SeriesKey.__dataclass_fields__)
_FIGURE: Final = tuple(name for name in Observation.__dataclass_fields__ if name != "series")


def write_observations(client: Client, observations: Sequence[Observation]) -> None:
    """Publish figures; the same sequence again changes nothing."""
    rows = [(*astuple(o.series), *(getattr(o, name) for name in _FIGURE)) for o in observations]
    token = insert_token(f"{o.series} {o.time_value} {o.issue.isoformat()}" for o in observations)
    _insert(client, "observations", (*_KEY, *_FIGURE), rows, token)


def read_observations(
    client: Client, series: SeriesKey, *, since: date, as_of: datetime | None = None
) -> list[Observation]:
    """The figures of a series as they stood at `as_of`: per time value its latest issue."""
    same = " AND ".join(f"{name} = {{{name}:String}}" for name in _KEY)
    rows = fetch(
        client,
        f"""SELECT {", ".join((*_KEY, *_FIGURE))} FROM observations
        WHERE {same} AND time_value >= {{since:Date}} AND issue <= {moment("as_of")}
        ORDER BY time_value, issue DESC LIMIT 1 BY time_value""",
        since=since,
        as_of=as_of or _LAST,
        **dict(zip(_KEY, astuple(series), strict=True)),
    )
    return [observation_of(row) for row in rows]


def observation_of(row: Sequence[Any]) -> Observation:
    """A figure from the columns of its series' key followed by its own, as declared."""
    key = dict(zip(_KEY, row[: len(_KEY)], strict=True))
    figure = dict(zip(_FIGURE, row[len(_KEY) :], strict=True))
    figure |= {"standing": Standing(figure["standing"]), "sources": tuple(figure["sources"])}
    series = SeriesKey(**key | {"frequency": Frequency(key["frequency"])})
    return Observation(series=series, **figure)
