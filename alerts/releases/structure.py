"""How the nation's market is built: shift of the Beveridge curve, skills asked for and offered,
applicants.

Pure but for the evidence. All are told for the nation, or it is said why they are not.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from alerts.indicators.beveridge import SHIFT, Market, shift
from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.filling import APPLICANTS as METHOD_APPLICANTS
from alerts.indicators.skills_mismatch import HELLINGER_CORRECTED
from alerts.releases.cells import NATION, NOTHING, samples
from alerts.releases.evidence import Evidence
from alerts.releases.figure import Figure
from alerts.releases.plan import Period
from alerts.releases.supply import MEASURES, persons
from warehouse.series import Standing

BEVERIDGE: Final = "beveridge_shift"
SKILLS: Final = "mismatch_skills"
APPLICANTS: Final = "applicants_per_vacancy"
YEAR: Final = timedelta(days=364)
"""Whole weeks, so that both stocks are of the same weekday."""


def structure_figures(evidence: Evidence, period: Period) -> list[Figure]:
    """Of a month: the three figures of the nation."""
    return [_beveridge(evidence, period), _skills(evidence, period), _applicants(period)]


def _beveridge(evidence: Evidence, period: Period) -> Figure:
    """Against the stock a year before, which must have been wholly observed, and a count of the
    unemployed of the same measure: never the same count twice."""
    now, then = period.last, period.last - YEAR
    held = samples((row, row.n) for row in evidence.stock(now)).get(NATION, NOTHING)
    if evidence.begins is None or evidence.begins > then:
        estimated = untold(Standing.TOO_SHORT, n=held.n, method=SHIFT)
    else:
        before = samples((row, row.n) for row in evidence.stock(then)).get(NATION, NOTHING)
        people = _unemployed(evidence, now, then)
        estimated = shift(
            Market(vacancies=float(held.n), unemployed=people[0]),
            Market(vacancies=float(before.n), unemployed=people[1]),
        )
    return Figure(
        indicator=BEVERIDGE, place=NATION, time_value=period.first, estimated=estimated, sample=held
    )


def _unemployed(evidence: Evidence, now: date, then: date) -> tuple[float, float]:
    """Of the first measure that has a count of the year and one of the year before; else 0."""
    rows = evidence.people(MEASURES, now)
    for measure in MEASURES:
        newer = persons(rows, measure, since=then + timedelta(days=1), until=now).get(NATION)
        older = persons(rows, measure, since=then - YEAR, until=then).get(NATION)
        if newer and older:
            return newer, older
    return 0.0, 0.0


def _skills(evidence: Evidence, period: Period) -> Figure:
    """No feed of jobseekers states their skills, and none are made up from occupations.

    `n`: vacancies of the month that name a skill, the side that is known.
    """
    named = [row for row in evidence.described(period.first, period.last) if row.skills]
    estimated: Estimated = untold(Standing.NO_SUPPLY, n=len(named), method=HELLINGER_CORRECTED)
    sample = samples((row, 1) for row in named).get(NATION, NOTHING)
    return Figure(
        indicator=SKILLS, place=NATION, time_value=period.first, estimated=estimated, sample=sample
    )


def _applicants(period: Period) -> Figure:
    """No feed states applicants: not the employment service's figures, not the mark-up of adverts
    (schema.org has no property for them). What boards show beside an advert is a running number,
    seen when we happened to read it, and is not taken."""
    return Figure(
        indicator=APPLICANTS, place=NATION, time_value=period.first,
        estimated=untold(Standing.NO_SUPPLY, n=0, method=METHOD_APPLICANTS), sample=NOTHING,
    )  # fmt: skip
