"""Every input that fuzzing kept is read or refused, and so is what lies near it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

CORPUS: Final = Path(__file__).parent / "corpus"
KEPT: Final = {
    name: sorted(path.read_bytes() for path in (CORPUS / name).glob("*")) for name in TARGETS
}


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_what_was_kept_is_read_or_refused(name: str) -> None:
    assert KEPT[name]
    for data in KEPT[name]:
        TARGETS[name](data)


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(sorted(TARGETS)), seed=st.integers(0, 2**32), more=st.binary(max_size=40)
)
def test_what_lies_near_it_is_too(name: str, seed: int, more: bytes) -> None:
    dice = random.Random(seed)
    data = bytearray(dice.choice(KEPT[name]))
    for _ in range(dice.randrange(4)):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(3):
            case 0:
                data[at:at] = more
            case 1:
                del data[at : at + dice.randrange(9)]
            case _ if data:
                data[at % len(data)] ^= 1 << dice.randrange(8)
    TARGETS[name](bytes(data))


def test_the_corpus_has_no_target_that_is_gone() -> None:
    assert {path.name for path in CORPUS.iterdir()} == TARGETS.keys()
