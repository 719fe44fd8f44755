"""Sources: which answer, what they gave, and what was refused."""

from __future__ import annotations

from dashboard.addresses import submit_path
from dashboard.cards.quality import quality_card
from dashboard.conditions import condition, periods_card
from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.pages.systems import strategy_card, systems_card
from dashboard.parts import as_of, card, heading, outcome_badge, painted, refusal_said, table
from dashboard.scene import PageParts, Scene
from dashboard.source_words import noted
from dashboard.views import SourceHealth
from dashboard.words import coded_name
from warehouse.disclosure.rules import N_BANDS


def _title(scene: Scene) -> str:
    return scene.lang.say("sources_title")


def _health(scene: Scene) -> Component:
    lang, sources = scene.lang, scene.snapshot.sources
    if not sources:
        return html.P(lang.say("sources_none"), className="notice")
    rows = [
        [
            source.source_id,
            html.Time(
                lang.short_moment(source.finished_at), dateTime=source.finished_at.isoformat()
            ),
            html.Div(
                [
                    outcome_badge(lang, source.outcome),
                    html.Div(noted(lang, source.detail), className="quiet"),
                ]
            ),
            condition(lang, source),
            lang.number(source.listed),
            _count(lang, source.published, source),
            lang.number(source.refused),
            f"{lang.number(source.runs)} ({lang.number(source.failed_runs)})",
        ]
        for source in sources
    ]
    headings = [
        lang.say(f"source_{name}")
        for name in (
            "last",
            "outcome",
            "condition",
            "listed",
            "published",
            "refused",
            "runs",
        )
    ]
    return card(
        lang.say("health_title"),
        table(lang.say("health_title"), [lang.say("source"), *headings], rows),
        name="health",
        wide=True,
    )


def _count(lang: Language, count: int, source: SourceHealth) -> str:
    """A count of vacancies, or the lower end of its band; the lowest band is told by its end."""
    if source.at_least and count == 0:
        return lang.say("fewer_than", n=lang.number(N_BANDS[0]))
    return lang.say("at_least", n=lang.number(count)) if source.at_least else lang.number(count)


def _letters(scene: Scene) -> Component:
    lang, refusals = scene.lang, scene.snapshot.refusals
    if scene.snapshot.is_public:
        return ""
    held: Component = html.P(lang.say("letters_none"), className="quiet")
    if refusals:
        rows = [
            [
                coded_name(lang, "stage", refusal.stage),
                refusal_said(lang, refusal.reason),
                lang.number(refusal.count),
                lang.short_moment(refusal.latest),
            ]
            for refusal in refusals
        ]
        headings = [lang.say(f"letter_{name}") for name in ("stage", "reason", "count", "latest")]
        held = table(lang.say("letters_title"), headings, rows)
    return card(
        lang.say("letters_title"),
        html.P(lang.say("letters_lead"), className="quiet"),
        held,
        name="letters",
        wide=True,
    )


def _periods(scene: Scene) -> Component:
    return periods_card(scene.lang, scene.snapshot.periods)


def _content(scene: Scene) -> Component:
    return [
        heading(scene, _title(scene)),
        html.P(scene.lang.say("sources_lead"), className="lead"),
        painted("health", _health(scene)),
        painted("periods", _periods(scene)),
        painted("quality", quality_card(scene)),
        painted("strategy", strategy_card(scene)),
        painted("systems", systems_card(scene)),
        painted("letters", _letters(scene)),
        html.P(html.A(scene.lang.say("submit_link"), href=submit_path(scene.lang.code))),
    ]


PARTS = PageParts(
    title=_title,
    content=_content,
    slots={"as-of": as_of},
    paints={
        "health": _health,
        "periods": _periods,
        "letters": _letters,
        "quality": quality_card,
        "strategy": strategy_card,
        "systems": systems_card,
    },
)
