"""Attacks on the public tables: linear programming, differencing, vintages, ratios of counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np

from benchmarks.disclosure_ratios import ratio_attacks
from benchmarks.disclosure_worlds import (
    Deciding,
    World,
    by_the_rules,
    parts_of,
    primary_only,
    publish,
    simulate,
)
from benchmarks.report import Figure
from warehouse.disclosure.attack import Bound, Name
from warehouse.disclosure.lattice import NONE, Axes, Tally, axes
from warehouse.disclosure.revision import revised
from warehouse.disclosure.rules import band, protection, span
from warehouse.disclosure.suppress import Decision, Told, known_of
from warehouse.series import Frequency

_START: Final = date(2026, 6, 1)
_SMALL: Final = Axes(
    provinces=("LA-VT", "LA-SV", "LA-CH", "LA-LP", "LA-XA"),
    majors=("2", "4", "5", "9"),
    sections=("C", "F", "G", "I"),
)
_DENSITIES: Final = (10.0, 1.0, 30.0, 3.0, 100.0)
"""New vacancies a day: what is openly seen today to what a national register might see."""
_ROLLING: Final = 13
METHODS: Final[Mapping[str, Deciding]] = {
    "rules": by_the_rules,
    "rounded, no complement": primary_only(5),
    "exact, no complement": primary_only(1),
}


@dataclass
class Outcome:
    """What an attack on many worlds came to."""

    tables: int = 0
    cells: int = 0
    told: int = 0
    hidden: int = 0
    recovered: int = 0
    narrowed: int = 0
    queries: int = 0
    programs: int = 0
    vacancies: int = 0
    vacancies_told: int = 0
    error: list[float] = field(default_factory=list)

    def add_tables(self, told: Sequence[Told]) -> None:
        """Count what is published."""
        self.tables += len(told)
        for each in told:
            finest = each.period.frequency is Frequency.MONTHLY
            for cell, decision in each.decisions.items():
                self.cells += 1
                n = each.now.get(cell, 0)
                counted = bool(finest and cell.province and cell.isco1)
                self.vacancies += n if counted else 0
                if decision.value is None:
                    self.hidden += 1
                    continue
                self.told += 1
                self.vacancies_told += n if counted else 0
                self.error.append(abs(decision.value - n) / n)

    def row(self, name: str) -> dict[str, Any]:
        """One line of the table."""
        return {
            "method": name,
            "tables": self.tables,
            "hidden cells": self.hidden,
            "recovered": self.recovered,
            "narrowed": self.narrowed,
            "cells told": _share(self.told, self.cells),
            "vacancies in told cells": _share(self.vacancies_told, self.vacancies),
            "mean error": round(float(np.mean(self.error)), 4) if self.error else None,
        }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def attack(
    world: World,
    told: Sequence[Told],
    outcome: Outcome,
    *,
    also: Mapping[Name, Bound] | None = None,
    more: Sequence[tuple[Name, Sequence[Name]]] = (),
) -> None:
    """Bound every hidden cell from everything published of the world at once."""
    parts = parts_of(world, [each.period for each in told])
    known = known_of(world.axes, told, parts, also=also, more=more)
    hidden = [
        (each.period, cell) for each in told for cell, d in each.decisions.items() if not d.step
    ]
    outcome.queries += sum(len(each.decisions) for each in told)
    now = {each.period: each.now for each in told}
    for _ in range(3):
        known.push(
            {(p, c): protection(now[p].get(c, 0)) for p, c in hidden
             if known.seen((p, c)) < protection(now[p].get(c, 0))}
        )  # fmt: skip
    for period, cell in hidden:
        need = protection(now[period].get(cell, 0))
        if known.seen((period, cell)) >= need:
            continue
        reach = known.reach((period, cell), hidden, seed=outcome.programs, enough=need)
        outcome.recovered += reach.whole_numbers == 1
        outcome.narrowed += reach.whole_numbers < need
    outcome.programs += known.solved


def rolling_sums(
    told: Sequence[Told],
) -> tuple[dict[Name, Bound], list[tuple[Name, Sequence[Name]]]]:
    """What figures on thirteen weeks tell of the weeks: the band of their n, cell by cell."""
    weeks = [each for each in told if each.period.frequency is Frequency.WEEKLY]
    bounds: dict[Name, Bound] = {}
    sums: list[tuple[Name, Sequence[Name]]] = []
    for end in range(_ROLLING, len(weeks) + 1):
        window = weeks[end - _ROLLING : end]
        for cell in weeks[0].decisions:
            n = sum(each.now.get(cell, 0) for each in window)
            if band(n):
                name = ("rolling", window[0].period, cell)
                bounds[name] = (float(band(n)), float(_next_band(n) - 1))
                sums.append((name, [(each.period, cell) for each in window]))
    return bounds, sums


def _next_band(n: int) -> int:
    low = band(n)
    return next(x for x in (low * 2, low * 5 // 2, low * 5) if band(x) > low)


def _worlds(seed: int, count: int, days: int, space: Axes) -> Iterator[World]:
    for number in range(count):
        density = _DENSITIES[number % len(_DENSITIES)]
        yield simulate(seed + number, per_day=density, days=days, first=_START, axes=space)


def _compare(
    seed: int, count: int, days: int, space: Axes, *, methods: Sequence[str] = tuple(METHODS)
) -> dict[str, Outcome]:
    """The same worlds published by every method and attacked in the same way."""
    outcomes = {name: Outcome() for name in methods}
    for world in _worlds(seed, count, days, space):
        for name in methods:
            told = publish(world, METHODS[name])
            outcomes[name].add_tables(told)
            attack(world, told, outcomes[name])
    return outcomes


def _with_rolling(seed: int, count: int, space: Axes) -> Outcome:
    outcome = Outcome()
    for world in _worlds(seed, count, 7 * 20, space):
        told = [
            each
            for each in publish(world, by_the_rules)
            if each.period.frequency is Frequency.WEEKLY
        ]
        bounds, sums = rolling_sums(told)
        outcome.add_tables(told)
        attack(world, told, outcome, also=bounds, more=sums)
    return outcome


def _vintages(seed: int, count: int, space: Axes) -> dict[str, Outcome]:
    """A month and its revision, for an attacker who knows exactly what was revised.

    Compared with deciding and rounding every vintage by itself.
    """
    methods = {"rules": _sticky, "each vintage by itself": _afresh}
    outcomes = {name: Outcome() for name in methods}
    for number, world in enumerate(_worlds(seed, count, 30, space)):
        earlier = _with_late_arrivals(world, seed + number)
        (first,) = [t for t in publish(earlier, by_the_rules) if t.period.last.day == 30]
        later = world.tallies(first.period)
        fresh = by_the_rules(first.period, space, later, (), {})
        for name, bound in methods.items():
            also: dict[Name, Bound] = {
                (first.period, cell): bound(decision, later.get(cell, NONE), fresh[cell])
                for cell, decision in first.decisions.items()
            }
            outcomes[name].add_tables([first])
            attack(earlier, [first], outcomes[name], also=also)
    return outcomes


def _with_late_arrivals(world: World, seed: int) -> World:
    """The world as it stood at the first issue, when one vacancy in fourteen had not come yet."""
    chance = np.random.default_rng(seed)
    days = tuple(tuple(row for row in day if chance.random() < 0.93) for day in world.days)
    return World(axes=world.axes, first=world.first, days=days)


def _sticky(decision: Decision, later: Tally, _: Decision) -> Bound:
    """What both vintages tell of the first count to whoever knows the revision."""
    low, high = decision.bound(decision.n)
    told = revised(decision, later)
    if decision.step and told.value is None and later.n < 10:
        high = min(high, 9.0 - (later.n - decision.n))
    return low, high


def _afresh(decision: Decision, later: Tally, fresh: Decision) -> Bound:
    low, high = decision.bound(decision.n)
    if fresh.step:
        change = later.n - decision.n
        least, most = span(fresh.value or 0, fresh.step)
        low, high = max(low, float(least - change)), min(high, float(most - change))
    return low, high


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures and tables. `quick` takes few worlds of a small lattice."""
    small = _compare(seed, 3 if quick else 150, 61, _SMALL)
    full = {} if quick else _compare(seed + 1, 2, 61, axes(), methods=("rules",))
    rolling = _with_rolling(seed + 2, 1 if quick else 20, _SMALL)
    vintages = _vintages(seed + 3, 3 if quick else 100, _SMALL)
    ratios = ratio_attacks(seed + 4, 200 if quick else 5000)
    ours = [small["rules"], rolling, vintages["rules"], *([full["rules"]] if full else [])]
    tables = {
        "Weeks and months together, small lattice": _rows(small),
        **({"The service's own lattice": _rows(full)} if full else {}),
        "With the bands of 13-week figures": [rolling.row("rules")],
        "A month and its revision, the revision known": _rows(vintages),
        "Counts behind ratios": ratios,
    }
    return _figures(ours, small, ratios), {"tables": tables}


