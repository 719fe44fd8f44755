"""The answer of *Explore*: charts, tables, and how to fetch, ask for and cite the figures. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import urlencode

from dashboard.cards.trend import feasts_of, line_saying, line_table, points_of
from dashboard.drawing.several import Drawn, lines_chart
from dashboard.drawing.svg import picture
from dashboard.elements import Component, html
from dashboard.exploring.choice import Choice, Line, question
from dashboard.exploring.naming import grain, line_title
from dashboard.holidays import holiday_key
from dashboard.language import Language
from dashboard.parts import card, table
from dashboard.v1.refusing import AskedError
from dashboard.v1.tables import About
from dashboard.wording import unit_of, vintage, why_untold, writer
from warehouse.disclosure.records import Released, View

MOST: Final = 6_000
"""Figures of one series: daily ones of sixteen years."""
FORMS: Final = (("csv", "CSV"), ("xlsx", "XLSX"), ("parquet", "Parquet"), ("json", "JSON"))
_LEAST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A series that was asked for, and what is told of it."""

    line: Line
    figures: tuple[Released, ...] = ()
    """By time; without a value where it is not told, with the reason."""
    fault: AskedError | None = None
    """Why it could not be asked for."""

    @property
    def valued(self) -> list[Released]:
        """Figures with a value."""
        return [one for one in self.figures if one.value is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """All that the page shows below its form."""

    choice: Choice
    told: tuple[Told, ...]
    view: View
    own: str
    """The province that is told exactly, where the view is the public's."""
    about: About
    """Citation and licence; its citation has the vintage pinned."""
    here: str
    """Address of this very question, from http on."""
    pinned: str
    """The same, as of the vintage that is shown."""
    service: str
    """Address of the installation, without a slash at the end."""


def answer(lang: Language, given: Given) -> Component:
    """Everything below the form."""
    return html.Div(
        [
            _shown(lang, given),
            html.Div([_fetching(lang, given), _citing(lang, given)], className="pair loose"),
        ]
    )


def _shown(lang: Language, given: Given) -> Component:
    parts: list[Component] = []
    drawable = [told for told in given.told if len(told.valued) >= _LEAST]
    by_unit = sorted(drawable, key=lambda told: unit_of(told.line.indicator))
    for unit, held in groupby(by_unit, key=lambda told: unit_of(told.line.indicator)):
        parts += _chart(lang, unit, list(held))
    parts += [each for told in given.told for each in _line(lang, told, given)]
    return card(lang.say("explore_figures"), *parts, name="figures", wide=True)


def _chart(lang: Language, unit: str, held: Sequence[Told]) -> list[Component]:
    """One chart for all series of a unit: values of two units cannot be compared by height."""
    held = sorted(held, key=lambda told: told.line.place)
    said = " ".join(f"{line_title(lang, one.line)}: {line_saying(lang, one.figures)}"
                    for one in held)  # fmt: skip
    lines = [Drawn(number=one.line.place, points=points_of(one.figures)) for one in held]
    title = lang.say("explore_chart", unit=_unit_name(lang, unit))
    feasts = {day: told for one in held for day, told in feasts_of(lang, one.figures).items()}
    write = writer(lang, held[0].line.indicator)
    made = lines_chart(lang, lines, f"{title}. {said}", write, feasts)
    key = [
        html.Li([html.Span(className=f"stroke s{one.line.place}", **{"aria-hidden": "true"}),
                 html.Span(line_title(lang, one.line))])  # one piece, whatever it is made of
        for one in held
    ]  # fmt: skip
    return [
        html.H3(title),
        picture(made, "chart-line"),
        *holiday_key(lang, feasts),
        html.Ul(key, className="legend long", **{"aria-label": lang.say("legend")}),
    ]


def _unit_name(lang: Language, unit: str) -> str:
    return lang.say(f"unit_{unit.replace(' ', '_').replace('.', '')}") if unit else "–"


def _line(lang: Language, told: Told, given: Given) -> list[Component]:
    """One series in words and as a table, or why there is none."""
    title = line_title(lang, told.line)
    parts: list[Component] = [html.H3(title), html.P(grain(lang, told.line), className="quiet")]
    if told.fault is not None:
        return [*parts, _fault(lang, told.fault)]
    if not told.figures:
        return [*parts, html.P(_why_none(lang, told.line, given), className="untold-note")]
    if told.valued:
        parts.append(html.P(line_saying(lang, told.figures), className="summary"))
    reasons = Counter(why_untold(lang, one) for one in told.figures if one.value is None)
    if reasons:
        listed = [
            html.Li(lang.say("explore_reason", why=why, count=lang.number(count)))
            for why, count in reasons.most_common()
        ]
        parts += [html.P(lang.say("explore_reasons"), className="quiet"), html.Ul(listed)]
    if len(told.figures) >= MOST:
        parts.append(html.P(lang.say("explore_cut", most=lang.number(MOST)), className="quiet"))
    folded = html.Details(
        [html.Summary([lang.say("show_table"), _unseen(title)]),
         line_table(lang, title, told.figures)]
    )  # fmt: skip
    return [*parts, folded, vintage(lang, told.figures, fetch=False)]


def _fault(lang: Language, fault: AskedError) -> Component:
    said = lang.say("explore_fault", field=fault.field)
    detail = html.Span(f" {fault.expected}", lang="en", className="quiet")
    return html.P([said, detail], className="field-error")


def _why_none(lang: Language, line: Line, given: Given) -> str:
    """Why nothing is told. To the public, that a cell is withheld is not told from its absence."""
    if given.view is View.DEPARTMENT or (given.own and line.province == given.own):
        said = lang.say("explore_none_department")
    elif line.frequency == "D" or len(line.occupation) > 1:
        said = lang.say("explore_none_finer")
    else:
        said = lang.say("explore_none_public")
    return f"{said} {lang.say('explore_none_as_of')}" if given.choice.as_of else said


def _fetching(lang: Language, given: Given) -> Component:
    """Files and calls of each series, by the interface that any program may ask."""
    asked = [(told.line, question(given.choice, told.line)) for told in given.told
             if told.fault is None]  # fmt: skip
    rows = [[line_title(lang, line), *_links(lang, line, words)] for line, words in asked]
    headings = [lang.say("explore_series"), *(name for _, name in FORMS)]
    calls = [
        _copied(f"call-{line.place}", lang.say("explore_call", series=line_title(lang, line)),
                f"curl '{given.service}/v1/series?{urlencode(words)}'")
        for line, words in asked
    ]  # fmt: skip
    title = lang.say("explore_fetch")
    files = [table(title, headings, rows)] if rows else []
    return card(title, *files, *calls, name="fetch")


def _links(lang: Language, line: Line, words: dict[str, str]) -> list[Component]:
    title = _unseen(line_title(lang, line))
    return [
        html.A(
            [lang.say("explore_save"), html.Span(f" {name}", className="unseen"), title],
            href=f"/v1/series?{urlencode({**words, 'limit': str(MOST), 'format': form})}",
            download=f"{line.indicator}.{form}", className="fetch",
        )
        for form, name in FORMS
    ]  # fmt: skip


def _citing(lang: Language, given: Given) -> Component:
    moment = given.about.as_of
    said = lang.say("explore_as_of", moment=lang.moment(moment)) if moment else lang.say(
        "as_of_never")  # fmt: skip
    return card(
        lang.say("explore_cite"),
        html.P(said, className="vintage"),
        _copied("citation", lang.say("explore_citation"), given.about.citation),
        _copied("pinned", lang.say("explore_pinned"), given.pinned),
        _copied("here", lang.say("explore_here"), given.here),
        html.P([lang.say("explore_licence"), " ", html.Span(given.about.licence, lang="en")],
               className="quiet"),
        name="cite",
    )  # fmt: skip


def _copied(name: str, label: str, text: str) -> Component:
    """Text to be copied: a field selects all of it by keyboard and by a long touch."""
    made = html.Textarea(
        text, readOnly=True, rows=str(2 + len(text) // 60), className="copied", lang="en",
        **{"aria-label": label, "data-name": name, "spellCheck": "false"},
    )  # fmt: skip
    return html.Div([html.P(label, className="field-name", **{"aria-hidden": "true"}), made],
                    className="field")  # fmt: skip


def _unseen(text: str) -> Component:
    return html.Span(f": {text}", className="unseen")
