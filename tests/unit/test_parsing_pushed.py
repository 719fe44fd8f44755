"""One pushed record: both spellings, every shape, and what is expected where it is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.parsing.pushed import Pushed, Unusable, read_pushed

PLAIN = {
    "id": 7,
    "title": "Cook",
    "hiring_organization": {"name": "Inn"},
    "job_location": {"address": {"address_region": "Champasak"}},
    "base_salary": {"currency": "LAK", "value": {"min_value": 1, "max_value": 2}},
    "education": "secondary",
    "total_job_openings": 3,
}
LINKED = {
    "@type": "JobPosting",
    "identifier": {"value": "7"},
    "title": "Cook",
    "hiringOrganization": "Inn",
    "jobLocation": {"address": {"addressRegion": "Champasak"}},
    "baseSalary": {"currency": "LAK", "value": {"minValue": 1, "maxValue": 2}},
    "educationRequirements": "secondary",
    "totalJobOpenings": "3",
}


def test_both_spellings_give_the_same() -> None:
    plain, linked = read_pushed(PLAIN), read_pushed(LINKED)
    assert plain == linked
    assert isinstance(plain, Pushed)
    assert plain.posting_id == "7"
    assert plain.fields == {
        "title": "Cook",
        "hiring_organization": "Inn",
        "job_location": "Champasak",
        "base_salary": "1 - 2 LAK",
        "education": "secondary",
        "total_job_openings": "3",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": None}, "title"),
        ({"title": " "}, "title"),
        ({"title": 5}, "title"),
        ({"id": None}, "id"),
        ({"id": True}, "id"),
        ({"id": "x" * 301}, "id"),
        ({"date_posted": "tomorrow"}, "date_posted"),
        ({"validThrough": 20261231}, "validThrough"),
        ({"url": "ftp://a"}, "url"),
        ({"total_job_openings": 0}, "total_job_openings"),
        ({"total_job_openings": 1.5}, "total_job_openings"),
        ({"hiring_organization": ["a"]}, "hiring_organization"),
        ({"base_salary": 10**20}, ""),
    ],
)
def test_what_is_wrong_is_named_by_field(change: dict[str, Any], field: str) -> None:
    read = read_pushed({**PLAIN, **change})
    assert isinstance(read, Unusable)
    assert [error.field for error in read.errors] == [field]
    assert read.errors[0].expected


def test_fields_that_mean_nothing_are_named_not_refused() -> None:
    read = read_pushed({**PLAIN, "salary_band": "B", "@context": "x"})
    assert isinstance(read, Pushed)
    assert read.ignored == ("salary_band",)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*PLAIN, *LINKED, "x"]), inner, max_size=5)
        ),
        max_leaves=20,
    )
)
def test_any_json_is_read_or_explained(record: Any) -> None:
    read = read_pushed(record)
    assert isinstance(read, Pushed) or read.errors