def _rows(outcomes: Mapping[str, Outcome]) -> list[dict[str, Any]]:
    return [outcome.row(name) for name, outcome in outcomes.items()]


def _figures(
    ours: Sequence[Outcome], compared: Mapping[str, Outcome], ratios: Sequence[Mapping[str, Any]]
) -> list[Figure]:
    rules, naive, rounded = (compared[name] for name in (
        "rules", "exact, no complement", "rounded, no complement"
    ))  # fmt: skip
    attacked = sum(each.hidden for each in ours)
    opened = sum(int(row["opened by the public figure"]) for row in ratios)
    recovered = sum(each.recovered for each in ours)
    return [
        Figure(
            key="disclosure_recovered",
            value=recovered + opened,
            goal="0",
            about=f"hidden counts found exactly, of {attacked:,} attacked by linear programming"
            " over all overlapping tables and vintages, and rounded counts found through ratios;"
            f" hiding without complement {naive.recovered:,} of {naive.hidden:,}",
        ),
        Figure(
            key="disclosure_narrowed",
            value=sum(each.narrowed for each in ours),
            goal="0",
            about="hidden counts bounded to fewer than ten whole numbers (a fifth of a larger one);"
            f" rounding without complement {rounded.narrowed:,}, hiding alone {naive.narrowed:,}",
        ),
        Figure(key="disclosure_tables", value=sum(e.tables for e in ours), about="tables attacked"),
        Figure(
            key="disclosure_queries",
            value=sum(e.queries for e in ours),
            about="published cells the attacker used",
        ),
        Figure(
            key="disclosure_cells_told",
            value=_share(rules.told, rules.cells),
            about="share of lattice cells told; by the limits alone"
            f" {_share(rounded.told, rounded.cells)}",
        ),
        Figure(
            key="disclosure_vacancies_told",
            value=_share(rules.vacancies_told, rules.vacancies),
            about="share of vacancies in told cells of province × group by month; by the limits"
            f" alone {_share(rounded.vacancies_told, rounded.vacancies)}",
        ),
    ]
