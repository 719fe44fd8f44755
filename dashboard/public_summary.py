"""The headline as anybody may read it: whole weeks of the public tables, nothing finer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.intervals import Interval
from dashboard.summary import Summary
from warehouse.disclosure.records import Measure, PublicCount
from warehouse.disclosure.rules import band, step_of


def public_summary(summary: Summary, told: Sequence[PublicCount]) -> dict[str, Any]:
    """Times, states of sources and alerts, and the newest public counts of the nation.

    Args:
        summary: of this moment, as departments see it.
        told: public counts of the nation by week.
    """
    return {
        "loaded_at": summary.loaded_at,
        "complete_day": summary.complete_day,
        "today": summary.today,
        "week": _newest(told, Measure.FLOW),
        "stock": _newest(told, Measure.STOCK),
        "silent_sources": summary.silent_sources,
        "coded": _coarse(summary.coded),
        "firing": summary.firing,
        "open_alerts": summary.open_alerts,
    }


def _newest(told: Sequence[PublicCount], measure: Measure) -> dict[str, Any] | None:
    held = [each for each in told if each.measure is measure]
    if not held:
        return None
    count = max(held, key=lambda each: each.time_value)
    return {
        "time_value": count.time_value,
        "value": count.value,
        "lower": count.lower,
        "upper": count.upper,
        "step": count.step,
        "hidden": count.hidden,
        "issue": count.issue,
    }


def _coarse(share: Interval | None) -> dict[str, float | int] | None:
    if share is None or not band(share.n):
        return None
    step = step_of("share", share.value, share.n)
    ends = {"value": share.value, "lower": share.lower, "upper": share.upper}
    coarse = {name: round(round(end / step) * step, 9) for name, end in ends.items()}
    return coarse | {"n": band(share.n)}
