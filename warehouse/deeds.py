"""What officers did about alerts, and what they silenced: append-only, read as it was known.

Writing the same records again stores nothing twice, as in `warehouse.history`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from warehouse.client import aware, fetch, moment
from warehouse.history import append, insert_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

    Row = TypeVar("Row", "ActionRecord", "SilenceRecord")

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRecord:
    """One deed about one alert."""

    action_id: str
    alert_id: str
    action: str
    """`acknowledged`, `verdict`, `note` or `escalated`."""
    officer: str
    """Account or route, never a name."""
    verdict: str
    """`true`, `false` or `unsure`; "" where none is given."""
    done: str
    note: str
    channel: str
    """`link`, `dashboard`, `command` or `service`."""
    at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceRecord:
    """One statement about a silence; of several the latest counts."""

    silence_id: str
    statement_id: str
    matchers: str
    """JSON."""
    from_at: datetime
    to_at: datetime
    officer: str
    why: str
    recorded_at: datetime


def write_actions(client: Client, actions: Sequence[ActionRecord]) -> None:
    """Append deeds; the same sequence again changes nothing."""
    append(client, "alert_actions", actions, insert_token(one.action_id for one in actions))


def write_silences(client: Client, silences: Sequence[SilenceRecord]) -> None:
    """Append statements; the same sequence again changes nothing."""
    append(client, "silences", silences, insert_token(one.statement_id for one in silences))


def read_actions(
    client: Client,
    *,
    alert_id: str | None = None,
    since: datetime | None = None,
    as_of: datetime | None = None,
) -> list[ActionRecord]:
    """Deeds about one alert or all, oldest first; `as_of` bounds when they were recorded."""
    names = _names(ActionRecord)
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM alert_actions
        WHERE at >= {moment("since")} AND recorded_at <= {moment("as_of")}
          AND ({{every:UInt8}} OR alert_id = {{alert_id:String}})
        ORDER BY at, recorded_at, action_id LIMIT 1 BY action_id""",
        since=since or _FIRST,
        as_of=as_of or _LAST,
        every=int(alert_id is None),
        alert_id=alert_id or "",
    )
    return [ActionRecord(**dict(zip(names, map(aware, row), strict=True))) for row in rows]


def latest_verdicts(actions: Sequence[ActionRecord]) -> dict[str, ActionRecord]:
    """By alert the verdict given last: an officer may think again.

    Args:
        actions: in order of time.
    """
    return {action.alert_id: action for action in actions if action.verdict}


def read_silences(client: Client, *, as_of: datetime | None = None) -> list[SilenceRecord]:
    """Every silence as stated last, oldest first, ended ones too."""
    names = _names(SilenceRecord)
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM silences WHERE recorded_at <= {moment("as_of")}
        ORDER BY recorded_at DESC, statement_id LIMIT 1 BY silence_id""",
        as_of=as_of or _LAST,
    )
    return [
        SilenceRecord(**dict(zip(names, map(aware, row), strict=True))) for row in reversed(rows)
    ]


def _names(kind: type[Any]) -> list[str]:
    return [field.name for field in fields(kind)]
