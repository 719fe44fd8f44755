"""Industry and flags: which evidence decides, and what is left without a code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary import industries, read_table
from streams.classify.flags import flags_of
from streams.classify.industry import Industry, IndustryReason, industry_of
from streams.classify.industry_cues import cues_of, head_of
from streams.classify.industry_titles import nearest_division
from streams.codes import Flag
from streams.text import fold


def industry(
    employer: str = "",
    *,
    stated: str = "",
    category: str = "",
    title: str = "Accountant",
    text: str = "",
    isco08: str = "2411",
    probability: float = 0.9,
) -> Industry:
    return industry_of(
        employer=employer,
        stated=stated,
        category=category,
        title=title,
        text=text,
        isco08=isco08,
        isco08_probability=probability,
    )


@pytest.mark.parametrize(
    ("employer", "division"),
    [
        ("ໂຮງແຮມ ຈຳປາ", "55"),
        ("ໂຮງງານ ນ້ຳຕານ", "10"),
        ("ຮ້ານຂາຍຢາ", "47"),
        ("Ministry of Public Works and Transport", "84"),
        ("Savan Resorts Casino", "92"),
        ("ພະແນກ ສຶກສາທິການ", "84"),
        ("โรงพยาบาลเอกชน", "86"),
        ("Ngân hàng Việt Lào", "64"),
        ("老挝水泥厂", "23"),
        ("BCEL", "64"),
    ],
)
def test_an_employers_name_tells(employer: str, division: str) -> None:
    found = industry(employer)
    assert found.division == division
    assert found.section == industries()[division].parent
    assert found.reason in {IndustryReason.EMPLOYER_NAME, IndustryReason.KNOWN_EMPLOYER}


def test_nothing_told_is_not_codable() -> None:
    found = industry("ABC Group")
    assert (found.section, found.division) == ("", "")
    assert found.reason is IndustryReason.NOT_CODABLE


def test_an_occupation_counts_as_far_as_it_is_certain() -> None:
    sure = industry(title="x", isco08="2221", probability=0.9)
    assert (sure.section, sure.reason) == ("Q", IndustryReason.OCCUPATION)
    assert industry(title="x", isco08="2221", probability=0.1).section == ""


def test_what_a_board_states_beats_the_occupation() -> None:
    found = industry("X Co", stated="Hotels", isco08="2221", title="Nurse")
    assert (found.division, found.reason) == ("55", IndustryReason.STATED)


def test_a_category_that_says_what_is_done_is_no_industry() -> None:
    assert industry("X Co", category="Accounting / Finance").section == ""
    assert industry("X Co", category="Hospitality", isco08="4110", title="Clerk").section == "I"


def test_a_stated_industry_in_the_words_of_isic_is_found() -> None:
    near = nearest_division("Activities of collection agencies and credit bureaus")
    assert near is not None
    assert near.division == "82"
    assert nearest_division("zzzz") is None


def test_text_counts_where_it_speaks_of_the_employer() -> None:
    assert industry("X Co", text="We operate three hotels in Pakse.").division == "55"
    asides = "You will visit hotels and banks. Health insurance is paid."
    assert industry("X Co", text=asides).section == ""


def test_an_agency_gives_way_to_the_client_it_speaks_of() -> None:
    agency = "Lao Recruitment Services"
    assert industry(agency).division == "78"
    client = industry(agency, text="Our client, a gold mining company, needs an accountant.")
    assert (client.division, client.reason) == ("07", IndustryReason.CLIENT)


def test_the_head_of_a_name_is_where_its_language_puts_it() -> None:
    for name, word in (("Casino Resort", "resort"), ("ໂຮງແຮມ ກາຊີໂນ", "ໂຮງແຮມ")):
        folded = fold(name)
        head = head_of(cues_of("any").find(folded), folded)
        assert head is not None
        assert head.word == fold(word)


@given(st.text(max_size=60), st.text(max_size=200), st.sampled_from(["", "2411", "9999", "5"]))
def test_any_text_gives_codes_of_isic(employer: str, text: str, isco08: str) -> None:
    found = industry(employer, text=text, stated=employer, isco08=isco08)
    assert 0 <= found.probability <= 1
    if found.section:
        assert not found.division or industries()[found.division].parent == found.section
    else:
        assert found.division == ""


def test_every_row_of_the_tables_is_usable() -> None:
    assert cues_of("any").find("hotel")[0].isic == "55"
    for isco08 in ("2411", "8332", "0110", "6111"):
        assert 0 <= industry(title="x", isco08=isco08).probability <= 1
    assert all(row["isic"] in industries() for row in read_table("lexicon", "industry_cues.csv"))


def flags(title: str, text: str = "", employer: str = "", isco08: str = "") -> tuple[Flag, ...]:
    return flags_of(
        title=title, text=text, employer=employer, isco08=isco08, isco08_probability=0.8
    )


def test_flags_follow_their_definitions() -> None:
    assert flags("Solar technician") == (Flag.GREEN,)
    assert flags("Engineer", "Energy audits and carbon footprint reports.") == (Flag.GREEN,)
    assert flags("Engineer", "A friendly work environment.") == ()
    assert flags("Clerk", "SQL and Python") == (Flag.DIGITAL,)
    assert flags("Clerk", "Excel and Word") == ()
    assert flags("Programmer", isco08="2514") == (Flag.DIGITAL,)
    assert flags("Mixer", "Mix concrete. " * 30, isco08="3521") == ()


def test_platform_work_is_what_a_platform_assigns_not_its_office() -> None:
    assert flags("Rider", employer="foodpanda") == (Flag.PLATFORM,)
    assert flags("HR manager", employer="foodpanda") == ()
    assert flags("ຄົນຂັບ", "ຮັບວຽກຜ່ານແອັບ") == (Flag.PLATFORM,)
    assert flags("Driver", "Own car needed.") == ()
