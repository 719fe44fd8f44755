"""What one source shows in one cell, day by day: its level, evidence for a change, and the change.

The level is learned as in `alerts.expectation`, with a delay. While the source is not as usual
nothing is learned: the level of before is what a return is held against.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, log1p
from typing import Any, Final

from alerts.cusum import log_ratio
from alerts.expectation import RateExpectation
from alerts.signal import Direction

_HALF_LIFE_DAYS: Final = 35.0
_GUARD_DAYS: Final = 10
LEARNED_DAYS: Final = 28
"""Days that must have taught a level before it judges."""
_LATELY_DAYS: Final = 7
_RATIOS: Final = {Direction.DOWN: 0.5, Direction.UP: 2.0}
_OTHERS_WEIGHT: Final = 10.0
"""Vacancies that must be expected of others before what they did counts for half."""
_DAY_WEIGHT: Final = 100.0
"""The same for what they did today, beside their week."""
_SHOCK: Final = 0.05
"""Chance of a day's change that meets all sources, beside one that meets none."""
_MOST: Final = 500.0
_OTHERS: Final = 1.0
"""Evidence that the others did not change, for a source to have changed alone."""
_BACK: Final = 3.0
_BACK_DAYS: Final = 3
_NORMAL_AFTER_DAYS: Final = 42
"""A level that has lasted so long is the normal one."""
_KEPT_WEIGHT: Final = 40.0
RETURNED: Final = "returned"
NEW_NORMAL: Final = "new_normal"
LEFT: Final = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days (ordinals) on which a source shows clearly fewer or more while the others do not."""

    direction: Direction
    onset: int
    detected: int
    observed: float
    """Vacancies from `onset` through `detected`."""
    expected: float
    over: int | None = None
    """The day that ended it."""
    ending: str = ""
    """`returned`, `new_normal`, or `left` when the source is not compared any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What was counted on a day against what was expected, with the size of its distribution."""

    count: float
    mean: float
    size: float

    def gains(self, scale: float = 1.0) -> Mapping[Direction, float]:
        """Log-likelihood ratios of "halved" and "doubled" against "as usual", the mean `scale`d."""
        mean = self.mean * scale
        return {d: log_ratio(self.count, mean, self.size, r) for d, r in _RATIOS.items()}


def moved(
    count: float, expected: float, usual: float = 1.0, weight: float = _OTHERS_WEIGHT
) -> float:
    """Factor by which others moved, leaning on `usual` where few were to be expected of them."""
    return (count + usual * weight) / (expected + weight)


@dataclass(slots=True, kw_only=True)
class Side:
    """Evidence that a source changed in one direction, since it last was none."""

    score: float = 0.0
    start: int = 0
    others: float = 0.0
    """Evidence that the others changed alike."""

    def push(self, own: float, others: float, day: int) -> None:
        """Add a day's evidence."""
        score = self.score + own
        if score <= 0.0:
            self.score, self.others = 0.0, 0.0
            return
        if self.score == 0.0:
            self.start = day
        self.score, self.others = score, self.others + others


