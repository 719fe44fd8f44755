"""The Lao lexicon is what its parts make, and finds words however they are spelt."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import read_table
from streams.classify.lexicon import Lexicon, load_lexicon, solid
from streams.classify.lexicon_build import (
    LEXICON,
    Entry,
    PatternError,
    build,
    expand,
    known_share,
    settle,
)

HEADS = {"repairer": "ຊ່າງສ້ອມ|ຊ່າງແປງ"}
load_once = cache(load_lexicon)
LETTERS = st.text(alphabet="ກຂຄງຈາ", min_size=1, max_size=5)


def test_the_shipped_lexicon_is_what_the_parts_make() -> None:
    assert LEXICON.read_text(encoding="utf-8") == build()


def test_the_lexicon_is_rich_and_says_that_nobody_has_checked_it() -> None:
    rows = list(read_table("lexicon", "occupations_lo.csv"))
    assert len({solid(row["expression"]) for row in rows}) == len(rows) >= 2000
    assert len({row["isco08"][:2] for row in rows}) == 43
    assert {row["review"] for row in rows} == {"unreviewed"}
    assert all(0 < float(row["confidence"]) <= 1 for row in rows)


@pytest.mark.parametrize(
    ("pattern", "expressions"),
    [
        ("ຊ່າງໄມ້", ["ຊ່າງໄມ້"]),
        ("{repairer}ລົດ", ["ຊ່າງສ້ອມລົດ", "ຊ່າງແປງລົດ"]),
        ("a(b|c(d|e))", ["ab", "acd", "ace"]),
        ("(|x)y", ["y", "xy"]),
        ("a|b(c|d)|a", ["a", "bc", "bd"]),
    ],
)
def test_a_pattern_gives_every_choice_once(pattern: str, expressions: list[str]) -> None:
    assert expand(pattern, HEADS) == expressions


@pytest.mark.parametrize("pattern", ["(a|b", "a)b", "{nobody}a", "((a)"])
def test_a_wrong_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        expand(pattern, HEADS)


@given(st.lists(st.lists(LETTERS, min_size=1, max_size=3, unique=True), min_size=1, max_size=3))
def test_choices_multiply(groups: list[list[str]]) -> None:
    pattern = "".join(f"({'|'.join(group)})" for group in groups)
    found = expand(pattern, {})
    assert len(found) == len(set(found))
    assert "".join(group[0] for group in groups) in found
    assert "".join(group[-1] for group in groups) in found


def _entry(expression: str, isco08: str, confidence: float, source: str = "compiled") -> Entry:
    return Entry(expression=expression, isco08=isco08, source=source, confidence=confidence)


def test_the_likeliest_reading_counts_and_the_others_are_kept() -> None:
    readings = [_entry("ຊ່າງສີ", "7131", 0.7), _entry("ຊ່າງສີ", "7132", 0.8)]
    [chosen] = settle(readings)
    assert (chosen.isco08, chosen.alternatives) == ("7132", ("7131",))


def test_spellings_that_fold_alike_are_one_expression() -> None:
    readings = [_entry("ຫົວໜ້າ", "1120", 0.8), _entry("ຫົວຫນ້າ", "1120", 0.8, "composed")]
    [chosen] = settle(readings)
    assert (chosen.expression, chosen.alternatives) == ("ຫົວໜ້າ", ())


def test_the_known_share_counts_each_letter_once() -> None:
    words = {"ກຂ": "spelling", "ຂຄ": "spelling", "ງຈ": "dictionary"}
    assert known_share("ກຂຄງຈ", words) == pytest.approx(0.8)
    assert known_share("", words) == 0.0


@pytest.mark.parametrize(
    ("title", "expression"),
    [
        ("ຫົວຫນ້າບັນຊີ", "ຫົວໜ້າບັນຊີ"),
        ("ພະນັກງານ  ບັນຊີ", "ພະນັກງານບັນຊີ"),
        ("ພະນັກງານທໍາຄວາມສະອາດ", "ພະນັກງານທຳຄວາມສະອາດ"),
        ("ໂປລແກລມເມີ", "ໂປຣແກຣມເມີ"),
        ("ພະນັກງານຮັກສາຄວາມປອດໃພ", "ພະນັກງານຮັກສາຄວາມປອດໄພ"),
        ("ພະນັກງານການຕະຫລາດ", "ພະນັກງານການຕະຫຼາດ"),
        ("ອອກແບບເວັບໄຊທ໌", "ອອກແບບເວັບໄຊທ"),
    ],
)
def test_variants_of_spelling_are_one_word(title: str, expression: str) -> None:
    lexicon = Lexicon({expression: ("1111", 0.9)})
    found = lexicon.find(title)
    assert found is not None
    assert found.whole


def test_a_short_expression_counts_only_as_a_word() -> None:
    lexicon = Lexicon({"ຍາມ": ("5414", 0.9)})
    assert lexicon.find("ຮັບ ຍາມ") is not None
    assert lexicon.find("ພະຍາຍາມ") is None


@given(st.text(alphabet="ກຂມໜໝຣລໃໄຳາ ່້ຊງພນ", max_size=30))
def test_any_text_is_looked_up_and_what_is_found_stands_in_it(text: str) -> None:
    found = load_once().find(text)
    assert found is None or found.expression in solid(text)
