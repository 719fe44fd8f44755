"""`/answer/…`: what officers do about an alert, by plain forms that work without scripts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from secrets import token_hex
from typing import TYPE_CHECKING, TypeGuard

from clickhouse_connect.driver.exceptions import Error
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.accounts.chain import Deed
from dashboard.accounts.page import Drawing
from dashboard.accounts.policy import Action, Resource, may
from dashboard.accounts.visiting import present
from dashboard.addresses import Page, answer_path
from dashboard.answering.deeds import DAYS, DONE, STATUS, Deeds, Said, may_end
from dashboard.desk import view
from dashboard.elements import html
from dashboard.language import CODES
from dashboard.markup import to_html
from dashboard.pages import closed
from dashboard.plain import plain_document
from dashboard.push.officers import read_form
from dashboard.push.problems import ProblemError
from dashboard.words import alert_heading
from warehouse.client import connect
from warehouse.deeds import ActionRecord, read_actions

if TYPE_CHECKING:
    from dashboard.accounts.desk import FrontDesk
    from dashboard.data import Register
    from dashboard.scene import Scene
    from dashboard.v1.reading import Reading
    from dashboard.views import AlertView


class Answering:
    """The page in one language."""

    def __init__(
        self, reading: Reading, register: Register, desk: FrontDesk, deeds: Deeds, code: str
    ) -> None:
        self._reading, self._register, self._desk = reading, register, desk
        self._deeds, self._code = deeds, code

    async def show(self, request: Request) -> Response:
        """The forms, and what was done so far."""
        alert = self._alert(request)
        if not self._mine(alert):
            return self._closed(request, alert)
        said = request.query_params.get("said", "")
        told = Said(said) if said in DONE else None
        return await self._page(alert, told, {})

    async def act(self, request: Request) -> Response:
        """Do what was submitted, then lead back; a preview does nothing."""
        alert = self._alert(request)
        if not self._mine(alert):
            await self._refused(request)
            return self._closed(request, alert)
        try:
            values = await read_form(request)
        except ProblemError as problem:
            foreign = problem.code == "foreign_form"
            return await self._page(alert, Said.FOREIGN if foreign else Said.INCOMPLETE, {})
        if values.get("step") == "preview":
            return await self._page(alert, None, values)
        viewer = present().viewer
        answer = await asyncio.to_thread(self._deeds.act, viewer, alert, values)
        if answer.said not in DONE:
            return await self._page(alert, answer.said, values)
        if answer.deed is not None:
            await self._desk.answered(viewer.name, answer.deed, alert.alert_id, answer.detail)
        leads = f"{answer_path(self._code, alert.alert_id)}?said={answer.said}"
        return RedirectResponse(leads, 303, headers={"Cache-Control": "no-store"})

    def _alert(self, request: Request) -> AlertView | None:
        return self._register.snapshot.alert(request.path_params["alert_id"])

    @staticmethod
    def _mine(alert: AlertView | None) -> TypeGuard[AlertView]:
        if alert is None:
            return False
        return may(present().viewer, alert.province, Action.ACT, Resource.ALERTS).allowed

    async def _refused(self, request: Request) -> None:
        viewer, alert_id = present().viewer, request.path_params["alert_id"]
        if viewer.is_known:
            await self._desk.answered(viewer.name, Deed.REFUSED, alert_id)

    async def _page(
        self, alert: AlertView, said: Said | None, values: Mapping[str, str]
    ) -> Response:
        preview = values.get("scope", "") if values.get("step") == "preview" else ""
        standing = await asyncio.to_thread(self._deeds.standing, alert, preview)
        history = await asyncio.to_thread(self._history, alert.alert_id)
        scene = self._drawing().scene(f"answer/{alert.alert_id}")
        lang = scene.lang
        given = {
            "heading": alert_heading(lang, alert), "firing": alert.state == "firing",
            "alert": scene.address.to(Page.ALERTS, alert.alert_id).path,
            "once": token_hex(8),
            "said": said or "", "failed": said is not None and said not in DONE,
            "values": values, "preview": preview, "days": [(d, lang.number(d)) for d in DAYS],
            "away": not standing.known,
            "hidden": [alert_heading(lang, view(one)) for one in standing.hidden],
            "silences": [
                (one, lang.moment(one.to_at), may_end(scene.viewer, alert, one))
                for one in standing.silences
            ],
            "history": None
            if history is None
            else [(lang.short_moment(deed.at), deed) for deed in reversed(history)],
        }  # fmt: skip
        status = STATUS.get(said, 200) if said else 200
        return self._drawing().document(
            f"answer/{alert.alert_id}", "answer_title", given, status=status
        )

    def _history(self, alert_id: str) -> list[ActionRecord] | None:
        """Deeds, oldest first; `None` where the warehouse does not answer."""
        try:
            with connect(self._reading.settings, readonly=True) as client:
                return read_actions(client, alert_id=alert_id)
        except (Error, OSError):
            return None

    def _closed(self, request: Request, alert: AlertView | None) -> Response:
        scene = self._drawing().scene(f"answer/{request.path_params['alert_id'][:64]}")
        if alert is None and may(scene.viewer, "", Action.ACT, Resource.ALERTS).allowed:
            return self._unknown(scene)
        content = to_html(html.Div(closed.PARTS.content(scene)))
        return plain_document(scene, closed.PARTS.title(scene), content, status=403)

    def _unknown(self, scene: Scene) -> Response:
        said = to_html(
            [html.H1(scene.lang.say("answer_title")), html.P(scene.lang.say("alert_unknown"))]
        )
        return plain_document(scene, scene.lang.say("answer_title"), said, status=404)

    def _drawing(self) -> Drawing:
        return Drawing(
            snapshot=self._register.snapshot,
            demonstration=self._desk.demonstration,
            language=self._code,
        )


def answer_routes(reading: Reading, register: Register, desk: FrontDesk, deeds: Deeds) -> APIRouter:
    """The page in every language."""
    router = APIRouter(include_in_schema=False)
    for code in CODES:
        page = Answering(reading, register, desk, deeds, code)
        path = answer_path(code, "{alert_id}")
        router.add_api_route(path, page.show, methods=["GET", "HEAD"])
        router.add_api_route(path, page.act, methods=["POST"])
    return router
