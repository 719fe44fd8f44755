"""*Explore*: from the address to series, and what is said of them; no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.addresses import Apart, AskedAddress
from dashboard.drawing.several import Drawn, lines_chart
from dashboard.drawing.strokes import Point
from dashboard.exploring.answer import Given, Told, answer
from dashboard.exploring.choice import PER_SERIES, Line, chosen, listed, query, question
from dashboard.exploring.form import form_values, vintages, written
from dashboard.exploring.naming import line_title
from dashboard.language import CODES, language
from dashboard.markup import to_html
from dashboard.v1.citing import House
from dashboard.v1.refusing import AskedError
from tests.factories_released import ENGLISH, ISSUE, MONDAY, observation, released, untold
from warehouse.disclosure.records import Released, View
from warehouse.published import ReleaseRow
from warehouse.series import Standing

EN = language("en")
NATION = ("", "", "")
HOUSE = House(url="https://labour.example", demonstration=False)


def weekly(
    indicator: str = "flow", weeks: int = 6, changes: Mapping[str, object] | None = None
) -> tuple[Released, ...]:
    days = [MONDAY - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    held = [observation(indicator, NATION, **{"time_value": day, **(changes or {})})
            for day in days]  # fmt: skip
    return tuple(released(held))


def shown(
    *told: Told, words: dict[str, str] | None = None, view: View = View.PUBLIC, code: str = "en"
) -> str:
    choice = chosen(words or {})
    here = f"https://labour.example/explore?{query(choice)}"
    about = HOUSE.about("t", view=view, as_of=ISSUE, path="/explore?as_of=x")
    held = Given(
        own="",
        choice=choice, told=told, view=view, about=about, here=here, pinned=f"{here}&as_of=x",
        service=HOUSE.url,
    )  # fmt: skip
    return to_html(answer(language(code), held))


def release(kind: str, hour: int) -> ReleaseRow:
    return ReleaseRow(
        release_id=f"{kind}-{hour}", kind=kind, status="final", period_start=MONDAY,
        period_end=MONDAY, revision=0, cutoff=ISSUE, figures=1,
        issue=ISSUE + timedelta(hours=hour, microseconds=1), digest="", supersedes="", note="",
    )  # fmt: skip


def test_an_empty_address_asks_for_new_vacancies_of_the_nation() -> None:
    assert chosen({}).lines == (Line(place=1, indicator="flow", frequency="W"),)


def test_words_are_those_of_v1_and_the_period_is_the_indicators_own() -> None:
    choice = chosen({"indicator": "wage_median", "province": "LA-VT", "sector": "_T"})
    assert question(choice, choice.lines[0]) == {
        "indicator": "wage_median", "province": "LA-VT", "occupation": "_T", "sector": "_T",
        "skill": "_T", "frequency": "M",
    }  # fmt: skip


def test_a_skill_is_found_by_its_name_and_wanted_where_there_is_none() -> None:
    by_name = chosen({"indicator": "skill_share", "skill": "english"})
    assert by_name.lines[0].skill == ENGLISH
    nothing = chosen({"indicator": "skill_share"})
    with pytest.raises(AskedError, match="skill"):
        question(nothing, nothing.lines[0])


WORDS = st.text(alphabet="abcXYZ019_-* ກຂ&=%+#", max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([f"{n}{e}" for n in PER_SERIES for e in ("", "2", "4")]), WORDS
    ),
    st.sampled_from(sorted(listed())),
)
def test_the_address_says_all_that_was_chosen(words: dict[str, str], indicator: str) -> None:
    choice = chosen({**words, "indicator": indicator})
    assert chosen(dict(parse_qsl(query(choice)))) == choice
    pinned = chosen(dict(parse_qsl(query(choice, as_of="2026-01-01"))))
    assert (pinned.lines, pinned.as_of) == (choice.lines, "2026-01-01")


@pytest.mark.parametrize("code", CODES)
def test_series_are_drawn_tabled_fetched_and_cited(code: str) -> None:
    words = {
        "indicator": "flow",
        "indicator2": "flow",
        "province2": "LA-CH",
        "indicator3": "growth",
    }
    lines = chosen(words).lines
    text = shown(
        *(Told(line=line, figures=weekly(line.indicator)) for line in lines),
        words=words, code=code,
    )  # fmt: skip
    assert text.count('<svg class="lines several"') == 2, "one chart for each unit"
    assert text.count("<table") == 4, "a table for each series, and one of the files"
    said = re.sub(r'<span class="whole">(.*?)</span>', r"\1", text)  # names kept on one line
    for line in lines:
        assert said.count(line_title(language(code), line).replace("&", "&amp;")) >= 4
    for form in ("csv", "xlsx", "parquet", "json"):
        assert text.count(f"format={form}") == 3
    assert "curl &#x27;https://labour.example/v1/series?indicator=flow&amp;province=LA-CH" in text
    assert "As of 2026-11-26T00:00:00.000Z. https://labour.example/explore?as_of=x" in text


def test_why_there_is_no_figure_is_said_without_telling_withheld_from_empty() -> None:
    line = chosen({}).lines[0]
    assert EN.say("explore_none_public") in shown(Told(line=line))
    assert EN.say("explore_none_department") in shown(Told(line=line), view=View.DEPARTMENT)
    finer = {"indicator": "flow", "occupation": "2512"}
    assert EN.say("explore_none_finer") in shown(Told(line=chosen(finer).lines[0]), words=finer)
    early = {"indicator": "flow", "as_of": "2001-01-01"}
    assert EN.say("explore_none_as_of") in shown(Told(line=line), words=early)


def test_periods_without_a_value_are_counted_by_reason() -> None:
    line = chosen({"indicator": "shortage_probability"}).lines[0]
    held = weekly("shortage_probability", weeks=3, changes=untold(Standing.NO_SUPPLY))
    text = shown(Told(line=line, figures=held), words={"indicator": "shortage_probability"})
    assert f"{EN.say('untold_no_supply')}: 3" in text
    assert "<svg" not in text


def test_a_field_that_cannot_be_read_is_named() -> None:
    line = chosen({}).lines[0]
    text = shown(Told(line=line, fault=AskedError("province", "a code <b>")))
    assert "“province”" in text
    assert "a code &lt;b&gt;" in text
    assert "curl" not in text


def test_the_form_offers_depth_to_departments_alone() -> None:
    held = [release("weekly", 2), release("daily", 1), release("monthly", 0)]
    public, exact = (
        form_values(EN, chosen({}), view=view, skills=[ENGLISH], releases=held)
        for view in (View.PUBLIC, View.DEPARTMENT)
    )
    assert [code for code, _ in public["options"]["frequency"]] == ["", "W", "M"]
    assert [code for code, _ in exact["options"]["frequency"]] == ["", "W", "M", "D"]
    assert public["occupations"] == []
    assert "2512" in dict(exact["occupations"])
    assert len(public["options"]["indicator"]) == len(listed())
    assert public["skills"] == ["English"]


def test_vintages_are_every_release_and_the_one_of_the_address() -> None:
    held = [release("weekly", 2), release("daily", 1), release("monthly", 0)]
    found = [code for code, _ in vintages(EN, held, "2020-05-05")]
    assert found == ["", "2026-11-26T02:00:00.001Z", "2026-11-26T00:00:00.001Z", "2020-05-05"]
    assert written(ISSUE) == "2026-11-26T00:00:00.000Z"


def test_other_languages_keep_the_question() -> None:
    here = AskedAddress(language="lo", apart=Apart.EXPLORE, query="indicator=flow")
    assert here.path == "/explore?indicator=flow"
    assert here.in_language("en").path == "/en/explore?indicator=flow"


def test_values_below_zero_stand_below_the_zero_line() -> None:
    day = date(2026, 1, 5)
    points = [
        Point(day=day + timedelta(weeks=at), value=value, lower=value - 0.1, upper=value + 0.1)
        for at, value in enumerate((-0.2, 0.0, 0.3))
    ]
    made = lines_chart(EN, [Drawn(number=1, points=points)], "said", str)
    base = float(re.findall(r'<line class="base"[^>]* y1="([\d.]+)"', made)[0])
    dots = [float(y) for y in re.findall(r'<circle class="dot-seen"[^>]* cy="([\d.]+)"', made)]
    assert dots[0] > dots[1] == base > dots[2]
    assert all(0 < y < 300 for y in dots)
