"""The page for owners of the sites we read: who crawls, why, what is kept, how to opt out.

One document without any script; the crawler's User-Agent names its address.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from dashboard.addresses import crawler_path
from dashboard.elements import Component, html
from dashboard.feedback.place import Place, form_path
from dashboard.language import CODES, Language, language
from dashboard.markup import to_document
from dashboard.parts import outcome_badge, table
from scrapers.scrapy_settings import user_agent
from scrapers.source_files import SourceError, load_source

if TYPE_CHECKING:
    from config.settings import Settings
    from dashboard.data import Register
    from dashboard.views import SourceHealth
    from scrapers.sources import Source

_OPT_OUT: Final = "User-agent: Labourwatch\nDisallow: /"
_NARROWED: Final = (
    "User-agent: Labourwatch\nDisallow: /members/\nCrawl-delay: 20\nVisit-time: 1500-2200"
)
_UNITS: Final = ((86_400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlerFacts:
    """What the page tells of this installation."""

    agent: str
    mailbox: str
    demonstration: bool
    declared: Sequence[Source]
    """Enabled sources as their files declare them."""


def facts_of(settings: Settings) -> CrawlerFacts:
    """Read once at the start, as the crawler does. A wrong file is the crawler's to tell: its
    source is not read either."""
    declared = []
    for path in sorted(settings.sources_dir.glob("*.yaml")):
        with suppress(SourceError):
            source = load_source(path)
            if source.enabled and source.address:
                declared.append(source)
    return CrawlerFacts(
        agent=user_agent(settings),
        mailbox=settings.contact_email,
        demonstration=settings.is_demonstration,
        declared=declared,
    )


def crawler_routes(register: Register, facts: CrawlerFacts, style: str) -> APIRouter:
    """`/crawler` in Lao and `/en/crawler` in English.

    Args:
        style: address of the style sheet.
    """
    router = APIRouter(include_in_schema=False)

    def page(code: str) -> HTMLResponse:
        lang = language(code)
        text = document(lang, facts, register.snapshot.sources, style)
        headers = {"Cache-Control": "no-cache", "Content-Language": code}
        return HTMLResponse(text, headers=headers)

    async def in_lao() -> HTMLResponse:
        return page("lo")

    async def in_english() -> HTMLResponse:
        return page("en")

    router.add_api_route("/crawler", in_lao, methods=["GET", "HEAD"])
    router.add_api_route("/en/crawler", in_english, methods=["GET", "HEAD"])
    return router


def document(
    lang: Language, facts: CrawlerFacts, health: Sequence[SourceHealth], style: str
) -> str:
    """The whole page."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(lang.say('crawler_title'))} – {escape(lang.say('product'))}</title>"
        f'<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">'
        f'<link rel="stylesheet" href="{escape(style, quote=True)}">'
    )
    feedback = form_path(lang.code, Place(page=crawler_path(lang.code)))
    body = html.Div(
        [
            html.A(lang.say("skip"), href="#main", className="skip"),
            _header(lang),
            *([_demonstration(lang)] if facts.demonstration else []),
            _main(lang, facts, health),
            html.Footer(
                [
                    html.P(lang.say("footer_local"), className="quiet"),
                    html.P(html.A(lang.say("feedback_link"), href=feedback)),
                ]
            ),
        ],
        className="frame",
    )
    main = to_document(body)
    return (
        f'<!DOCTYPE html>\n<html lang="{lang.code}"><head>{head}</head><body>{main}</body></html>'
    )


def _header(lang: Language) -> Component:
    names = [
        html.Span(lang.say("product"), className="brand-name"),
        html.Span(lang.say("product_line"), className="brand-line"),
    ]
    home = "/" if lang.code == "lo" else f"/{lang.code}"
    mark = html.Span(className="mark", **{"aria-hidden": "true"})
    brand = html.A([mark, html.Span(names)], href=home, className="brand")
    links = [
        html.A(
            lang.say(f"language_{code}"),
            href=crawler_path(code),
            lang=code,
            hrefLang=code,
            className="here" if code == lang.code else "",
        )
        for code in CODES
    ]
    languages = html.Nav(links, className="languages", **{"aria-label": lang.say("language")})
    tools = html.Div(languages, className="tools")
    return html.Header(html.Div([brand, tools], className="bar"), className="top")


def _demonstration(lang: Language) -> Component:
    return html.Aside(
        lang.say("demonstration"),
        className="demonstration",
        **{"aria-label": lang.say("demonstration_label")},
    )


def _main(lang: Language, facts: CrawlerFacts, health: Sequence[SourceHealth]) -> Component:
    say = lang.say
    agent = html.Pre(html.Code(facts.agent), tabIndex="0")
    parts: list[Component] = [html.H1(say("crawler_title")), html.P(say("crawler_lead"))]
    parts += [html.H2(say("crawler_who_title")), html.P(say("crawler_who", email=facts.mailbox))]
    for name in ("why", "basis", "kept", "often"):
        parts += [html.H2(say(f"crawler_{name}_title")), html.P(say(f"crawler_{name}"))]
    parts += [
        html.H2(say("crawler_agent_title")),
        html.P(say("crawler_agent")),
        agent,
        html.P(say("crawler_token")),
        html.H2(say("crawler_out_title")),
        html.P(say("crawler_out")),
        html.Pre(html.Code(_OPT_OUT), tabIndex="0"),
        html.P(say("crawler_narrow")),
        html.Pre(html.Code(_NARROWED), tabIndex="0"),
        html.P([say("crawler_write"), " ", html.A(facts.mailbox, href=f"mailto:{facts.mailbox}")]),
        html.H2(say("crawler_deliver_title")),
        html.P(say("crawler_deliver")),
        html.H2(say("crawler_sources_title")),
        _sources(lang, facts.declared, {source.source_id: source for source in health}),
    ]
    return html.Main(html.Article(parts, className="prose crawler"), tabIndex="-1")


def _sources(
    lang: Language, declared: Sequence[Source], health: dict[str, SourceHealth]
) -> Component:
    if not declared:
        return html.P(lang.say("crawler_sources_none"), className="notice")
    headings = [
        lang.say("source"),
        *(lang.say(f"crawler_column_{name}") for name in ("schedule", "visit", "basis")),
    ]
    rows = [_row(lang, source, health.get(source.id)) for source in declared]
    return table(lang.say("crawler_sources_title"), headings, rows)


def _row(lang: Language, source: Source, health: SourceHealth | None) -> list[Any]:
    host = urlsplit(source.address).hostname or ""
    visit: list[Any] = [lang.say("crawler_not_yet")]
    if health is not None:
        moment = html.Time(
            lang.short_moment(health.finished_at), dateTime=health.finished_at.isoformat()
        )
        visit = [outcome_badge(lang, health.outcome), " ", moment]
    return [
        html.Span([source.name, html.Div(f"{source.owner} · {host}", className="quiet")]),
        _every(lang, source.schedule_s),
        html.Span(visit),
        html.Span(source.legal_basis, lang="en"),  # as whoever registered it wrote it
    ]


def _every(lang: Language, seconds: float) -> str:
    """How often, in the largest unit that fits."""
    size, unit = next(((s, u) for s, u in _UNITS if seconds >= s), _UNITS[-1])
    return lang.say(f"crawler_every_{unit}", count=lang.number(seconds / size, 0))
