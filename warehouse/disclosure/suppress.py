"""Deciding a whole table of counts at once, so that no hidden cell is given away. Pure.

Cells that break a rule are hidden. Where the rest would bound one of them too tightly, the bounds
that do so are loosened, the cheapest first: rounding to 10, 20, 50… instead of 5 while the step is
at most a quarter of the count, then hiding. Every step is checked against `attack`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from warehouse.disclosure.attack import FREE, Bound, Known, Name
from warehouse.disclosure.lattice import NONE, Axes, Period, Tally, cells, pieces, sums
from warehouse.disclosure.records import UNKNOWN, Cell, Hidden
from warehouse.disclosure.rules import (
    COUNT,
    ROUNDING,
    RULES,
    nearest,
    primary,
    protection,
    span,
)
from warehouse.series import Frequency

_AXES: Final = ("province", "isco1", "isic")
_UNKNOWN: Final = frozenset(Cell(**{axis: UNKNOWN}) for axis in _AXES)
_QUICKER: Final = 3
"""Cells that one programme for many must prove, to be worth its time."""
_FINEST: Final = 4
"""A step is at most the count divided by this: told to within an eighth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How one cell of the first public table of a period is told."""

    n: int
    """The count then."""
    step: int
    """0: hidden."""
    reason: Hidden | None

    @property
    def value(self) -> int | None:
        """What is told."""
        return nearest(self.n, self.step) if self.step else None

    def bound(self, now: int) -> Bound:
        """What the public knows of the count, which is `now` after a known revision."""
        if self.step == 0:
            return FREE
        low, high = span(nearest(self.n, self.step), self.step)
        return max(0.0, float(low + now - self.n)), float(high + now - self.n)


Decisions = Mapping[Cell, Decision]
Tallies = Mapping[Cell, Tally]
Counts = Mapping[Cell, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A period decided before that shares days with the one to be decided."""

    period: Period
    decisions: Decisions
    now: Counts
    """Its counts now, in every cell, those never told too."""


def decide(
    period: Period,
    axes: Axes,
    tallies: Tallies,
    *,
    told: Sequence[Told] = (),
    parts: Mapping[Name, Counts] | None = None,
) -> dict[Cell, Decision]:
    """One decision for every cell of the period's lattice.

    Args:
        period: what is decided.
        axes: what the lattice is made of.
        tallies: counts of its cells, those never told too; absent is none.
        told: periods decided before, overlapping this one directly or through one another.
        parts: counts of each piece of time (`pieces`); needed where something is `told`.
    """
    decided = {
        cell: _alone(tallies.get(cell, NONE))
        for cell in cells(axes, period.frequency)
        if cell.is_told
    }
    now = {cell: tally.n for cell, tally in tallies.items()}
    this = Told(period=period, decisions=decided, now=now)
    known = known_of(axes, [this, *told], parts or {})
    guarded = _guarded([this, *told])
    _Loosening(period, decided, known, guarded).run()
    return decided


def _guarded(told: Sequence[Told]) -> dict[tuple[Period, Cell], int]:
    """Whole numbers that each hidden cell must leave open; of cells that are alike, one stands.

    Codes of which nothing is told in any of the periods can be exchanged without any difference to
    what is known, so the bounds of their cells are equal.
    """
    open_ = [cell for each in told for cell, d in each.decisions.items() if d.step]
    seen = {code for cell in open_ for code in (cell.province, cell.isco1, cell.isic)}
    alike: dict[tuple[Period, Cell], int] = {}
    for each in told:
        codes = [sorted({getattr(c, axis) for c in each.decisions}) for axis in _AXES]
        stand = [next((c for c in held if c and c not in seen), "") for held in codes]
        for cell, decision in each.decisions.items():
            if decision.step == 0:
                given = zip(_AXES, stand, strict=True)
                same = {a: s for a, s in given if (code := getattr(cell, a)) and code not in seen}
                name = (each.period, replace(cell, **same))
                alike[name] = max(alike.get(name, 0), protection(each.now.get(cell, 0)))
    return alike


def _alone(tally: Tally) -> Decision:
    rule = RULES[COUNT]
    why = primary(rule, n=tally.n, employers=tally.employers, top_share=tally.top_share)
    return Decision(n=tally.n, step=0 if why else ROUNDING, reason=why)


