"""The simulated market: composition, calendar, planted events and the store's answers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from labourwatch.demo.calendar import WEEK, civil_day, holiday_factor, start_of
from labourwatch.demo.counts import expected_counts
from labourwatch.demo.events import EventKind, plan
from labourwatch.demo.labour import load_labour
from labourwatch.demo.postings import Copy, Defect, concatenate, postings, unpack
from labourwatch.demo.store import ARCHIVE_LAG
from labourwatch.demo.truth import postings_truth, totals, truth
from labourwatch.demo.vacancies import Births, Scenario, births, make_scenario
from tests.factories_demo import ANCHOR, SetClock, market_in

ANCHOR_DAY = date(2026, 11, 23)
LABOUR = load_labour()


@pytest.fixture(scope="module")
def year() -> tuple[Scenario, list[Births]]:
    """A full history's vacancies."""
    scenario = make_scenario(seed=3, anchor=ANCHOR_DAY)
    return scenario, [births(scenario, day) for day in range(scenario.history_days)]


def test_provinces_are_weighted_by_population_of_working_age() -> None:
    assert len(LABOUR.provinces) == 18
    assert sum(p.weight for p in LABOUR.provinces) == pytest.approx(1)
    assert LABOUR.mix.sum(axis=1) == pytest.approx([p.weight for p in LABOUR.provinces])
    heaviest = max(LABOUR.provinces, key=lambda p: p.weight)
    assert heaviest.iso == "LA-SV"


def test_occupations_cover_every_major_group_with_both_languages() -> None:
    assert len(LABOUR.occupations) >= 120
    assert {o.isco1 for o in LABOUR.occupations} == set(range(1, 10))
    for occupation in LABOUR.occupations:
        assert len(occupation.isco08) == 4
        assert occupation.titles_en
        assert occupation.titles_lo
        assert 0 < occupation.pay_low < occupation.pay_high


def test_week_has_mean_one_and_holidays_are_quiet() -> None:
    assert sum(WEEK) == pytest.approx(7)
    assert holiday_factor(date(2026, 4, 15)) < 0.2
    assert holiday_factor(date(2025, 12, 2)) < 0.2
    assert holiday_factor(date(2026, 11, 24)) < 0.5  # Boun That Luang, by the moon
    assert holiday_factor(date(2026, 9, 9)) == 1


def test_days_are_civil_days_in_vientiane() -> None:
    assert civil_day(start_of(ANCHOR_DAY)) == ANCHOR_DAY
    assert civil_day(start_of(ANCHOR_DAY) - timedelta(seconds=1)) < ANCHOR_DAY


def test_plan_holds_what_it_promises() -> None:
    events = plan(3, history_days=420, mean_per_day=215, labour=LABOUR)
    kinds = [e.kind for e in events]
    shocks = [e for e in events if e.province]
    assert len(shocks) == 12
    assert kinds.count(EventKind.OUTAGE) == 3
    assert kinds.count(EventKind.NEW_PORTAL) == kinds.count(EventKind.DUPLICATE_FLOOD) == 1
    assert kinds.count(EventKind.NATIONAL_COLLAPSE) == 1
    assert all(3 <= e.end - e.start + 1 <= 10 for e in events if e.kind is EventKind.OUTAGE)
    assert sum(e.start > 360 and e.end >= 420 for e in shocks) >= 4
    assert len({(e.province, e.isco1) for e in shocks}) == 12
    assert len({e.event_id for e in events}) == len(events)


def test_different_seeds_plant_in_different_cells() -> None:
    cells = {
        tuple(e.province for e in plan(s, history_days=420, mean_per_day=215, labour=LABOUR))
        for s in range(5)
    }
    assert len(cells) == 5


def test_planted_factors_are_visible_in_the_counts(year: tuple[Scenario, list[Births]]) -> None:
    scenario, days = year
    for event in scenario.events:
        if event.is_fault or not event.isco1:
            continue
        window = range(event.start, min(event.end + 1, scenario.history_days))
        seen = sum(_in_cell(scenario, days[d], event.province, event.isco1) for d in window)
        plain = sum(_expected(scenario, d, event.province, event.isco1) for d in window)
        planned = sum(
            _expected(scenario, d, event.province, event.isco1) * event.factor_on(d) for d in window
        )
        # The portal adds a tenth to what it carries; four standard deviations at Fano 1.5.
        assert abs(seen - planned * 1.05) < 4 * np.sqrt(1.5 * planned) + 0.06 * planned
        assert (seen > plain) == (event.factor > 1)


