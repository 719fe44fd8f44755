"""Planted events against the alerts that the running service recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from alerts.cells import Cell
from alerts.evaluate import Planted, Score, raised_in, score
from alerts.signal import Direction
from benchmarks.stack import Stack
from warehouse.client import connect
from warehouse.history import read_alert_history

WARM_UP = timedelta(days=90)
"""Days of history before alerts count: METHODS asks for 60 to 180 before scoring."""


def planted(truth: Mapping[str, Any]) -> list[Planted]:
    """Labour shocks of the truth file; collection faults are no events of the labour market."""
    return [
        Planted(
            event_id=event["id"],
            cell=Cell(event["province"], event["isco1"]),
            direction=Direction.UP if event["factor"] > 1 else Direction.DOWN,
            start=date.fromisoformat(event["start"]),
            end=date.fromisoformat(event["end"]),
            density=event["expected_per_day"],
            factor=event["factor"],
        )
        for event in truth["events"]
        if not event["is_fault"]
    ]


def judge(stack: Stack) -> Score:
    """How the alerts of the whole history match the planted events, after the warm-up."""
    truth = stack.get(f"{stack.settings.demo_url}/truth")
    with connect(stack.settings, readonly=True) as client:
        history = read_alert_history(client, limit=1_000_000)
    first = date.fromisoformat(truth["first_day"]) + WARM_UP
    last = date.fromisoformat(truth["anchor_day"])
    return score(
        raised_in(history), planted(truth), cells=18 * 10 + 18 + 10 + 1, first=first, last=last
    )
