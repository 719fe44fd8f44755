"""Key figures: each with its interval, n and grade, or with the reason why it is not told."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.released import STOCK
from dashboard.wording import interval_text, n_clause, value_text, why_untold
from warehouse.disclosure.records import Released
from warehouse.series import Standing


def tile(lang: Language, label: str, one: Released | None, note: str = "") -> Component:
    """A key figure; an answer of a coarser cell is none of this one."""
    why = why_untold(lang, one)
    if one is None or why or one.standing is Standing.ROLLED_UP:
        notes = [html.Dd(why or lang.say("untold_too_few"), className="note")]
        return _tile(label, lang.say("not_told"), notes, "untold")
    facts = []
    if one.series.indicator == STOCK:  # counted whole: its ends are what rounding leaves open
        facts += [lang.say("public_rounded", step=lang.number(one.step))] if one.step else []
    elif one.lower is not None:
        facts.append(lang.say("tile_interval", interval=interval_text(lang, one)))
    facts.append(
        lang.say("tile_n", n=n_clause(lang, one), grade=one.grade) if one.grade
        else n_clause(lang, one)
    )  # fmt: skip
    notes = [html.Dd(text, className="note") for text in (*facts, note) if text]
    return _tile(label, value_text(lang, one), notes, "")


def tiles(lang: Language, held: Sequence[Component]) -> Component:
    """Key figures in a row."""
    return html.Section(
        [
            html.H2(lang.say("figures_title"), className="unseen"),
            html.Dl(list(held), className="tiles"),
        ],
        **{"aria-label": lang.say("figures_title")},
    )


def _tile(label: str, value: str, notes: Sequence[Component], css: str) -> Component:
    shown = html.Dd(value, className="value words" if css else "value")
    return html.Div([html.Dt(label), shown, *notes], className=f"tile {css}".strip())
