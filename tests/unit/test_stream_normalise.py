"""What becomes of a posting before anything is decided about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from streams.language import detect_language
from streams.normalise import Refusal, Refused, normalise, settle_opening, settle_validity
from streams.openings import parse_openings
from streams.records import NormalisedPosting
from streams.text import clean_line, clean_text, fold
from tests.factories_streams import START, a_posting


def good(**changes: object) -> NormalisedPosting:
    normalised = normalise(a_posting(**changes))
    assert isinstance(normalised, NormalisedPosting)
    return normalised


def refused(**changes: object) -> Refused:
    refusal = normalise(a_posting(**changes))
    assert isinstance(refusal, Refusal)
    assert refusal.detail
    return refusal.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"source_id": " "}, Refused.IDENTITY_MISSING),
        ({"posting_id": ""}, Refused.IDENTITY_MISSING),
        ({"fetched_at": datetime(2026, 1, 1)}, Refused.TIME_WITHOUT_ZONE),  # noqa: DTZ001
        ({"fetched_at": datetime(1970, 1, 1, tzinfo=UTC)}, Refused.TIME_IMPLAUSIBLE),
        ({"fetched_at": datetime(9999, 12, 31, 23, tzinfo=UTC)}, Refused.TIME_IMPLAUSIBLE),
        ({"title": ""}, Refused.TITLE_MISSING),
        ({"title": "\u200b\u00a0\n\x00"}, Refused.TITLE_MISSING),
        ({"title": "*** 2026 ***"}, Refused.TITLE_WITHOUT_LETTERS),
        ({"title": "x" * 301}, Refused.TITLE_TOO_LONG),
        ({"description": "x" * 60_001}, Refused.FIELD_TOO_LONG),
        ({"hiring_organization": "x" * 2_001}, Refused.FIELD_TOO_LONG),
    ],
)
def test_refusals_have_a_reason(changes: dict[str, object], reason: Refused) -> None:
    assert refused(**changes) is reason


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Senior\u00a0 Accountant\t", "Senior Accountant"),
        ("Cafe\u0301", "Café"),
        ("ພະ\u200bນັກ\u200bງານ", "ພະນັກງານ"),
        ("ນ ້ ຳ", "ນ້ຳ"),
        ("ກ\u0ecd\u0eb2", "ກຳ"),
        ("ນ\u0ecd\u0ec9\u0eb2", "ນ້ຳ"),
        ("ບໍ່່", "ບໍ່"),
        ("a\ufeffb\x07c\u202ed", "abcd"),
        ("a\r\nb", "a b"),
    ],
)
def test_text_is_cleaned(raw: str, clean: str) -> None:
    assert clean_line(raw) == clean


def test_line_breaks_of_a_description_stay() -> None:
    assert clean_text("Tasks:\r\n - drive \n\n\n\n - load\u2028end") == (
        "Tasks:\n- drive\n\n- load\nend"
    )


def test_marks_that_meet_when_lines_are_joined_are_put_in_order() -> None:
    once = clean_line("\u0300\r\u0eb8")
    assert clean_line(once) == once


def test_fold_forgets_case_width_punctuation_and_ligatures() -> None:
    assert fold("ＡＢＣ, Co.") == "abc co"
    assert fold("ໜອງ") == fold("ຫນອງ")
    assert fold("໑໒") == "12"


@pytest.mark.parametrize(
    ("stated", "opened"),
    [
        (None, 5),
        (date(2026, 1, 5), 5),
        (date(2026, 1, 3), 3),
        (date(2025, 12, 22), date(2025, 12, 22)),
        (date(2025, 12, 21), 5),
        (date(2026, 1, 6), 5),
        (date(2036, 1, 6), 5),
    ],
)
def test_the_stated_date_counts_where_plausible(stated: date | None, opened: int | date) -> None:
    expected = date(2026, 1, opened) if isinstance(opened, int) else opened
    assert settle_opening(stated, date(2026, 1, 5)) == expected


def test_days_are_those_of_vientiane() -> None:
    late = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)  # one in the morning of the 6th
    assert good(fetched_at=late, date_posted=None).opened_on == date(2026, 1, 6)


def test_an_impossible_closing_date_is_dropped() -> None:
    seen = date(2026, 1, 5)
    assert settle_validity(date(2026, 2, 1), seen, seen) == date(2026, 2, 1)
    assert settle_validity(date(2025, 1, 1), seen, seen) is None
    assert settle_validity(date(2199, 1, 1), None, seen) is None
    assert settle_validity(date(1, 1, 1), None, seen) is None


@pytest.mark.parametrize(
    ("raw", "title", "openings"),
    [
        ("", "", 1),
        ("3", "", 3),
        ("໓ ຄົນ", "", 3),
        ("ສອງ", "", 2),
        ("ສິບ ຄົນ", "", 10),
        ("two positions", "", 2),
        ("2-3 persons", "", 2),
        ("several", "", 1),
        ("02055551234", "", 1),
        ("0", "", 1),
        ("2026", "", 1),
        ("", "Driver (5 positions)", 5),
        ("", "ພະນັກງານຂາຍ ໑໐ ຄົນ", 10),
        ("", "Teacher Grade 4", 1),
        ("4", "Driver (5 positions)", 4),
    ],
)
def test_openings_are_read(raw: str, title: str, openings: int) -> None:
    assert parse_openings(raw, title) == openings


@pytest.mark.parametrize(
    ("title", "description", "language"),
    [
        ("Accountant", "You prepare the accounts of the company.", "en"),
        ("ພະນັກງານບັນຊີ", "ຮັບຜິດຊອບວຽກບັນຊີ", "lo"),
        ("ພະນັກງານບັນຊີ (Accountant)", "Excel, QuickBooks", "lo"),
        ("พนักงานบัญชี", "รับผิดชอบงานบัญชี", "th"),
        ("Kế toán trưởng", "Làm việc tại Viêng Chăn", "vi"),
        ("会计", "负责公司账目", "zh"),
        ("123", "", "und"),
    ],
)
def test_the_language_is_told(title: str, description: str, language: str) -> None:
    assert detect_language(title, description) == language


def test_personal_data_is_redacted_in_every_free_text_field() -> None:
    secret = "Sales 020 5555 1234"
    lines = "base_salary employment_type occupational_category industry education experience"
    fields = ["title", "description", "hiring_organization", "job_location_raw"]
    fields += [f"{name}_raw" for name in lines.split()]
    posting = good(**dict.fromkeys(fields, secret))
    assert "5555" not in str(posting)
    assert posting.redactions == len(fields)


def test_other_schemes_than_the_web_are_no_address() -> None:
    assert good(url="javascript:alert(1)").url == ""
    assert good(url="mailto:hr@acme.la").url == ""
    assert good(url=" https://x.example/1 ").url == "https://x.example/1"


def test_the_same_content_has_one_hash_and_each_observation_its_own_id() -> None:
    first = good()
    again = good(fetched_at=START + timedelta(hours=1), title="Senior  Accountant\u200b")
    other = good(title="Accountant")
    assert first.content_hash == again.content_hash != other.content_hash
    assert first.record_id != again.record_id
    assert normalise(replace(a_posting(), published_at=START)) == replace(first, published_at=START)
