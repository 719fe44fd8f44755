"""`/operations`: how the service runs, for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dashboard.accounts.policy import Action, may
from dashboard.accounts.visiting import present
from dashboard.addresses import Apart, AskedAddress, apart_path
from dashboard.elements import html
from dashboard.language import CODES
from dashboard.markup import to_html
from dashboard.operating.page import operations
from dashboard.operating.reading import read_facts
from dashboard.pages import closed
from dashboard.plain import plain_document
from dashboard.scene import Scene

if TYPE_CHECKING:
    from dashboard.data import Register
    from dashboard.v1.reading import Reading


class Operations:
    """The page in one language."""

    def __init__(self, reading: Reading, register: Register, code: str) -> None:
        self._reading, self._register, self._code = reading, register, code

    async def show(self, _request: Request) -> HTMLResponse:
        """The page, or for whom it is."""
        scene = Scene(
            address=AskedAddress(language=self._code, apart=Apart.OPERATIONS),
            snapshot=self._register.snapshot, viewer=present().viewer,
            demonstration=self._reading.settings.is_demonstration,
        )  # fmt: skip
        if not may(scene.viewer, "", Action.READ, Apart.OPERATIONS.needs).allowed:
            content = to_html(html.Div(closed.PARTS.content(scene)))
            return plain_document(scene, closed.PARTS.title(scene), content, status=403)
        facts = await read_facts(self._reading, self._register.trouble)
        title = scene.lang.say("page_operations")
        heading = html.Div(html.H1(title), className="heading")
        return plain_document(scene, title, to_html([heading, operations(scene.lang, facts)]))


def operations_routes(reading: Reading, register: Register) -> APIRouter:
    """The page in every language."""
    router = APIRouter(include_in_schema=False)
    for code in CODES:
        page = Operations(reading, register, code)
        router.add_api_route(apart_path(code, Apart.OPERATIONS), page.show, methods=["GET", "HEAD"])
    return router
