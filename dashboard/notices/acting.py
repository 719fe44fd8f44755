"""`/act/…`: acknowledging an alert, and saying whether it was right, by the link in a notice.

Opening the link only shows a page, since mail scanners open links; the button acts. The token goes
into the body of that submission, never into the address of another page, and no page is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import redis
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from alerts.actions import Action, Channel, Verdict, action_of
from alerts.alert import State
from alerts.links import PATHS, Grant, Purpose, Refusal, read_keys, verify
from alerts.store import AlertStore, LostLeadershipError, read_alert
from dashboard.accounts.chain import Deed
from dashboard.accounts.visiting import present
from dashboard.addresses import Address, Page
from dashboard.language import CODES
from dashboard.plain import plain_document, templates
from dashboard.push.officers import read_form
from dashboard.push.problems import ProblemError
from dashboard.scene import Scene

if TYPE_CHECKING:
    from config.settings import Settings
    from dashboard.accounts.desk import Answered
    from dashboard.data import Register

_STATUS: Final = {Refusal.EXPIRED: 410}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a page says: a key of its strings, and the status of the answer."""

    said: str = ""
    status: int = 200
    alert_id: str = ""
    """"" where the token is not taken."""
    deed: Deed | None = None
    """What is done now, for the audit log."""
    detail: str = ""
    """The verdict."""


class Counter:
    """Where grants are used. Blocking; nothing is connected before the first use."""

    def __init__(
        self,
        settings: Settings,
        acknowledge: Callable[[str, datetime], bool],
        clock: Callable[[], datetime],
    ) -> None:
        self._keys = read_keys(settings.link_keys.get_secret_value())
        self._redis = redis.Redis.from_url(settings.redis_url, socket_timeout=5)
        self._acknowledge = acknowledge
        self._clock = clock

    def grant(self, token: str, purpose: Purpose) -> Grant | Refusal:
        """What the token allows, or why nothing."""
        if self._keys is None:
            return Refusal.UNKNOWN_KEY
        return verify(token, purpose, self._keys, self._clock())

    def use(self, grant: Grant, verdict: str, done: str, note: str) -> Outcome:
        """Do what was granted; its deed goes into the history with the recipient's route."""
        try:
            if grant.purpose is Purpose.ACKNOWLEDGE:
                return self._take_on(grant)
            return self._judge(grant, verdict, done, note)
        except (redis.RedisError, LostLeadershipError):
            return Outcome(said="act_busy", status=503, alert_id=grant.alert_id)

    def _take_on(self, grant: Grant) -> Outcome:
        before = read_alert(self._redis, grant.alert_id)
        if before is not None and before.state is State.ACKNOWLEDGED:
            return Outcome(said="act_again", alert_id=grant.alert_id)
        now = self._clock()
        if before is None or not self._acknowledge(grant.alert_id, now):
            return Outcome(said="act_over", status=409, alert_id=grant.alert_id)
        AlertStore(self._redis).record(
            action_of(
                Action.ACKNOWLEDGED, grant.alert_id,
                officer=grant.recipient, channel=Channel.LINK, at=now,
            )
        )  # fmt: skip
        return Outcome(said="act_thanks_ack", alert_id=grant.alert_id, deed=Deed.ALERT_ACKNOWLEDGED)

    def _judge(self, grant: Grant, verdict: str, done: str, note: str) -> Outcome:
        if verdict not in {one.value for one in Verdict}:
            return Outcome(said="act_missing", status=422, alert_id=grant.alert_id)
        AlertStore(self._redis).record(
            action_of(
                Action.VERDICT, grant.alert_id, officer=grant.recipient, channel=Channel.LINK,
                at=self._clock(), verdict=Verdict(verdict), done=done, note=note,
            )
        )  # fmt: skip
        return Outcome(
            said="act_thanks_verdict", alert_id=grant.alert_id, deed=Deed.ALERT_JUDGED,
            detail=verdict,
        )  # fmt: skip


def acting_routes(
    counter: Counter, register: Register, answered: Answered, *, demonstration: bool
) -> APIRouter:
    """The pages, in both languages; `answered` notes in the audit log what is done."""
    router = APIRouter(include_in_schema=False)

    def page(code: str, purpose: Purpose, token: str, outcome: Outcome) -> HTMLResponse:
        scene = Scene(
            address=Address(language=code, page=Page.ALERTS, item=outcome.alert_id),
            snapshot=register.snapshot,
            demonstration=demonstration,
            viewer=present().viewer,
        )
        title = scene.lang.say(f"act_title_{purpose}")
        asks = bool(outcome.alert_id) and outcome.status in (200, 422, 503)
        context = {
            "say": scene.lang.say,
            "purpose": purpose.value,
            "title": title,
            "said": outcome.said,
            "failed": outcome.status >= 400,
            "asks": asks and not (outcome.said and outcome.status == 200),
            "token": token,
            "here": f"{PATHS[code]}/{purpose}",
            "alert": scene.address.path if outcome.alert_id else "",
        }
        content = templates().get_template("act.html").render(context)
        drawn = plain_document(scene, title, content, status=outcome.status)
        drawn.headers["Referrer-Policy"] = "no-referrer"
        drawn.headers["X-Robots-Tag"] = "noindex"
        return drawn

    def add(code: str) -> None:
        @router.get(f"{PATHS[code]}/{{purpose}}/{{token}}")
        async def show(purpose: Purpose, token: str) -> Response:
            """Ask before anything is done."""
            granted = counter.grant(token, purpose)
            if isinstance(granted, Refusal):
                return page(code, purpose, "", _refused(granted))
            return page(code, purpose, token, Outcome(alert_id=granted.alert_id))

        @router.post(f"{PATHS[code]}/{{purpose}}")
        async def act(request: Request, purpose: Purpose) -> Response:
            """Do it."""
            try:
                values = await read_form(request)
            except ProblemError as problem:
                if problem.code == "foreign_form":
                    return page(code, purpose, "", Outcome(said="act_foreign", status=403))
                return page(code, purpose, "", _refused(Refusal.MALFORMED))
            token = values.get("token", "")
            granted = counter.grant(token, purpose)
            if isinstance(granted, Refusal):
                return page(code, purpose, "", _refused(granted))
            given = [values.get(name, "") for name in ("verdict", "done", "note")]
            outcome = await asyncio.to_thread(counter.use, granted, *given)
            if outcome.deed is not None:
                actor = f"link {granted.recipient}"
                await answered(actor, outcome.deed, granted.alert_id, outcome.detail)
            return page(code, purpose, token, outcome)

    for code in CODES:
        add(code)
    return router


def _refused(why: Refusal) -> Outcome:
    said = "act_expired" if why is Refusal.EXPIRED else "act_invalid"
    return Outcome(said=said, status=_STATUS.get(why, 403))
