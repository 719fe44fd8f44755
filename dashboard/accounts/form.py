"""`/log-in`, `/log-out`, `/account` and `/set-up/…`: forms for everybody's own account."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from redis.exceptions import RedisError

from dashboard.accounts.demonstration import DEMO_PASSWORD, demo_accounts
from dashboard.accounts.desk import Entered, FrontDesk, Refusal, Refused
from dashboard.accounts.page import Drawing
from dashboard.accounts.passwords import LONGEST, SHORTEST, Fault
from dashboard.accounts.records import Account
from dashboard.accounts.visiting import Cookies, address_of, present
from dashboard.addresses import account_path, log_in_path, set_up_path
from dashboard.data import Register
from dashboard.language import CODES
from dashboard.push.officers import read_form
from dashboard.push.problems import ProblemError

_STATUS: Final = {Refusal.WRONG: 422, Refusal.WAIT: 429, Refusal.BUSY: 429}
_LONGEST_PATH: Final = 300
Answering = Callable[[Request], Awaitable[Response]]


def safe_path(wanted: str, otherwise: str) -> str:
    """Where a log-in leads: a path of ours, never another site."""
    good = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    plain = wanted.isascii() and wanted.isprintable() and len(wanted) <= _LONGEST_PATH
    return wanted if good and plain and "\\" not in wanted else otherwise


class Forms:
    """The forms in one language."""

    def __init__(self, desk: FrontDesk, cookies: Cookies, register: Register, code: str) -> None:
        self._desk, self._cookies, self._register = desk, cookies, register
        self._code = code
        self._home = "/" if code == "lo" else f"/{code}"

    async def log_in_form(self, request: Request) -> Response:
        """The form to log in."""
        return self._log_in(safe_path(request.query_params.get("next", ""), self._home))

    async def log_in(self, request: Request) -> Response:
        """Log in, and go where one came from."""
        values = await read_form(request)
        leads = safe_path(values.get("next", ""), self._home)
        name = values.get("name", "")
        found = await self._desk.log_in(
            name, values.get("password", ""), address_of(request), instead_of=present().session
        )
        if isinstance(found, Refused):
            return self._log_in(leads, name=name, refused=found)
        return self.entered(found, leads)

    async def log_out(self, request: Request) -> Response:
        """End the session."""
        await read_form(request)
        visit = present()
        if visit.session:
            await self._desk.log_out(visit.viewer, visit.session)
        return self._left(self._home)

    async def account(self, _request: Request) -> Response:
        """One's own account."""
        return self._account()

    async def change_account(self, request: Request) -> Response:
        """Another password, or the end of all sessions."""
        values = await read_form(request)
        viewer = present().viewer
        if not viewer.is_known:
            return self._account()
        if values.get("step") == "end":
            await self._desk.end_all(viewer)
            return self._left(self._home)
        given = {name: values.get(name, "") for name in ("held", "chosen", "again")}
        fault = await self._desk.change_password(viewer, address_of(request), **given)
        if fault is not None:
            return self._account(str(fault))
        return self._left(log_in_path(self._code))

    async def set_up_form(self, secret: str) -> Response:
        """The form to choose a password by a link; opening it does not use the link up."""
        account = await self._desk.accounts.named_by_link(secret)
        return self._set_up(secret, account)

    async def set_up(self, request: Request, secret: str) -> Response:
        """Choose the password."""
        values = await read_form(request)
        done = await self._desk.set_up(secret, values.get("chosen", ""), values.get("again", ""))
        if isinstance(done, Account):
            return self._left(log_in_path(self._code))
        account = await self._desk.accounts.named_by_link(secret)
        return self._set_up(secret, account, done)

    def entered(self, found: Entered, leads: str) -> Response:
        """On the way, with the session's cookie; the form's is over."""
        answer = RedirectResponse(leads, 303, headers={"Cache-Control": "no-store"})
        answer.headers.append("Set-Cookie", self._cookies.made(self._cookies.session, found.token))
        answer.headers.append("Set-Cookie", self._cookies.made(self._cookies.form, "", 0))
        return answer

    def problem(self, error: ProblemError) -> Response:
        """The log-in form with what went wrong before anything was looked at."""
        said = "foreign" if error.code == "foreign_form" else "unreadable"
        return self._log_in(self._home, said=said, status=error.status)

    def not_taken(self) -> Response:
        """What the OpenID provider says is not taken; why is in the log."""
        return self._log_in(self._home, said="provider", status=403)

    def away(self) -> Response:
        """The store of accounts does not answer."""
        return self._log_in(self._home, said="away", status=503)

    def _drawing(self) -> Drawing:
        return Drawing(
            snapshot=self._register.snapshot,
            demonstration=self._desk.demonstration,
            language=self._code,
        )

    def _log_in(
        self,
        leads: str,
        *,
        name: str = "",
        refused: Refused | None = None,
        said: str = "",
        status: int = 200,
    ) -> Response:
        wait = math.ceil(refused.wait.total_seconds()) if refused else 0
        given = {
            "next": leads,
            "name": name[:64],
            "said": said or (str(refused.why) if refused else ""),
            "wait": str(wait),
            "oidc": f"{log_in_path(self._code)}/provider" if self._desk.by_provider else "",
            "demo": demo_accounts() if self._desk.demonstration else (),
            "demo_password": DEMO_PASSWORD,
        }
        code = _STATUS[refused.why] if refused else status
        answer = self._drawing().document("log-in", "log_in_title", given, status=code)
        if wait:
            answer.headers["Retry-After"] = str(wait)
        return answer

    def _account(self, fault: str = "") -> Response:
        if not present().viewer.is_known:
            return RedirectResponse(log_in_path(self._code), 303)
        given = {"fault": fault, **_lengths()}
        status = 422 if fault else 200
        return self._drawing().document("account", "account_title", given, status=status)

    def _set_up(self, secret: str, account: Account | None, fault: Fault | None = None) -> Response:
        given: Mapping[str, object] = {"account": account, "fault": fault or "", **_lengths()}
        status = 410 if account is None else 422 if fault else 200
        apart = f"set-up/{secret if account else 'void'}"
        return self._drawing().document(apart, "set_up_title", given, status=status)

    def _left(self, leads: str) -> Response:
        answer = RedirectResponse(leads, 303, headers={"Cache-Control": "no-store"})
        answer.headers.append("Set-Cookie", self._cookies.made(self._cookies.session, "", 0))
        return answer


