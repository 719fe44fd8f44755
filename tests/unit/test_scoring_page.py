"""*Methods & scorecard*: every indicator described, every figure with its interval or why not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from alerts.calendar import end_of_day
from alerts.scorecard.card import Card, card_of
from alerts.severity import Severity
from alerts.signal import Classification
from alerts.whatif.comparison import WhatIf
from alerts.whatif.policy import ChangeFaultError, Changes
from config.settings import Settings
from dashboard.exploring.choice import listed
from dashboard.language import CODES, language
from dashboard.markup import to_html
from dashboard.scoring.answered import answer
from dashboard.scoring.card import scorecard
from dashboard.scoring.methods import SECTIONS, methods_cards
from dashboard.scoring.trying import Desk, Question, WhatIfError, changes_of
from tests.factories_scorecard import row
from warehouse.scorecard import ScoreFacts

FIRST = date(2026, 3, 2)
LAST = FIRST + timedelta(days=120)
DOCS = Path(__file__).parents[2] / "docs" / "methods.md"
EN = language("en")


def card(alerts: int) -> Card:
    history = [row(f"a{at}", FIRST + timedelta(days=70 + at)) for at in range(alerts)]
    facts = ScoreFacts(history=history, deeds=[], events=[], observed_since=FIRST)
    return card_of(facts, since=FIRST, until=LAST, as_of=end_of_day(LAST), budget=3)


@pytest.mark.parametrize("code", CODES)
def test_every_indicator_is_described_in_both_languages(code: str) -> None:
    text = to_html(methods_cards(language(code)))
    assert text.count('<th scope="row">') == len(listed())
    for row_ in listed().values():
        assert f"methods.md#{SECTIONS[row_['method']]}" in text


def test_sections_named_are_sections_of_the_methods() -> None:
    titles = re.findall(r"^#+ (.+)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(SECTIONS.values()) <= anchors
    assert {row_["method"] for row_ in listed().values()} == set(SECTIONS)


@pytest.mark.parametrize("code", CODES)
def test_kinds_and_severities_have_words(code: str) -> None:
    strings = language(code).strings
    assert {f"score_kind_{kind.value}" for kind in Classification} <= set(strings)
    assert {f"score_severity_{each.value}" for each in Severity} <= set(strings)


def test_few_cases_are_not_assessable_and_more_have_an_interval() -> None:
    few, many = to_html(scorecard(EN, card(3))), to_html(scorecard(EN, card(12)))
    came_back = EN.say("score_flapped")
    shape = rf'<th scope="row">{came_back}</th><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td>'
    assert re.findall(shape, few) == [("not assessable", "0 of 3")]
    assert re.findall(shape, many) == [("0% (0% to 19%)", "0 of 12")]
    assert "12 alerts fired" in many
    assert "Vientiane" in many


def test_an_empty_past_is_a_card_too() -> None:
    text = to_html(scorecard(EN, card(0)))
    assert "0 alerts fired. 0 of them were told" in text


@pytest.mark.parametrize("code", CODES)
def test_three_policies_stand_beside_each_other(code: str) -> None:
    found = WhatIf(
        changes=Changes(budget=2, p_threshold=0.75), since=FIRST, until=LAST,
        recorded=card(12), today=card(11), changed=card(4), escalated=(3, 2, 1),
    )  # fmt: skip
    lang = language(code)
    text = to_html(answer(lang, found))
    fired = rf'<th scope="row">{lang.say("score_fired")}</th>' + r"<td[^>]*>(\d+)</td>" * 3
    assert re.findall(fired, text) == [("12", "11", "4")]
    raised = fired.replace(lang.say("score_fired"), lang.say("score_escalated"))
    assert re.findall(raised, text) == [("3", "2", "1")]
    assert f"{lang.say('change_budget')}: 2" in text
    assert lang.number(0.75, 2) in text


def test_changes_are_read_from_the_form() -> None:
    assert changes_of({"budget": " 4 ", "p_threshold": "0,9"}, Settings()) == Changes(
        budget=4, p_threshold=0.9
    )
    for wrong in ({}, {"budget": "x"}, {"budget": "1.5"}, {"p_threshold": "nan"},
                  {"threshold_scale": "1e9"}, {"repeat_days": "0"}):  # fmt: skip
        with pytest.raises(ChangeFaultError):
            changes_of(wrong, Settings())


def question() -> Question:
    return Question(settings=Settings(), changes=Changes(budget=1), now=end_of_day(LAST))


def test_one_question_is_answered_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = Event(), Event()

    def slow(_: Desk, __: Question) -> None:
        begun.set()
        assert go_on.wait(10)

    monkeypatch.setattr(Desk, "_answer", slow)
    desk = Desk()
    first = Thread(target=desk.answer, args=(question(),))
    first.start()
    assert begun.wait(10)
    with pytest.raises(WhatIfError, match="what_if_busy"):
        desk.answer(question())
    go_on.set()
    first.join()
    desk.answer(question())


def test_a_question_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(WhatIfError, match="what_if_too_long"):
        Desk(limit_s=0.001).answer(question())
