"""The market's present: what is released, what is remembered, what is added by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from labourwatch.demo.control import Control, VacancyError
from labourwatch.demo.live import BURST, MOST_BEFORE_ANCHOR
from labourwatch.demo.market import Market
from labourwatch.demo.serve import SITES
from labourwatch.demo.state import MarketFile, StateError, open_market
from tests.factories_demo import ANCHOR, DAYS, SetClock, market_in


def open_keys(market: Market, at: datetime) -> list[set[int]]:
    store = market.store
    return [set(store.table.key[store.open_at(b, at)].tolist()) for b in range(len(SITES))]


def control_of(market: Market, directory: Path) -> Control:
    sites = [kind(market, "http://board.test") for kind in SITES]
    return Control(market=market, sites=sites, directory=directory)


def test_part_of_the_anchor_day_is_left_for_the_present(tmp_path: Path) -> None:
    with market_in(tmp_path, SetClock()) as market:
        total = len(market.store.born_on(DAYS - 1))
        left = market.live.remaining(ANCHOR)
        assert total * (1 - MOST_BEFORE_ANCHOR) <= left < total


def test_a_released_vacancy_appears_at_that_moment(tmp_path: Path) -> None:
    clock = SetClock()
    with market_in(tmp_path, clock) as market:
        before, left = open_keys(market, ANCHOR), market.live.remaining(ANCHOR)
        clock.forward(minutes=10)
        assert market.live.release_next(clock.now)
        after = open_keys(market, clock.now)
        new = set().union(*after) - set().union(*before)
        originals = {key for key in new if key >> 16 == DAYS - 1 and key & 0xF == 0}
        assert len(originals) == 1
        assert market.live.remaining(clock.now) == left - 1


def test_a_day_gives_no_more_than_its_simulated_number(tmp_path: Path) -> None:
    clock = SetClock()
    with market_in(tmp_path, clock, mean=20) as market:
        left = market.live.remaining(clock.now)
        assert [market.live.release_next(clock.now) for _ in range(left + 1)] == [True] * left + [
            False
        ]


def test_a_clock_set_back_releases_nothing_twice(tmp_path: Path) -> None:
    with market_in(tmp_path, SetClock()) as market:
        yesterday = ANCHOR - timedelta(days=1)
        before = len(market.store)
        assert not market.live.release_next(yesterday)
        assert market.live.catch_up(yesterday) == 0
        assert len(market.store) == before


def test_pace_is_lively_after_a_start_and_then_spread_over_the_day(tmp_path: Path) -> None:
    with market_in(tmp_path, SetClock()) as market:
        assert market.live.wait_s(ANCHOR, 0, 15) == 15
        later = market.live.wait_s(ANCHOR, BURST, 15)
        assert later == pytest.approx(12 * 3600 / (market.live.remaining(ANCHOR) + 1))


def test_a_restart_continues_where_a_killed_process_stopped(tmp_path: Path) -> None:
    clock = SetClock()
    with market_in(tmp_path, clock) as market:
        for _ in range(5):
            clock.forward(seconds=15)
            market.live.release_next(clock.now)
        control_of(market, tmp_path).add({"title": "Night Baker", "board": "vieng-cv"})
        expected = open_keys(market, clock.now)
    with (tmp_path / "live.jsonl").open("ab") as file:
        file.write(b'{"kind": "released", "day": 1')  # the line that kill -9 tore
    with market_in(tmp_path, clock, seed=99) as market:
        assert market.scenario.seed == 7  # the stored market wins
        assert open_keys(market, clock.now) == expected
        assert [added.title for added in market.live.added.values()] == ["Night Baker"]


def test_days_without_a_server_are_caught_up(tmp_path: Path) -> None:
    clock = SetClock()
    with market_in(tmp_path, clock):
        pass
    clock.forward(days=2)
    with market_in(tmp_path, clock) as market:
        keys = market.store.table.key
        for day in (DAYS - 1, DAYS):
            originals = ((keys >> 16 == day) & (keys & 0xF == 0)).sum()
            assert originals == len(market.store.born_on(day))
        assert market.live.remaining(clock.now) > 0
        assert market.store.posted_at[keys >> 16 == DAYS].min() > ANCHOR.timestamp()


def test_an_added_vacancy_says_what_was_asked_for(tmp_path: Path) -> None:
    clock = SetClock()
    with market_in(tmp_path, clock) as market:
        control = control_of(market, tmp_path)
        added = control.add(
            {
                "title": "Welder for bridge works",
                "province": "LA-AT",
                "employer": "Sekaman Steel",
                "salary": "4,000,000 LAK",
                "isco08": "7212",
                "board": "ngan-lao",
            }
        )
        row = market.store.find(1, added.key)
        assert market.store.is_open(row, clock.now)
        assert not market.store.is_open(row, clock.now - timedelta(seconds=1))
        advert = market.advert(row)
        assert advert.title == "Welder for bridge works"
        assert advert.employer == "Sekaman Steel"
        assert advert.place.text == "Attapeu"
        assert advert.offer.text == "4,000,000 LAK"
        second = control.add({"title": "Another"})
        assert second.key != added.key


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({}, "title"),
        ({"title": "  "}, "title"),
        ({"title": "x", "board": "nowhere"}, "board"),
        ({"title": "x", "province": "LA-ZZ"}, "province"),
        ({"title": "x", "isco08": "0000"}, "isco08"),
        ({"title": "x", "language": "fr"}, "language"),
        ({"title": "x", "colour": "red"}, "colour"),
        ({"title": 5}, "texts"),
        (["title"], "object"),
    ],
)
def test_a_wrong_wish_is_refused_by_name(tmp_path: Path, asked: object, named: str) -> None:
    with market_in(tmp_path, SetClock(), days=60, mean=5) as market:
        before = len(market.store)
        with pytest.raises(VacancyError, match=named):
            control_of(market, tmp_path).add(asked)
        assert len(market.store) == before


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"seed": 1}', '{"seed":1,"anchor":"x","format":9}']
)
def test_an_unreadable_market_is_not_continued(tmp_path: Path, content: str) -> None:
    (tmp_path / "market.json").write_text(content, "utf-8")
    with pytest.raises(StateError, match=r"market\.json"):
        open_market(tmp_path, MarketFile(seed=1, anchor=ANCHOR.isoformat()), SetClock())
