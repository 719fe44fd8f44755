"""Titles taken apart, and the lexicons that they are looked up in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config.vocabulary import occupations, read_table
from streams.classify.lexical import SpacedLexicon
from streams.classify.lexicon import Lexicon
from streams.classify.titles import is_vietnamese, latin_part, segments
from streams.classify.vectors import TitleVectors


def test_vietnamese_expressions_match_whole_syllables() -> None:
    lexicon = SpacedLexicon({"kế toán": ("3313", 0.8), "kế toán trưởng": ("1211", 0.8)})
    found = lexicon.find("tuyển kế toán trưởng")
    assert found is not None
    assert (found.isco08, found.whole) == ("1211", False)
    assert lexicon.find("kế toánx") is None


def test_scripts_are_told_apart_within_a_title() -> None:
    assert latin_part("ຮັບ web developer 网站") == "web developer"
    assert is_vietnamese("nhân viên bán hàng")
    assert is_vietnamese("kế toán")
    assert not is_vietnamese("café attendant")
    assert segments("Kỹ sư xây dựng (gấp)")[0] == "kỹ sư xây dựng"


def test_every_lexicon_row_has_a_code_that_exists() -> None:
    rows = list(read_table("lexicon", "occupations_lo.csv"))
    assert {row["isco08"] for row in rows} <= set(occupations())
    assert len({row["expression"] for row in rows}) == len(rows)


def test_a_wrong_lexicon_row_is_refused_with_its_line() -> None:
    from streams.classify.lexicon import _entries

    def rows() -> Iterator[dict[str, str]]:
        yield {"expression": "x", "isco08": "12", "confidence": "0.5"}

    with pytest.raises(ValueError, match=r"test\.csv:2"):
        dict(_entries("test.csv", rows()))


def test_the_longest_expression_wins() -> None:
    lexicon = Lexicon({"ຄົນຂັບລົດ": ("8322", 0.8), "ຄົນຂັບລົດເມ": ("8331", 0.8)})
    found = lexicon.find("ຮັບ ຄົນຂັບລົດເມ")
    assert found is not None
    assert found.isco08 == "8331"


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("ບັນຊີ/ແຄດເຊຍ", ("ບັນຊີ", "ແຄດເຊຍ")),
        ("ຊ່າງໄຟຟ້າ + driver", ("ຊ່າງໄຟຟ້າ", "driver")),
        ("ກຳມະກອນ ຍິງ/ຊາຍ", ("ກຳມະກອນ",)),
        ("PHP/Laravel", ("php/laravel",)),
    ],
)
def test_a_stroke_parts_jobs_in_lao(title: str, parts: tuple[str, ...]) -> None:
    assert segments(title) == parts


def test_segments_drop_decoration_and_keep_the_bracket_for_last() -> None:
    assert segments("Urgent: Senior Accountant (ບັນຊີ) - Vakada Co") == (
        "accountant",
        "vakada co",
        "ບັນຊີ",
    )


def test_vectors_are_unit_halves_and_equal_titles_are_nearest() -> None:
    vectors = TitleVectors(["sales manager", "accountant", "truck driver"])
    same = (vectors.of(["accountant", "zz", ""]) @ vectors.matrix.T).toarray()
    assert same[0, 1] == pytest.approx(2.0, abs=1e-5)
    assert same[0].argmax() == 1
    assert not same[1:].any()
