"""`/explore`: any published series by a form and an address, answered like `/v1/series`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clickhouse_connect.driver.exceptions import Error
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from dashboard.accounts.policy import own_province
from dashboard.accounts.visiting import present
from dashboard.addresses import Apart, AskedAddress, apart_path
from dashboard.elements import html
from dashboard.exploring.answer import MOST, Given, Told, answer
from dashboard.exploring.choice import Choice, Line, chosen, query, question
from dashboard.exploring.form import form_values, written
from dashboard.exploring.naming import line_title
from dashboard.language import CODES
from dashboard.markup import to_html
from dashboard.plain import plain_document, templates
from dashboard.push.problems import ProblemError
from dashboard.scene import Scene
from dashboard.v1 import asked
from dashboard.v1.answers import Asking
from dashboard.v1.reading import Reading
from dashboard.v1.refusing import AskedError
from dashboard.v1.series import told_figures
from warehouse.disclosure.records import View
from warehouse.published import ReleaseRow, latest_issue, releases

if TYPE_CHECKING:
    from dashboard.accounts.records import Viewer
    from dashboard.views import Snapshot

_PRIVATE = {"Cache-Control": "private, no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the warehouse said."""

    told: tuple[Told, ...]
    releases: tuple[ReleaseRow, ...]
    pinned: str
    """Moment that the figures are as of; "" before the first was published."""


class Exploring:
    """The page in one language."""

    def __init__(
        self, reading: Reading, snapshot: Callable[[], Snapshot], code: str, *, demonstration: bool
    ) -> None:
        self._reading, self._snapshot, self._code = reading, snapshot, code
        self._demonstration = demonstration

    async def show(self, request: Request) -> HTMLResponse:
        """The form, and the figures that the address asks for."""
        choice = chosen(dict(request.query_params))
        scene = self._scene(query(choice) if request.query_params else "")
        try:
            view = await self._reading.view(request)
        except ProblemError as problem:
            return self._away(scene, problem.status)
        try:
            found = await asyncio.to_thread(self._found, choice, view, present().viewer)
        except (Error, OSError):
            return self._away(scene, 503)
        faulty = any(told.fault for told in found.told)
        return self._page(scene, choice, view, found, 422 if faulty else 200)

    def _found(self, choice: Choice, view: View, viewer: Viewer) -> Found:
        reading = self._reading
        now = reading.clock()
        try:
            client = reading.client()
            asking = Asking(
                client=client, view=view, house=reading.house, now=now, path="", page=MOST,
                own=own_province(viewer) if view is View.PUBLIC else "",
            )  # fmt: skip
            told = tuple(_told(asking, choice, line) for line in choice.lines)
            newest = latest_issue(client)
            pinned = choice.as_of or (written(newest[0]) if newest else "")
            return Found(told=told, releases=tuple(releases(client, as_of=now)), pinned=pinned)
        except (Error, OSError):
            reading.forget()
            raise

    def _page(
        self, scene: Scene, choice: Choice, view: View, found: Found, status: int
    ) -> HTMLResponse:
        lang = scene.lang
        given = self._given(scene, choice, view, found)
        context: dict[str, Any] = {
            "say": lang.say,
            "here": apart_path(lang.code, Apart.EXPLORE),
            "department": view is View.DEPARTMENT,
            "answer": Markup(to_html(answer(lang, given))),  # noqa: S704 - escaped by to_html
            **form_values(lang, choice, view=view, skills=_skills(scene), releases=found.releases),
        }
        content = templates().get_template("explore.html").render(context)
        return self._sent(scene, content, status)

    def _given(self, scene: Scene, choice: Choice, view: View, found: Found) -> Given:
        house, bare = self._reading.house, apart_path(scene.lang.code, Apart.EXPLORE)
        pinned = f"{bare}?{query(choice, as_of=found.pinned)}"
        try:
            as_of = asked.moment({"as_of": found.pinned})
        except AskedError:
            as_of = None  # every series says so
        title = "; ".join(line_title(scene.lang, line) for line in choice.lines)
        return Given(
            choice=choice, told=found.told, view=view, service=house.url,
            own=own_province(scene.viewer),
            about=house.about(title, view=view, as_of=as_of, path=pinned),
            here=f"{house.url}{bare}?{query(choice)}", pinned=f"{house.url}{pinned}",
        )  # fmt: skip

    def _away(self, scene: Scene, status: int) -> HTMLResponse:
        said = scene.lang.say("explore_often" if status == 429 else "explore_away")
        title = html.Div(html.H1(scene.lang.say("page_explore")), className="heading")
        return self._sent(scene, to_html([title, html.P(said, className="notice")]), status)

    def _sent(self, scene: Scene, content: str, status: int) -> HTMLResponse:
        made = plain_document(scene, scene.lang.say("page_explore"), content, status=status)
        made.headers.update(_PRIVATE)
        return made

    def _scene(self, asked_for: str) -> Scene:
        address = AskedAddress(language=self._code, apart=Apart.EXPLORE, query=asked_for)
        return Scene(
            address=address, snapshot=self._snapshot(), demonstration=self._demonstration,
            viewer=present().viewer,
        )  # fmt: skip


def _told(asking: Asking, choice: Choice, line: Line) -> Told:
    try:
        figures = told_figures(asking, question(choice, line), most=MOST)
    except AskedError as fault:
        return Told(line=line, fault=fault)
    return Told(line=line, figures=tuple(figures))


def _skills(scene: Scene) -> set[str]:
    """Skills of which the public is told a figure: what a department sees more of can be typed."""
    lines = scene.snapshot.figures(View.PUBLIC).lines
    return {key.skill for key in lines if key.indicator == "skill_share"}


def explore_routes(
    reading: Reading, snapshot: Callable[[], Snapshot], *, demonstration: bool
) -> APIRouter:
    """The page in every language."""
    router = APIRouter(include_in_schema=False)
    for code in CODES:
        page = Exploring(reading, snapshot, code, demonstration=demonstration)
        router.add_api_route(apart_path(code, Apart.EXPLORE), page.show, methods=["GET", "HEAD"])
    return router
