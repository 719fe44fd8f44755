"""Occupations from titles, in Lao, English and both at once."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.fit_occupation import FITTED, fit
from config.vocabulary import read_table
from streams.classify.evidence import Case, combine, supporting
from streams.classify.groups import Scores, position_of, spread, sums, unit_groups
from streams.classify.occupation import (
    OccupationCoder,
    Refused,
    load_english,
    load_occupation_coder,
)
from streams.classify.retrieval import known_titles

REAL = Path(__file__).parent.parent / "pages" / "hahu_jobs_esco_development.csv.gz"


@pytest.fixture(scope="module")
def coder() -> OccupationCoder:
    return load_occupation_coder()


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
        ("รับสมัครพนักงานบัญชี ด่วน", "3313"),
        ("ผู้จัดการฝ่ายขาย ประจำเวียงจันทน์", "1221"),
        ("Cần tuyển kỹ sư xây dựng (gấp)", "2142"),
        ("Tuyển nhân viên kế toán", "3313"),
        ("诚聘翻译（老挝语）2名", "2643"),
        ("招聘销售经理", "1221"),
        ("急招司机 3名", "8322"),
    ],
)
def test_titles_of_the_market(coder: OccupationCoder, title: str, isco08: str) -> None:
    assert coder.code([Case(title=title)])[0].isco08 == isco08


@pytest.mark.parametrize("title", ["", "???", "12345", "ພະຍາຍາມ", "qzxv wkjq"])
def test_a_title_that_says_nothing_is_not_codable(coder: OccupationCoder, title: str) -> None:
    found = coder.code([Case(title=title)])[0]
    assert (found.isco08, found.probability) == ("", 0.0)
    assert found.reason == Refused.NO_EVIDENCE
    assert found.candidates == ()


@pytest.mark.parametrize(
    ("title", "isco1"),
    [("ນັກວິເຄາະ ຂໍ້ມູນ ການຕະຫຼາດ ອາວຸໂສ", "2"), ("物流系统分析主管", "2"), ("Thợ sơn ô tô", "7")],
)
def test_words_of_no_lexicon_are_glossed(coder: OccupationCoder, title: str, isco1: str) -> None:
    found = coder.code([Case(title=title)])[0]
    assert found.candidates[0].isco08.startswith(isco1)


@pytest.mark.parametrize("language", ["th", "vi", "zh"])
def test_every_row_of_the_other_lexicons_has_a_code_and_is_told_unreviewed(language: str) -> None:
    rows = list(read_table("lexicon", f"occupations_{language}.csv"))
    assert len({row["expression"] for row in rows}) == len(rows) >= 300
    assert {row["isco08"] for row in rows} <= set(position_of())
    assert {(row["source"], row["review"]) for row in rows} == {("compiled", "unreviewed")}


def test_every_name_of_evidence_has_a_weight(coder: OccupationCoder) -> None:
    assert set(coder.gather([Case(title="Cook")])) == set(coder.weights)


def test_weights_say_whether_they_were_fitted_or_set() -> None:
    rows = list(read_table("lexicon", "occupation_weights.csv"))
    assert {row["evidence"] for row in rows if row["origin"] == "fitted"} == set(FITTED)
    assert {row["origin"] for row in rows} == {"fitted", "set"}


def test_what_is_hidden_from_pseudo_postings_does_not_vote() -> None:
    english = load_english()
    title = "sales manager"
    seen = english.of_titles([[title]])["titles"]
    rows = [row for row in known_titles() if row[0] == title]
    unseen = english.of_titles([[title]], [rows])["titles"]
    assert not np.allclose(seen, unseen)


def test_weights_are_fitted_to_evidence_that_tells() -> None:
    chance = np.random.default_rng(7)
    truth = chance.integers(0, len(unit_groups()), 300)
    telling = np.zeros((300, len(unit_groups())), dtype=np.float32)
    telling[np.arange(300), truth] = 5
    noise = chance.normal(size=telling.shape).astype(np.float32)
    weights = fit({"telling": telling, "noise": noise}, truth)
    assert weights["telling"] > 1 > abs(weights["noise"]) * 10


def test_a_batch_codes_as_its_titles_do_alone() -> None:
    titles = ["Accountant", "ຊ່າງຫຍິບ", "Cook", "Accountant", "nothing at all xq"]
    together = load_occupation_coder().code([Case(title=title) for title in titles])
    alone = load_occupation_coder()
    one_by_one = [alone.code([Case(title=title)])[0] for title in titles]
    assert [found.isco08 for found in together] == [found.isco08 for found in one_by_one]
    assert [found.probability for found in together] == pytest.approx(
        [found.probability for found in one_by_one], abs=1e-4
    )


def test_real_postings_are_coded_far_better_than_by_the_commonest_code(
    coder: OccupationCoder,
) -> None:
    with gzip.open(REAL, "rt", encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    cases = [Case(title=row["title"], description=row["description"]) for row in rows]
    coded = coder.code(cases)
    right = sum(found.isco08 == row["isco08"] for found, row in zip(coded, rows, strict=True))
    commonest = Counter(row["isco08"] for row in rows).most_common(1)[0][1]
    assert right > 8 * commonest


def test_a_description_decides_between_jobs_of_one_title(coder: OccupationCoder) -> None:
    driver = "Drive a heavy truck and trailer over long distances, load goods, check tyres and oil."
    taxi = "Drive passengers in a taxi or car, help them with their luggage, collect fares."
    found = coder.code(
        [Case(title="Driver", description=driver), Case(title="Driver", description=taxi)]
    )
    assert [each.isco08 for each in found] == ["8332", "8322"]
    assert all("text" in each.reason for each in found)


def test_candidates_are_ordered_and_the_first_is_the_code(coder: OccupationCoder) -> None:
    found = coder.code([Case(title="Sales Manager")])[0]
    shares = [each.probability for each in found.candidates]
    assert found.candidates[0].isco08 == found.isco08
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1.001
    assert len(found.candidates) <= 5


def test_where_no_major_group_is_likely_no_code_is_given_but_candidates_are() -> None:
    flat = OccupationCoder([_Told({"hint": _almost_flat()})], {"hint": 1.0})
    found = flat.code([Case(title="x")])[0]
    assert (found.isco08, found.reason) == ("", Refused.UNSURE)
    assert len(found.candidates) == 5


def test_new_evidence_is_one_more_name_and_a_new_state_of_it_counts_at_once() -> None:
    learner = _Told({"learner": _for_code("7411", 9.0)})
    coder = OccupationCoder([learner], {"learner": 1.0})
    assert coder.code([Case(title="x")])[0].isco08 == "7411"
    learner.named = {"learner": _for_code("5120", 9.0)}
    assert coder.code([Case(title="x")])[0].isco08 == "7411"  # remembered: the state is the same
    learner.state = "2"
    found = coder.code([Case(title="x")])[0]
    assert (found.isco08, found.reason) == ("5120", "learner")


class _Told:
    """Evidence that says what it is told to."""

    def __init__(self, named: dict[str, Scores]) -> None:
        self.named = named
        self.state = "1"

    def scores(self, cases: Sequence[Case]) -> dict[str, Scores]:
        return {name: np.repeat(row, len(cases), axis=0) for name, row in self.named.items()}


def _for_code(isco08: str, nats: float) -> Scores:
    row = np.zeros((1, len(unit_groups())), dtype=np.float32)
    row[0, position_of()[isco08]] = nats
    return row


def _almost_flat() -> Scores:
    """No major group has more than a quarter."""
    majors = np.array([code[0] for code in unit_groups()])
    sizes = np.array([np.sum(majors == major) for major in majors])
    row: Scores = -np.log(sizes, dtype=np.float32)[None, :]
    return row


def test_evidence_adds_up_as_log_odds_and_a_flat_row_says_nothing() -> None:
    cook, flat = _for_code("5120", 2.0), np.full((1, len(unit_groups())), 3.0, dtype=np.float32)
    alone = combine({"a": cook}, {"a": 0.5})
    both = combine({"a": cook, "b": flat}, {"a": 0.5, "b": 1.0})
    assert both == pytest.approx(alone)
    others = len(unit_groups()) - 1
    assert alone[0, position_of()["5120"]] == pytest.approx(np.e / (np.e + others))
    assert supporting({"a": cook, "b": flat}, {"a": 0.5, "b": 1.0}, 0, 0, 0.5) == []


@pytest.mark.parametrize(
    ("named", "weights", "error"),
    [
        ({}, {}, ValueError),
        ({"a": np.zeros((1, 3), dtype=np.float32)}, {"a": 1.0}, ValueError),
        ({"a": np.zeros((1, 436), dtype=np.float32)}, {}, KeyError),
    ],
)
def test_evidence_that_does_not_fit_is_refused(
    named: dict[str, Scores], weights: dict[str, float], error: type[Exception]
) -> None:
    with pytest.raises(error):
        combine(named, weights)


def test_errors_spread_to_neighbours_first_and_sum_to_one() -> None:
    table = spread()
    at = position_of()
    assert table.sum(axis=1) == pytest.approx(np.ones(len(table)), abs=1e-4)
    assert table[at["2411"], at["2412"]] > table[at["2411"], at["2310"]] > table[at["2411"], 0]
    assert sums(np.ones(len(table)), 1).sum() == len(table)


def test_the_head_of_a_title_tells_its_level_in_singular_and_plural() -> None:
    english = load_english()
    parts = [["sales manager"], ["managers of sales"], ["drivers"], ["driver"]]
    scores = english.of_titles(parts)["head_major"]
    at = position_of()
    assert scores[0, at["1221"]] > 1 > 0 > scores[0, at["9313"]]
    assert scores[1] == pytest.approx(scores[0])
    assert scores[2] == pytest.approx(scores[3])
