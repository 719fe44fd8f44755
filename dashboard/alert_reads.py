"""Reading what stands behind alerts: published courses, and what was done about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from alerts.actions import Action, Channel
from dashboard.accounts.records import Role
from dashboard.alert_series import series_of
from dashboard.released import figures_of
from dashboard.views import Deed, Snapshot
from warehouse.deeds import ActionRecord, read_actions
from warehouse.disclosure.records import View
from warehouse.released_series import Asked, blocks, spans

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from dashboard.accounts.records import Account

_BEFORE: Final = timedelta(weeks=52)
"""Shown before the onset at most."""
_OF_SERVICE: Final = frozenset({Action.NOTIFIED})
"""Receipts of messages: history tells what was sent."""
OFFICER: Final = "officer"


def with_courses(held: Snapshot, client: Client) -> Snapshot:
    """`held` with the published lines its alerts were decided on, exact: for whom sees the alert.

    They are read again where a release is new, or an alert is about another series.
    """
    wanted = frozenset(key for alert in held.alerts for key in series_of(alert))
    mark = (held.released_mark, wanted)
    if mark == held.courses_mark:
        return held
    if not wanted:
        return replace(held, courses={}, courses_mark=mark)
    first = min(alert.onset_on for alert in held.alerts if series_of(alert))
    asked = Asked(
        indicators=sorted({key.indicator for key in wanted}),
        frequencies=sorted({key.frequency.value for key in wanted}),
        provinces=sorted({key.province for key in wanted}),
        occupations=sorted({key.occupation for key in wanted}),
        industries=("",), skills=("",), since=first - _BEFORE,
    )  # fmt: skip
    found = [span for span in spans(client, asked, View.DEPARTMENT) if span.series in wanted]
    told = (one for block in blocks(client, found, asked, View.DEPARTMENT) for one in block)
    lines = figures_of(told, View.DEPARTMENT).lines
    return replace(held, courses=lines, courses_mark=mark)


def read_deeds(client: Client, accounts: Mapping[str, Account]) -> dict[str, tuple[Deed, ...]]:
    """What officers did, by alert, oldest first; by their role, not by their account."""
    found: dict[str, list[Deed]] = {}
    for record in read_actions(client):
        if record.action not in _OF_SERVICE:
            found.setdefault(record.alert_id, []).append(_deed(record, accounts))
    return {alert_id: tuple(deeds) for alert_id, deeds in found.items()}


def _deed(record: ActionRecord, accounts: Mapping[str, Account]) -> Deed:
    account = accounts.get(record.officer) if record.channel == Channel.DASHBOARD else None
    by = record.channel if record.channel != Channel.DASHBOARD else OFFICER
    return Deed(
        at=record.at, action=record.action, by=account.role.value if account else by,
        province=account.province if account and account.role is Role.PROVINCIAL else "",
        verdict=record.verdict, done=record.done, note=record.note,
    )  # fmt: skip
