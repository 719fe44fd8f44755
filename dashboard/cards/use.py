"""Active users by quarter and response times: how the service is used, without knowing who."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.elements import Component, html
from dashboard.parts import table
from warehouse.active_users import QuarterUse, counted, last_of_quarter
from warehouse.response_times import GOAL_S, ResponseTimes

if TYPE_CHECKING:
    from dashboard.language import Language
    from warehouse.usage_figures import Use


def use_tables(lang: Language, use: Use | None) -> list[Component]:
    """Indicators 1.2 and 1.3 as tables, with n, period and source."""
    if use is None or not (use.quarters or any(one.n for one in use.times)):
        return [html.P(lang.say("use_none"), className="quiet")]
    users, times = lang.say("use_users"), lang.say("use_times")
    names = ("use_quarter", "use_value", "use_interval", "use_inside", "use_requests")
    kinds = ("use_asked", "use_mean", "use_interval", "use_within", "use_requests")
    quarters = [_quarter(lang, use, one) for one in reversed(use.quarters)]
    since = [one.since for one in use.times]
    return [
        *([table(users, [lang.say(name) for name in names], quarters)] if quarters else []),
        table(times, [lang.say(name) for name in kinds], [_times(lang, one) for one in use.times]),
        html.P(
            lang.say(
                "use_source", since=lang.short_day(min(since)), until=lang.short_day(use.today),
                time=lang.short_moment(use.as_of),
            ),
            className="quiet",
        ),
    ]  # fmt: skip


def _quarter(lang: Language, use: Use, one: QuarterUse) -> list[Component]:
    ends = last_of_quarter(one.quarter)
    name = _between(lang, lang.short_day(one.quarter), lang.short_day(min(ends, use.today)))
    found = counted(one.filled)
    running = [html.Div(lang.say("use_running"), className="quiet")] if use.today <= ends else []
    return [
        html.Div([name, *running]),
        lang.number(found.value),
        _between(lang, lang.number(found.lower), lang.number(found.upper)),
        lang.number(counted(one.filled_inside).value),
        lang.number(one.requests),
    ]


def _times(lang: Language, one: ResponseTimes) -> list[Component]:
    goal = lang.number(GOAL_S[one.asked])
    mean, ends, within = "–", "–", "–"
    if one.mean_s is not None and one.lower_s is not None and one.upper_s is not None:
        mean = lang.say("seconds", value=lang.number(one.mean_s, 3))
        ends = _between(lang, lang.number(one.lower_s, 3), lang.number(one.upper_s, 3))
    if one.within is not None:
        within = lang.say("use_within_goal", share=lang.percent(one.within), goal=goal)
    return [lang.say(f"use_{one.asked}"), mean, ends, within, lang.number(one.n)]


def _between(lang: Language, lower: str, upper: str) -> str:
    return lang.say("legend_between", lower=lower, upper=upper)
