"""The answer of *What if* as tables. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from alerts.scorecard.card import Card, whole
from alerts.scorecard.measures import Middle, Share
from alerts.whatif.comparison import WhatIf
from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.parts import table
from dashboard.scoring.card import MEASURES, cases_text, figure_text, place_text

_COUNTS: Final[tuple[tuple[str, Callable[[Card], int]], ...]] = (
    ("fired", lambda card: whole(card).alerts),
    ("told", lambda card: whole(card).told),
    ("spent", lambda card: sum(use.spent for use in card.budget)),
    ("held", lambda card: sum(use.held for use in card.budget)),
)
_FIGURES: Final = ("precision", "explained", "recall", "within_week", "delay_days", "flapped")
"""Measures of the scorecard that a policy changes."""
_COLUMNS: Final = ("what_if_recorded", "what_if_today", "what_if_changed")


def answer(lang: Language, found: WhatIf) -> Component:
    """Recorded, today's policy replayed and the changed one, beside each other."""
    told = [whole(card).told for card in (found.today, found.changed)]
    said = lang.say(
        "what_if_summary", since=lang.day(found.since), until=lang.day(found.until),
        changes=changes_text(lang, found), today=lang.number(told[0]),
        changed=lang.number(told[1]),
    )  # fmt: skip
    columns, measures = [lang.say(key) for key in _COLUMNS], dict(MEASURES)
    rows = (
        [
            [lang.say(f"score_{name}"), *(lang.number(count(card)) for card in found.cards)]
            for name, count in _COUNTS
        ]
        + [
            [lang.say("score_escalated"), *(lang.number(count) for count in found.escalated)],
        ]
        + [
            [
                lang.say(f"score_{name}"),
                *(_figure(lang, measures[name](whole(card))) for card in found.cards),
            ]
            for name in _FIGURES
        ]
    )
    title = lang.say("what_if_answer")
    parts = [
        html.P(said, className="summary"),
        table(title, [lang.say("score_measure"), *columns], rows),
        html.P(lang.say("what_if_how"), className="quiet"),
    ]
    by_month = list(found.by_month())
    if by_month:
        months = lang.say("what_if_months")
        held = [
            [f"{place_text(lang, one.province)}, {one.month}",
             *(lang.number(count) for count in (one.recorded, one.today, one.changed))]
            for one in by_month
        ]  # fmt: skip
        headings = [lang.say("score_by_place_month"), *columns]
        parts.append(html.Details([html.Summary(months), table(months, headings, held)]))
    return html.Div(parts)


def changes_text(lang: Language, found: WhatIf) -> str:
    """What was changed, in one line."""
    given = asdict(found.changes)
    return "; ".join(
        f"{lang.say(f'change_{name}')}: {lang.number(value, 0 if value == int(value) else 2)}"
        for name, value in given.items()
        if value is not None
    )


def _figure(lang: Language, held: Share | Middle) -> str:
    return f"{figure_text(lang, held)} ({cases_text(lang, held)})"
