"""How each indicator is made, and its limits, short and in both languages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.elements import Component, html
from dashboard.exploring.choice import listed
from dashboard.exploring.naming import frequency_name, indicator_name
from dashboard.language import Language
from dashboard.parts import card, table

SECTIONS: Final[Mapping[str, str]] = {
    "gamma-poisson": "5-published-figures",
    "count": "5-published-figures",
    "tightness": "shortage-and-its-components",
    "kaplan-meier": "time-advertised",
    "beta-binomial": "shortage-and-its-components",
    "growth": "shortage-and-its-components",
    "quantile": "shortage-and-its-components",
    "hedonic": "shortage-and-its-components",
    "fill-rate": "shortage-and-its-components",
    "applicants-per-vacancy": "shortage-and-its-components",
    "shortage": "shortage-and-its-components",
    "shortage-within-12-weeks": "a-shortage-within-12-weeks",
    "sahin": "mismatch-of-vacancies-and-unemployed",
    "turnover": "mismatch-of-vacancies-and-unemployed",
    "hellinger": "mismatch-of-vacancies-and-unemployed",
    "surplus": "beveridge-curve-surplus-emerging",
    "beveridge": "beveridge-curve-surplus-emerging",
}
"""Where `docs/methods.md` describes each method in full."""
LIMITS: Final = (
    "limit_coverage", "limit_coding", "limit_small", "limit_supply", "limit_revision",
    "limit_models",
)  # fmt: skip


def methods_cards(lang: Language) -> list[Component]:
    """How indicators are made, and what none of them can do."""
    return [_made(lang), _limits(lang)]


def _made(lang: Language) -> Component:
    rows = [
        [
            indicator_name(lang, code),
            lang.say(f"made_{code}"),
            lang.say(f"bound_{row['rule']}"),
            _unit(lang, row),
            html.Code(f"{row['method']} · methods.md#{SECTIONS[row['method']]}"),
        ]
        for code, row in listed().items()
    ]
    headings = [
        lang.say(key)
        for key in ("explore_indicator", "made_how", "made_limit", "made_unit", "made_more")
    ]
    title = lang.say("made_title")
    return card(
        title,
        html.P(lang.say("made_lead")),
        table(title, headings, rows),
        html.P(
            [
                html.A(lang.say("made_save"), href="/v1/indicators?format=csv&limit=1000",
                       className="fetch", download="indicators.csv"),
            ]
        ),
        name="made",
        wide=True,
    )  # fmt: skip


def _unit(lang: Language, row: Mapping[str, str]) -> str:
    unit = lang.say(f"unit_{row['unit'].replace(' ', '_')}")
    return f"{unit}, {frequency_name(lang, row['frequency'])}"


def _limits(lang: Language) -> Component:
    return card(
        lang.say("about_limits_title"),
        html.Ul([html.Li(lang.say(key)) for key in LIMITS]),
        name="limits",
        wide=True,
    )
