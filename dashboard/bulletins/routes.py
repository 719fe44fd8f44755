"""`/bulletins`: the archive, and each public bulletin as HTML and PDF as it was published."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from clickhouse_connect.driver.exceptions import Error
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dashboard.accounts.page import ApartAddress
from dashboard.accounts.policy import Action, Resource, may, own_province, reads_everything
from dashboard.accounts.records import Viewer
from dashboard.accounts.visiting import present
from dashboard.addresses import bulletins_path
from dashboard.elements import Component, html
from dashboard.language import CODES, Language, language
from dashboard.markup import to_html
from dashboard.parts import table
from dashboard.plain import plain_document
from dashboard.scene import Scene
from dashboard.v1.reading import Reading
from dashboard.words import province_name
from warehouse.bulletins import Bulletin, BulletinHead, UnknownBulletinError, heads, read
from warehouse.disclosure.records import View

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from dashboard.views import Snapshot

_MOST: Final = 400
_KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
T = TypeVar("T")


def bulletin_routes(
    reading: Reading, snapshot: Callable[[], Snapshot], *, demonstration: bool
) -> APIRouter:
    """The archive in both languages, and the bulletins of the public."""
    router = APIRouter(include_in_schema=False)

    async def ask(work: Callable[[Any], T]) -> T:
        def asked() -> T:
            try:
                return work(reading.client())
            except (Error, OSError):
                reading.forget()
                raise

        return await asyncio.to_thread(asked)

    def listing(code: str) -> Callable[[Request], Any]:
        async def page(_: Request) -> HTMLResponse:
            scene = Scene(
                address=ApartAddress(language=code, apart="bulletins"),
                snapshot=snapshot(),
                demonstration=demonstration,
                viewer=present().viewer,
            )
            try:
                found = await ask(lambda client: _listed(client, scene.viewer, code))
            except (Error, OSError):
                text = to_html(html.P(scene.lang.say("bulletin_archive_away")))
                return plain_document(scene, scene.lang.say("bulletin_archive"), text, status=503)
            return plain_document(
                scene, scene.lang.say("bulletin_archive"), to_html(_archive(scene.lang, found))
            )

        return page

    for code in CODES:
        router.add_api_route(bulletins_path(code), listing(code), methods=["GET", "HEAD"])

    @router.get("/bulletins/{name}.html")
    async def as_html(name: str) -> Response:
        """One bulletin as a document."""
        return await _one(ask, name, lambda one: Response(
            one.html, media_type="text/html; charset=utf-8",
            headers={**_kept(one), "Content-Language": one.head.language},
        ))  # fmt: skip

    @router.get("/bulletins/{name}.pdf")
    async def as_pdf(name: str) -> Response:
        """One bulletin as PDF/UA."""
        return await _one(ask, name, lambda one: Response(
            one.pdf, media_type="application/pdf",
            headers={
                **_kept(one), "Content-Language": one.head.language,
                "Content-Disposition": f'inline; filename="labourwatch-{one.head.bulletin_id}.pdf"',
            },
        ))  # fmt: skip

    return router


def _may_read(viewer: Viewer, head: BulletinHead) -> bool:
    """Whether a bulletin is for this viewer: a department's is for who may see its figures."""
    if head.view is View.PUBLIC:
        return True
    return may(viewer, head.place, Action.READ, Resource.DETAIL).allowed


def _listed(client: Client, viewer: Viewer, code: str) -> list[BulletinHead]:
    """What the archive lists for a viewer, the newest period first."""
    if reads_everything(viewer):
        return heads(client, views=list(View), language=code, limit=2 * _MOST)
    found = heads(client, views=[View.PUBLIC], language=code, limit=_MOST)
    if own := own_province(viewer):
        found += heads(client, views=[View.DEPARTMENT], place=own, language=code, limit=_MOST)
        found.sort(key=lambda head: (head.period_start, head.kind, head.place), reverse=True)
    return found


def _kept(one: Bulletin) -> dict[str, str]:
    """A department's bulletin stays in no cache."""
    return _KEPT if one.head.view is View.PUBLIC else {"Cache-Control": "no-store"}


async def _one(ask: Any, name: str, written: Callable[[Bulletin], Response]) -> Response:
    viewer = present().viewer

    def sought(client: Client) -> Bulletin:
        found = read(client, name, views=list(View))
        if not _may_read(viewer, found.head):  # that it is there is not told either
            raise UnknownBulletinError(name)
        return found

    try:
        found: Bulletin = await ask(sought)
    except UnknownBulletinError:
        return Response(language("lo").say("not_found"), 404, media_type="text/plain")
    except (Error, OSError):
        said = language("lo").say("bulletin_archive_away")
        return Response(said, 503, media_type="text/plain", headers={"Retry-After": "15"})
    return written(found)


def _archive(lang: Language, found: Sequence[BulletinHead]) -> Component:
    parts = [html.H1(lang.say("bulletin_archive")), html.P(lang.say("bulletin_archive_lead"))]
    if not found:
        return html.Div([*parts, html.P(lang.say("bulletin_archive_none"))])
    columns = ["bulletin_archive_period", "bulletin_place", "bulletin_archive_read"]
    rows = [_archive_row(lang, head) for head in found]
    headings = [lang.say(name) for name in columns]
    return html.Div([*parts, table(lang.say("bulletin_archive"), headings, rows)])


def _archive_row(lang: Language, head: BulletinHead) -> list[Component]:
    days = f"{lang.short_day(head.period_start)} – {lang.short_day(head.period_end)}"
    pdf, place = lang.say("bulletin_archive_pdf"), f"/bulletins/{head.bulletin_id}"
    inside = f" ({lang.say('bulletin_archive_inside')})" if head.view is View.DEPARTMENT else ""
    return [
        f"{lang.say(f'bulletin_{head.kind}')}, {days}{inside}",
        province_name(lang, head.place or "all"),
        html.Span(
            [
                html.A(head.title, href=f"{place}.html"),
                " · ",
                html.A(pdf, href=f"{place}.pdf", **{"aria-label": f"{pdf}: {head.title}"}),
            ]
        ),
    ]
