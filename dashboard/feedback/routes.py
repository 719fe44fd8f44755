"""`/feedback`: whoever reads a page says what is wrong with it, and later reads the answer.

No log-in, no address and no name: the number of the receipt alone leads to the answer.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

import redis
from clickhouse_connect.driver.exceptions import Error
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.accounts.visiting import address_of, present
from dashboard.addresses import feedback_path
from dashboard.feedback.box import BoxFullError, FeedbackBox
from dashboard.feedback.page import Form, Paper, Receipt
from dashboard.feedback.place import place_in
from dashboard.feedback.writing import Fault, written
from dashboard.language import CODES
from dashboard.push.officers import read_form
from dashboard.push.problems import ProblemError
from dashboard.v1.limiting import Windows
from warehouse.client import connect
from warehouse.feedback import read_feedback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.settings import Settings
    from dashboard.data import Register
    from warehouse.feedback import FeedbackItem

SENT_A_MINUTE: Final = 5
ALL_A_MINUTE: Final = 60
LOOKED_UP_A_MINUTE: Final = 30
_ID: Final = re.compile(r"[0-9a-f]{32}")


class FeedbackDesk:
    """The pages in all languages; the limits hold for all of them together."""

    def __init__(
        self, settings: Settings, register: Register, box: FeedbackBox,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._settings, self._register = settings, register
        self._box, self._clock = box, clock
        self._sent, self._all = Windows(SENT_A_MINUTE), Windows(ALL_A_MINUTE)
        self._looked_up = Windows(LOOKED_UP_A_MINUTE)

    def paper(self, code: str) -> Paper:
        """What documents of a language are drawn from."""
        return Paper(
            snapshot=self._register.snapshot, language=code,
            demonstration=self._settings.is_demonstration,
        )  # fmt: skip

    async def show(self, request: Request, code: str) -> Response:
        """The form about the page that the address names."""
        place = place_in(request.query_params, self._clock())
        return self.paper(code).form(Form(place=place))

    async def take(self, request: Request, code: str) -> Response:
        """Keep what was written, and lead to its receipt; else the form with what is missing."""
        try:
            values = await read_form(request)
        except ProblemError as problem:
            fault = Fault.FOREIGN if problem.code == "foreign_form" else Fault.LONG
            place = place_in({}, self._clock())
            return self.paper(code).form(Form(place=place, faults={"": fault}))
        return await self._keep(request, values, code)

    async def look_up(self, request: Request, code: str) -> Response:
        """What became of it."""
        feedback_id = request.path_params["feedback_id"]
        if not _ID.fullmatch(feedback_id):
            return self.paper(code).receipt(Receipt(feedback_id="unknown"))
        if self._looked_up.wait_s(address_of(request), self._clock()) is not None:
            return self.paper(code).receipt(Receipt(feedback_id=feedback_id, known=False))
        found = await asyncio.to_thread(self._receipt, feedback_id)
        return self.paper(code).receipt(found)

    async def _keep(self, request: Request, values: Mapping[str, str], code: str) -> Response:
        now, visit = self._clock(), present()
        found = written(
            values, viewer=visit.viewer, secret=visit.secret, language=code,
            held_as_of=self._register.snapshot.loaded_at, now=now,
        )  # fmt: skip
        faults = dict(found.faults)
        if found.feedback is not None:
            if self._is_too_much(request, now):
                faults[""] = Fault.BUSY
            else:
                try:
                    await asyncio.to_thread(self._box.put, found.feedback)
                except (redis.RedisError, BoxFullError):
                    faults[""] = Fault.AWAY
        if faults or found.feedback is None:
            form = Form(
                place=place_in(values, now), kind=values.get("kind", ""),
                text=values.get("text", ""), faults=faults,
            )  # fmt: skip
            return self.paper(code).form(form)
        leads = f"{feedback_path(code)}/{found.feedback.feedback_id}"
        return RedirectResponse(leads, 303, headers={"Cache-Control": "no-store"})

    def _is_too_much(self, request: Request, now: datetime) -> bool:
        if self._sent.wait_s(address_of(request), now) is not None:
            return True  # not counted among all: one who floods would shut everybody else out
        return self._all.wait_s("", now) is not None

    def _receipt(self, feedback_id: str) -> Receipt:
        try:
            if self._box.holds(feedback_id):
                return Receipt(feedback_id=feedback_id, waits=True)
            return Receipt(feedback_id=feedback_id, item=self._stored(feedback_id))
        except (redis.RedisError, Error, OSError):
            return Receipt(feedback_id=feedback_id, known=False)

    def _stored(self, feedback_id: str) -> FeedbackItem | None:
        with connect(self._settings, readonly=True) as client:
            found = read_feedback(client, beginning=feedback_id, limit=1)
        return found[0] if found else None


def feedback_routes(desk: FeedbackDesk) -> APIRouter:
    """The form and the receipts, in every language."""
    router = APIRouter(include_in_schema=False)

    def add(code: str) -> None:
        async def show(request: Request) -> Response:
            return await desk.show(request, code)

        async def take(request: Request) -> Response:
            return await desk.take(request, code)

        async def look_up(request: Request) -> Response:
            return await desk.look_up(request, code)

        path = feedback_path(code)
        router.add_api_route(path, show, methods=["GET", "HEAD"])
        router.add_api_route(path, take, methods=["POST"])
        router.add_api_route(f"{path}/{{feedback_id}}", look_up, methods=["GET", "HEAD"])

    for code in CODES:
        add(code)
    return router
