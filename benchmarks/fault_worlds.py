"""A market on five boards, and what happens to it: shocks of labour, and faults of collection.

Rows are what the warehouse would hold of new vacancies; a fault changes rows and visits, a shock
changes the market itself. Boards of the health part break in the same way at the same moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import numpy as np

from alerts.cells import Cell
from benchmarks.simulated_boards import HEALTHY, Fault
from benchmarks.simulated_faults import FAULTS
from warehouse.openings import Opening

FIRST: Final = date(2024, 1, 1).toordinal()
WARM_DAYS: Final = 190
FOLLOWED_DAYS: Final = 42
DAYS: Final = WARM_DAYS + FOLLOWED_DAYS + 2
BREAK: Final = FIRST + WARM_DAYS
SOURCES: Final = {"main": 0.42, "second": 0.22, "third": 0.16, "fourth": 0.12, "fifth": 0.08}
ALONE: Final = ("LA-PH", "second")
"""A province that only one source covers."""
NEWCOMER: Final = "newcomer"
_PROVINCES: Final = {"LA-VT": 0.42, "LA-SV": 0.2, "LA-CH": 0.14, "LA-LP": 0.14, "LA-PH": 0.1}
_GROUPS: Final = {"2": 0.2, "4": 0.15, "5": 0.3, "7": 0.2, "9": 0.15}
WEEK: Final = (1.3, 1.2, 1.1, 1.1, 1.0, 0.3, 0.2)
_SHARED: Final = 0.25
"""Vacancies that a further board shows too."""
_PER_DAY: Final = 70.0
BUNCHED: Final = 0.33
"""Chance that an employer posts two at once."""
Rows = list[Opening]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """A true change of labour demand from `BREAK` on."""

    cell: Cell
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What a fault leaves in the warehouse."""

    rows: Rows
    failed: frozenset[tuple[str, int]] = frozenset()
    """Visits that failed: source and day."""
    visited: dict[str, int] = field(default_factory=dict)
    """Further sources, with the first day on which they are visited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One way in which collection breaks."""

    name: str
    apply: Callable[[Rows, str, int, Rng], Broken]
    """Rows, source at fault, last day of the fault."""
    health: Fault = HEALTHY
    """What the crawls of the board show while it lasts."""
    growth: float = 1.0
    """Of adverts on the board, where fewer or more are truly posted there."""
    lasts: int = 14
    sources: int = 1


def market(rng: Rng, shock: Shock | None = None) -> Rows:
    """New vacancies of `DAYS` days, those of a bunch at one employer."""
    names, weights = list(SOURCES), np.array(list(SOURCES.values()))
    rows: Rows = []
    for day in range(FIRST, FIRST + DAYS):
        for province, share in _PROVINCES.items():
            for group, part in _GROUPS.items():
                mean = _PER_DAY * share * part * WEEK[(day - 1) % 7]
                if shock is not None and day >= BREAK and _meets(shock.cell, province, group):
                    mean *= shock.factor
                for employer in rng.integers(1, 400, size=rng.poisson(mean * 0.75)):
                    shown = _shown(rng, names, weights, province)
                    for _ in range(1 + int(rng.random() < BUNCHED)):
                        seen = (day,) * len(shown)
                        rows.append(Opening(day, province, group, int(employer), shown, seen))
    return rows


def _meets(cell: Cell, province: str, group: str) -> bool:
    return cell.province in ("", province) and cell.isco1 in ("", group)


def _shown(
    rng: Rng, names: list[str], weights: np.ndarray, province: str
) -> tuple[str, ...]:  # fmt: skip
    if province == ALONE[0]:
        return (ALONE[1],)
    count = 2 if rng.random() < _SHARED else 1
    picked = rng.choice(len(names), size=count, replace=False, p=weights)
    return tuple(names[i] for i in picked)


def _during(row: Opening, source: str, until: int) -> bool:
    return source in row.sources and BREAK <= row.day <= until


def without(row: Opening, source: str) -> Opening | None:
    """The row as the other sources show it."""
    kept = [(s, at) for s, at in zip(row.sources, row.seen, strict=True) if s != source]
    if not kept:
        return None
    return row._replace(sources=tuple(s for s, _ in kept), seen=tuple(at for _, at in kept))


def _lost(chance: float) -> Callable[[Rows, str, int, Rng], Broken]:
    """So many of a source's new adverts are not seen there."""

    def apply(rows: Rows, source: str, until: int, rng: Rng) -> Broken:
        found = []
        for row in rows:
            hit = _during(row, source, until) and rng.random() < chance
            left = without(row, source) if hit else row
            if left is not None:
                found.append(left)
        return Broken(rows=found)

    return apply