def known_of(
    axes: Axes,
    told: Sequence[Told],
    parts: Mapping[Name, Counts],
    *,
    also: Mapping[Name, Bound] | None = None,
    more: Sequence[tuple[Name, Sequence[Name]]] = (),
) -> Known:
    """What an attacker may know of these periods together: their sums, in place and in time.

    The nation's counts of unknown place and work are taken to be known exactly: their share is
    told as quality.

    Args:
        axes: what the lattice is made of.
        told: the periods with what is told of them.
        parts: counts of each piece of time; needed for two periods or more.
        also: further bounds that an attacker has, instead of those of `told`.
        more: further sums; a cell of a period is named by the two.
    """
    equations: list[tuple[Name, Sequence[Name]]] = [*more]
    bounds: dict[Name, Bound] = {}
    truth: dict[Name, float] = {}
    for each in told:
        for total, under in sums(axes, each.period.frequency):
            equations.append(((each.period, total), [(each.period, cell) for cell in under]))
        for cell in cells(axes, each.period.frequency):
            n = each.now.get(cell, 0)
            truth[each.period, cell] = n
            if cell in _UNKNOWN:
                bounds[each.period, cell] = (n, n)
        for cell, decision in each.decisions.items():
            bounds[each.period, cell] = decision.bound(each.now.get(cell, 0))
    if len(told) > 1:
        equations += _in_time(axes, [each.period for each in told])
        truth |= {(piece, cell): n for piece, held in parts.items() for cell, n in held.items()}
    return Known(equations, bounds | dict(also or {}), truth)


def _in_time(axes: Axes, periods: Sequence[Period]) -> Iterable[tuple[Name, Sequence[Name]]]:
    """Each period is the sum of its pieces, in every cell of one dimension."""
    found = pieces(periods)
    flat = sums(axes, Frequency.WEEKLY)
    margins = cells(axes, Frequency.WEEKLY)
    for period, made_of in found.items():
        for cell in margins:
            yield (period, cell), [(piece, cell) for piece in made_of]
    for piece in sorted({piece for made_of in found.values() for piece in made_of}, key=str):
        for total, under in flat:
            yield (piece, total), [(piece, cell) for cell in under]


class _Loosening:
    """The search for the cheapest loosening of one period's table."""

    def __init__(
        self,
        period: Period,
        decided: dict[Cell, Decision],
        known: Known,
        guarded: dict[tuple[Period, Cell], int],
    ) -> None:
        self._period = period
        self._decided = decided
        self._known = known
        self._guarded = guarded

    def run(self) -> None:
        """Loosen until every guarded cell leaves as much open as it must, or nothing helps."""
        self._push()
        while open_ := self._unproven():
            for name in open_:
                if self._known.seen(name) < self._guarded[name]:
                    self._settle(name, open_)

    def _push(self) -> None:
        """Many cells at once, as long as that is quicker than one by one."""
        before = len(self._guarded) + _QUICKER
        while before - len(open_ := self._unproven()) >= _QUICKER and open_:
            before = len(open_)
            self._known.push({name: self._guarded[name] for name in open_})

    def _unproven(self) -> list[tuple[Period, Cell]]:
        return sorted(n for n, need in self._guarded.items() if self._known.seen(n) < need)

    def _settle(self, name: tuple[Period, Cell], others: Sequence[Name]) -> None:
        while True:
            need = self._guarded[name]
            found = self._known.reach(name, others, seed=self._known.solved, enough=need)
            if found.whole_numbers >= need:
                return
            loose = [
                cell
                for cell in (self._ours(stop) for stop in found.stopped_by)
                if cell is not None and self._decided[cell].step
            ]
            if not loose:
                # Nothing of this table bounds it: as it was before this table.
                del self._guarded[name]
                return
            self._loosen(min(loose, key=self._cost))

    def _ours(self, stop: Name) -> Cell | None:
        if isinstance(stop, tuple) and stop[0] == self._period and stop[1] in self._decided:
            return stop[1] if isinstance(stop[1], Cell) else None
        return None

    def _cost(self, cell: Cell) -> tuple[float, int, Cell]:
        """What is lost, as a share of the count; hiding costs the whole."""
        decision = self._decided[cell]
        wider = coarser(decision.step)
        if wider * _FINEST > decision.n:
            return 1.0, decision.n, cell
        return wider / decision.n, decision.n, cell

    def _loosen(self, cell: Cell) -> None:
        before = self._decided[cell]
        wider = coarser(before.step)
        if wider * _FINEST > before.n:
            after = Decision(n=before.n, step=0, reason=Hidden.COMPLEMENTARY)
            self._guarded[self._period, cell] = protection(before.n)
        else:
            after = Decision(n=before.n, step=wider, reason=None)
        self._decided[cell] = after
        self._known.restate((self._period, cell), after.bound(before.n))


def coarser(step: int) -> int:
    """The next step: 5, 10, 20, 50, 100, 200, 500…"""
    power: int = 10 ** (len(str(step)) - 1)
    digit = step // power
    return {1: 2, 2: 5, 5: 10}[digit] * power
