"""Which sources may be compared on which day, and what that makes of counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.calendar import end_of_day, holiday, local_day, week_start
from alerts.cells import (
    NATION,
    Cell,
    Share,
    cells_of,
    contributors,
    is_narrow,
    is_within,
    parents,
    parse_cell,
)
from alerts.coverage import coverage_from
from alerts.panel import Panel
from tests.factories_alerts import FIRST, SERVICE, market, visited
from warehouse.openings import Opening

START = FIRST.toordinal()


def test_a_day_is_the_lao_day() -> None:
    assert local_day(datetime(2026, 4, 1, 18, tzinfo=UTC)) == date(2026, 4, 2)
    assert end_of_day(date(2026, 4, 1)) == datetime(2026, 4, 1, 17, tzinfo=UTC)
    assert week_start(date(2026, 11, 22)) == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 4, 14), "Pi Mai Lao"),
        (date(2030, 12, 2), "National Day"),
        (date(2026, 11, 24), "Boun That Luang"),
        (date(2027, 2, 6), "Lunar New Year"),
        (date(2026, 4, 20), None),
    ],
)
def test_holidays(day: date, name: str | None) -> None:
    assert holiday(day) == name


def test_the_watermark_waits_for_every_active_source() -> None:
    rows = [("a", START + d, True) for d in range(10)] + [("b", START + d, True) for d in range(8)]
    assert coverage_from(rows).complete_through() == START + 6
    assert coverage_from([]).complete_through() is None


def test_a_file_taken_once_holds_nobody_up() -> None:
    rows = [("a", START + d, True) for d in range(10)] + [("file", START + 7, True)]
    assert coverage_from(rows).complete_through() == START + 8


def test_a_source_that_fails_is_known_to_be_out_and_holds_nothing_up() -> None:
    coverage = visited(100, out=[("west", 99), ("west", 98)])
    assert coverage.complete_through() == START + 98
    day = coverage.of_day(START + 98)
    assert set(day.observed) == {"north", "south"}
    assert not day.is_full


def test_a_source_that_vanished_holds_nothing_up_for_long() -> None:
    rows = [("a", START + d, True) for d in range(20)] + [("b", START + d, True) for d in range(10)]
    assert coverage_from(rows).complete_through() == START + 18


def test_an_office_that_sends_now_and_then_holds_nobody_up() -> None:
    board = [("board", START + day, True) for day in range(30)]
    office = [("office", START + day, True) for day in (2, 11, 19, 26, 28)]
    assert coverage_from([*board, *office]).complete_through() == START + 28
    daily = [("daily", START + day, True) for day in range(27)]
    assert coverage_from([*board, *office, *daily]).complete_through() == START + 25


def test_the_day_after_an_outage_is_a_catch_up_day() -> None:
    coverage = visited(100, out=[("west", 50), ("west", 51)])
    seen = {d: "west" in coverage.of_day(START + d).observed for d in range(48, 55)}
    assert seen == {48: True, 49: False, 50: False, 51: True, 52: False, 53: True, 54: True}


def test_a_new_portal_joins_after_eight_weeks() -> None:
    rows = [("old", START + d, True) for d in range(200)]
    rows += [("new", START + d, True) for d in range(100, 200)]
    coverage = coverage_from(rows)
    assert coverage.of_day(START + 120).established == {"old"}
    assert coverage.of_day(START + 156).established == {"old", "new"}


def test_a_source_silent_for_four_weeks_leaves_the_comparison() -> None:
    rows = [("a", START + d, True) for d in range(200)]
    rows += [("b", START + d, d < 100) for d in range(200)]
    coverage = coverage_from(rows)
    assert coverage.of_day(START + 120).established == {"a", "b"}
    assert coverage.of_day(START + 130).established == {"a"}


def test_a_vacancy_that_only_a_newcomer_shows_is_not_counted() -> None:
    rows = [("old", START + d, True) for d in range(60)]
    rows += [("new", START + d, True) for d in range(30, 60)]
    day = START + 40
    openings = [
        Opening(day, "LA-VT", "5", 1, ("new",), (day,)),
        Opening(day, "LA-VT", "5", 2, ("new", "old"), (day, day + 1)),
        Opening(day, "LA-VT", "5", 3, ("old",), (day + 2,)),
    ]
    counts = Panel(openings, coverage_from(rows)).counts(day)
    assert counts[NATION] == counts[SERVICE] == 1


def test_cells_add_up_to_the_nation_unknowns_included() -> None:
    rows = market(30)
    rows += [Opening(START + 5, "", "5", 1, ("north",), (START + 5,))]
    panel = Panel(rows, visited(32))
    for day in range(START + 1, START + 30):
        counts = panel.counts(day)
        by_group = sum(n for c, n in counts.items() if not c.province and c.isco1)
        assert by_group == counts[NATION]
        by_place = sum(n for c, n in counts.items() if c.province and not c.isco1)
        assert by_place == counts[NATION] - (day == START + 5)


def test_an_outage_lowers_the_exposure_by_what_the_source_alone_shows() -> None:
    out = [("west", d) for d in range(80, 86)]
    panel = Panel(market(100), visited(100, out=out))
    exposures = panel.exposures(START + 82, [NATION, SERVICE])
    assert exposures is not None
    assert 0.7 < exposures[NATION] < 0.95
    assert panel.exposures(START + 60, [NATION]) is None


def test_evidence_counts_vacancies_employers_and_sources() -> None:
    rows = [
        Opening(START + 3, "LA-VT", "5", employer, ("north", "west"), (START + 3, START + 3))
        for employer in (1, 1, 2, 0)
    ]
    found = Panel(rows, visited(40)).evidence(SERVICE, START + 1, START + 6)
    assert (found.n, found.employers, found.sources, found.days) == (4, 2, ("north", "west"), 6)


def test_the_hierarchy_of_cells() -> None:
    assert cells_of("LA-VT", "5") == (NATION, Cell("LA-VT", ""), Cell("", "5"), SERVICE)
    assert cells_of("", "") == (NATION,)
    assert parents(SERVICE) == (Cell("LA-VT", ""), Cell("", "5"), NATION)
    assert is_within(SERVICE, NATION)
    assert not is_within(NATION, NATION)
    for cell in (*parents(SERVICE), SERVICE):
        assert parse_cell(cell.key) == cell
    with pytest.raises(ValueError, match="no cell key"):
        parse_cell("LA-VT")


def test_contributors_are_the_children_that_matter() -> None:
    parent = Cell("LA-VT", "")
    excess = {SERVICE: -30.0, Cell("LA-VT", "7"): -10.0, Cell("LA-VT", "1"): -0.5, NATION: -40.0,
              Cell("LA-SV", "5"): -20.0, Cell("LA-VT", "9"): 4.0}  # fmt: skip
    shares = contributors(parent, excess, -1.0)
    assert [share.cell for share in shares] == [SERVICE, Cell("LA-VT", "7")]
    assert is_narrow(36.0, shares) == SERVICE
    assert is_narrow(60.0, shares) is None
    assert is_narrow(0.0, shares) is None
    assert is_narrow(5.0, [Share(SERVICE, 1.0)]) is None


def test_evidence_days_follow_from_visits() -> None:
    coverage = visited(20)
    assert coverage.first_day == START
    assert (date.fromordinal(START) - FIRST) == timedelta(0)


@pytest.mark.parametrize(
    ("sections", "leads"),
    [("CCCG", "C"), ("CCG", "C"), ("CG", ""), ("CGK", ""), ("", ""), ("   C", "")],
)
def test_a_section_leads_with_half_of_the_vacancies(sections: str, leads: str) -> None:
    rows = [
        Opening(START + 3, "LA-VT", "5", n, ("north",), (START + 3,), section.strip())
        for n, section in enumerate(sections, start=1)
    ]
    panel = Panel(rows, visited(40))
    found = panel.evidence(Cell("LA-VT", "5"), START, START + 9)
    assert (found.n, found.industry) == (len(sections), leads)
