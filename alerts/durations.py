"""How long vacancies stay advertised: median and restricted mean, from spells. Pure.

The time counted is that from posting to withdrawal or to the stated closing date, whichever comes
first. An end known only as an interval is spread evenly over it; spells still open, lapsed or of
failing sources are censored where they were last confirmed; spells listed before we looked count
from their first sight on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.survival import Curve, Estimate, kaplan_meier, median, restricted_mean
from warehouse.spells import DAY_MS, Spell, SpellStatus

METHOD: Final = "kaplan-meier-delayed-entry/2"
HORIZON_DAYS: Final = 60.0
FEWEST_CLOSURES: Final = 20
"""Ends below which no duration is told (the release rule)."""
FEWEST_AT_RISK: Final = 10
"""The curve begins at the age from which so many are watched: few enter at age zero."""
PIECE_DAYS: Final = 1 / 6
"""An uncertain end is spread in pieces of this length: crawls come at the same hour of each day,
and whole days would make the median jump by days."""
_MOST_PIECES: Final = 120


class Deadlines(StrEnum):
    """What a stated closing date that was reached means."""

    END = "end"
    """The advert's time was over: how long vacancies are advertised."""
    CENSOR = "censor"
    """The vacancy might have stood longer: how long until it is taken down, deadlines aside. Right
    only where deadlines are set without regard to how long filling will take."""


class Assessment(StrEnum):
    """Whether a duration can be told, and why not."""

    ASSESSABLE = "assessable"
    TOO_FEW_ENDS = "too_few_ends"
    NOTHING_WATCHED = "nothing_watched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Time advertised in days, with what stands behind it."""

    assessment: Assessment
    median: Estimate
    mean_60: Estimate
    """Mean of the first 60 days."""
    n: int
    """Spells that count."""
    ends: int
    """Of them, how many ended (for `Deadlines.CENSOR`: were taken down)."""
    censored: int
    left_truncated: int
    """Of them, those first seen more than a day after they began."""
    age_unknown: int
    """Spells left out: listed before we looked, without a posting date."""
    unseen: int
    """Spells left out: over before they were first seen."""
    method: str = METHOD


_NONE: Final = Estimate(value=None, lower=None, upper=None)


def duration(
    spells: Iterable[Spell],
    *,
    deadlines: Deadlines = Deadlines.END,
    fewest: int = FEWEST_CLOSURES,
) -> Duration:
    """The typical time advertised of `spells`; no figure with fewer than `fewest` ends."""
    spells = list(spells)
    dated = [spell for spell in spells if spell.started_after is not None]
    times = [_times(spell, deadlines) for spell in dated]
    counted = [time for time in times if time.lower > time.entry or time.ends_after_entry]
    ends = sum(time.ended for time in counted)
    assessment = Assessment.ASSESSABLE
    if ends < fewest:
        assessment = Assessment.TOO_FEW_ENDS
    curve = curve_of(counted)
    if not len(curve.times):
        assessment = Assessment.NOTHING_WATCHED
    told = assessment is Assessment.ASSESSABLE
    return Duration(
        assessment=assessment,
        median=median(curve) if told else _NONE,
        mean_60=restricted_mean(curve, HORIZON_DAYS) if told else _NONE,
        n=len(counted),
        ends=ends,
        censored=len(counted) - ends,
        left_truncated=sum(time.entry > 1.0 for time in counted),
        age_unknown=len(spells) - len(dated),
        unseen=len(dated) - len(counted),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A spell on the scale of its own age, in days since the middle of its possible beginnings."""

    entry: float
    lower: float
    upper: float
    """Equal to `lower` for an exact end and for a censored spell."""
    ended: bool

    @property
    def ends_after_entry(self) -> bool:
        """Whether the end may lie after the first sight."""
        return self.ended and self.upper > self.entry


def _times(spell: Spell, deadlines: Deadlines) -> Times:
    earliest = spell.started_before if spell.started_after is None else spell.started_after
    origin = (earliest + spell.started_before) / 2
    entry, lower = ((at - origin) / DAY_MS for at in (spell.entered_at, spell.ended_after))
    ended = spell.ended_before is not None
    if spell.status is SpellStatus.EXPIRED and deadlines is Deadlines.CENSOR:
        ended = False
    upper = lower
    if ended and spell.ended_before is not None:
        upper = (spell.ended_before - origin) / DAY_MS
    return Times(entry=entry, lower=lower, upper=upper, ended=ended)


def curve_of(times: Sequence[Times]) -> Curve:
    """The survival curve; each uncertain end is spread evenly over its interval."""
    rows: list[tuple[float, float, bool, float]] = []
    for time in times:
        pieces = min(max(1, ceil((time.upper - time.lower) / PIECE_DAYS)), _MOST_PIECES)
        step = (time.upper - time.lower) / pieces
        rows += [
            (time.entry, time.lower + (piece + 0.5) * step, time.ended, 1 / pieces)
            for piece in range(pieces)
        ]
    table = np.array(rows, dtype=float).reshape(-1, 4)
    entry, leave = table[:, 0], table[:, 1]
    begin = _first_age(entry, leave, table[:, 3])
    return kaplan_meier(np.maximum(entry, begin), leave, table[:, 2] > 0, table[:, 3])


def _first_age(
    entry: NDArray[np.float64], leave: NDArray[np.float64], weight: NDArray[np.float64]
) -> float:
    """The youngest age at which `FEWEST_AT_RISK` spells are watched, or the most there ever are."""
    if not len(entry):
        return 0.0
    order = np.argsort(entry, kind="stable")
    ages = entry[order]
    entered = np.cumsum(weight[order])
    leaving = np.sort(leave)
    left = np.concatenate([[0.0], np.cumsum(weight[np.argsort(leave, kind="stable")])])
    watched = entered - left[np.searchsorted(leaving, ages, side="left")]
    enough = min(float(FEWEST_AT_RISK), float(watched.max()))
    return float(max(ages[np.flatnonzero(watched >= enough - 1e-9)[0]], 0.0))
