"""The condition of a source in the reader's language: verdict, since when, which metric moved."""

from __future__ import annotations

from typing import Final

from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.parts import card, table
from dashboard.views import MetricChange, SourceHealth, TroubledPeriod

_MARKS: Final = {"healthy": "✓", "suspicious": "?", "changed": "!", "outage": "✕"}
_CSS: Final = {"healthy": "good", "changed": "firing", "outage": "firing"}
_NUMBERS: Final = frozenset({"empty_listing", "listing_exploded"})
"""Reasons whose figures are numbers of postings; the others are shares, and one is in seconds."""
_SHOWN: Final = 3


def condition(lang: Language, source: SourceHealth) -> Component:
    """Badge, beginning and changed metrics of one source."""
    if not source.verdict:
        return html.Span(lang.say("verdict_unmeasured"), className="quiet")
    lines = [_line(lang, change) for change in source.changes[:_SHOWN]]
    if source.since is not None:
        since = html.Time(lang.short_moment(source.since), dateTime=source.since.isoformat())
        lines.insert(0, html.Div([lang.say("condition_since"), " ", since], className="quiet"))
    return html.Div([verdict_badge(lang, source.verdict), *lines])


def verdict_badge(lang: Language, verdict: str) -> Component:
    """A verdict as shape, colour and word."""
    mark = html.Span(_MARKS.get(verdict, "·"), **{"aria-hidden": "true"})
    css = f"badge {_CSS.get(verdict, '')}".strip()
    return html.Span([mark, " ", lang.say(f"verdict_{verdict}")], className=css)


def reason_name(lang: Language, reason: str) -> str:
    """A reason in words; the code itself where the languages have no word for it."""
    key = f"health_{reason}"
    return lang.say(key) if key in lang.strings else reason.replace("_", " ")


def periods_card(lang: Language, periods: tuple[TroubledPeriod, ...]) -> Component:
    """The latest periods in which a source could not be believed."""
    held: Component = html.P(lang.say("periods_none"), className="quiet")
    if periods:
        rows = [
            [
                period.source_id,
                verdict_badge(lang, period.kind),
                html.Time(lang.short_moment(period.from_at), dateTime=period.from_at.isoformat()),
                _until(lang, period),
                reason_name(lang, period.reason),
            ]
            for period in periods
        ]
        headings = [lang.say(f"period_{name}") for name in ("kind", "from", "until", "reason")]
        held = table(lang.say("periods_title"), [lang.say("source"), *headings], rows)
    return card(
        lang.say("periods_title"),
        html.P(lang.say("periods_lead"), className="quiet"),
        held,
        name="periods",
        wide=True,
    )


def _line(lang: Language, change: MetricChange) -> Component:
    what = reason_name(lang, change.reason)
    if change.before is None or change.after is None:
        return html.Div(what)
    figures = lang.say(
        "condition_change",
        before=_figure(lang, change.reason, change.before),
        after=_figure(lang, change.reason, change.after),
    )
    return html.Div([what, ": ", html.Strong(figures)])


def _figure(lang: Language, reason: str, value: float) -> str:
    if reason in _NUMBERS:
        return lang.number(value)
    if reason == "latency_rose":
        return lang.say("seconds", value=lang.number(value, 1))
    return lang.percent(value)


def _until(lang: Language, period: TroubledPeriod) -> Component:
    if period.to_at is None:
        return html.Strong(lang.say("period_lasts"))
    moment = html.Time(lang.short_moment(period.to_at), dateTime=period.to_at.isoformat())
    return html.Div([moment, html.Div(lang.say(f"ending_{period.ending}"), className="quiet")])
