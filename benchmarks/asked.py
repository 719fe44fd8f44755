"""The questions that are timed: ours, their bounds, and their answers in a form to compare."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from benchmarks.generated_market import LAST
from config.skills import skills
from warehouse.questions import analysis, counts, demand, titles
from warehouse.questions.basis import Basis, Cell, Weeks
from warehouse.questions.vacancies import newest_vacancies

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Bounds of one round of questions; days are inclusive."""

    until: date
    since: date
    """91 days."""
    year: date
    """A year before `until`: where analysts' questions begin."""
    weeks: Weeks
    cell: Cell
    skill: str
    isic: str
    word: str

    def parameters(self) -> Mapping[str, Any]:
        """All bounds by the names that the peer's questions use."""
        return {
            "until": self.until, "since": self.since, "year": self.year, "skill": self.skill,
            "before": self.since - (self.until - self.since) - timedelta(days=1),
            "first": self.weeks.first, "sunday": self.weeks.until, "isic": self.isic,
            "province": self.cell.province, "isco1": self.cell.isco1, "word": self.word,
        }  # fmt: skip


def draw_bounds(seed: int) -> Iterator[Bounds]:
    """Endless rounds: other periods, cells, skills and words each time."""
    rng, named = random.Random(seed), list(skills())[:50]
    while True:
        until = LAST - timedelta(days=rng.randrange(60))
        monday = until - timedelta(days=until.weekday() + 7)
        yield Bounds(
            until=until,
            since=until - timedelta(days=90),
            year=until - timedelta(days=364),
            weeks=Weeks(first=monday - timedelta(weeks=12), last=monday),
            cell=Cell(province=rng.choice(["LA-VT", "LA-SV", "LA-CH"]), isco1=rng.choice("2579")),
            skill=rng.choice(named),
            isic=rng.choice("ACFGK"),
            word=rng.choice(["ບັນຊີ", "ຄູສອນ", "ໂຮງແຮມ", "ວິສະວະກອນ"]),
        )


Ask = Callable[["Client", Bounds, Basis], list[Any]]


def _period(b: Bounds) -> dict[str, Any]:
    return {"since": b.since, "until": b.until}


def _year(b: Bounds) -> dict[str, Any]:
    return {"since": b.year, "until": b.until}


STANDARD: Final[dict[str, Ask]] = {
    "trend": lambda c, b, on: counts.trend(c, **_period(b), basis=on),
    "flow_by_province": lambda c, b, on: counts.flow_by_province(c, weeks=b.weeks, basis=on),
    "flow_by_major": lambda c, b, on: counts.flow_by_major(c, weeks=b.weeks, basis=on),
    "stock_by_province": lambda c, b, on: counts.stock_by_province(c, **_period(b), basis=on),
    "cell_table": lambda c, b, on: counts.cell_table(c, **_period(b), basis=on),
    "top_occupations": lambda c, b, on: counts.top_occupations(c, weeks=b.weeks, basis=on),
    "skills_demand": lambda c, b, on: demand.skills_demand(c, weeks=b.weeks, cell=b.cell, basis=on),
    "pay_quantiles": lambda c, b, on: demand.pay_quantiles(c, weeks=b.weeks, basis=on),
    "durations": lambda c, b, on: demand.durations(c, weeks=b.weeks, basis=on),
    "newest_vacancies": lambda c, b, _: newest_vacancies(
        c, until=b.until, cell=Cell(isco1=b.cell.isco1)
    ),
    "source_counts": lambda c, b, on: counts.source_counts(c, **_period(b), basis=on),
}
COMPLEX: Final[dict[str, Ask]] = {
    "skill_share": lambda c, b, on: analysis.skill_share(
        c, skill=b.skill, isic=b.isic, **_year(b), basis=on
    ),
    "skills_beside": lambda c, b, on: analysis.skills_beside(
        c, skill=b.skill, **_year(b), basis=on
    ),
    "employer_concentration": lambda c, b, on: analysis.employer_concentration(
        c, **_year(b), basis=on
    ),
    "pay_by_education": lambda c, b, on: analysis.pay_by_education(c, **_year(b), basis=on),
    "search_titles": lambda c, b, _: titles.search_titles(c, words=b.word, **_year(b)),
}
ALL: Final = STANDARD | COMPLEX
ONE_BASIS: Final = frozenset({"newest_vacancies", "search_titles"})
"""Questions that read raw rows only: there is no roll-up of them."""


def comparable(name: str, answer: list[Any], bounds: Bounds) -> Rows:
    """Our answer as the peer gives its own (see `benchmarks.peer_duckdb.PEER`)."""
    return _SHAPES[name](answer, bounds)


def peer_comparable(name: str, rows: Rows, bounds: Bounds) -> Rows:
    """The peer's answer with days filled in, where ours has them."""
    days = [bounds.since + timedelta(days=n) for n in range((bounds.until - bounds.since).days + 1)]
    if name == "trend":
        return _filled_trend(rows, days)
    return _filled_stock(rows, days) if name == "stock_by_province" else rows


def _filled_trend(rows: Rows, days: list[date]) -> Rows:
    by_day, level = {row[0]: row for row in rows}, 0
    filled: Rows = []
    for day in days:
        _, flow, closed, change = by_day.get(day, (day, 0, 0, 0))
        level += change
        filled.append((day, flow, closed, level))
    return filled


def _filled_stock(rows: Rows, days: list[date]) -> Rows:
    changes = {(row[0], row[1]): row[2] for row in rows}
    filled: Rows = []
    for province in sorted({row[0] for row in rows}):
        level = 0
        for day in days:
            level += changes.get((province, day), 0)
            filled.append((province, day, level))
    return filled


def _spreads(answer: list[Any], _: Bounds) -> Rows:
    return [(row.isco1, row.n, *row.quantiles) for row in answer]


_SHAPES: Final[dict[str, Callable[[list[Any], Bounds], Rows]]] = {
    "trend": lambda a, _: [(r.day, r.flow, r.closed, r.stock) for r in a],
    "flow_by_province": lambda a, _: [(r.week, r.code, r.flow) for r in a],
    "flow_by_major": lambda a, _: [(r.week, r.code, r.flow) for r in a],
    "stock_by_province": lambda a, _: [(r.code, r.day, r.stock) for r in a],
    "cell_table": lambda a, _: [
        (r.province, r.isco1, r.flow, r.flow_before, r.closed, r.stock) for r in a
    ],
    "top_occupations": lambda a, _: [(r.isco08, r.flow, r.stock) for r in a],
    "skills_demand": lambda a, _: [(r.skill, r.vacancies) for r in a],
    "pay_quantiles": _spreads,
    "durations": _spreads,
    "newest_vacancies": lambda a, _: [(r.vacancy_id,) for r in a],
    "source_counts": lambda a, _: [(r.source_id, r.flow, r.stock, r.last_event) for r in a],
    "skill_share": lambda a, _: [(r.quarter, r.province, r.vacancies, r.named) for r in a],
    "skills_beside": lambda a, _: [(r.skill, r.together, r.vacancies) for r in a],
    "employer_concentration": lambda a, _: [
        (r.province, r.isco1, r.vacancies, r.employers, round(r.top_share * r.vacancies)) for r in a
    ],
    "pay_by_education": lambda a, _: [(r.education, r.isco2, r.n, r.median) for r in a],
    "search_titles": lambda a, _: [(r.vacancy_id,) for r in a],
}
