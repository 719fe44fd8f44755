"""Skills in postings: which concept, how it is asked for, and what is no skill of the job."""

from __future__ import annotations

import pytest

from config.skills import SkillConcept, SkillKind, skills
from streams.classify.skill_context import passages
from streams.classify.skill_lao import LaoSkillIndex
from streams.classify.skill_words import singular, stem
from streams.classify.skills import SkillCoder, load_skill_coder
from streams.codes import Skill, SkillContext


@pytest.fixture(scope="module")
def coder() -> SkillCoder:
    return load_skill_coder()


def named(coder: SkillCoder, text: str, isco08: str = "") -> dict[str, Skill]:
    return {skills()[skill.code].name_en: skill for skill in coder.find("", text, isco08)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Good knowledge of project management is required", "project management"),
        ("You manage the budgets of three departments", "manage budgets"),
        ("Must hold a valid driver's license", "hold a driving licence"),
        ("Fluent in English and Lao", "Lao"),
        ("Experience with JavaScript", "JavaScript"),
        ("Good command of MS Excel", "use spreadsheets software"),
        ("ມີຄວາມຮູ້ດ້ານການບັນຊີ", "accounting"),
        ("ສາມາດ ເວົ້າ ພາສາ ອັງກິດ ໄດ້ດີ", "English"),
        ("ມີໃບຂັບຂີ່ລົດຈັກ", "hold a motorcycle driving licence"),
    ],
)
def test_labels_are_found_in_running_text(coder: SkillCoder, text: str, name: str) -> None:
    assert name in named(coder, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[REDACTED] [phone] [name]",
        "We are an equal opportunity employer and welcome every religion",
        "About us:\nThe company has worked in accounting and auditing since 1990.",
        "How to apply:\nSend your CV in English by e-mail.",
        "ສະຫວັດດີການ:\nປະກັນສັງຄົມ, ຝຶກອົບຮົມ",
    ],
)
def test_what_asks_for_nothing_names_no_skill(coder: SkillCoder, text: str) -> None:
    assert coder.find("", text, "") == ()


def test_redacted_words_are_neither_skills_nor_part_of_them(coder: SkillCoder) -> None:
    assert "project management" not in named(coder, "Knowledge of project [REDACTED] management")


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("Knowledge of accounting is required.", SkillContext.REQUIRED),
        ("Accounting would be an advantage.", SkillContext.NICE),
        ("Requirements:\n- Accounting", SkillContext.REQUIRED),
        ("Preferred qualifications:\n- Accounting", SkillContext.NICE),
        ("You support the accounting techniques of the branch.", SkillContext.MENTIONED),
        ("ຕ້ອງມີຄວາມຮູ້ດ້ານການບັນຊີ", SkillContext.REQUIRED),
        ("English is required, accounting is an asset", SkillContext.NICE),
        ("ສາມາດເວົ້າພາສາອັງກິດໄດ້, ຮູ້ການບັນຊີຈະເປັນຂໍ້ໄດ້ປຽບ", SkillContext.NICE),
        ("ຖ້າຮູ້ການບັນຊີຈະພິຈາລະນາເປັນພິເສດ", SkillContext.NICE),
    ],
)
def test_how_a_skill_is_asked_for(coder: SkillCoder, text: str, context: SkillContext) -> None:
    found = {skills()[skill.code].name_en: skill.context for skill in coder.find("", text, "2411")}
    assert found.pop("English", SkillContext.REQUIRED) is SkillContext.REQUIRED
    assert list(found.values()) == [context]


def test_positions_are_of_title_line_break_description(coder: SkillCoder) -> None:
    title, description = "English Teacher", "Good knowledge of project management"
    whole = f"{title}\n{description}"
    words = {whole[skill.start : skill.end] for skill in coder.find(title, description, "2330")}
    assert "project management" in words


def test_the_strongest_demand_of_a_repeated_skill_is_kept(coder: SkillCoder) -> None:
    text = "Accounting is an advantage.\n" * 2 + "Knowledge of accounting is required."
    (skill,) = [s for s in coder.find("", text, "2411") if skills()[s.code].name_en == "accounting"]
    assert skill.context is SkillContext.REQUIRED


def test_the_occupation_decides_what_a_word_means(coder: SkillCoder) -> None:
    text = "You will mix liquids and explosives in the plant"
    assert "explosives" not in named(coder, text, "5223")
    assert "explosives" in named(coder, text, "8131")


def test_scores_are_shares_and_codes_known(coder: SkillCoder) -> None:
    found = coder.find("Accountant", "Must have accounting, Excel and English.", "2411")
    assert found
    assert all(0.5 <= skill.score <= 1 and skill.code in skills() for skill in found)
    assert len({skill.code for skill in found}) == len(found)


def test_inflections_are_one_word_and_agents_are_not() -> None:
    assert len({stem(word) for word in ("manage", "managing", "manages", "management")}) == 1
    assert stem("designer") != stem("design")
    assert (singular("policies"), singular("logistics"), singular("bus")) == (
        "policy",
        "logistics",
        "bus",
    )


def test_lao_labels_are_found_in_any_spelling() -> None:
    concept = SkillConcept(
        code="x", kind=SkillKind.SKILL, reuse="", name_en="x", labels_lo=("ເຮັດໜ້າທີ່ແທນ",)
    )
    index = LaoSkillIndex([concept])
    text = "ສາມາດ ເຮັດ ຫນ້າທີ່ ແທນ ໄດ້"
    (hit,) = index.find(text)
    assert text[hit.start : hit.end] == "ເຮັດ ຫນ້າທີ່ ແທນ"


def test_a_short_lao_label_stands_between_word_breaks() -> None:
    concept = SkillConcept(
        code="x", kind=SkillKind.SKILL, reuse="", name_en="x", labels_lo=("ຮຽນ",)
    )
    assert list(LaoSkillIndex([concept]).find("ໂຮງຮຽນ")) == []
    assert list(LaoSkillIndex([concept]).find("ຢາກຮຽນ"))


def test_passages_cover_headings_in_the_middle_of_a_line() -> None:
    text = "You lead the team Job Requirements Degree in law About Us We sell cars"
    assert [(p.text.strip(), p.context) for p in passages(text) if p.text.strip()] == [
        ("You lead the team Job", SkillContext.MENTIONED),
        ("Degree in law", SkillContext.REQUIRED),
    ]
