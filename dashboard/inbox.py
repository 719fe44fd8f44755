"""Which alerts wait for whom, and in which order: filters, counts and order of the inbox. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode

from alerts.severity import Severity
from dashboard.accounts.policy import Action, Resource, may
from dashboard.accounts.records import Viewer
from dashboard.views import AlertView

FIELDS: Final = ("state", "severity", "province", "sector", "kind")
"""What can be filtered by, in the order of the form."""
WAITING: Final = "waiting"
"""The state of what waits for the viewer's answer: it fires, and is theirs to take on."""
NATION: Final = "nation"
"""The province of an alert of the whole country."""

Wanted = Mapping[str, str]
"""By field the one value that is wanted; a field that is not there takes any."""


def wanted_of(query: str) -> dict[str, str]:
    """The filters of an address. Names that are none, and empty values, are left out.

    Args:
        query: without question mark.
    """
    return {name: value for name, value in parse_qsl(query) if name in FIELDS}


def query_of(wanted: Wanted, **changes: str) -> str:
    """The question that asks for these filters; a change to "" lets go of one."""
    held = {**wanted, **changes}
    return urlencode([(name, held[name]) for name in FIELDS if held.get(name)])


def waits_for(viewer: Viewer, alert: AlertView) -> bool:
    """Whether an alert waits for this viewer's answer."""
    firing = alert.state == "firing"
    return firing and may(viewer, alert.province, Action.ACT, Resource.ALERTS).allowed


def values_of(viewer: Viewer, alert: AlertView) -> dict[str, tuple[str, ...]]:
    """By field the values by which an alert is found."""
    states = (alert.state, WAITING) if waits_for(viewer, alert) else (alert.state,)
    return {
        "state": states,
        "severity": (alert.severity,),
        "province": (alert.province or NATION,),
        "sector": (alert.industry,) if alert.industry else (),
        "kind": (alert.kind,),
    }


def found(viewer: Viewer, alerts: Iterable[AlertView], wanted: Wanted) -> list[AlertView]:
    """The alerts that fit every filter, in the order of the inbox."""
    fitting = [alert for alert in alerts if _fits(values_of(viewer, alert), wanted)]
    return in_order(viewer, fitting)


def in_order(viewer: Viewer, alerts: Iterable[AlertView]) -> list[AlertView]:
    """What waits for the viewer first; then their own province, the most severe, the oldest.

    What is over comes last, the newest end first.
    """
    still = [alert for alert in alerts if alert.is_open]
    over = [alert for alert in alerts if not alert.is_open]
    still.sort(key=lambda alert: _urgency(viewer, alert))
    return still + sorted(over, key=lambda alert: alert.changed_at, reverse=True)


def _urgency(viewer: Viewer, alert: AlertView) -> tuple[object, ...]:
    return (
        not waits_for(viewer, alert),
        alert.state != "firing",
        alert.state == "pending",
        not viewer.province or alert.province != viewer.province,
        -_rank(alert.severity),
        alert.onset_on,
        alert.alert_id,
    )


def _rank(severity: str) -> int:
    return Severity(severity).rank if severity in list(Severity) else -1


def counted(
    viewer: Viewer, alerts: Sequence[AlertView], wanted: Wanted, field: str
) -> dict[str, int]:
    """How many alerts each value of a field would show, the other filters as they are."""
    others = {name: value for name, value in wanted.items() if name != field}
    counts: Counter[str] = Counter()
    for alert in alerts:
        values = values_of(viewer, alert)
        if _fits(values, others):
            counts.update(values[field])
    return dict(counts)


def _fits(values: Mapping[str, Sequence[str]], wanted: Wanted) -> bool:
    return all(value in values[name] for name, value in wanted.items())
