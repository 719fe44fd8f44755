"""The language of short titles and mixed adverts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.language import UNDETERMINED, detect_language, second_language

_SET = Path(__file__).parents[1] / "pages" / "languages.csv"


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Concierge", "en"),
        ("Chef de Partie", "en"),
        ("Phanakngan khai", "lo"),
        ("Sales manager, Phanakngan", "en"),
        ("Nhan vien ban hang", "vi"),
        ("Nhân viên bán hàng", "vi"),
        ("Professeur de français", "fr"),
        ("HR专员", "zh"),
        ("ພະນັກງານ IT", "lo"),
        ("123", UNDETERMINED),
    ],
)
def test_the_language_of_a_short_title(title: str, language: str) -> None:
    assert detect_language(title, "") == language


@pytest.mark.parametrize(
    ("text", "main", "second"),
    [
        ("ນັກບັນຊີ Accountant", "lo", ""),
        ("ໂຮງແຮມ Crowne Plaza Vientiane", "lo", ""),
        ("ຮັບສະໝັກ ພະນັກງານ. We are looking for an accountant", "lo", "en"),
        ("Accountant ນັກບັນຊີ ປະຈຳ", "en", "lo"),
        ("招聘翻译 ຕ້ອງການນາຍພາສາຈີນ", "zh", "lo"),
        ("ຮັບສະໝັກຄົນງານ Tuyển công nhân xây dựng", "lo", "vi"),
        ("Phanakngan khai", "lo", ""),
        ("", "und", ""),
    ],
)
def test_the_second_language_is_running_text(text: str, main: str, second: str) -> None:
    assert second_language(text, "", main) == second


def test_nearly_all_of_the_hand_made_set_is_told() -> None:
    with _SET.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    hits = [detect_language(r["title"], r["description"]) == r["language"] for r in rows]
    assert sum(hits) / len(hits) >= 0.97


@given(st.text(max_size=120), st.text(max_size=300), st.sampled_from(["", "lo", "en-GB"]))
def test_any_text_has_a_language_or_the_hint(title: str, text: str, hint: str) -> None:
    main = detect_language(title, text, hint)
    assert main
    assert second_language(title, text, main) != main
