"""Lao names of the classifications: complete where pages need them, each marked for review."""

from __future__ import annotations

from config.skills import skills
from config.vocabulary import read_table


def test_every_isco_group_of_one_and_two_digits_has_a_lao_name() -> None:
    rows = [row for row in read_table("codelists", "isco08.csv") if len(row["code"]) <= 2]
    assert len(rows) == 10 + 43
    assert len({row["title_lo"] for row in rows}) == len(rows)
    assert all(row["title_lo"] and row["review_lo"] for row in rows)


def test_every_isic_section_has_a_lao_name() -> None:
    rows = [row for row in read_table("codelists", "isic_rev4.csv") if row["level"] == "section"]
    assert len({row["title_lo"] for row in rows}) == 21
    assert all(row["title_lo"] and row["review_lo"] for row in rows)


def test_the_commonest_skills_have_a_lao_name_each_that_belongs_to_the_concept() -> None:
    rows = list(read_table("codelists/skills", "names_lo.csv"))
    assert len({row["name_lo"] for row in rows}) == len({row["code"] for row in rows}) == 300
    for row in rows:
        concept = skills()[row["code"]]
        assert (concept.name_en, concept.name_lo) == (row["name_en"], row["name_lo"])
        assert row["review"] in ("unreviewed", "reviewed")


def test_a_name_is_not_looked_for_unless_adverts_use_it() -> None:
    named = {row["code"] for row in read_table("codelists/skills", "names_lo.csv")}
    found = {
        row["code"] for row in read_table("codelists/skills", "labels.csv") if row["labels_lo"]
    }
    for code in named - found:
        assert not skills()[code].labels_lo
