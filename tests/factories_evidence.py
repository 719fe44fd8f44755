"""Alerts of other kinds than counts, with the published figures they were decided on; no I/O."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dashboard.released import figures_of
from dashboard.views import AlertView, Deed, Snapshot
from tests.factories_dashboard import NOW, alert
from tests.factories_released import MONDAY, observation
from warehouse.disclosure.records import Released, View
from warehouse.disclosure.release import release
from warehouse.series import Frequency, SeriesKey

WEEKS = 30
ONSET = MONDAY - timedelta(weeks=5)


def shortage(**changes: object) -> AlertView:
    """A shortage of machine operators in Champasak is probable."""
    facts: dict[str, object] = {
        "alert_id": "shortage1", "kind": "shortage", "isco1": "8", "onset_on": ONSET,
        "indicator": "shortage_probability", "probability": 0.86, "observed": 0.86,
        "expected": 0.8, "ratio": 1.075, "ratio_lower": 0.9, "ratio_upper": 1.2, "n": 212,
    }  # fmt: skip
    return alert(**(facts | changes))


def ahead() -> AlertView:
    """A shortage is foreseen."""
    return shortage(alert_id="ahead1", kind="forecast", indicator="shortage_within_12w")


def pressure_ahead() -> AlertView:
    """More demand than usual is foreseen in Champasak."""
    return shortage(
        alert_id="demand1", kind="forecast", indicator="demand_pressure", isco1="",
        onset_on=MONDAY + timedelta(weeks=4), observed=120.0, expected=89.5, probability=0.9,
        ratio=120.5 / 90.0, ratio_lower=95.5 / 90.0, ratio_upper=147.5 / 90.0,
    )  # fmt: skip


def shifted(**changes: object) -> AlertView:
    """Growth in Champasak is not as it was."""
    facts: dict[str, object] = {
        "alert_id": "growth1", "kind": "indicator", "direction": "down", "indicator": "growth",
        "isco1": "", "observed": 0.8, "expected": 1.1, "ratio": 0.73, "ratio_lower": 0.6,
        "ratio_upper": 0.85, "probability": None,
    }  # fmt: skip
    return shortage(**(facts | changes))


def line(key: SeriesKey, low: float, high: float) -> tuple[Released, ...]:
    """A line that rises from `low` to `high`."""
    held = []
    for at in range(WEEKS):
        value = low + (high - low) * at / (WEEKS - 1)
        held.append(
            observation(
                key.indicator, (key.province, key.occupation, ""), frequency=key.frequency,
                time_value=MONDAY - timedelta(weeks=WEEKS - 1 - at), value=value,
                lower=value - 0.05, upper=value + 0.05, n=40 + at,
            )
        )  # fmt: skip
    return figures_of(release(held, View.DEPARTMENT), View.DEPARTMENT).lines[key]


def deeds() -> tuple[Deed, ...]:
    """What was done about the shortage."""
    return (
        Deed(at=NOW - timedelta(days=3), action="acknowledged", by="provincial", province="LA-CH"),
        Deed(at=NOW - timedelta(days=2), action="escalated", by="service"),
        Deed(
            at=NOW - timedelta(days=1), action="verdict", by="policymaker", verdict="true",
            done="Asked three employers.", note="They look for drivers.",
        ),
    )  # fmt: skip


def with_evidence(held: Snapshot) -> Snapshot:
    """`held` with these alerts, what they were decided on, and what was done."""
    series = {
        SeriesKey(indicator=name, province="LA-CH", occupation=group, frequency=Frequency.WEEKLY):
        ends
        for name, group, ends in (
            ("shortage_probability", "8", (0.2, 0.86)), ("shortage_within_12w", "8", (0.3, 0.9)),
            ("tightness", "8", (-0.2, 0.4)), ("flow", "", (60, 88)), ("growth", "", (0.2, -0.2)),
        )
    }  # fmt: skip
    return replace(
        held,
        alerts=(*held.alerts, shortage(), ahead(), pressure_ahead(), shifted()),
        courses={key: line(key, *ends) for key, ends in series.items()},
        deeds={"shortage1": deeds()},
    )
