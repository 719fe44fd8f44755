"""What provinces are told in a market, and how that differs from the same market without a fault.

A market has chance alarms of its own, so a fault answers only for what its world is told beyond
its twin: the same rows, visits and days, but for the fault. Noise works both ways: what the twin
is told and the world is not is counted beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from alerts.alert import Reason
from alerts.calendar import local_day
from alerts.cells import Cell
from alerts.lifecycle import Decision
from alerts.signal import Classification, Direction

FIRST_TOLD: Final = frozenset(
    {Reason.OPENED, Reason.CONFIRMED, Reason.REOPENED, Reason.RELEASED, Reason.WORSENED}
)
"""Reasons with which a change is told, or told to be graver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One change of labour demand as provinces are told of it."""

    day: int
    """Ordinal of the first day on which they are."""
    severity: int
    """Rank of the gravest severity told."""


Told = Mapping[tuple[Cell, Direction], Telling]


def told_of(decisions: Iterable[Decision]) -> Told:
    """Every change of labour demand that the decisions tell."""
    found: dict[tuple[Cell, Direction], Telling] = {}
    for each in decisions:
        alert = each.alert
        labour = alert.kind is Classification.LABOUR
        if not (each.tell and labour and each.reason in FIRST_TOLD):
            continue
        day, severity, key = local_day(each.at).toordinal(), alert.severity.rank, _key(each)
        before = found.get(key, Telling(day=day, severity=severity))
        found[key] = Telling(
            day=min(day, before.day), severity=max(severity, before.severity)
        )  # fmt: skip
    return found


def _key(decision: Decision) -> tuple[Cell, Direction]:
    return decision.alert.cell, decision.alert.direction


def beyond(told: Told, twin: Told) -> frozenset[tuple[Cell, Direction]]:
    """Changes of which the twin is not told at all, or later, or never as grave."""
    return frozenset(
        key
        for key, telling in told.items()
        if key not in twin or telling.day < twin[key].day or telling.severity > twin[key].severity
    )


def missing(told: Told, twin: Told) -> frozenset[tuple[Cell, Direction]]:
    """Changes of which only the twin is told."""
    return frozenset(twin.keys() - told.keys())
