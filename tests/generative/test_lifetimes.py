"""Through crawl run, frontier, register and estimator: what is told holds what was planted."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from alerts.durations import duration
from benchmarks.lifetimes_market import Plan, moment, true_mean_60, true_median
from benchmarks.lifetimes_watch import observe
from streams.state import millis
from warehouse.spells import Spell, SpellStatus, spells_of

OUTAGE = (40.0, 47.0)


def spells(plan: Plan) -> list[Spell]:
    seen = asyncio.run(observe([5], plan))
    watches = seen.watches()
    return [spell for history in seen.histories() for spell in spells_of(history, watches)]


@pytest.mark.parametrize("outage", [None, OUTAGE])
def test_the_intervals_hold_the_truth(outage: tuple[float, float] | None) -> None:
    told = duration(spells(Plan(vacancies=400, days=100, outage=outage)))
    for estimate, truth in (
        (told.median, true_median("lognormal", 5)),
        (told.mean_60, true_mean_60("lognormal", 5)),
    ):
        assert estimate.lower is not None
        assert estimate.upper is not None
        assert estimate.lower < truth < estimate.upper


def test_an_outage_closes_nothing_and_leaves_both_its_ends_in_doubt() -> None:
    plan = Plan(vacancies=400, days=100, outage=OUTAGE, out=("dated", "renewing", "slow"))
    before, after = (millis(moment(day)) for day in OUTAGE)
    found = spells(plan)
    assert not [s for s in found if s.ended_before and before < s.ended_after < after
                and s.status is SpellStatus.CLOSED]  # fmt: skip
    doubtful = [
        s for s in found if s.ended_before and s.ended_after < before and s.ended_before > after
    ]
    assert len(doubtful) > 5
    assert all(s.status is SpellStatus.CLOSED for s in doubtful)


def test_a_failed_crawl_taken_for_an_empty_listing_makes_up_closings_and_reposts() -> None:
    plan = Plan(vacancies=400, days=100, outage=OUTAGE, out=("dated", "renewing", "slow"))
    kept, lost = spells(plan), spells(replace(plan, frozen=False))
    reposts = [sum(spell.number > 0 for spell in found) for found in (kept, lost)]
    assert reposts[1] > 3 * reposts[0]
