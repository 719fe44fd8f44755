"""Lao titles near expressions of the lexicon."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.classify.neighbours import LaoNeighbours, NearVote, load_neighbours

SMALL = LaoNeighbours(
    {
        "ຊ່າງສ້ອມແປງຕູ້ເຢັນ": ("7127", 0.9),
        "ຊ່າງສ້ອມແປງແອ": ("7127", 0.9),
        "ຊ່າງສ້ອມແປງລົດຈັກ": ("7231", 0.9),
        "ພະນັກງານບັນຊີ": ("3313", 0.9),
    }
)
shipped = cache(load_neighbours)


def test_a_title_that_no_expression_is_part_of_is_near_some() -> None:
    [vote] = SMALL.vote(["ຊ່າງແປງເຄື່ອງຕູ້ເຢັນ"])
    assert vote is not None
    assert vote.isco08 == "7127"
    assert 0 < vote.probability < 1


def test_spelling_does_not_matter() -> None:
    assert SMALL.vote(["ພະນັກງານ ບັນຊີ"]) == SMALL.vote(["ພະນັກງານບັນຊີ"])


def test_an_expression_is_nearest_to_itself() -> None:
    [vote] = SMALL.vote(["ຊ່າງສ້ອມແປງລົດຈັກ"])
    assert vote is not None
    assert vote.similarity == pytest.approx(1.0, abs=1e-5)
    assert vote.isco08 == "7231"


def test_nothing_like_it_gives_no_vote() -> None:
    assert SMALL.vote(["qx", "", "ໄຟ"]) == [None, None, None]
    assert SMALL.vote([]) == []


def test_nearer_and_more_united_votes_are_surer() -> None:
    def vote(similarity: float, share: float) -> NearVote:
        return NearVote(shares=(("1111", share), ("1112", 1 - share)), similarity=similarity)

    assert vote(0.9, 0.9).probability > vote(0.5, 0.9).probability > vote(0.5, 0.6).probability


@given(st.lists(st.text(alphabet="ກຊງຈບນພມາີ່້ັຽ ", max_size=25), max_size=4))
def test_votes_are_shares_and_a_batch_votes_as_its_titles_do_alone(titles: list[str]) -> None:
    votes = shipped().vote(titles)
    assert len(votes) == len(titles)
    for title, vote in zip(titles, votes, strict=True):
        [alone] = shipped().vote([title])
        assert (vote is None) == (alone is None)
        if vote is not None:
            assert sum(share for _, share in vote.shares) == pytest.approx(1.0)
            assert 0 <= vote.probability <= 1
