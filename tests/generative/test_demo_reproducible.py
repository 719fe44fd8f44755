"""The simulator's promises over many seeds and days."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from functools import lru_cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from labourwatch.demo.adverts import Row, write_advert
from labourwatch.demo.identity import hex_id, key_of_number, number_of, number_of_hex
from labourwatch.demo.postings import Copy, Defect, pack, postings, unpack
from labourwatch.demo.vacancies import Scenario, births, make_scenario

SEEDS = st.integers(0, 3)
DAYS = st.integers(0, 419)
BOARDS = st.integers(0, 5)
KEYS = st.builds(pack, st.integers(0, 4095), st.integers(0, 4095), st.integers(0, 15))


@lru_cache(maxsize=8)
def scenario_of(seed: int) -> Scenario:
    return make_scenario(seed=seed, anchor=date(2026, 11, 23), mean_per_day=40)


@settings(max_examples=20)
@given(seed=SEEDS, day=DAYS, other=DAYS)
def test_a_day_is_the_same_whichever_days_were_generated_before(
    seed: int, day: int, other: int
) -> None:
    alone = postings(scenario_of(seed), births(scenario_of(seed), day))
    fresh = make_scenario(seed=seed, anchor=date(2026, 11, 23), mean_per_day=40)
    births(fresh, other)
    after = postings(fresh, births(fresh, day))
    for column in fields(alone):
        assert np.array_equal(getattr(alone, column.name), getattr(after, column.name))


@settings(max_examples=20)
@given(seed=SEEDS, day=st.integers(0, 418))
def test_keys_of_successive_days_do_not_collide(seed: int, day: int) -> None:
    scenario = scenario_of(seed)
    keys = np.concatenate([postings(scenario, births(scenario, d)).key for d in (day, day + 1)])
    assert len(np.unique(keys)) == len(keys)
    assert (np.diff(keys) > 0).all()


@given(board=BOARDS, key=KEYS)
def test_identifiers_lead_back_to_their_posting(board: int, key: int) -> None:
    number = number_of(board, key)
    assert key_of_number(board, number) == key
    assert number_of_hex(hex_id(number)) == number
    assert unpack(pack(*unpack(key))) == unpack(key)


@given(text=st.text(max_size=30))
def test_foreign_identifiers_are_nobodys(text: str) -> None:
    assert number_of_hex(text) == -1


@settings(max_examples=60)
@given(
    seed=SEEDS,
    day=st.integers(0, 400),
    copy=st.sampled_from(Copy),
    defect=st.sampled_from(Defect),
    board=BOARDS,
    pick=st.integers(0, 10_000),
)
def test_every_posting_can_be_written_and_is_written_alike(
    seed: int, day: int, copy: Copy, defect: Defect, board: int, pick: int
) -> None:
    scenario = scenario_of(seed)
    born = births(scenario, day)
    if not len(born):
        return
    index = pick % len(born)
    row = Row(
        key=pack(day, index, 0),
        board=board,
        posted_at=1_790_000_000,
        ended_at=1_790_900_000,
        closing=day + 10,
        copy=int(copy),
        defect=int(defect),
    )
    advert = write_advert(scenario, born.at(index), row)
    assert advert == write_advert(scenario, born.at(index), row)
    assert bool(advert.title) == (defect is not Defect.NO_TITLE)
    assert advert.employer
    assert advert.openings >= 1
    assert 0 <= advert.offer.lower <= advert.offer.upper


@settings(max_examples=30)
@given(seed=SEEDS, day=st.integers(0, 400), pick=st.integers(0, 10_000))
def test_exact_copies_agree_and_translations_change_language(
    seed: int, day: int, pick: int
) -> None:
    scenario = scenario_of(seed)
    born = births(scenario, day)
    if not len(born):
        return
    index = pick % len(born)

    def written(copy: Copy, number: int):  # type: ignore[no-untyped-def]
        row = Row(
            key=pack(day, index, number), board=1, posted_at=1_790_000_000,
            ended_at=1_790_900_000, closing=-1, copy=int(copy), defect=0,
        )  # fmt: skip
        return write_advert(scenario, born.at(index), row)

    first, exact = written(Copy.ORIGINAL, 0), written(Copy.EXACT, 1)
    assert (first.title, first.body, first.offer) == (exact.title, exact.body, exact.offer)
    translated = written(Copy.TRANSLATED, 2)
    if born.at(index).language in (0, 1):
        assert translated.english != first.english
    assert translated.openings == first.openings
    assert translated.offer.lower == first.offer.lower
    assert translated.offer.currency == first.offer.currency
