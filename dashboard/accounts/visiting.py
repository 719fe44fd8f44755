"""Who sends the present request: found once from its cookies, asked for wherever pages are made."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from redis.exceptions import RedisError
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

from dashboard.accounts.records import NOBODY, Viewer, viewer_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from dashboard.accounts.sessions import SessionStore

_FORM_S: Final = 12 * 3600
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_A_YEAR: Final = "max-age=31536000"
_UNUSED: Final = "/_dash-ws-callback"
_WITHOUT: Final = ("/assets/", "/_dash-component-suites/", "/healthz")
"""The same for everybody: nobody is looked up."""


@dataclass(slots=True, kw_only=True)
class Visit:
    """The present request's sender, and the secret its forms are bound to."""

    viewer: Viewer = NOBODY
    session: str = ""
    """Token of the session; "" where nobody is logged in."""
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    is_new: bool = True
    """Whether the browser does not hold the secret yet."""
    asked: bool = False
    """Whether a form was made, so that the browser must get the secret."""


def address_of(request: Request) -> str:
    """Whom limits count: the address that the request came from; "" where it is not known."""
    return request.client.host if request.client else ""


_PRESENT: ContextVar[Visit | None] = ContextVar("visit", default=None)


def present() -> Visit:
    """The present request's visit; outside of any request, nobody's."""
    return _PRESENT.get() or Visit()


def form_token() -> str:
    """What a form of this visit carries in its field `form`."""
    visit = present()
    visit.asked = True
    return _token_of(visit.secret)


def is_own_form(given: str) -> bool:
    """Whether a form with this token was made for the browser that sends it."""
    visit = present()
    expected = _token_of(visit.secret).encode()
    return not visit.is_new and hmac.compare_digest(expected, given.encode())


def _token_of(secret: str) -> str:
    return hmac.new(secret.encode(), b"labourwatch form", hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookies:
    """Names and attributes of the two cookies."""

    secure: bool

    @property
    def session(self) -> str:
        """Name of the cookie that holds a session's token."""
        return self._named("lw_session")

    @property
    def form(self) -> str:
        """Name of the cookie that forms of people who are not logged in are bound to."""
        return self._named("lw_form")

    def made(self, name: str, value: str, seconds: int | None = None) -> str:
        """A `Set-Cookie` header; 0 seconds deletes, `None` is until the browser is closed."""
        parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
        if seconds is not None:
            parts.append(f"Max-Age={seconds}")
        return "; ".join([*parts, "Secure"] if self.secure else parts)

    def _named(self, name: str) -> str:
        """Browsers let nobody but this very host set a cookie with the prefix."""
        return f"__Host-{name}" if self.secure else name


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine only."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def comes_from_here(headers: Headers) -> bool:
    """Whether a request that changes something was sent by a page of ours, or by no page at all.

    Browsers say so in `Sec-Fetch-Site`; older ones send `Origin`. What says neither is no browser,
    or an old one that the form's token has to stop.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin", "null")
    return origin == "null" or urlsplit(origin).netloc == headers.get("host")


def _is_foreign(scope: Scope, headers: Headers) -> bool:
    """Whether another site may be behind a request that acts or stays open.

    Dash's own socket would run callbacks for as long as it is open; nothing here uses it.
    """
    if scope["path"] == _UNUSED:
        return True
    if scope["type"] == "http" and (scope["method"] in _SAFE or "authorization" in headers):
        return False
    return not comes_from_here(headers)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4003, "reason": "other origin"})
        return
    await PlainTextResponse("This was sent by another site.", 403)(scope, receive, send)


class Visiting:
    """ASGI middleware: finds the viewer, and refuses what other sites make a browser send."""

    def __init__(
        self,
        app: ASGIApp,
        sessions: SessionStore,
        cookies: Cookies,
        clock: Callable[[], datetime],
    ) -> None:
        self._app, self._sessions = app, sessions
        self._cookies, self._clock = cookies, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its visit."""
        if scope["type"] not in {"http", "websocket"} or scope["path"].startswith(_WITHOUT):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _is_foreign(scope, headers):
            await _refuse(scope, receive, send)
            return
        visit = await self._visit(headers)
        held = _PRESENT.set(visit)
        try:
            await self._app(scope, receive, self._telling(visit, send))
        finally:
            _PRESENT.reset(held)

    async def _visit(self, headers: Headers) -> Visit:
        given = read_cookies(headers.getlist("cookie"))
        token = given.get(self._cookies.session, "")
        if token:
            try:
                found = await self._sessions.find(token, self._clock())
            except RedisError:
                found = None  # without its store nobody is known; the public's pages go on
            if found is not None:
                viewer = viewer_of(found[1])
                return Visit(viewer=viewer, session=token, secret=token, is_new=False)
        form = given.get(self._cookies.form, "")
        return Visit(secret=form, is_new=False) if len(form) >= 43 else Visit()

    def _telling(self, visit: Visit, send: Send) -> Send:
        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Cookie")
                if self._cookies.secure:
                    headers["Strict-Transport-Security"] = _A_YEAR
                if visit.asked and visit.is_new:
                    made = self._cookies.made(self._cookies.form, visit.secret, _FORM_S)
                    headers.append("Set-Cookie", made)
                if visit.viewer.is_known:
                    headers["Cache-Control"] = "private, no-store"
                    del headers["Access-Control-Allow-Origin"]  # what is theirs is for our pages
            await send(message)

        return tell


def read_cookies(headers: Iterable[str]) -> dict[str, str]:
    """The cookies of a request; unreadable ones are none."""
    jar: SimpleCookie = SimpleCookie()
    for header in headers:
        try:
            jar.load(header)
        except CookieError:
            continue
    return {name: morsel.value for name, morsel in jar.items()}
