"""The coded Lao titles keep to their protocol (docs/coding-protocol.md)."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path

from config.vocabulary import occupations
from streams.text import fold

PAGES = Path(__file__).parent.parent / "pages"
TITLES = PAGES / "titles_lo.csv"
DRAWN = PAGES / "titles_lo_drawn.csv"
SUB_MAJOR_GROUPS = 43


@cache
def rows() -> list[dict[str, str]]:
    with TITLES.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_there_are_enough_titles_and_none_twice() -> None:
    assert len(rows()) >= 300
    assert len({fold(row["title"]) for row in rows()}) == len(rows())


def test_an_id_comes_from_the_title() -> None:
    for row in rows():
        assert row["id"] == "lo-" + sha256(row["title"].encode()).hexdigest()[:6]


def test_codes_exist_and_cover_every_sub_major_group() -> None:
    codes = {row[column] for row in rows() for column in ("code_a", "code_b", "code")} - {""}
    assert codes <= set(occupations())
    assert all(len(code) == 4 for code in codes)
    assert len({row["code"][:2] for row in rows() if row["code"]}) == SUB_MAJOR_GROUPS


def test_a_title_is_codable_exactly_when_it_has_a_code() -> None:
    assert all((row["codable"] == "yes") == bool(row["code"]) for row in rows())
    assert Counter(row["codable"] for row in rows())["no"] >= 5


def test_differences_between_the_passes_are_adjudicated_with_a_reason() -> None:
    for row in rows():
        if row["code_a"] != row["code_b"]:
            assert row["adjudication"], row["id"]
        elif not row["adjudication"]:
            assert row["code"] == row["code_a"], row["id"]


def test_drawn_titles_are_apart_from_the_others_and_one_of_a_unit_group() -> None:
    with DRAWN.open(encoding="utf-8", newline="") as table:
        drawn = list(csv.DictReader(table))
    assert len({row["code"] for row in drawn}) == len(drawn) == 150
    assert {row["code"] for row in drawn} <= set(occupations())
    assert not {row["id"] for row in drawn} & {row["id"] for row in rows()}
