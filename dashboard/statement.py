"""`/accessibility`: how far the pages conform to WCAG 2.1, what is amiss, and whom to tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from dashboard.accounts.page import Drawing
from dashboard.addresses import accessibility_path, feedback_path
from dashboard.elements import Component, html
from dashboard.language import CODES, Language
from dashboard.markup import to_html
from dashboard.plain import plain_document

if TYPE_CHECKING:
    from config.settings import Settings
    from dashboard.views import Snapshot

LOOKED_AT: Final = date(2026, 11, 26)
"""Day of the last pass by hand: docs/accessibility.md tells what was found."""
LIMITS: Final = ("lao", "adverts", "map", "pictures")


def statement(lang: Language, address: str) -> Component:
    """The page's content; `address` is where one writes to."""
    limits = [html.Li(lang.say(f"accessibility_limit_{name}")) for name in LIMITS]
    checks = [
        html.Li(lang.say("accessibility_machine")),
        html.Li(lang.say("accessibility_hand", day=lang.day(LOOKED_AT))),
    ]
    form = html.A(lang.say("feedback_link"), href=feedback_path(lang.code))
    return html.Article(
        [
            html.H1(lang.say("accessibility_title"), tabIndex="-1"),
            html.P(lang.say("accessibility_lead"), className="lead"),
            html.H2(lang.say("accessibility_status")),
            html.P(lang.say("accessibility_partly")),
            html.H2(lang.say("accessibility_how")),
            html.Ul(checks),
            html.H2(lang.say("accessibility_limits")),
            html.Ul(limits),
            html.H2(lang.say("accessibility_tell")),
            html.P([lang.say("accessibility_write", address=address), " ", form]),
        ],
        className="prose",
    )


def statement_routes(settings: Settings, snapshot: Callable[[], Snapshot]) -> APIRouter:
    """The page in every language."""
    router = APIRouter(include_in_schema=False)

    def page(code: str) -> Callable[[], HTMLResponse]:
        def show() -> HTMLResponse:
            drawing = Drawing(
                snapshot=snapshot(), demonstration=settings.is_demonstration, language=code
            )
            scene = drawing.scene("accessibility")
            made = to_html(statement(scene.lang, settings.contact_email))
            return plain_document(scene, scene.lang.say("accessibility_title"), made)

        return show

    for code in CODES:
        router.add_api_route(accessibility_path(code), page(code), methods=["GET", "HEAD"])
    return router
