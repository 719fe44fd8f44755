"""`/methods`: how indicators are made, how right alerts are, and what another policy had told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

from clickhouse_connect.driver.exceptions import Error
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from redis.exceptions import RedisError

from alerts.scorecard.card import Card, card_of, last_day
from alerts.whatif.policy import ChangeFaultError
from dashboard.accounts.policy import Action, Resource, may
from dashboard.accounts.visiting import present
from dashboard.addresses import Apart, AskedAddress, apart_path
from dashboard.elements import Component, html
from dashboard.language import CODES
from dashboard.markup import to_html
from dashboard.pages import closed
from dashboard.plain import plain_document, templates
from dashboard.push.officers import read_form
from dashboard.push.problems import ProblemError
from dashboard.scene import Scene
from dashboard.scoring.answered import answer
from dashboard.scoring.card import scorecard
from dashboard.scoring.methods import methods_cards
from dashboard.scoring.trying import BROKEN, WHOLE, Desk, Question, WhatIfError, changes_of
from dashboard.v1.reading import Reading
from warehouse.scorecard import FactsMark, read_facts_mark, read_score_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.views import Snapshot

_PERIOD: Final = timedelta(days=365)
FIELDS: Final = (*BROKEN, *WHOLE)


class Cards:
    """The scorecard of the last year, made again once anything is recorded or a day ends."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._lock = Lock()
        self._held: tuple[FactsMark, Card] | None = None

    def present(self) -> Card:
        """The card. Blocks.

        Raises:
            Error, OSError: the warehouse does not answer.
        """
        now = self._reading.clock()
        with self._lock:
            try:
                return self._card(now)
            except (Error, OSError):
                self._reading.forget()
                raise

    def _card(self, now: datetime) -> Card:
        client, until = self._reading.client(), last_day(now)
        mark = read_facts_mark(client, as_of=now)
        if self._held is None or self._held[0] != mark or self._held[1].until != until:
            card = card_of(
                read_score_facts(client, as_of=now), since=until - _PERIOD, until=until, as_of=now,
                budget=self._reading.settings.alert_budget,
            )  # fmt: skip
            self._held = (mark, card)
        return self._held[1]


class Methods:
    """The page in one language."""

    def __init__(
        self, reading: Reading, cards: Cards, desk: Desk, snapshot: Callable[[], Snapshot],
        code: str,
    ) -> None:  # fmt: skip
        self._reading, self._cards, self._desk = reading, cards, desk
        self._snapshot, self._code = snapshot, code

    async def show(self, _request: Request) -> HTMLResponse:
        """The page."""
        return await self._page()

    async def ask(self, request: Request) -> HTMLResponse:
        """The page with the answer to what was submitted."""
        if not may(present().viewer, "", Action.ACT, Resource.WHAT_IF).allowed:
            scene = self._scene()
            content = to_html(html.Div(closed.PARTS.content(scene)))
            return plain_document(scene, closed.PARTS.title(scene), content, status=403)
        try:
            values = await read_form(request)
        except ProblemError as problem:
            said = "what_if_foreign" if problem.code == "foreign_form" else "what_if_unreadable"
            return await self._page(said=said, status=problem.status)
        return await self._answered(values)

    async def _answered(self, values: Mapping[str, str]) -> HTMLResponse:
        settings, now = self._reading.settings, self._reading.clock()
        try:
            changes = changes_of(values, settings)
        except ChangeFaultError as fault:
            return await self._page(
                said="what_if_fault", detail=str(fault), values=values, status=422
            )
        question = Question(settings=settings, changes=changes, now=now)
        try:
            found = await asyncio.to_thread(self._desk.answer, question)
        except WhatIfError as error:
            return await self._page(said=str(error.args[0]), values=values, status=503)
        return await self._page(answered=answer(self._scene().lang, found), values=values)

    async def _page(
        self, *, said: str = "", detail: str = "", answered: Component | None = None,
        values: Mapping[str, str] | None = None, status: int = 200,
    ) -> HTMLResponse:  # fmt: skip
        scene = self._scene()
        lang = scene.lang
        context = {
            "say": lang.say,
            "here": apart_path(lang.code, Apart.METHODS),
            "cards": _made(methods_cards(lang)),
            "score": _made(await self._score(scene)),
            "may_ask": may(scene.viewer, "", Action.ACT, Resource.WHAT_IF).allowed,
            "fields": FIELDS,
            "values": {name: (values or {}).get(name, "")[:20] for name in FIELDS},
            "said": said,
            "detail": detail,
            "answered": _made(answered),
        }
        content = templates().get_template("methods.html").render(context)
        return plain_document(scene, lang.say("page_methods"), content, status=status)

    async def _score(self, scene: Scene) -> Component:
        try:
            held = await asyncio.to_thread(self._cards.present)
        except (Error, OSError, RedisError):
            return html.P(scene.lang.say("score_away"), className="notice")
        return scorecard(scene.lang, held)

    def _scene(self) -> Scene:
        return Scene(
            address=AskedAddress(language=self._code, apart=Apart.METHODS),
            snapshot=self._snapshot(), viewer=present().viewer,
            demonstration=self._reading.settings.is_demonstration,
        )  # fmt: skip


def _made(component: Component | None) -> Markup:
    return Markup(to_html(component))  # noqa: S704 - escaped by to_html


def methods_routes(reading: Reading, snapshot: Callable[[], Snapshot]) -> APIRouter:
    """The page in every language; one desk for all."""
    router = APIRouter(include_in_schema=False)
    cards, desk = Cards(reading), Desk()
    for code in CODES:
        page = Methods(reading, cards, desk, snapshot, code)
        path = apart_path(code, Apart.METHODS)
        router.add_api_route(path, page.show, methods=["GET", "HEAD"])
        router.add_api_route(path, page.ask, methods=["POST"])
    return router
