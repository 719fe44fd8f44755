"""Planted events against the alerts that the running service recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from alerts.calendar import local_day
from alerts.cells import Cell, parse_cell
from alerts.evaluate import Planted, Raised, Score, score
from alerts.signal import Classification, Direction
from benchmarks.stack import Stack
from warehouse.client import connect
from warehouse.history import AlertRecord, read_alert_history

WARM_UP = timedelta(days=90)
"""Days of history before alerts count: METHODS asks for 60 to 180 before scoring."""
_TOLD_IF_LIVE = ("", "historical")


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


def raised(history: Iterable[AlertRecord]) -> list[Raised]:
    """Each first firing of a labour alert. `told`: an officer was told, or would have been live."""
    found: dict[str, Raised] = {}
    for record in sorted(history, key=lambda record: record.at):
        fires = record.state == "firing" and record.kind == Classification.LABOUR.value
        if not fires or record.alert_id in found:
            continue
        notes = dict(note.partition(": ")[::2] for note in record.detail.split("; "))
        cells = [key for key in notes.get("cells", "").split(", ") if key]
        found[record.alert_id] = Raised(
            alert_id=record.alert_id,
            cell=Cell(record.province, record.isco1),
            direction=Direction(record.direction),
            fired_on=local_day(record.at),
            contributors=tuple(map(parse_cell, cells)),
            told=record.notified or notes.get("not told", "") in _TOLD_IF_LIVE,
        )
    return list(found.values())


def judge(stack: Stack) -> Score:
    """How the alerts of the whole history match the planted events, after the warm-up."""
    truth = stack.get(f"{stack.settings.demo_url}/truth")
    with connect(stack.settings, readonly=True) as client:
        history = read_alert_history(client, limit=1_000_000)
    first = date.fromisoformat(truth["first_day"]) + WARM_UP
    last = date.fromisoformat(truth["anchor_day"])
    return score(
        raised(history), planted(truth), cells=18 * 10 + 18 + 10 + 1, first=first, last=last
    )
