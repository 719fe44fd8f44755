"""How much the score of a detector of indices depends on what is taken to be true.

The rules of `benchmarks.index_truth` date an event by its steepest quarter. Here the same boom and
downturn are dated by the turning point of the smoothed index, and by the day on which it stood so
many per cent past it; and false alarms are counted by the calendar. Stated before any was scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from benchmarks.index_truth import EARLY, SIGN, WITHIN, Alarm, Array, Truth, smoothed

_SPANS: Final = {
    "covid": (date(2020, 3, 1), date(2020, 6, 1), 0.10),
    "boom": (date(2020, 11, 15), date(2022, 1, 1), 0.15),
    "downturn": (date(2021, 12, 1), date(2023, 9, 30), 0.12),
}
"""Where a turning point is looked for, and the least move from it, in logarithms."""
_PAST: Final = (0.0, 0.05, 0.08, 0.10)
_FEWEST: Final = 60
_COVID_EARLY: Final = 10
_KNOWN: Final = (
    (-1, date(2020, 2, 15), date(2020, 6, 30)),
    (1, date(2020, 4, 15), date(2022, 6, 30)),
    (-1, date(2021, 12, 1), date(2024, 3, 31)),
)
"""Direction and days in which an alarm is one of a known event."""
_LATER: Final = (28, 42, 56, 91)


def turned(first: date, logs: Array, event: str, past: float) -> date | None:
    """The day on which the smoothed index stood `past` beyond the event's turning point.

    The turning point is the one from which the largest move within the event's span began.
    """
    begin, end, least = _SPANS[event]
    low, high = (min(max((day - first).days, 0), len(logs)) for day in (begin, end))
    if high - low < _FEWEST:
        return None
    level = SIGN[event] * smoothed(logs)[low:high]
    gained = level - np.minimum.accumulate(level)
    top = int(np.argmax(gained))
    if gained[top] < least:
        return None
    base = int(np.argmin(level[: top + 1]))
    beyond = int(np.argmax(level[base:] - level[base] >= past))
    return first + timedelta(days=low + base + beyond)


def by_definition(
    truths: Sequence[Truth], logs: Sequence[Array], methods: Mapping[str, Sequence[list[Alarm]]]
) -> list[dict[str, Any]]:
    """Recall of every method by every definition of an onset, same times allowed."""
    rows = []
    for past in _PAST:
        name = f"{past:.0%} past the turning point" if past else "the turning point"
        onsets = [
            {e: on for e in _SPANS if (on := turned(t.first, one, e, past)) is not None}
            for t, one in zip(truths, logs, strict=True)
        ]
        rows += [_row(name, method, onsets, alarms) for method, alarms in methods.items()]
    own = [truth.onsets for truth in truths]
    rows += [_row("the steepest quarter", method, own, a) for method, a in methods.items()]
    return rows


def _row(
    name: str, method: str, onsets: Sequence[Mapping[str, date]], alarms: Sequence[list[Alarm]]
) -> dict[str, Any]:
    return {
        "onset": name,
        "method": method,
        **{event: _found(event, onsets, alarms, WITHIN[event]) for event in WITHIN},
    }


def _found(
    event: str, onsets: Sequence[Mapping[str, date]], alarms: Sequence[list[Alarm]], within: int
) -> float | None:
    early = _COVID_EARLY if event == "covid" else EARLY
    told = [
        any(s == SIGN[event] and -early <= (day - on[event]).days <= within for day, s in found)
        for on, found in zip(onsets, alarms, strict=True)
        if event in on
    ]
    return sum(told) / len(told) if told else None


def later(
    truths: Sequence[Truth], methods: Mapping[str, Sequence[list[Alarm]]]
) -> list[dict[str, Any]]:
    """The downturn by days allowed, and false alarms by the calendar."""
    own, years = [truth.onsets for truth in truths], sum(truth.years for truth in truths)
    return [
        {
            "method": method,
            **{f"downturn, {days} days": _found("downturn", own, a, days) for days in _LATER},
            "outside known events, a year": sum(not _is_known(one) for f in a for one in f) / years,
        }
        for method, a in methods.items()
    ]


def _is_known(alarm: Alarm) -> bool:
    day, sign = alarm
    return any(sign == way and begin <= day <= end for way, begin, end in _KNOWN)
