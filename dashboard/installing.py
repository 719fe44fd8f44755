"""What makes the dashboard an app that opens without a connection: manifest, worker, a last page.

Everything here is the same for everybody. Which pages the worker keeps, whose and for how long,
stands in `keeping`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from dashboard.accounts.page import ApartAddress
from dashboard.addresses import Address, Page, manifest_path, offline_path
from dashboard.documents import fingerprint
from dashboard.elements import html
from dashboard.language import CODES, Language, language
from dashboard.markup import to_html
from dashboard.plain import plain_document
from dashboard.scene import Scene

if TYPE_CHECKING:
    from dashboard.views import Snapshot

_NAVY: Final = "#0f2a52"
_ICONS: Final = (("any", 192), ("any", 512), ("maskable", 512))
_FONTS: Final = ("lao-lao", "lao-latin")


def manifest(lang: Language) -> dict[str, Any]:
    """The web app manifest in one language; one app, whichever language it was installed in."""
    home = Address(language=lang.code).path
    return {
        "id": "/",
        "name": lang.say("product"),
        "short_name": lang.say("product_short"),
        "description": lang.say("product_line"),
        "lang": lang.code,
        "dir": "ltr",
        "start_url": home,
        "scope": "/",
        "display": "standalone",
        "theme_color": _NAVY,
        "background_color": "#f3f5f9",
        "icons": [
            {
                "src": f"/assets/icons/{purpose}-{size}.png", "sizes": f"{size}x{size}",
                "type": "image/png", "purpose": purpose,
            }
            for purpose, size in _ICONS
        ],
        "shortcuts": [
            {"name": lang.say(f"page_{page}"), "url": Address(language=lang.code, page=page).path}
            for page in (Page.ALERTS, Page.PROVINCES)
        ],
    }  # fmt: skip


def worker(read: Callable[[str], bytes]) -> str:
    """The worker's source for the files of this version: another file makes another worker.

    Args:
        read: gives a file below `assets/`.
    """
    names = [
        *(f"fonts/noto-sans-{name}-wght-normal.woff2" for name in _FONTS), "mark.svg",
        *(f"icons/{purpose}-{size}.png" for purpose, size in _ICONS[:1]),
    ]  # fmt: skip
    style = read("labourwatch.css")
    paths = [f"/assets/{name}" for name in names]
    paths += [f"/assets/labourwatch.css?m={fingerprint(style)}"]
    paths += [offline_path(code) for code in CODES]
    script = read("worker.js")
    held = b"".join([*(read(name) for name in names), style, script])
    words = "".join(language(code).say("offline_lead") for code in CODES)
    version = fingerprint(held + words.encode())
    return script.decode().replace("@@VERSION@@", version).replace("@@SHELL@@", json.dumps(paths))


def installing_routes(snapshot: Callable[[], Snapshot], *, demonstration: bool) -> APIRouter:
    """`/worker.js`, and in every language the manifest and the page for what was not kept."""
    router = APIRouter(include_in_schema=False)
    source = worker(lambda name: files("dashboard").joinpath("assets", name).read_bytes())

    async def working() -> Response:
        headers = {"Cache-Control": "no-cache"}
        return Response(source, media_type="text/javascript", headers=headers)

    router.add_api_route("/worker.js", working, methods=["GET", "HEAD"])
    for code in CODES:
        made = manifest(language(code))
        router.add_api_route(manifest_path(code), _always(made), methods=["GET", "HEAD"])
        page = _not_kept(snapshot, code, demonstration=demonstration)
        router.add_api_route(offline_path(code), page, methods=["GET", "HEAD"])
    return router


def _always(made: Mapping[str, Any]) -> Callable[[], Any]:
    async def answer() -> Response:
        return JSONResponse(
            made, media_type="application/manifest+json",
            headers={"Cache-Control": "public, max-age=86400"},
        )  # fmt: skip

    return answer


def _not_kept(
    snapshot: Callable[[], Snapshot], code: str, *, demonstration: bool
) -> Callable[[], Any]:
    """The page that a browser shows without a connection where it kept none."""

    async def page() -> Response:
        scene = Scene(
            address=ApartAddress(language=code, apart="offline"), snapshot=snapshot(),
            demonstration=demonstration,
        )  # fmt: skip
        lang = scene.lang
        said = [
            html.H1(lang.say("offline_title")),
            html.P(lang.say("offline_lead")),
            html.P(html.A(lang.say("offline_now"), href=scene.address.to(Page.NOW).path)),
        ]
        return plain_document(scene, lang.say("offline_title"), to_html(html.Div(said)))

    return page
