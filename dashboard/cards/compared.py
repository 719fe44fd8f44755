"""A table in which every row has a picture: one figure of many cells on a common scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.drawing.whiskers import Scale, scale_of, whisker
from dashboard.elements import Component, dcc, html
from dashboard.language import Language
from dashboard.wording import Write, n_text, why_untold, writer
from warehouse.disclosure.records import Released

_MANY: Final = 3
"""Rows that are not told for one reason from which they are named together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One row: a name, its figure, and where the name leads ("" nowhere)."""

    name: Component
    figure: Released | None
    href: str = ""
    css: str = ""
    """`here` for the subject of the page, `whole` for what it is compared with."""
    per: float = 1.0
    """What value and interval are multiplied by: a rate of a count."""

    def scaled(self) -> tuple[float | None, float | None, float | None]:
        """Value and ends of the interval as shown."""
        one = self.figure
        if one is None or one.value is None:
            return None, None, None
        lower = None if one.lower is None else one.lower * self.per
        upper = None if one.upper is None else one.upper * self.per
        return one.value * self.per, lower, upper


def compared_table(
    lang: Language,
    caption: str,
    heading: str,
    rows: Sequence[Compared],
    mark: Compared | None = None,
    write: Write | None = None,
) -> Component:
    """Name, value, picture, interval and n of every row; reasons in place of what is not told.

    One sentence in place of the table where no row is told, all for one reason.

    Args:
        lang: the reader's language.
        caption: what the table shows.
        heading: of the column of names.
        rows: in the order shown.
        mark: a figure drawn as a line across all rows.
        write: a value as text; of its indicator by default.
    """
    reasons = {why_untold(lang, row.figure) for row in rows}
    if len(reasons) == 1 and "" not in reasons:
        return html.P(lang.say("all_untold", why=reasons.pop()), className="untold-note")
    folded = {why for why in reasons if why and _count(lang, rows, why) >= _MANY}
    kept = [row for row in rows if why_untold(lang, row.figure) not in folded]
    ends = [end for row in kept for end in row.scaled()]
    scale = scale_of(ends, mark.scaled()[0] if mark else None)
    names = (heading, lang.say("value"), lang.say("picture"), lang.say("interval"), "n")
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in names]))
    body = html.Tbody([_row(lang, row, scale, write) for row in kept])
    table = html.Table([html.Caption(caption), head, body], className="compared")
    shown = html.Div(
        table, className="table-holder", tabIndex="0", role="group", **{"aria-label": caption}
    )
    return html.Div([shown, *(_together(lang, rows, why) for why in sorted(folded))])


def _count(lang: Language, rows: Sequence[Compared], why: str) -> int:
    return sum(why_untold(lang, row.figure) == why for row in rows)


def _together(lang: Language, rows: Sequence[Compared], why: str) -> Component:
    """Rows that are not told for one reason, in one sentence instead of a line for each."""
    parts: list[Component] = [f"{why}: "]
    for row in rows:
        if why_untold(lang, row.figure) == why:
            name = dcc.Link(row.name, href=row.href) if row.href else row.name
            parts += [name, ", "]
    return html.P([*parts[:-1], "."], className="quiet together")


def _row(lang: Language, row: Compared, scale: Scale, write: Write | None) -> Component:
    name = dcc.Link(row.name, href=row.href) if row.href else row.name
    one, why = row.figure, why_untold(lang, row.figure)
    value, lower, upper = row.scaled()
    if one is None or value is None:
        cells = [html.Td("–", className="told"), html.Td(why, colSpan=3, className="why")]
    else:
        written = write or writer(lang, one.series.indicator, bare=True)
        between = "–"
        if lower is not None and upper is not None:
            between = lang.say("legend_between", lower=written(lower), upper=written(upper))
        cells = [
            html.Td(written(value), className="told"),
            html.Td(whisker(scale, value, lower, upper), className="pictured"),
            html.Td(between, className="between"),
            html.Td(
                n_text(lang, one),
                className="many",
                **{"data-label": "n" if one.n_at_least else "n ="},
            ),
        ]
    return html.Tr([html.Th(name, scope="row"), *cells], className=row.css)
