"""Words, links, neighbours and forecasts of the pages of published figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dashboard.addresses import Address, Page
from dashboard.geography import districts, neighbours
from dashboard.linkage import fields_of_skills, occupations_of_skills, together_with
from dashboard.released import MONTHLY, last_day
from dashboard.wording import series_href, why_untold
from tests.factories_forecasts import told
from tests.factories_released import (
    observation,
    released,
    untold,
)
from tests.unit.test_released_pages import CHAMPASAK, EN, FULL, LO, drawn
from warehouse.disclosure.records import Hidden, View
from warehouse.series import Frequency, Standing


def test_every_reason_has_words_in_both_languages() -> None:
    for lang in (EN, LO):
        for hidden in (
            Hidden.CONFIDENTIAL, Hidden.TOO_SHORT, Hidden.OUTSIDE, Hidden.NOT_FINAL,
            Hidden.NOT_DECIDED,
        ):  # fmt: skip
            assert lang.say(f"untold_{hidden.value}")
        for standing in Standing:
            [one] = released([observation("flow", **untold(standing))])
            assert why_untold(lang, one)


def test_periods_end_where_they_end() -> None:
    [week] = released([observation("flow")])
    [month] = released(
        [observation("flow", frequency=Frequency.MONTHLY, time_value=date(2026, 12, 1))]
    )
    [stock] = released([observation("stock", time_value=date(2026, 11, 22))])
    assert [last_day(one) for one in (week, month, stock)] == [
        date(2026, 11, 22), date(2026, 12, 31), date(2026, 11, 22),
    ]  # fmt: skip


def test_a_series_can_be_fetched_by_its_link() -> None:
    href = series_href(CHAMPASAK.series("flow", MONTHLY))
    assert "province=LA-CH" in href
    assert "occupation=_T" in href
    assert "frequency=M" in href
    assert "format=csv" in href


def test_a_skill_leads_to_occupations_fields_and_skills_like_it() -> None:
    skill = next(
        code
        for code in occupations_of_skills()
        if code in fields_of_skills() and together_with(code, 1)
    )
    text = drawn(Address(language="en", page=Page.SKILLS, item=skill).path)
    assert "Occupations that use it" in text
    assert "Where it is learnt" in text
    assert 'href="/en/skills/' in text
    assert skill not in together_with(skill, 5)


def test_neighbours_are_mutual_and_districts_belong() -> None:
    for code, around in neighbours().items():
        assert around
        assert code not in around
        assert all(code in neighbours()[other] for other in around)
    assert sum(map(len, districts().values())) == 148
    assert "LA-SV" in neighbours()["LA-SL"]
    assert "LA-PH" not in neighbours()["LA-AT"]


def test_forecasts_are_drawn_with_both_intervals_and_their_record() -> None:
    text = drawn("/en/forecasts")
    assert text.count('class="ahead-dot"') == 2
    assert "95% interval 95 to 147" in text
    assert "Champasak: 120 new vacancies are expected" in text
    assert "with probability 90% more than the usual 130" in text
    assert "97%" in text
    assert "15 more have no forecast that can be told" in text


def test_without_a_forecast_that_may_be_told_the_page_says_why() -> None:
    text = drawn("/en/forecasts", replace(FULL, forecasts={View.DEPARTMENT: told()}))
    assert "a forecast is told only where" in text
    assert "ahead-dot" not in text
