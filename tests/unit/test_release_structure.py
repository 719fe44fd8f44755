"""Structure of the nation's market in a monthly release: told, or the reason why not."""

from __future__ import annotations

from datetime import date
from math import isclose, log
from typing import cast

import pytest

from alerts.releases.evidence import Evidence
from alerts.releases.plan import Kind, period_of
from alerts.releases.structure import YEAR, structure_figures
from config.vocabulary import provinces
from warehouse.facts import Counted, Described, People
from warehouse.series import Standing

MONTH = period_of(Kind.MONTHLY, date(2026, 6, 10))
THEN = MONTH.last - YEAR


class Register:
    """Evidence of 400 vacancies now and 100 a year before."""

    def __init__(self, people: list[People], begins: date | None = date(2025, 1, 1)) -> None:
        self.held, self.begins = people, begins

    def stock(self, day: date) -> list[Counted]:
        n = {MONTH.last: 400, THEN: 100}[day]
        return [Counted(day.toordinal(), "LA-VT", "5", "", 1, "a", n)]

    def people(self, *_: object) -> list[People]:
        return self.held

    def described(self, *_: object) -> list[Described]:
        day = MONTH.first.toordinal()
        return [
            Described(day, "LA-VT", "5", "51", "", n, "a", None, None, skills)
            for n, skills in enumerate([("S1",), (), ("S1", "S2")])
        ]


def counted(measure: str, end: date, persons: float, province: str = "") -> People:
    return People(
        source_id="s", province=province, isco1="", measure=measure, period_start=end,
        period_end=end, persons=persons, releasable=True,
    )  # fmt: skip


def figures(register: Register) -> dict[str, tuple[float | None, Standing, int]]:
    made = structure_figures(cast(Evidence, register), MONTH)
    assert all(figure.place.province == "" for figure in made)
    told = [(each.indicator, each.estimated) for each in made]
    return {name: (found.value, found.standing, found.n) for name, found in told}


def test_the_curve_moves_outward_where_both_sides_grow() -> None:
    people = [counted("unemployed", MONTH.last, 900), counted("unemployed", THEN, 400)]
    value, standing, n = figures(Register(people))["beveridge_shift"]
    assert (standing, n) == (Standing.ASSESSABLE, 400)
    assert value is not None
    assert isclose(value, 0.5 * log(400 * 900 / (100 * 400)))


def test_totals_of_all_provinces_are_the_nations() -> None:
    people = [
        counted("unemployed", end, persons, province)
        for province in provinces()
        for end, persons in ((MONTH.last, 10), (THEN, 10))
    ]
    value = figures(Register(people))["beveridge_shift"][0]
    assert value is not None
    assert isclose(value, 0.5 * log(4))


@pytest.mark.parametrize(
    "people",
    [
        [],
        [counted("unemployed", THEN, 400)],
        [counted("unemployed", MONTH.last, 900), counted("jobseekers_waiting", THEN, 400)],
    ],
    ids=["none", "one count for both years", "two measures"],
)
def test_no_two_counts_of_one_measure_no_shift(people: list[People]) -> None:
    told = figures(Register(people))["beveridge_shift"]
    assert told == (None, Standing.NO_SUPPLY, 400)


@pytest.mark.parametrize("begins", [None, date(2026, 1, 1)])
def test_a_year_that_was_not_watched_is_too_short(begins: date | None) -> None:
    told = figures(Register([], begins))["beveridge_shift"]
    assert told == (None, Standing.TOO_SHORT, 400)


def test_skills_of_jobseekers_are_not_made_up() -> None:
    assert figures(Register([]))["mismatch_skills"] == (None, Standing.NO_SUPPLY, 2)


def test_applicants_are_not_assessable_while_no_feed_states_them() -> None:
    assert figures(Register([]))["applicants_per_vacancy"] == (None, Standing.NO_SUPPLY, 0)
