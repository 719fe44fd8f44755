"""The scorecard of alerts as tables with intervals, or "not assessable". Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from alerts.scorecard.card import NATION, Card, Row, Score, whole
from alerts.scorecard.measures import LEAST, Middle, Share
from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.parts import card as framed
from dashboard.parts import table
from dashboard.words import coded_name, province_name

GROUPINGS: Final = ("province", "kind", "severity", "month")
MEASURES: Final[tuple[tuple[str, Callable[[Score], Share | Middle]], ...]] = (
    ("precision", lambda score: score.precision),
    ("judged", lambda score: score.judged),
    ("explained", lambda score: score.explained),
    ("recall", lambda score: score.recall),
    ("within_week", lambda score: score.within_week),
    ("delay_days", lambda score: score.delay_days),
    ("detected", lambda score: score.detected),
    ("sent", lambda score: score.sent),
    ("acted", lambda score: score.acted),
    ("acknowledged_hours", lambda score: score.acknowledged_hours),
    ("flapped", lambda score: score.flapped),
)
_SHORT: Final = ("precision", "recall", "within_week", "acted", "flapped")


def scorecard(lang: Language, held: Card) -> Component:
    """The whole card: all alerts, then by group."""
    parts: list[Component] = [
        html.P(
            lang.say(
                "score_lead", since=lang.day(held.since), until=lang.day(held.until),
                moment=lang.moment(held.as_of), least=lang.number(LEAST),
            )
        ),
        html.P(_summary(lang, whole(held)), className="summary"),
        _all(lang, whole(held)),
    ]  # fmt: skip
    for count, key in ((held.not_comparable, "score_no_sector"), (held.too_early, "score_early")):
        parts += (
            [html.P(lang.say(key, count=lang.number(count)), className="quiet")] if count else []
        )
    parts += [_group(lang, held, by) for by in GROUPINGS if any(row.by == by for row in held.rows)]
    parts += [_budget(lang, held)] if held.budget else []
    parts.append(html.P(html.A(lang.say("score_save"), className="fetch", download="scorecard.csv",
                               href="/v1/scorecard?format=csv&limit=100000")))  # fmt: skip
    return framed(lang.say("score_title"), *parts, name="score", wide=True)


def _summary(lang: Language, score: Score) -> str:
    return lang.say(
        "score_summary", fired=lang.number(score.alerts), told=lang.number(score.told),
        notified=lang.number(score.notified), events=lang.number(score.events),
        precision=figure_text(lang, score.precision),
        recall=figure_text(lang, score.recall),
    )  # fmt: skip


def figure_text(lang: Language, held: Share | Middle) -> str:
    """A share or median with its interval, or that it cannot be assessed."""
    if held.value is None:
        return lang.say("score_not_assessable")
    write = lang.percent if isinstance(held, Share) else _one_decimal(lang)
    if held.lower is None or held.upper is None:
        return lang.say("score_no_interval", value=write(held.value))
    return lang.say(
        "score_interval", value=write(held.value), lower=write(held.lower), upper=write(held.upper)
    )


def _one_decimal(lang: Language) -> Callable[[float], str]:
    return lambda value: lang.number(value, 1)


def cases_text(lang: Language, held: Share | Middle) -> str:
    """How many cases stand behind it; of a share, how many of them count."""
    if isinstance(held, Share):
        return lang.say("score_of", hits=lang.number(held.hits), of=lang.number(held.of))
    return lang.number(held.n)


def _all(lang: Language, score: Score) -> Component:
    rows = [
        [lang.say(f"score_{name}"), figure_text(lang, of(score)), cases_text(lang, of(score))]
        for name, of in MEASURES
    ]
    headings = [lang.say(key) for key in ("score_measure", "score_figure", "score_cases")]
    return table(lang.say("score_all"), headings, rows)


def _group(lang: Language, held: Card, by: str) -> Component:
    by_name = dict(MEASURES)
    rows = [
        [
            group_text(lang, row), lang.number(row.score.alerts), lang.number(row.score.told),
            lang.number(row.score.events),
            *(_cell(lang, by_name[name](row.score)) for name in _SHORT),
        ]
        for row in held.rows
        if row.by == by
    ]  # fmt: skip
    counts = [lang.say(key) for key in ("score_fired", "score_told", "score_events")]
    headings = [lang.say(f"score_by_{by}"), *counts, *(lang.say(f"score_{key}") for key in _SHORT)]
    title = lang.say("score_grouped", by=lang.say(f"score_by_{by}"))
    return html.Details([html.Summary(title), table(title, headings, rows)])


def _cell(lang: Language, held: Share | Middle) -> Component:
    """A figure with its cases; no case at all is a dash."""
    if not (held.of if isinstance(held, Share) else held.n):
        return "–"
    return html.Span(
        [figure_text(lang, held), html.Span(f" ({cases_text(lang, held)})", className="quiet")]
    )


def group_text(lang: Language, row: Row) -> str:
    """What a row is of."""
    if row.by == "province":
        return place_text(lang, row.province)
    if row.by == "kind":
        return coded_name(lang, "score_kind", row.kind)
    if row.by == "severity":
        return coded_name(lang, "score_severity", row.severity)
    return row.month


def place_text(lang: Language, province: str) -> str:
    """A province, or the nation."""
    return province_name(lang, "all" if province == NATION else province)


def _budget(lang: Language, held: Card) -> Component:
    rows: Sequence[Sequence[Component]] = [
        [
            f"{place_text(lang, use.province)}, {use.month}",
            lang.say("score_of", hits=lang.number(use.spent), of=lang.number(use.budget)),
            lang.number(use.held),
        ]
        for use in held.budget
    ]
    keys = ("score_by_place_month", "score_spent", "score_held")
    title = lang.say("score_budget")
    return html.Details([html.Summary(title), table(title, [lang.say(key) for key in keys], rows)])
