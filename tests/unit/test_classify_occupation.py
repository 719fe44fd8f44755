"""Occupations from titles, in Lao, English and both at once."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.vocabulary import occupations, read_table
from streams.classify.industry import section_of
from streams.classify.lexicon import Lexicon, load_lexicon
from streams.classify.occupation import OccupationCoder, OccupationReason
from streams.classify.retrieval import TitleIndex, known_titles
from streams.classify.titles import segments
from streams.classify.vectors import TitleVectors

REAL = Path(__file__).parent.parent / "pages" / "hahu_jobs_esco_development.csv.gz"


@pytest.fixture(scope="module")
def coder() -> OccupationCoder:
    return OccupationCoder(load_lexicon(), TitleIndex(known_titles()))


@pytest.mark.parametrize(
    ("title", "isco08"),
    [
        ("ຕ້ອງການພະນັກງານບັນຊີ ດ່ວນ 2 ຄົນ", "3313"),
        ("ພະນັກງານ ຂາຍ", "5223"),
        ("ຮັບສະໝັກຊ່າງໄຟຟ້າ", "7411"),
        ("ຄົນຂັບລົດບັນທຸກ (Truck driver)", "8332"),
        ("ຜູ້ຊ່ວຍພໍ່ຄົວ", "9412"),
        ("Sales Manager - Vientiane", "1221"),
        ("Urgent! Civil Engineer (3 positions)", "2142"),
        ("ຮັບ Web Developer ປະຈຳວຽງຈັນ", "2513"),
    ],
)
def test_titles_of_the_market(coder: OccupationCoder, title: str, isco08: str) -> None:
    assert coder.code([title])[0].isco08 == isco08


@pytest.mark.parametrize("title", ["", "???", "12345", "ພະຍາຍາມ", "qzxv wkjq"])
def test_a_title_that_says_nothing_is_not_codable(coder: OccupationCoder, title: str) -> None:
    found = coder.code([title])[0]
    assert (found.isco08, found.probability) == ("", 0.0)
    assert found.reason is OccupationReason.NOT_CODABLE


def test_a_batch_codes_as_its_titles_do_alone(coder: OccupationCoder) -> None:
    titles = ["Accountant", "ຊ່າງຫຍິບ", "Cook", "Accountant", "nothing at all xq"]
    assert coder.code(titles) == [coder.code([title])[0] for title in titles]


def test_real_postings_are_coded_far_better_than_by_the_commonest_code(
    coder: OccupationCoder,
) -> None:
    with gzip.open(REAL, "rt", encoding="utf-8", newline="") as table:
        rows = [(row["title"], row["isco08"]) for row in csv.DictReader(table)]
    coded = coder.code([title for title, _ in rows])
    right = sum(found.isco08 == truth for found, (_, truth) in zip(coded, rows, strict=True))
    commonest = Counter(truth for _, truth in rows).most_common(1)[0][1]
    assert right > 5 * commonest


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


def test_segments_drop_decoration_and_keep_the_bracket_for_last() -> None:
    assert segments("Urgent: Senior Accountant (ບັນຊີ) - Vakada Co") == (
        "accountant",
        "vakada co",
        "ບັນຊີ",
    )


def test_industry_from_the_stated_category_before_the_occupation() -> None:
    assert section_of("Hotel & Tourism", "5223") == "I"
    assert section_of("", "5223") == "G"
    assert section_of("", "") == ""


def test_vectors_are_unit_halves_and_equal_titles_are_nearest() -> None:
    vectors = TitleVectors(["sales manager", "accountant", "truck driver"])
    same = (vectors.of(["accountant", "zz", ""]) @ vectors.matrix.T).toarray()
    assert same[0, 1] == pytest.approx(2.0, abs=1e-5)
    assert same[0].argmax() == 1
    assert not same[1:].any()