@dataclass(slots=True, kw_only=True)
class Stream:
    """State of one source in one cell."""

    level: RateExpectation = field(default_factory=lambda: RateExpectation(_GUARD_DAYS))
    fewer: Side = field(default_factory=Side)
    more: Side = field(default_factory=Side)
    back: Side = field(default_factory=Side)
    lately: deque[tuple[int, float, float]] = field(
        default_factory=lambda: deque(maxlen=_LATELY_DAYS)
    )
    """Day, count and expectation by its own level."""
    count: float = 0.0
    """Since the onset of the open period."""
    exposure: float = 0.0
    period: Period | None = None
    """The latest."""

    @property
    def is_open(self) -> bool:
        """It is not as usual."""
        return self.period is not None and self.period.over is None

    @property
    def is_ready(self) -> bool:
        """Its level has seen enough days to judge others."""
        return self.level.days >= LEARNED_DAYS

    def look(
        self, own: Count, others: Count, day: int, *, threshold: float, usual: float = 1.0
    ) -> None:
        """Judge a day of a stream that is as usual so far.

        Its change alone (its likelihood L times that the others are as before) is held against "no
        change, or one of all sources", which a day brings with a chance of `_SHOCK`: a gain of
        log L - log(1 + `_SHOCK` L L'), where L' is the others' ratio for the same change.

        Args:
            own: against its own level, moved by the others' week before.
            others: all others together, likewise.
            day: ordinal.
            threshold: evidence for a change that opens a period.
            usual: how the others of the whole nation did today, where these are but few.
        """
        today = moved(others.count, others.mean, usual, _DAY_WEIGHT)
        mine, theirs = own.gains(today), others.gains()
        for direction, side in ((Direction.DOWN, self.fewer), (Direction.UP, self.more)):
            both = mine[direction] + theirs[direction]
            gain = mine[direction] - log1p(_SHOCK * exp(min(both, _MOST)))
            side.push(gain, theirs[direction], day)
            if side.score >= threshold and side.others <= -_OTHERS:
                self._open(direction, side.start, own, day)
                return

    def _open(self, direction: Direction, onset: int, own: Count, day: int) -> None:
        before = sum(mean for at, _, mean in self.lately if at >= onset)
        self.count, self.exposure = self.level.forget_since(onset)
        self.period = Period(
            direction=direction, onset=onset, detected=day,
            observed=self.count + own.count, expected=before + own.mean,
        )  # fmt: skip
        self.fewer, self.more, self.back = Side(), Side(), Side()

    def follow(self, own: Count, day: int) -> None:
        """Judge a day of a stream that is not as usual: is it over?"""
        period = self.period
        if period is None:
            return
        self.back.push(-own.gains()[period.direction], 0.0, day)
        if self.back.score >= _BACK and day - self.back.start + 1 >= _BACK_DAYS:
            self.end(day, RETURNED)
        elif day - period.onset >= _NORMAL_AFTER_DAYS:
            self.level.pending.clear()
            if self.exposure > 0.0:
                self.level.settle(self.count / self.exposure, min(self.count, _KEPT_WEIGHT))
            self.end(day, NEW_NORMAL)

    def end(self, day: int, ending: str) -> None:
        """Close the open period."""
        if self.period is not None and self.is_open:
            p = self.period
            self.lately.clear()
            self.period = Period(
                direction=p.direction, onset=p.onset, detected=p.detected, observed=p.observed,
                expected=p.expected, over=day, ending=ending,
            )  # fmt: skip

    def learn(self, day: int, count: float, exposure: float, expected: float) -> None:
        """Take the day in: into the level, or while not as usual into what may become one."""
        self.lately.append((day, count, expected))
        if self.is_open:
            self.count += count
            self.exposure += expected / self.level.rate
        else:
            self.level.observe(day, count, exposure, _HALF_LIFE_DAYS)

    def export(self) -> dict[str, Any]:
        """State as plain numbers and lists."""
        sides = [(s.score, s.start, s.others) for s in (self.fewer, self.more, self.back)]
        p = self.period
        return {
            "level": self.level.export(), "sides": sides, "lately": list(self.lately),
            "sums": (self.count, self.exposure),
            "period": None if p is None else
            [p.direction.value, p.onset, p.detected, p.observed, p.expected, p.over, p.ending],
        }  # fmt: skip

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Stream:
        """The stream that `export` was asked for."""
        fewer, more, back = (Side(score=s, start=at, others=o) for s, at, o in state["sides"])
        count, exposure = state["sums"]
        return cls(
            level=RateExpectation.restore(state["level"]), fewer=fewer, more=more, back=back,
            lately=deque(map(tuple, state["lately"]), maxlen=_LATELY_DAYS),
            count=count, exposure=exposure, period=_period(state["period"]),
        )  # fmt: skip


def _period(values: list[Any] | None) -> Period | None:
    if values is None:
        return None
    direction, onset, detected, observed, expected, over, ending = values
    return Period(
        direction=Direction(direction), onset=onset, detected=detected, observed=observed,
        expected=expected, over=over, ending=ending,
    )  # fmt: skip
