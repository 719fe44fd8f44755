"""Charts, sentences and tables mark the weeks that hold public holidays; no I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from dashboard.accounts.records import NOBODY
from dashboard.cards.trend import feasts_of, line_saying, trend_card
from dashboard.catalogue import scene_at
from dashboard.drawing.evidence import evidence_chart
from dashboard.figures import flow_figure
from dashboard.holidays import MARK, ordinary_share
from dashboard.language import CODES, language
from dashboard.markup import to_html
from dashboard.released import MONTHLY, NATION, WEEKLY, Figures, last_day
from dashboard.views import Snapshot
from tests.factories_released import observation, released
from warehouse.disclosure.records import Released, View
from warehouse.series import Frequency

EN = language("en")
LAST = date(2026, 11, 16)
"""The Monday of the newest week, which holds no holidays."""
CALM = [100.0 + at for at in range(60)]


def weeks(
    counts: Sequence[float], indicator: str = "flow", frequency: Frequency = WEEKLY
) -> tuple[Released, ...]:
    first = LAST - timedelta(weeks=len(counts) - 1)
    return tuple(
        released(
            observation(
                indicator,
                frequency=frequency,
                time_value=first + timedelta(weeks=at),
                value=count,
                n=100,
            )
            for at, count in enumerate(counts)
        )
    )


def drawn(line: tuple[Released, ...], prefix: str = "/en") -> str:
    figures = Figures(lines={NATION.series("flow", WEEKLY): line})
    held = Snapshot(released=dict.fromkeys(View, figures))
    scene, _ = scene_at(f"{prefix}/", held, NOBODY, demonstration=False)
    return to_html(trend_card(scene, NATION))


@pytest.mark.parametrize("code", CODES)
def test_chart_table_and_sentence_agree_on_the_weeks_with_holidays(code: str) -> None:
    told, line = language(code), weeks(CALM)
    count = sum(ordinary_share(last_day(one)) < 1 for one in line)
    text = drawn(line, "/en" if code == "en" else "")
    named = re.findall(r'class="holiday"[^>]*><title>(.*?)</title>', text)
    assert len(named) == count >= 9
    assert any(told.say("holiday_pi_mai") in said for said in named)
    assert text.count(f'<span class="quiet">{MARK} ') == count
    assert told.say("say_line_holidays", count=told.number(count)) in text
    assert told.say("holiday_week") in text


def test_a_lowest_week_says_which_holidays_it_held() -> None:
    line = weeks(CALM)
    feast = next(at for at, one in enumerate(line) if ordinary_share(last_day(one)) == 0)
    low = weeks([*CALM[:feast], 3.0, *CALM[feast + 1 :]])
    assert "The lowest is one of them: Pi Mai Lao." in line_saying(EN, low)
    assert "The lowest is one of them" not in line_saying(EN, weeks([*CALM[:-1], 3.0]))


def test_nothing_is_marked_where_holidays_say_nothing() -> None:
    assert feasts_of(EN, weeks(CALM, "growth")) == {}
    assert feasts_of(EN, weeks(CALM, frequency=MONTHLY)) == {}
    calm = [one for one in weeks(CALM) if ordinary_share(last_day(one)) == 1]
    assert "holidays" not in line_saying(EN, calm)


def test_evidence_marks_the_same_weeks_with_and_without_scripts() -> None:
    ends = [last_day(one) for one in weeks(CALM)]
    still = evidence_chart(EN, [(end, 9, None) for end in ends], ends[30], "said")
    figure = flow_figure(EN, ends, [9] * len(ends), [None] * len(ends))
    (marks,) = (trace for trace in figure["data"] if trace.get("mode") == "text")
    assert still.count('class="holiday"') == len(marks["x"]) == len(marks["hovertext"]) >= 9
