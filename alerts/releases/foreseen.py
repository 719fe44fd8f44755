"""P(shortage within 12 weeks) of every cell and week. Pure but for the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from alerts.forecasts.course import Course, course_of
from alerts.forecasts.shortage import MARKS, METHOD, shortage_within
from alerts.forecasts.weekly import replayed
from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.shortage import SUPPLY_SIDE
from alerts.releases.cells import NATION, NOTHING, Place
from alerts.releases.evidence import Evidence
from alerts.releases.figure import Figure, by_place, rolled_up
from alerts.releases.plan import Period
from alerts.releases.shortage import SEED, grounds_of, scored
from alerts.releases.supply import counted_when
from warehouse.series import Standing

WITHIN: Final = "shortage_within_12w"


def foreseen_figures(evidence: Evidence, period: Period) -> list[Figure]:
    """One figure a cell; without a supply side there is none, and why."""
    held = grounds_of(evidence, period)
    supplied = {
        place for place in scored()
        if any(place in held.drawn.get(name, {}) for name in SUPPLY_SIDE)
    }  # fmt: skip
    courses = _courses(evidence, period, supplied) if supplied else {}
    counted = counted_when(evidence, period.last)

    def estimate(place: Place) -> Estimated:
        n = held.samples.get(place, NOTHING).n
        if place not in supplied:
            return untold(Standing.NO_SUPPLY, n=n, method=METHOD)
        told = {name: found[place] for name, found in held.drawn.items() if place in found}
        return shortage_within(
            told, held.cuts, cell=courses.get(place), nation=courses.get(NATION),
            counted=counted, n=max((each.n for each in told.values()), default=n), seed=SEED,
        )  # fmt: skip

    return list(rolled_up(by_place(WITHIN, period.first, held.samples, scored(), estimate)))


def _courses(evidence: Evidence, period: Period, wanted: set[Place]) -> Mapping[Place, Course]:
    found = {
        place: course_of(values, done.forecaster.forecasts(), MARKS)
        for place, values, done in replayed(evidence, period.first, wanted | {NATION})
    }
    return {place: course for place, course in found.items() if course is not None}
