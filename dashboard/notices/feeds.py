"""Feeds of alerts for everybody: Atom (`/alerts/feed.atom`), CAP 1.2 (`/alerts/cap`)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

from clickhouse_connect.driver.exceptions import Error
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from alerts.notify import atom, cap
from alerts.notify.told import PublicNotice, public_notices
from dashboard.push.problems import ProblemError
from dashboard.v1.citing import Stamp
from dashboard.v1.reading import Reading, told_as_problems
from dashboard.v1.validators import etag, headers_of, is_held
from warehouse.disclosure.alerts import told_alerts
from warehouse.disclosure.records import View

_MOST_PAGES: Final = 2_000
_Make = Callable[[Sequence[PublicNotice]], bytes]
Page = Annotated[int, Query(ge=1, le=_MOST_PAGES)]


def feed_routes(reading: Reading) -> APIRouter:
    """The feeds; the public is told what, where and since when, never figures."""
    router = APIRouter(tags=["Alerts"])
    base, exercise = reading.house.url, reading.house.demonstration
    sender = f"labourwatch@{reading.settings.mail_from.partition('@')[2]}"

    @router.head("/alerts/feed.atom", include_in_schema=False)
    @router.get("/alerts/feed.atom")
    async def feed(request: Request, lang: Literal["lo", "en"] = "lo", page: Page = 1) -> Response:
        """Alerts by Atom (RFC 4287), newest first, in pages of 50."""

        def make(notices: Sequence[PublicNotice]) -> bytes:
            return atom.atom_feed(
                notices, address=f"{base}/alerts/feed.atom", base_url=base, language=lang,
                page=page, exercise=exercise,
            )  # fmt: skip

        return await _answer(request, reading, make, atom.MEDIA_TYPE)

    @router.head("/alerts/cap", include_in_schema=False)
    @router.get("/alerts/cap")
    async def index(request: Request, page: Page = 1) -> Response:
        """The same feed in English, whose entries link to CAP 1.2 messages."""

        def make(notices: Sequence[PublicNotice]) -> bytes:
            return atom.atom_feed(
                notices, address=f"{base}/alerts/cap", base_url=base, language="en",
                page=page, exercise=exercise,
            )  # fmt: skip

        return await _answer(request, reading, make, atom.MEDIA_TYPE)

    @router.head("/alerts/cap/{notice_id}.xml", include_in_schema=False)
    @router.get("/alerts/cap/{notice_id}.xml")
    async def message(request: Request, notice_id: str) -> Response:
        """One telling of one alert by the Common Alerting Protocol 1.2."""

        def make(notices: Sequence[PublicNotice]) -> bytes:
            found = next((one for one in notices if one.notice_id == notice_id), None)
            if found is None:
                raise ProblemError(404, "not_found", "There is no such message.")
            return cap.cap_alert(found, sender=sender, base_url=base, exercise=exercise)

        return await _answer(request, reading, make, cap.MEDIA_TYPE)

    return router


async def _answer(request: Request, reading: Reading, make: _Make, media_type: str) -> Response:
    """What `make` makes of all notices; 304 where the asker has it.

    Raises:
        ProblemError: 404, 429, or 503 while the warehouse does not answer.
    """
    await reading.view(request)
    with told_as_problems():
        notices = await asyncio.to_thread(_notices, reading)
    body = make(notices)
    modified: datetime | None = notices[0].alert.recorded_at if notices else None
    stamp = Stamp(as_of=modified, mark=hashlib.sha256(body).hexdigest(), modified=modified)
    tag = etag(request.url.path, dict(request.query_params), media_type, View.PUBLIC, stamp)
    headers = {**headers_of(tag, View.PUBLIC, stamp), "Access-Control-Allow-Origin": "*"}
    if is_held(request.headers, tag, stamp):
        return Response(status_code=304, headers=headers)
    content = b"" if request.method == "HEAD" else body
    return Response(content, media_type=media_type, headers=headers)


def _notices(reading: Reading) -> list[PublicNotice]:
    try:
        return public_notices(told_alerts(reading.client(), View.PUBLIC))
    except (Error, OSError):
        reading.forget()
        raise
