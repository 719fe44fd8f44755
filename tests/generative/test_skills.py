"""Whatever a posting says, skills and terms are told in order, in place and twice alike."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from config.skills import skills
from streams.classify.skill_context import passages
from streams.classify.skills import SkillCoder, load_skill_coder
from streams.classify.terms import terms

_PIECES = st.sampled_from(
    ["Requirements:", "About us", "Preferred skills", "accounting",
     "project management", "MS Excel",
     "ການບັນຊີ", "ພາສາອັງກິດ", "ຄຸນສົມບັດ:", "ໜ້າ ທີ່", "[REDACTED]", "<ORGANIZATION>", "C++", ".net",
     "manage the budgets of the team", "is an advantage", "must", "ພິຈາລະນາເປັນພິເສດ", "İstanbul",
     "a@b.example", "•", "-", ",", ".", "(", "]", "\u200b", "ﬁnance", "Straße"]
)  # fmt: skip
_TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=25).flatmap(
    lambda parts: st.sampled_from([" ", "\n", "", ", "]).map(lambda gap: gap.join(parts))
)


@cache
def coder() -> SkillCoder:
    return load_skill_coder()


@settings(max_examples=150, deadline=None)
@given(title=_TEXTS, description=_TEXTS, isco08=st.sampled_from(["", "2411", "9999"]))
def test_skills_stand_where_they_are_said_to(title: str, description: str, isco08: str) -> None:
    found = coder().find(title, description, isco08)
    whole = f"{title}\n{description}"
    assert list(found) == sorted(found, key=lambda skill: (skill.start, skill.code))
    assert len({skill.code for skill in found}) == len(found)
    for skill in found:
        assert skill.code in skills()
        assert 0 <= skill.start < skill.end <= len(whole)
        assert whole[skill.start : skill.end].strip()
        assert 0.5 <= skill.score <= 1
        assert "REDACTED" not in whole[skill.start : skill.end]
    assert coder().find(title, description, isco08) == found


@settings(max_examples=150, deadline=None)
@given(text=_TEXTS)
def test_passages_are_pieces_of_the_text_in_order(text: str) -> None:
    last = 0
    for passage in passages(text):
        assert text[passage.start : passage.start + len(passage.text)] == passage.text
        assert passage.start >= last
        last = passage.start + len(passage.text)


@settings(max_examples=100, deadline=None)
@given(text=_TEXTS, employer=st.text(max_size=20))
def test_terms_hold_no_address_and_no_placeholder(text: str, employer: str) -> None:
    for term in terms(text, employer, coder().covered):
        assert "@" not in term
        assert "redacted" not in term.split()
        assert term == term.strip()
        assert term


def test_long_texts_without_a_break_are_read_to_the_end() -> None:
    """No pattern backtracks over a whole text: a slip would run for hours, not fail."""
    for text in ("ກ" * 50_000, "a" * 50_000, "x@" * 20_000, ": " * 25_000):
        assert coder().find("", text, "") == ()
        assert not terms(text, "", coder().covered) - {text}
    (skill,) = coder().find("", "data analysis " * 4000, "")
    assert skills()[skill.code].name_en == "perform data analysis"
