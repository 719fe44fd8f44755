"""`/v1/sql` and `/v1/saved`: questions by SQL, for tokens with the right `sql`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, Final, TypeVar

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.push.bodies import JSON_TYPES, read_body
from dashboard.push.problems import ProblemError
from dashboard.v1 import described_sql
from dashboard.v1.asked import known, moment
from dashboard.v1.formats import chosen
from dashboard.v1.reading import Reading, sent, told_as_problems, words_of
from dashboard.v1.results import runs_table, saved_table, table_of
from dashboard.v1.tables import Table
from scrapers.push.providers import Right
from warehouse.disclosure.records import View
from warehouse.door import saved
from warehouse.door.asking import DoorError
from warehouse.door.desk import REST, Desk
from warehouse.door.judging import Refused
from warehouse.door.saved import SavedError

_AT_ONCE: Final = 2
"""Statements of all analysts that run side by side; further ones wait a little."""
_WAIT_S: Final = 20.0
_PARAMETER: Final = re.compile(r"param_([A-Za-z_][A-Za-z0-9_]{0,63})")
_NO_STORE: Final = {"Cache-Control": "no-store"}
_FORBIDDEN: Final = frozenset({Refused.ACCESS, Refused.TABLE, Refused.TABLE_FUNCTION})
T = TypeVar("T")


class SqlQuestion(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST /v1/sql`."""

    sql: str
    parameters: dict[str, str | int | float] = {}


class ToSave(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST /v1/saved`."""

    name: str
    description: str
    sql: str
    parameters: dict[str, str | int | float] = {}
    as_of: str | None = None


def sql_routes(reading: Reading) -> APIRouter:
    """Every address of the door."""
    router = APIRouter(tags=["SQL and saved questions"])
    desk = Desk(reading.settings, REST, reading.clock)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def through_door(request: Request, work: Callable[[], Table]) -> Response:
        with told_as_problems(View.DEPARTMENT):
            kind = chosen(request.query_params.get("format"), request.headers.get("accept"))
        table = await _in_turn(gate, work)
        return sent(table, kind, _NO_STORE, request)

    async def asker(request: Request) -> str:
        return (await reading.holder(request, Right.SQL)).id

    @router.post("/v1/sql", **described_sql.SQL)
    async def sql(request: Request) -> Response:
        """One SELECT, answered within limits and noted with who asked."""
        who = await asker(request)
        question = await _body(request, SqlQuestion)
        values = _texts(question.parameters)
        return await through_door(
            request, lambda: table_of(*desk.ask(question.sql, values, who), reading.house)
        )

    @router.get("/v1/saved", **described_sql.LIST)
    async def listed(request: Request) -> Response:
        """The current version of every saved question."""
        await asker(request)

        def work() -> Table:
            with closing(desk.writer()) as client:
                return saved_table(saved.current(client), reading.house)

        return await through_door(request, work)

    @router.post("/v1/saved", status_code=201, **described_sql.SAVE)
    async def save(request: Request) -> Response:
        """Keep a question under a name, as its next version; only its owner may."""
        who = await asker(request)
        given = await _body(request, ToSave)
        with told_as_problems(View.DEPARTMENT):
            pinned = moment({"as_of": given.as_of or ""})

        def work() -> saved.SavedQuery:
            with closing(desk.writer()) as client:
                return saved.save(
                    client, name=given.name, owner=who, description=given.description,
                    sql=given.sql, parameters=_texts(given.parameters), as_of=pinned,
                    now=reading.clock(),
                )  # fmt: skip

        made = await _in_turn(gate, work)
        content = msgspec.json.encode(made)
        headers = {**_NO_STORE, "Location": f"/v1/saved/{made.reference}"}
        return Response(content, 201, headers=headers, media_type="application/json")

    @router.get("/v1/saved/{reference}", **described_sql.ONE)
    async def one(request: Request, reference: str) -> Response:
        """A saved question by name, `name@version` or id, as it is kept."""
        await asker(request)

        def work() -> saved.SavedQuery:
            with closing(desk.writer()) as client:
                return saved.find(client, reference)

        found = await _in_turn(gate, work)
        content = msgspec.json.encode(found)
        return Response(content, headers=_NO_STORE, media_type="application/json")

    @router.get("/v1/saved/{reference}/result", **described_sql.RESULT)
    async def result(request: Request, reference: str) -> Response:
        """The answer to a saved question; `param_x=…` sets its parameter `x`."""
        who = await asker(request)
        values = _given(request)
        return await through_door(
            request, lambda: table_of(*desk.ask_saved(reference, values, who), reading.house)
        )

    @router.get("/v1/runs", **described_sql.RUNS)
    async def runs(request: Request) -> Response:
        """Your own latest questions by SQL."""
        who = await asker(request)

        def work() -> Table:
            with closing(desk.writer()) as client:
                return runs_table(saved.runs_of(client, asker=who), reading.house)

        return await through_door(request, work)

    return router


async def _in_turn(gate: asyncio.Semaphore, work: Callable[[], T]) -> T:
    """The result of blocking work at the door, a few at a time.

    Raises:
        ProblemError: refused, failed, or the door was busy for too long.
    """
    try:
        await asyncio.wait_for(gate.acquire(), _WAIT_S)
    except TimeoutError as error:
        raise _busy() from error
    try:
        with told_as_problems(View.DEPARTMENT):
            return await asyncio.to_thread(work)
    except DoorError as error:
        raise _refused(error) from error
    except SavedError as error:
        missing = str(error).startswith("there is no")
        status, code = (404, "not_found") if missing else (422, "saved_query")
        raise ProblemError(status, code, str(error)) from error
    finally:
        gate.release()


def _refused(error: DoorError) -> ProblemError:
    reason = error.refusal.reason
    if reason is Refused.BUSY:
        return _busy()
    status = 403 if reason in _FORBIDDEN else 422
    return ProblemError(status, reason.value, error.refusal.detail)


def _busy() -> ProblemError:
    detail = "Too many questions at once; ask again."
    return ProblemError(503, Refused.BUSY.value, detail, headers={"Retry-After": "15"})


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _given(request: Request) -> dict[str, str]:
    words = words_of(request)
    with told_as_problems(View.DEPARTMENT):
        known({name: "" for name in words if not _PARAMETER.fullmatch(name)}, {"format", "param_…"})
    return {
        found[1]: value for name, value in words.items() if (found := _PARAMETER.fullmatch(name))
    }


B = TypeVar("B", SqlQuestion, ToSave)


async def _body(request: Request, kind: type[B]) -> B:
    _, body = await read_body(request, JSON_TYPES)
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ProblemError(422, "schema", str(error)) from error