def _lengths() -> dict[str, str]:
    return {"shortest": str(SHORTEST), "longest": str(LONGEST)}


def account_routes(desk: FrontDesk, cookies: Cookies, register: Register) -> APIRouter:
    """The forms in every language."""
    router = APIRouter(include_in_schema=False)

    def add(forms: Forms, code: str) -> None:
        log_out = log_in_path(code).replace("log-in", "log-out")
        set_up = f"{set_up_path(code)}/{{secret}}"

        async def chosen_form(request: Request) -> Response:
            return await forms.set_up_form(request.path_params["secret"])

        async def chosen(request: Request) -> Response:
            return await forms.set_up(request, request.path_params["secret"])

        for path, methods, answering in (
            (log_in_path(code), ["GET", "HEAD"], forms.log_in_form),
            (log_in_path(code), ["POST"], forms.log_in),
            (log_out, ["POST"], forms.log_out),
            (account_path(code), ["GET", "HEAD"], forms.account),
            (account_path(code), ["POST"], forms.change_account),
            (set_up, ["GET", "HEAD"], chosen_form),
            (set_up, ["POST"], chosen),
        ):
            router.add_api_route(path, answered(forms, answering), methods=methods)

    for code in CODES:
        add(Forms(desk, cookies, register, code), code)
    return router


def answered(forms: Forms, answering: Answering) -> Answering:
    """The same, with a page for what may go wrong on the way."""

    async def answer(request: Request) -> Response:
        try:
            return await answering(request)
        except ProblemError as error:
            return forms.problem(error)
        except RedisError:
            return forms.away()

    return answer
