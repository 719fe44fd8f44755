"""One message of each kind, for tests and pictures of notices."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from alerts.alert import Alert, Hold, Reason, State
from alerts.calendar import end_of_day, week_start
from alerts.cells import Cell
from alerts.digest import Audience, Digest, digest_of
from alerts.grounds import Ground, Why
from alerts.notify.weeks import SHOWN, Weeks
from alerts.outbox import Message
from alerts.routing import Route
from alerts.severity import Severity
from alerts.signal import Classification, Component, Direction
from tests.factories_alerts import FIRST, alert
from warehouse.series import Standing

NOW: Final = end_of_day(FIRST)
_PARTS: Final = (
    Component(name="tightness", value=0.9, lower=0.6, upper=1.2, n=310, points=3.0),
    Component(name="duration_mean_60", value=41.0, lower=36.0, upper=46.0, n=120, points=2.0),
    Component(name="growth", value=0.35, lower=0.1, upper=0.6, n=520, points=2.0),
)
_OF: Final[dict[str, dict[str, Any]]] = {
    "rise": {"severity": Severity.SEVERE},
    "fall": {
        "direction": Direction.DOWN, "observed": 9.0, "expected": 20.0, "ratio": 0.45,
        "ratio_lower": 0.3, "ratio_upper": 0.7,
    },
    "shortage": {
        "kind": Classification.SHORTAGE, "probability": 0.93, "indicator": "shortage_probability",
        "components": _PARTS,
    },
    "pressure": {
        "kind": Classification.DEMAND_PRESSURE, "indicator": "demand_pressure",
        "components": _PARTS[1:],
    },
    "surplus": {
        "kind": Classification.SURPLUS, "probability": 0.84, "indicator": "surplus_risk",
        "direction": Direction.DOWN,
    },
    "forecast": {
        "kind": Classification.FORECAST, "probability": 0.84, "indicator": "shortage_within_12w",
        "observed": 0.84, "expected": 0.8, "ratio": 1.05, "ratio_lower": 0.8, "ratio_upper": 1.2,
        "components": (
            Component(
                name="shortage_probability", value=0.41, lower=0.2, upper=0.6, n=310
            ),
            *_PARTS,
        ),
    },
    "forecast_pressure": {
        "kind": Classification.FORECAST, "probability": 0.86, "indicator": "demand_pressure",
        "observed": 34.0, "expected": 24.0, "ratio": 1.4, "ratio_lower": 0.9, "ratio_upper": 2.0,
        "onset_on": FIRST + timedelta(weeks=12), "employers": 0, "sources": (), "n": 560,
    },
    "indicator_up": {
        "kind": Classification.INDICATOR, "indicator": "duration_median",
        "observed": 31.0, "expected": 19.0, "ratio": 1.63, "ratio_lower": 1.3, "ratio_upper": 2.0,
    },
    "indicator_down": {
        "kind": Classification.INDICATOR, "indicator": "fill_rate", "direction": Direction.DOWN,
        "observed": 0.31, "expected": 0.52, "ratio": 0.6, "ratio_lower": 0.45, "ratio_upper": 0.8,
    },
    "fault": {
        "kind": Classification.COLLECTION_FAULT,
        "detail": "without khon-ngan there is no such change",
        "why": Why(ground=Ground.WITHOUT_SOURCE, source="khon-ngan"), "sources": ("khon-ngan",),
        "direction": Direction.DOWN, "observed": 3.0, "ratio": 0.15, "ratio_lower": 0.05,
        "ratio_upper": 0.4,
    },
}  # fmt: skip


def alert_of(kind: str) -> Alert:
    """A firing alert of a kind, told once."""
    return replace(alert(), tellings=1, **_OF[kind])


def message_of(kind: str, reason: Reason = Reason.OPENED) -> Message:
    """A message about such an alert."""
    about = alert_of(kind)
    if reason in (Reason.RETURNED, Reason.NEW_NORMAL, Reason.LOST, Reason.RECLASSIFIED):
        about = replace(
            about, state=State.RESOLVED, tellings=2,
            onset_on=about.onset_on - timedelta(weeks=8),
            detected_on=about.detected_on - timedelta(weeks=7),
        )  # fmt: skip
    return Message(alert=about, reason=reason, at=NOW)


def digest_for() -> Digest:
    """A week of one province with something in every section."""
    route = Route(name="capital", provinces=("LA-VT",), kind="", to=(), languages=("lo", "en"))
    week = week_start(FIRST)
    cell = Cell("LA-VT", "7")
    alerts = (
        alert_of("shortage"),
        replace(alert_of("forecast"), state=State.ACKNOWLEDGED, cell=cell),
        replace(alert_of("rise"), hold=Hold.BUDGET_SPENT, tellings=0, cell=Cell("LA-VT", "9")),
        replace(
            alert_of("fall"), state=State.RESOLVED, changed_at=end_of_day(week), tellings=2,
            cell=Cell("LA-VT", "8"),
        ),
    )  # fmt: skip
    found = digest_of(Audience(route=route, area="LA-VT"), week, alerts, (route,), ())
    unassessed = {Standing.TOO_FEW: 3, Standing.NO_SUPPLY: 1}
    return replace(found, cells=10, unassessed=unassessed)


def weeks_for(about: Alert, seed: int = 7, *, returned: bool = False) -> Weeks:
    """Half a year about the usual level, then as the alert says, and back where it `returned`."""
    rng = random.Random(seed)
    ends = tuple(FIRST - timedelta(weeks=back) for back in reversed(range(SHOWN)))
    begun = about.onset_on
    over = begun + timedelta(weeks=5) if returned else ends[-1]
    levels = [about.expected * (about.ratio if begun < end <= over else 1.0) for end in ends]
    return Weeks(
        ends=ends,
        observed=tuple(max(0, round(rng.gauss(level, level**0.5))) for level in levels),
        usual=about.expected,
        lower=about.expected - 2 * about.expected**0.5,
        upper=about.expected + 2 * about.expected**0.5,
        onset=begun,
    )