def _outage(rows: Rows, source: str, until: int, _rng: Rng) -> Broken:
    """No answer: what was posted meanwhile is seen, late, when it is back."""
    found = []
    for row in rows:
        if _during(row, source, until):
            late = [max(at, until + 1) if s == source else at
                    for s, at in zip(row.sources, row.seen, strict=True)]  # fmt: skip
            row = row._replace(seen=tuple(late))  # noqa: PLW2901
        found.append(row)
    return Broken(rows=found, failed=frozenset((source, d) for d in range(BREAK, until + 1)))


def _two_out(rows: Rows, source: str, until: int, rng: Rng) -> Broken:
    other = "second" if source != "second" else "main"
    first = _outage(rows, source, until, rng)
    second = _outage(first.rows, other, until, rng)
    return replace(second, failed=first.failed | second.failed)


def _repeated(times: int) -> Callable[[Rows, str, int, Rng], Broken]:
    """Adverts listed again under other identifiers, of which a third is not recognised."""

    def apply(rows: Rows, source: str, until: int, rng: Rng) -> Broken:
        found = list(rows)
        for row in rows:
            if _during(row, source, until):
                extra = int(rng.binomial(times, 1 / 3))
                at = row.seen[row.sources.index(source)]
                found += [row._replace(sources=(source,), seen=(at,))] * extra
        return Broken(rows=sorted(found, key=lambda row: row.day))

    return apply


def _joins(rows: Rows, _source: str, _until: int, rng: Rng) -> Broken:
    """A portal that nobody visited before: a quarter of what it shows is new to us."""
    found = []
    for row in rows:
        found.append(row)
        if row.day < BREAK or rng.random() > 0.5:
            continue
        if rng.random() < 0.5:
            alone = row._replace(sources=(NEWCOMER,), seen=(row.day,))
            found.append(alone._replace(employer=int(rng.integers(400, 800))))
        else:
            found[-1] = row._replace(sources=(*row.sources, NEWCOMER), seen=(*row.seen, row.day))
    return Broken(rows=found, visited={NEWCOMER: BREAK})


def _mapped(rows: Rows, source: str, until: int, _rng: Rng) -> Broken:
    """One province of a source is read as another."""
    return Broken(
        rows=[
            row._replace(province="LA-SV")
            if row.sources == (source,) and _during(row, source, until) and row.province == "LA-CH"
            else row
            for row in rows
        ]
    )


def _category(rows: Rows, source: str, until: int, rng: Rng) -> Broken:
    """Half of one category is no longer listed."""
    found = []
    for row in rows:
        hit = _during(row, source, until) and row.isco1 == "5" and rng.random() < 0.5
        left = without(row, source) if hit else row
        if left is not None:
            found.append(left)
    return Broken(rows=found)


def _slow(rows: Rows, source: str, until: int, _rng: Rng) -> Broken:
    """Adverts are seen three days late."""
    found = []
    for row in rows:
        if _during(row, source, until):
            seen = [at + 3 if s == source else at
                    for s, at in zip(row.sources, row.seen, strict=True)]  # fmt: skip
            row = row._replace(seen=tuple(seen))  # noqa: PLW2901
        found.append(row)
    return Broken(rows=found)


_HEALTH: Final = {fault.name: fault for fault in FAULTS}
GOAL: Final = (
    Planted(name="outage", apply=_outage, health=_HEALTH["unavailable"]),
    Planted(name="silent outage", apply=_lost(1.0), health=_HEALTH["listing_empty"]),
    Planted(name="new portal", apply=_joins, lasts=FOLLOWED_DAYS),
    Planted(name="price change", apply=_lost(0.65), growth=0.35, lasts=FOLLOWED_DAYS),
    Planted(name="duplicates flood", apply=_repeated(6), health=_HEALTH["duplicates_flood"]),
)
"""Those that the goal is set for."""
MORE: Final = (
    Planted(name="listing halved", apply=_lost(0.5), health=_HEALTH["listing_halved"]),
    Planted(name="category halved", apply=_category, lasts=28),
    Planted(name="wrong province", apply=_mapped, lasts=28),
    Planted(name="slow source", apply=_slow, health=_HEALTH["slow_answers"]),
    Planted(name="two sources out", apply=_two_out, health=_HEALTH["unavailable"], sources=2),
)
SHOCKS: Final = (
    Shock(cell=Cell("LA-VT", "5"), factor=2.2), Shock(cell=Cell("LA-VT", ""), factor=0.5),
    Shock(cell=Cell("LA-SV", ""), factor=2.0), Shock(cell=Cell("", "7"), factor=0.5),
    Shock(cell=Cell("", ""), factor=0.55), Shock(cell=Cell("LA-PH", ""), factor=2.2),
    Shock(cell=Cell("LA-PH", ""), factor=0.4), Shock(cell=Cell("", "9"), factor=1.9),
)  # fmt: skip
