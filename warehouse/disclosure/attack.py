"""What can be worked out of published counts: bounds by linear programming. Pure.

The attacker knows every published number, how it was rounded, that told counts are ten or more,
that counts are not negative, how many vacancies are of unknown place or work, and how all cells of
all periods add up. Bounds are those of the linear relaxation; in one period's table, which is a
network, whole numbers attain them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Name = Hashable
Bound = tuple[float, float]
FREE: Final[Bound] = (0.0, float("inf"))
_TOLERANCE: Final = 1e-6
_SIDE: Final = 1e-4
"""Weight of the other cells in an objective: too small to move the cell itself by a vacancy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a cell's count can go, and the names whose bounds stopped it."""

    low: float
    high: float
    stopped_by: frozenset[Name]

    @property
    def whole_numbers(self) -> int:
        """Counts that remain possible."""
        return floor(self.high + _TOLERANCE) - ceil(self.low - _TOLERANCE) + 1


class Known:
    """A system of sums with bounds, and what solutions of it have shown to be possible."""

    def __init__(
        self,
        sums: Iterable[tuple[Name, Sequence[Name]]],
        bounds: Mapping[Name, Bound],
        truth: Mapping[Name, float],
    ) -> None:
        """`truth` is one solution within the bounds: it makes bounds quick, not different."""
        from scipy.sparse import csr_array

        equations = list(sums)
        names = {name for total, parts in equations for name in (total, *parts)}
        self._names = [*dict.fromkeys(name for t, ps in equations for name in (t, *ps))]
        self._at = {name: place for place, name in enumerate(self._names)}
        self._bounds = np.array([bounds.get(name, FREE) for name in self._names])
        rows, columns, values = [], [], []
        for row, (total, parts) in enumerate(equations):
            for name, factor in ((total, -1.0), *((part, 1.0) for part in parts)):
                rows.append(row)
                columns.append(self._at[name])
                values.append(factor)
        shape = (len(equations), len(names))
        self._sums: Any = csr_array((values, (rows, columns)), shape=shape)
        self._right = np.zeros(len(equations))
        start = np.array([float(truth.get(name, 0.0)) for name in self._names])
        self._found = [start]
        self._low, self._high = start.copy(), start.copy()
        self.solved = 0

    def restate(self, name: Name, bound: Bound) -> None:
        """Replace the bounds of `name`. Solutions found before hold on if they are wider.

        Those of a coarser rounding need not be: 93 is 95 to the nearest five (93 to 97) and 90 to
        the nearest ten (85 to 94).
        """
        place = self._at[name]
        low, high = self._bounds[place]
        self._bounds[place] = bound
        if bound[0] > low or bound[1] < high:
            inside = (bound[0] - _TOLERANCE, bound[1] + _TOLERANCE)
            self._found = [x for x in self._found if inside[0] <= x[place] <= inside[1]]
            self._low = np.min(self._found, axis=0)
            self._high = np.max(self._found, axis=0)

    def seen(self, name: Name) -> int:
        """Whole numbers already found possible: a lower bound, at no cost."""
        place = self._at[name]
        low, high = float(self._low[place]), float(self._high[place])
        return floor(high + _TOLERANCE) - ceil(low - _TOLERANCE) + 1

    def reach(
        self, name: Name, others: Sequence[Name] = (), *, seed: int = 0, enough: float = np.inf
    ) -> Reach:
        """The exact bounds of `name`, or some that leave `enough` whole numbers open.

        `others` are pushed along a little, to learn more at once.
        """
        side = np.zeros(len(self._names))
        if others:
            places = [self._at[other] for other in others]
            side[places] = np.random.default_rng(seed).uniform(0.0, _SIDE, len(places))
        place = self._at[name]
        side[place] = 1.0
        stopped: set[Name] = set()
        for sign in (-1.0, 1.0):
            if self.seen(name) >= enough:
                break
            found = self._solve(sign * side)
            marks = np.abs(found.lower.marginals) + np.abs(found.upper.marginals)
            stopped |= {self._names[i] for i in np.flatnonzero(marks > 10 * _SIDE)}
        return Reach(
            low=float(self._low[place]),
            high=float(self._high[place]),
            stopped_by=frozenset(stopped - {name}),
        )

    def push(self, needs: Mapping[Name, int]) -> None:
        """Look for one solution in which as many names as can be leave their numbers open.

        Maximises Σ y with y ≤ x and y ≤ what a name needs above the least found for it.
        """
        from scipy.sparse import csr_array, hstack

        self._solve_least([self._at[name] for name in needs])
        places = [self._at[name] for name in needs if self.seen(name) < needs[name]]
        if not places:
            return
        size, many = len(self._names), len(places)
        wanted = {self._at[name]: need for name, need in needs.items()}
        caps = [(0.0, self._low[place] + wanted[place] - 1 + 1e-9) for place in places]
        sides = range(many)
        above = csr_array(
            (np.r_[np.ones(many), -np.ones(many)],
             (np.r_[sides, sides], np.r_[np.arange(many) + size, places])),
            shape=(many, size + many),
        )  # fmt: skip
        self._keep(
            np.r_[np.zeros(size), -np.ones(many)],
            A_eq=hstack([self._sums, csr_array((self._sums.shape[0], many))]),
            b_eq=self._right,
            A_ub=above,
            b_ub=np.zeros(many),
            bounds=np.vstack([np.minimum(self._bounds, _MOST), caps]),
        )

    def _solve_least(self, places: Sequence[int]) -> None:
        cost = np.zeros(len(self._names))
        cost[[place for place in places if self._low[place] > 0]] = 1.0
        if cost.any():
            self._solve(cost)

    def _solve(self, cost: npt.NDArray[np.float64]) -> Any:
        capped = np.minimum(self._bounds, _MOST)
        return self._keep(cost, A_eq=self._sums, b_eq=self._right, bounds=capped)

    def _keep(self, cost: npt.NDArray[np.float64], **system: Any) -> Any:
        """Solve, and remember what the solution shows to be possible."""
        from scipy.optimize import linprog

        self.solved += 1
        found = linprog(cost, method="highs", **system)
        if found.status != 0:
            raise UnsolvableError(found.message)
        shown = found.x[: len(self._names)]
        self._found.append(shown)
        np.minimum(self._low, shown, out=self._low)
        np.maximum(self._high, shown, out=self._high)
        return found


_MOST: Final = 1e7
"""Instead of infinity: more vacancies than any period will have."""


class UnsolvableError(Exception):
    """The published numbers contradict each other: the bounds do not hold the truth."""
