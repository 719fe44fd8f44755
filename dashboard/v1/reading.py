"""One reading request from its address to its answer: who asks, what, in which format."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Final

from clickhouse_connect.driver.exceptions import ClickHouseError, Error
from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from redis.exceptions import RedisError

from dashboard.accounts.policy import own_province, reads_everything
from dashboard.accounts.visiting import address_of, present
from dashboard.push.access import require
from dashboard.push.problems import ProblemError
from dashboard.v1.answers import MOST_ROWS, Answer, Asking
from dashboard.v1.citing import House
from dashboard.v1.formats import WRITTEN, Format, NotAcceptableError, chosen
from dashboard.v1.limiting import Windows
from dashboard.v1.refusing import AskedError, DepartmentOnlyError, NotFoundError
from dashboard.v1.tables import Table
from dashboard.v1.validators import etag, headers_of, is_held
from scrapers.push.providers import Provider, Right
from warehouse.client import connect
from warehouse.disclosure.records import View

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from config.settings import Settings
    from dashboard.push.access import Access

Question = Callable[[Asking, Mapping[str, str]], Answer]
_PAGE: Final = 100
_TOO_MUCH: Final = frozenset({159, 160, 241})
"""ClickHouse's codes of questions over the limits of time and memory."""
_OF_ONE_PROVINCE: Final = frozenset({"/v1/vacancies", "/v1/vacancies/records", "/v1/series"})
_OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Retry-After, Content-Disposition",
}
"""The public may be read from any page; answers to tokens may not."""


class Reading:
    """The reading side of one installation."""

    def __init__(self, settings: Settings, access: Access, clock: Callable[[], datetime]) -> None:
        """Nothing is connected before the first question."""
        self.settings = settings
        self.access = access
        self.clock = clock
        self.house = House(
            url=settings.dashboard_url.rstrip("/"), demonstration=settings.is_demonstration
        )
        self._windows = Windows()
        self._client: Client | None = None

    def client(self) -> Client:
        """The reading client, connected at the first question and after a failure."""
        self._client = self._client or connect(self.settings, readonly=True)
        return self._client

    def forget(self) -> None:
        """Connect anew at the next question, after a failure."""
        self._client = None

    async def holder(self, request: Request, right: Right) -> Provider:
        """Who asks by a token with this right, one request counted.

        Raises:
            ProblemError: 401, 403 or 429.
        """
        with told_as_problems():
            header = request.headers.get("authorization")
            provider = await self.access.bearer(header, self.clock())
        require(provider, right)
        return provider

    async def view(self, request: Request) -> View:
        """For whom the answer is meant: a token with the right `read` is of a department.

        Without a token the log-in decides; a province's office is told its own vacancies exactly.

        Raises:
            ProblemError: 401, 403 or 429.
        """
        if "authorization" in request.headers:
            await self.holder(request, Right.READ)
            return View.DEPARTMENT
        viewer = present().viewer
        asker = f"account {viewer.name}" if viewer.is_known else address_of(request)
        wait = self._windows.wait_s(asker, self.clock())
        if wait is not None:
            raise ProblemError(
                429, "too_many", f"Too many requests without a token. Ask again in {wait} s.",
                headers={"Retry-After": str(wait), **_OPEN},
            )  # fmt: skip
        return _logged_in_view(request)

    async def answer(
        self, request: Request, question: Question, *, given: Mapping[str, str] | None = None
    ) -> Response:
        """The answer to a question, in the format asked for; 304 where the asker has it.

        Args:
            given: words that stand for those of the address.

        Raises:
            ProblemError: it cannot be answered.
        """
        view = await self.view(request)
        with told_as_problems(view):
            words = dict(given) if given is not None else words_of(request)
            kind = chosen(words.get("format"), request.headers.get("accept"))
            answer = await asyncio.to_thread(self._ask, question, words, view, kind, request)
            tag = etag(request.url.path, words, kind, view, answer.stamp)
            headers = headers_of(tag, view, answer.stamp) | (_OPEN if view is View.PUBLIC else {})
            if is_held(request.headers, tag, answer.stamp):
                return Response(status_code=304, headers=headers)
            media_type = WRITTEN[kind].media_type
            if request.method == "HEAD":
                return Response(headers=headers, media_type=media_type)
            table = await asyncio.to_thread(_begun, answer)
            return sent(table, kind, headers, request)

    def _ask(
        self, question: Question, words: Mapping[str, str], view: View, kind: Format,
        request: Request,
    ) -> Answer:  # fmt: skip
        asking = Asking(
            client=self.client(), view=view, house=self.house, now=self.clock(),
            path=_address(request), page=_PAGE if kind is Format.JSON else MOST_ROWS,
            own=_own_of(request),
        )  # fmt: skip
        try:
            return question(asking, words)
        except (Error, OSError):
            self.forget()
            raise


