"""Names, search, marks and changed fields of the forms for corrections."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.coding.changes import changes_in
from dashboard.coding.marking import Kind, Span, marked, pieces, skill_words
from dashboard.coding.naming import occupation, search, typical
from dashboard.coding.values import reason_name
from dashboard.language import language
from streams.opinions import CorrectedField

STORED = {
    **dict.fromkeys(CorrectedField, ""),
    CorrectedField.ISCO08: "2411",
    CorrectedField.PROVINCE: "LA-VT",
    CorrectedField.DISTRICT: "LA0101",
    CorrectedField.PAY: "3000000-4000000",
    CorrectedField.SKILLS: "S1 S2",
}
FORM = {
    "more": "yes", "isco08": "", "province": "LA-VT", "district": "LA0101", "isic": "",
    "pay_lower": "3000000", "pay_upper": "4000000", "education": "", "experience_months": "",
    "employment_type": "", "skill-S1": "yes", "skill-S2": "yes",
}  # fmt: skip


def changes(**values: str) -> tuple[dict[CorrectedField, str], dict[str, str]]:
    return changes_in({**FORM, **values}, STORED, ["S1", "S2"])


def test_a_form_that_changes_nothing_is_told_so() -> None:
    assert changes() == ({}, {"isco08": "nothing"})


def test_the_same_occupation_chosen_confirms_it() -> None:
    assert changes(isco08="2411") == ({CorrectedField.ISCO08: "2411"}, {})
    assert changes(isco08="none") == ({CorrectedField.ISCO08: ""}, {})
    assert changes(isco08="24") == ({}, {"isco08": "occupation"})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"province": "LA-SV"}, {CorrectedField.PROVINCE: "LA-SV"}),
        ({"district": "LA0102"}, {CorrectedField.DISTRICT: "LA0102"}),
        ({"province": "LA-SV", "district": "LA1301"}, {CorrectedField.DISTRICT: "LA1301"}),
        ({"pay_lower": "3 500 000", "pay_upper": ""}, {CorrectedField.PAY: "3500000-3500000"}),
        ({"pay_lower": "", "pay_upper": ""}, {CorrectedField.PAY: ""}),
        ({"experience_months": "024"}, {CorrectedField.EXPERIENCE_MONTHS: "24"}),
    ],
)
def test_only_changed_fields_are_said(
    values: dict[str, str], said: dict[CorrectedField, str]
) -> None:
    assert changes(**values) == (said, {})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"pay_lower": "much"}, "pay_lower"),
        ({"pay_lower": "5", "pay_upper": "4"}, "pay_lower"),
        ({"experience_months": "601"}, "experience_months"),
        ({"experience_months": "²"}, "experience_months"),
        ({"province": "LA-QQ"}, "province"),
        ({"province": "LA-SV", "district": "LA0102"}, "district"),
        ({"education": "9"}, "education"),
        ({"isic": "ZZ"}, "isic"),
    ],
)
def test_what_a_field_cannot_be_is_told_beside_it(values: dict[str, str], field: str) -> None:
    assert field in changes(**values)[1]


def test_codes_are_found_by_code_lao_and_english() -> None:
    assert [one.occupation.code for one in search("241")] == ["2411", "2412", "2413"]
    assert search("ນັກບັນຊີ")[0].occupation.code == "2411"
    assert search("Primary school teacher")[0].occupation.code == "2341"
    assert search("  ") == search("qqqqzzzz") == []


def test_names_are_in_both_languages() -> None:
    named = occupation("8322")
    assert (named.name_en, named.name_lo) == ("Car, taxi and van drivers", "ຄົນຂັບລົດ")
    assert occupation("0000").name_en == ""
    assert typical(("ຂັບລົດ", "ຄົນຂັບລົດຕູ້", "ຄົນຂັບລົດ")) == "ຄົນຂັບລົດ"


def test_the_reason_is_said_in_words_once_each() -> None:
    said = reason_name(language("en"), "titles+words_major+words_sub")
    assert said == "known titles, words of the title"
    assert reason_name(language("lo"), "") == "–"


def test_words_that_speak_for_the_codes_are_marked() -> None:
    begin = len("Senior Accountant") + 1
    spans = skill_words(60, [begin + 4, -1, 10], [begin + 9, 3, 99])
    title, text = marked("Senior Accountant", "Use Excel, ນັກບັນຊີ", ["2411"], spans)
    assert ("Accountant", Kind.OCCUPATION) in [(one.text, one.kind) for one in title]
    assert [(one.text, one.kind) for one in text if one.kind] == [
        ("Excel", Kind.SKILL), ("ນັກບັນຊີ", Kind.OCCUPATION),
    ]  # fmt: skip


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=8),
)
def test_marking_loses_no_letter(text: str, places: list[tuple[int, int]]) -> None:
    spans = skill_words(len(text), [a for a, _ in places], [b for _, b in places])
    assert "".join(one.text for one in pieces(text, spans)) == text
    assert all(isinstance(span, Span) for span in spans)