def test_counts_are_overdispersed_but_not_wildly(year: tuple[Scenario, list[Births]]) -> None:
    scenario, days = year
    first = range(min(e.start for e in scenario.events))
    seen = np.array([len(days[d]) for d in first])
    planned = np.array([sum(_all_expected(scenario, d)) for d in first])
    fano = float(np.mean((seen - planned) ** 2 / planned))
    assert 1.1 < fano < 2.0


def test_postings_have_the_promised_shares(year: tuple[Scenario, list[Births]]) -> None:
    scenario, days = year
    table = concatenate([postings(scenario, born) for born in days])
    vacancies = sum(map(len, days))
    assert 1.25 < len(table) / vacancies < 1.55
    assert 0.002 < np.mean(table.defect > 0) < 0.004
    assert {Defect(d) for d in np.unique(table.defect)} == set(Defect)
    assert {Copy(c) for c in np.unique(table.copy)} == set(Copy)
    assert 20 <= np.median(table.ended - table.posted) <= 28
    stated = table.closing >= 0
    assert 0.1 < np.mean(table.closing[stated] < table.ended[stated] - 1) < 0.25  # listed past it
    assert (table.ended > table.posted).all()
    reposts = table.copy == Copy.REPOST
    assert 0.03 < reposts.sum() / vacancies < 0.09


def test_archive_days_list_every_posting_that_is_open(tmp_path: Path) -> None:
    with market_in(tmp_path, SetClock(), days=80, mean=30) as market:
        store = market.store
        for board in range(6):
            days = store.archive_days(board)
            assert days.stop == 80 - ARCHIVE_LAG
            seen: set[int] = set()
            for day in days:
                if store.is_out(board, day):
                    continue
                new = set(store.new_on(board, day).tolist())
                listed = set(store.listed_on(board, day).tolist())
                assert not new & seen
                seen |= new
                assert listed <= seen


def test_totals_agree_with_the_truth_of_each_posting(tmp_path: Path) -> None:
    from labourwatch.demo.serve import SITES

    with market_in(tmp_path, SetClock(), days=80, mean=30) as market:
        sites = [kind(market, "http://board.test") for kind in SITES]
        records = list(postings_truth(market, sites, ANCHOR))
        told = totals(market, sites, ANCHOR)
        assert told["served"] == len(records)
        ids = {(r["source_id"], r["posting_id"]) for r in records}
        assert len(ids) == len(records)
        for site in sites:
            own = [r for r in records if r["source_id"] == site.source_id]
            board = told["boards"][site.source_id]
            assert board["served"] == len(own)
            assert board["malformed"] == sum(r["defect"] != "none" for r in own)
        served = walk_archives_and_pages(sites)
        assert served == ids
        assert [e["id"] for e in truth(market, sites)["events"]]


def walk_archives_and_pages(sites: list) -> set[tuple[str, str]]:  # type: ignore[type-arg]
    """Every id that a visitor of all archived days and of the pages is shown."""
    seen: set[tuple[str, str]] = set()
    for site in sites:
        for day in site.store.archive_days(site.number):
            if not site.store.is_out(site.number, day):
                page = site.archive_day(day)
                seen |= {(site.source_id, i) for i in page["listed_ids"]}
        keys = site.store.table.key[site.open_now()]
        seen |= {(site.source_id, site.posting_id(int(key))) for key in keys}
    return seen


def test_keys_are_unpacked_to_what_was_packed(year: tuple[Scenario, list[Births]]) -> None:
    scenario, days = year
    table = postings(scenario, days[50])
    for key in table.key[:50].tolist():
        day, vacancy, copy = unpack(key)
        assert day == 50
        assert vacancy < len(days[50])
        assert copy < 16


def _in_cell(scenario: Scenario, born: Births, province: str, isco1: int) -> int:
    majors = scenario.labour.majors[born.occupation]
    inside = majors == isco1
    if province:
        inside &= born.province == scenario.labour.province_index(province)
    return int(inside.sum())


def _all_expected(scenario: Scenario, day: int) -> np.ndarray:
    return expected_counts(
        day,
        first_day=scenario.first_day,
        mean_per_day=scenario.mean_per_day,
        labour=scenario.labour,
        events=(),
    ).ravel()


def _expected(scenario: Scenario, day: int, province: str, isco1: int) -> float:
    table = _all_expected(scenario, day).reshape(18, 9)[:, isco1 - 1]
    return float(table[scenario.labour.province_index(province)] if province else table.sum())
