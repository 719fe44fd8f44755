"""Phrases found in one pass are those that a search for each would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.classify.phrases import Phrases
from streams.text import fold

_WORDS = st.sampled_from(["hotel", "hotel bar", "bar", "ໂຮງແຮມ", "ໂຮງ", "银行", "รา", "a b", "b"])
_TEXT = st.lists(_WORDS | st.text(max_size=4), max_size=8).map(lambda parts: fold(" ".join(parts)))


def _every(phrase: str, text: str) -> list[int]:
    if phrase.isascii():
        padded = f" {text} "
        return [i for i in range(len(text)) if padded.startswith(f" {phrase} ", i)]
    return [i for i in range(len(text)) if text.startswith(phrase, i)]


@given(st.sets(_WORDS), _TEXT)
def test_every_place_is_found(phrases: set[str], text: str) -> None:
    expected = {(at, phrase) for phrase in phrases for at in _every(phrase, text)}
    found = Phrases(phrases).every(text)
    assert set(found) == expected
    assert found == sorted(found, key=lambda place: (place[0], -len(place[1])))


@given(st.sets(_WORDS), _TEXT)
def test_the_longest_do_not_overlap(phrases: set[str], text: str) -> None:
    ends = 0
    for at, phrase in Phrases(phrases).longest(text):
        assert at >= ends
        ends = at + len(phrase)
