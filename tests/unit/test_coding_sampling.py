"""Samples for double coding are stratified, repeatable, and tell coders nothing."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from dashboard.coding.sampling import allocation, draw, order_for, stratum_of
from tests.factories_coding import a_drawable

SIZES = st.dictionaries(st.text("abcdef/", min_size=1, max_size=4), st.integers(1, 60), max_size=9)


@given(SIZES, st.integers(0, 400))
def test_strata_are_as_equal_as_their_sizes_allow(sizes: dict[str, int], size: int) -> None:
    taken = allocation(sizes, size)
    assert sum(taken.values()) == min(size, sum(sizes.values()))
    assert all(taken[name] <= sizes[name] for name in sizes)
    not_exhausted = [taken[name] for name in sizes if taken[name] < sizes[name]]
    assert not not_exhausted or max(taken.values()) - min(not_exhausted) <= 1


def test_strata_are_language_sureness_and_major_group() -> None:
    assert stratum_of(a_drawable(1, probability=0.49, language="lo")) == "lo/low/4"
    assert stratum_of(a_drawable(1, probability=0.5)) == "en/middle/4"
    assert stratum_of(a_drawable(1, probability=0.8, isco08="0110")) == "en/high/0"
    assert stratum_of(a_drawable(1, probability=0.0, isco08="")) == "en/none/"


def test_a_sample_follows_from_its_seed_and_not_from_the_order_of_the_frame() -> None:
    frame = [a_drawable(n) for n in range(80)]
    frame += [a_drawable(n, language="lo", probability=0.3) for n in range(80, 90)]
    shuffled = random.Random(3).sample(frame, len(frame))
    drawn = draw(frame, 20, seed=5)
    assert drawn == draw(shuffled, 20, seed=5)
    assert drawn != draw(frame, 20, seed=6)
    assert Counter(one.stratum for one in drawn) == {"en/high/4": 10, "lo/low/4": 10}
    weights = {one.stratum: one.stratum_size / one.stratum_drawn for one in drawn}
    assert weights == {"en/high/4": 8.0, "lo/low/4": 1.0}


def test_the_same_advert_is_drawn_once() -> None:
    frame = [a_drawable(n, title="Clerk" if n % 2 else "CLERK") for n in range(30)]
    assert len(draw(frame, 30, seed=1)) == 1


def test_each_officer_has_an_order_of_their_own() -> None:
    ids = [f"v{n}" for n in range(20)]
    assert order_for("anna", ids) == order_for("anna", ids[::-1])
    assert order_for("anna", ids) != order_for("boun", ids)
    assert sorted(order_for("anna", ids)) == sorted(ids)
