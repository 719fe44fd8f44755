"""What readers say of pages, on *Operations*: what waits, and what is not closed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.elements import Component, html
from dashboard.parts import card, table

if TYPE_CHECKING:
    from dashboard.language import Language
    from dashboard.operating.facts import Facts
    from warehouse.feedback import FeedbackItem


def feedback_card(lang: Language, facts: Facts) -> Component:
    """Each with page, vintage, kind and text; answering is for the command."""
    title = lang.say("ops_feedback")
    parts: list[Component] = []
    if facts.store is not None and facts.store.feedback_waiting:
        waiting = lang.number(facts.store.feedback_waiting)
        parts.append(html.P(lang.say("ops_feedback_waiting", count=waiting)))
    held = facts.warehouse.feedback if facts.warehouse else ()
    if held:
        names = ("ops_when", "feedback_kind", "feedback_page", "feedback_as_of",
                 "ops_feedback_text", "ops_feedback_state")  # fmt: skip
        headings = [lang.say(name) for name in names]
        parts += [table(title, headings, [_row(lang, item) for item in held]),
                  html.P(lang.say("ops_feedback_more"), className="quiet")]  # fmt: skip
    elif not parts:
        parts.append(html.P(lang.say("ops_none"), className="quiet"))
    return card(title, *parts, name="feedback", wide=True)


def _row(lang: Language, item: FeedbackItem) -> list[Component]:
    one = item.feedback
    vintage = lang.short_moment(one.page_as_of) if one.page_as_of else "–"
    if one.release_id:
        vintage = f"{vintage} · {one.release_id}"
    return [
        html.Div(
            [lang.short_moment(one.received_at), html.Div(one.feedback_id[:8], className="quiet")]
        ),
        lang.say(f"feedback_kind_{one.kind}"),
        html.A(one.page, href=one.page) if one.page else "–",
        vintage,
        html.Div(one.text, className="written", lang=one.language),
        lang.say(f"ops_feedback_{item.state}"),
    ]
