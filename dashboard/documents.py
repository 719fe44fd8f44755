"""HTML documents: each page drawn on the server, readable before and without any script."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dash.backends._fastapi import reset_current_request, set_current_request
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dashboard.accounts.records import NOBODY
from dashboard.accounts.seeing import Views
from dashboard.accounts.visiting import present
from dashboard.addresses import ITEMED, Page, manifest_path, parse
from dashboard.catalogue import is_open, scene_at
from dashboard.frame import frame
from dashboard.keeping import keeping, kept_mark
from dashboard.markup import to_document, to_html
from dashboard.memory import Drawings

if TYPE_CHECKING:
    from dashboard.accounts.records import Viewer
    from dashboard.data import Register
    from dashboard.scene import PageParts, Scene


_MOST: Final = 500
"""Documents of the public that are kept until the data change."""


class Documents:
    """Documents of all pages. The frame that loads the scripts is made once per process."""

    def __init__(
        self,
        register: Register,
        views: Views,
        assets: Path,
        *,
        kept_for: timedelta,
        demonstration: bool,
    ) -> None:
        """What is drawn from where.

        Args:
            register: the data shown.
            views: what of it each viewer may see.
            assets: the folder of our own files.
            kept_for: how long a browser may keep what a log-in shows.
            demonstration: whether this is the demonstration.
        """
        self._register = register
        self._views = views
        self._assets = assets
        self._kept_for = kept_for
        self._demonstration = demonstration
        self._drawings = Drawings(_MOST)
        self._app: Any = None
        self._outer = ""

    def serve_with(self, app: Any) -> None:
        """The Dash application whose scripts the documents load."""
        self._app = app

    def document(self, request: Request) -> HTMLResponse:
        """The document at the request's path; 404 for no page, 403 for one of others."""
        path, viewer = request.url.path, present().viewer
        query, status = request.url.query, _status(path, viewer)
        snapshot = self._views.of(self._register.snapshot, viewer)
        scene, parts = scene_at(
            path, snapshot, viewer, demonstration=self._demonstration, query=query
        )
        shell = self._shell(request)
        draw = partial(_filled, shell, scene, parts, status)
        if viewer == NOBODY and status == HTTPStatus.OK:
            text = self._drawings.of(snapshot.version, (path, query), draw)
        else:
            text = draw()
        return HTMLResponse(
            text,
            status_code=status,
            headers={
                "Cache-Control": "no-cache",
                "Content-Language": scene.lang.code,
                **keeping(present(), self._kept_for),
            },
        )

    def _stamped(self, text: str) -> str:
        """Versions of our own files in their addresses, so that browsers may keep them for good."""
        for mark, name in (("@@STYLE@@", "labourwatch.css"), ("@@SCRIPT@@", "labourwatch.js")):
            text = text.replace(mark, fingerprint((self._assets / name).read_bytes()))
        return text

    def _shell(self, request: Request) -> str:
        if not self._outer:
            # Dash builds its index inside a request of its own kind only.
            token = set_current_request(request)  # type: ignore[no-untyped-call]
            try:
                self._outer = self._stamped(self._app.index())
            finally:
                reset_current_request(token)  # type: ignore[no-untyped-call]
        return self._outer


def _filled(shell: str, scene: Scene, parts: PageParts, status: int) -> str:
    """The shell with a page drawn into it."""
    for mark, value in (
        ("@@LANGUAGE@@", scene.lang.code),
        ("@@TITLE@@", escape(f"{parts.title(scene)} – {scene.lang.say('product')}")),
        ("@@LAO@@", escape(scene.address.in_language("lo").path)),
        ("@@ENGLISH@@", escape(scene.address.in_language("en").path)),
        ("@@MANIFEST@@", manifest_path(scene.lang.code)),
        # A browser keeps no refusal.
        ("@@KEPT@@", to_html(kept_mark(scene)) if status == HTTPStatus.OK else ""),
        ("@@PAINT@@", to_document(frame(scene, parts))),
    ):
        shell = shell.replace(mark, value, 1)
    return shell


def _status(path: str, viewer: Viewer) -> int:
    if parse(path) is None:
        return 404
    return 200 if is_open(path, viewer) else 403


def fingerprint(content: bytes) -> str:
    """A short name of a file's content."""
    return hashlib.sha256(content).hexdigest()[:16]


def page_routes(documents: Documents, assets: Path) -> APIRouter:
    """Addresses of the pages, and Plotly's basic bundle where Dash looks for the full one."""
    router = APIRouter(include_in_schema=False)
    bundle = (assets / "vendor" / "plotly-basic.min.js").read_bytes()
    tag = f'"{fingerprint(bundle)}"'

    @router.get("/_dash-component-suites/plotly/package_data/plotly.min.js")
    async def plotly(request: Request) -> Response:
        headers = {"ETag": tag, "Cache-Control": "public, max-age=86400"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(bundle, media_type="text/javascript", headers=headers)

    page = _page(documents)
    for path in page_paths():
        router.add_api_route(path or "/", page, methods=["GET", "HEAD"])
        router.add_api_route(f"/en{path}", page, methods=["GET", "HEAD"])
    return router


def page_paths() -> list[str]:
    """Paths of all pages without their language; an item that a page does not have is a 404."""
    pages = [f"/{page}" for page in Page if page is not Page.NOW]
    return ["", *pages, *(f"/{page}/{{item}}" for page in ITEMED)]


def elsewhere(documents: Documents) -> APIRouter:
    """Every other address: a page that says so. To be added after all other routes."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/{path:path}", _page(documents), methods=["GET", "HEAD"])
    return router


def _page(documents: Documents) -> Callable[[Request], Awaitable[HTMLResponse]]:
    async def page(request: Request) -> HTMLResponse:
        return documents.document(request)

    return page