def _own_of(request: Request) -> str:
    """The province of an office that asks by its log-in; "" of anybody else."""
    return "" if "authorization" in request.headers else own_province(present().viewer)


def _logged_in_view(request: Request) -> View:
    """For a viewer's own province: its vacancies, and figures that no other cell answers for it."""
    viewer = present().viewer
    if reads_everything(viewer):
        return View.DEPARTMENT
    own = own_province(viewer)
    asked = request.query_params.getlist("province")
    if own and asked == [own] and request.url.path in _OF_ONE_PROVINCE:
        return View.DEPARTMENT
    return View.PUBLIC


def sent(table: Table, kind: Format, headers: Mapping[str, str], request: Request) -> Response:
    """A table on its way: written block by block as it is read."""
    written = WRITTEN[kind]
    given = dict(headers)
    if kind is not Format.JSON:
        given["Content-Disposition"] = f'attachment; filename="{table.name}.{written.suffix}"'
    if table.next_cursor:
        following = request.url.include_query_params(cursor=table.next_cursor)
        given["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return StreamingResponse(written.write(table), headers=given, media_type=written.media_type)


def _begun(answer: Answer) -> Table:
    """The table with its first block read: what fails at once fails before the answer begins.

    One more block is looked for, so that the cursor of a short page is known to the headers.
    """
    table = answer.build()
    first = [block for block, _ in zip(table.blocks, range(2), strict=False)]
    table.blocks = chain(first, table.blocks)
    return table


def words_of(request: Request) -> dict[str, str]:
    """Parameters of the address; one that stands several times holds several values."""
    words: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        words[name] = f"{words[name]},{value}" if name in words else value
    return words


def _address(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"


@contextmanager
def told_as_problems(view: View = View.PUBLIC) -> Iterator[None]:
    """Turn what a question may raise into what the asker is told."""
    headers = _OPEN if view is View.PUBLIC else {}
    try:
        yield
    except AskedError as error:
        raise _asked_wrongly(error, headers) from error
    except (ClickHouseError, RedisError, OSError) as error:
        if getattr(error, "code", None) in _TOO_MUCH:
            raise ProblemError(
                422, "too_much", "This takes too long or too much memory; ask for less: fewer"
                " dimensions, a shorter time, a coarser grain.", headers=headers,
            ) from error  # fmt: skip
        raise ProblemError(
            503, "unavailable", "The data cannot be read at the moment; ask again.",
            headers={"Retry-After": "15", **headers},
        ) from error  # fmt: skip


def _asked_wrongly(error: AskedError, headers: Mapping[str, str]) -> ProblemError:
    members = {"field": error.field, "expected": error.expected}
    if isinstance(error, DepartmentOnlyError):
        detail = f"{error} For more, send a token with the right read."
        challenge = {"WWW-Authenticate": 'Bearer realm="labourwatch"', **headers}
        return ProblemError(401, "department_only", detail, headers=challenge, members=members)
    status, code = 422, "parameter"
    if isinstance(error, NotFoundError):
        status, code = 404, "not_found"
    if isinstance(error, NotAcceptableError):
        status, code = 406, "not_acceptable"
    return ProblemError(status, code, str(error), headers=headers, members=members)
