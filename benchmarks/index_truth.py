"""What is taken to be true of real job-posting indices, by rules stated before any detector ran.

The whole series is used, which no detector may. Per series, on logs:

- *COVID fall*: where the index fell 10 % below its first weeks by May 2020, the first day from
  March 2020 on which it stood 4 % below its highest value of the four weeks before.
- *Boom*: the start of the quarter (91 days) of strongest growth that began between mid-November
  2020 and September 2021, where it grew by 15 log per cent or more.
- *Downturn*: the start of the quarter of strongest fall that began between December 2021 and June
  2023, where it fell by 12 log per cent or more.

An alarm is *false* where the index, smoothed over a week, made no move of 10 log per cent in the
alarm's direction within the quarter around it (63 days back to 28 ahead), and *unannounced* where
it stands outside the windows of the three events and the rebound of 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Alarm = tuple[date, int]
"""Day of detection, and +1 or -1."""
QUARTER: Final = 91
_AHEAD: Final = 28
_MOVE: Final = 0.10
EARLY: Final = 28
"""An alarm so many days before an onset is the onset's: the rule dates it no better."""
WITHIN: Final = {"covid": 7, "boom": 42, "downturn": 28}
SIGN: Final = {"covid": -1, "boom": 1, "downturn": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One method on one series."""

    delays: dict[str, int | None]
    """Days from onset to the first alarm in time, by event; None where it was missed."""
    false: int
    unannounced: int
    alarms: int
    years: float


def smoothed(logs: Array) -> Array:
    """Mean of a week, of what there is at the beginning."""
    total = np.cumsum(np.concatenate([[0.0], logs]))
    n = np.arange(1, len(logs) + 1)
    back = np.maximum(n - 7, 0)
    return np.asarray((total[n] - total[back]) / (n - back), dtype=np.float64)


def events(first: date, logs: Array) -> dict[str, date]:
    """Onsets of the events that a daily series went through."""
    found = {}
    covid = _covid(first, logs)
    if covid is not None:
        found["covid"] = covid
    boom = _steepest(first, logs, date(2020, 11, 15), date(2021, 10, 1), 1, 0.15)
    if boom is not None:
        found["boom"] = boom
    fall = _steepest(first, logs, date(2021, 12, 1), date(2023, 6, 30), -1, 0.12)
    if fall is not None:
        found["downturn"] = fall
    return found


def _covid(first: date, logs: Array) -> date | None:
    start = max((date(2020, 3, 1) - first).days, 0)
    end = (date(2020, 6, 1) - first).days
    if end <= start + 7 or end > len(logs):
        return None
    if logs[start:end].min() > logs[: start + 7].mean() - 0.10:
        return None
    for n in range(start, end):
        if logs[n] < logs[max(n - 27, 0) : n + 1].max() - 0.04:
            return first + timedelta(days=n)
    return None


def _steepest(
    first: date, logs: Array, begin: date, end: date, sign: int, least: float
) -> date | None:
    low, high = max((begin - first).days, 0), (end - first).days + 1
    level = smoothed(logs)
    if high <= low or high + QUARTER > len(level):
        return None
    growth = sign * (level[low + QUARTER : high + QUARTER] - level[low:high])
    best = int(np.argmax(growth))
    return first + timedelta(days=low + best) if growth[best] >= least else None


def moves(logs: Array, sign: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether the level moved by 10 log per cent in a direction within the quarter around."""
    level = smoothed(logs) * sign
    padded = np.concatenate([np.full(QUARTER - 1, np.inf), level])
    windows = np.lib.stride_tricks.sliding_window_view(padded, QUARTER)
    gained = level - windows.min(axis=1)
    ahead = np.concatenate([gained[_AHEAD:], np.full(_AHEAD, gained[-1])])[: len(gained)]
    return np.asarray(ahead >= _MOVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of one series."""

    first: date
    onsets: dict[str, date]
    real: dict[int, np.ndarray[Any, np.dtype[np.bool_]]]
    years: float


def truth_of(first: date, logs: Array) -> Truth:
    """The rules above, applied to a daily series."""
    real = {sign: moves(logs, sign) for sign in (1, -1)}
    onsets = events(first, logs)
    return Truth(first=first, onsets=onsets, real=real, years=len(logs) / 365.25)


def judge(truth: Truth, alarms: list[Alarm]) -> Judged:
    """Alarms of one series against what is true of it."""
    return Judged(
        delays={name: _delay(name, onset, alarms) for name, onset in truth.onsets.items()},
        false=sum(not truth.real[sign][(day - truth.first).days] for day, sign in alarms),
        unannounced=sum(not _announced(day, sign, truth.onsets) for day, sign in alarms),
        alarms=len(alarms),
        years=truth.years,
    )


def _delay(name: str, onset: date, alarms: list[Alarm]) -> int | None:
    early = 10 if name == "covid" else EARLY
    near = [
        (day - onset).days
        for day, sign in alarms
        if sign == SIGN[name] and -early <= (day - onset).days <= WITHIN[name]
    ]
    return max(min(near), 0) if near else None


def _announced(day: date, sign: int, truth: dict[str, date]) -> bool:
    rebound = sign == 1 and date(2020, 4, 15) <= day <= date(2020, 12, 31)
    return rebound or any(
        sign == SIGN[name] and -EARLY <= (day - onset).days <= QUARTER + EARLY
        for name, onset in truth.items()
    )
