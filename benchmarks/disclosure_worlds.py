"""Simulated markets at Lao density, and what is published of them by one rule or another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np

from warehouse.disclosure.counts import Row, tally
from warehouse.disclosure.lattice import (
    NONE,
    Axes,
    Period,
    Tally,
    cells,
    cells_of,
    month_of,
    pieces,
    week_of,
)
from warehouse.disclosure.records import Cell, Measure
from warehouse.disclosure.rules import COUNT, RULES, primary
from warehouse.disclosure.suppress import Decision, Told, decide

Counts = Mapping[Hashable, Mapping[Cell, int]]
Deciding = Callable[
    [Period, Axes, Mapping[Cell, Tally], Sequence[Told], Counts], dict[Cell, Decision]
]
_KNOWN_SHARES: Final = 0.92
"""Of vacancies whose province (group, section) is known."""


@dataclass(frozen=True)
class World:
    """Vacancies opened from `first` on, day by day."""

    axes: Axes
    first: date
    days: tuple[tuple[Row, ...], ...]

    def rows(self, first: date, last: date) -> list[Row]:
        """Vacancies opened from `first` through `last`."""
        start = max(0, (first - self.first).days)
        return [row for day in self.days[start : (last - self.first).days + 1] for row in day]

    def tallies(self, period: Period) -> dict[Cell, Tally]:
        """Counts of a period's cells."""
        return tally(self.rows(period.first, period.last))

    @cached_property
    def last(self) -> date:
        """The last simulated day."""
        return self.first + timedelta(days=len(self.days) - 1)


def simulate(seed: int, *, per_day: float, days: int, first: date, axes: Axes) -> World:
    """A market: half of it in the capital, few provinces with any, few employers with many."""
    chance = np.random.default_rng([seed, round(100 * per_day)])
    places = _weights(chance, axes.provinces, 0.5)
    places[1][0] += 1.0
    shares = [places, _weights(chance, axes.majors, 1.0), _weights(chance, axes.sections, 0.6)]
    made = []
    for day in range(days):
        weekend = 0.4 if (first + timedelta(days=day)).weekday() > 4 else 1.2
        size = int(chance.poisson(per_day * weekend))
        drawn = [_draw(chance, codes, weights, size) for codes, weights in shares]
        employers = np.minimum(chance.zipf(1.5, size), 400)
        made.append(
            tuple(
                (p, g, s, int(e), 1) for p, g, s, e in zip(*drawn, employers.tolist(), strict=True)
            )
        )
    return World(axes=axes, first=first, days=tuple(made))


def _weights(
    chance: np.random.Generator, codes: Sequence[str], spread: float
) -> tuple[list[str], np.ndarray]:
    return list(codes), chance.dirichlet(np.full(len(codes), spread))


def _draw(
    chance: np.random.Generator, codes: list[str], weights: np.ndarray, size: int
) -> list[str]:
    drawn = chance.choice(len(codes), size, p=weights / weights.sum())
    known = chance.random(size) < _KNOWN_SHARES
    return [codes[i] if k else "" for i, k in zip(drawn, known, strict=True)]


def periods_of(world: World) -> list[Period]:
    """Whole weeks and months, in the order in which they end: that of publishing."""
    found: set[Period] = set()
    for offset in range(len(world.days)):
        day = world.first + timedelta(days=offset)
        found |= {week_of(Measure.FLOW, day), month_of(Measure.FLOW, day)}
    whole = [p for p in found if p.first >= world.first and p.last <= world.last]
    return sorted(whole, key=lambda period: (period.last, period))


def parts_of(world: World, periods: Sequence[Period]) -> Counts:
    """Counts of the pieces of time, as the service takes them from the register."""
    starts = {piece for made_of in pieces(periods).values() for piece in made_of}
    ends = sorted({p.first for p in periods} | {p.last + timedelta(days=1) for p in periods})
    found: dict[Hashable, dict[Cell, int]] = {}
    for start in starts:
        assert isinstance(start, date)
        last = next(end for end in ends if end > start) - timedelta(days=1)
        found[start] = counts_of(world.rows(start, last))
    return found


def counts_of(rows: Sequence[Row]) -> dict[Cell, int]:
    """Vacancies by cell."""
    finest = Counter((p, g, s) for p, g, s, _, _ in rows)
    total: Counter[Cell] = Counter()
    for place, n in finest.items():
        for cell in cells_of(*place):
            total[cell] += n
    return dict(total)


def publish(world: World, deciding: Deciding) -> list[Told]:
    """All whole weeks and months of a world, each decided when it ends, knowing those before."""
    told: list[Told] = []
    for period in periods_of(world):
        tallies = world.tallies(period)
        near = _near(period, told)
        parts = parts_of(world, [period, *(each.period for each in near)]) if near else {}
        decisions = deciding(period, world.axes, tallies, near, parts)
        now = {cell: held.n for cell, held in tallies.items()}
        told.append(Told(period=period, decisions=decisions, now=now))
    return told


def _near(period: Period, told: Sequence[Told]) -> list[Told]:
    """As `warehouse.disclosure.issue.neighbours`: what overlaps, and what overlaps that."""
    near = {period}
    for _ in range(2):
        near |= {t.period for t in told if any(t.period.overlaps(each) for each in near)}
    return [t for t in told if t.period in near]


def by_the_rules(
    period: Period, axes: Axes, tallies: Mapping[Cell, Tally], told: Sequence[Told], parts: Counts
) -> dict[Cell, Decision]:
    """As the service decides."""
    return decide(period, axes, tallies, told=told, parts=parts)


def primary_only(step: int) -> Deciding:
    """Hide what breaks a rule and nothing else; round the rest to `step`."""

    def deciding(
        period: Period,
        axes: Axes,
        tallies: Mapping[Cell, Tally],
        _told: Sequence[Told],
        _parts: Counts,
    ) -> dict[Cell, Decision]:
        found = {}
        for cell in cells(axes, period.frequency):
            held = tallies.get(cell, NONE)
            why = primary(
                RULES[COUNT], n=held.n, employers=held.employers, top_share=held.top_share
            )
            if cell.is_told:
                found[cell] = Decision(n=held.n, step=0 if why else step, reason=why)
        return found

    return deciding
