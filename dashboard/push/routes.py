"""Addresses under `/v1` by which providers push, and see what became of it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Header, Request, Security
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBearer

from config.feeds import feeds
from dashboard.push import described
from dashboard.push.access import require
from dashboard.push.bodies import (
    JSON_TYPES,
    LINES_TYPES,
    decoded,
    posting_batch,
    read_body,
    supply_rows,
)
from dashboard.push.problems import ProblemError, told_as_problems
from dashboard.push.redacting import redacted_records
from dashboard.push.service import Once, PushService, Taken, fingerprint
from dashboard.push.text import read_text_push, understood
from scrapers.push.providers import Provider, Right
from scrapers.push.records import Batch
from scrapers.push.supply import SupplyPush

_LONGEST_KEY: Final = 255
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="A push repeated under the same key within a day gets its first receipt again.",
    ),
]


def push_routes(service: PushService) -> APIRouter:
    """`/v1/postings`, `/v1/supply` and `/v1/receipts`."""
    # Describes the scheme; what is asked is decided by `asker`, which answers with problem details.
    scheme = HTTPBearer(auto_error=False, scheme_name="token")
    router = APIRouter(prefix="/v1", tags=["Pushing data"], dependencies=[Security(scheme)])

    async def asker(request: Request) -> Provider:
        with told_as_problems():
            header = request.headers.get("authorization")
            return await service.access.bearer(header, service.clock())

    @router.post("/postings", status_code=202, **described.POSTINGS)
    async def postings(request: Request, key: Key = None) -> Response:
        """New, changed and withdrawn postings of one provider."""
        provider = await asker(request)
        require(provider, Right.POSTINGS)
        kind, body = await read_body(request, (*JSON_TYPES, *LINES_TYPES))
        batch = posting_batch(kind, body, request.query_params)
        if not (batch.records or batch.withdrawn or batch.complete):
            raise ProblemError(422, "empty", "Expected at least one record or withdrawal.")
        name = fingerprint(str(request.url.query).encode(), body)
        return answer(await service.take_postings(provider, batch, once(key, name)))

    @router.post("/postings/text", status_code=202, **described.TEXT)
    async def text(request: Request, key: Key = None) -> Response:
        """A text from a chat, page or e-mail; with `preview` only what is understood of it."""
        provider = await asker(request)
        require(provider, Right.TEXT)
        _, body = await read_body(request, JSON_TYPES)
        push = read_text_push(decoded(body), service.clock())
        if push.preview:
            vacancies = await asyncio.to_thread(understood, push)
            return _json({"preview": True, "vacancies": vacancies}, 200, {})
        return answer(await service.take_text(provider, push, once(key, fingerprint(body))))

    @router.delete("/postings/{posting_id:path}", status_code=202, **described.WITHDRAWAL)
    async def withdrawal(request: Request, posting_id: str, key: Key = None) -> Response:
        """Say that one posting is no longer open; not known: a remark in the receipt."""
        provider = await asker(request)
        require(provider, Right.POSTINGS)
        if not 0 < len(posting_id) <= 300:
            raise ProblemError(422, "schema", "Expected an identifier of at most 300 characters.")
        batch = Batch(withdrawn=(posting_id,))
        name = fingerprint(b"DELETE", posting_id.encode("utf-8", "replace"))
        return answer(await service.take_postings(provider, batch, once(key, name)))

    @router.post("/supply", status_code=202, **described.SUPPLY)
    async def supply(request: Request, key: Key = None) -> Response:
        """Aggregates of a supply feed."""
        provider = await asker(request)
        require(provider, Right.SUPPLY)
        kind, body = await read_body(request, (*JSON_TYPES, *LINES_TYPES))
        feed, rows = supply_rows(kind, body)
        feed = feed or request.query_params.get("feed", "")[:60]
        declared = feeds().get(feed)
        if declared is None:
            known = ", ".join(provider.feeds or feeds())
            raise ProblemError(422, "schema", f"feed: expected one of {known}.")
        require(provider, Right.SUPPLY, feed)
        if not rows:
            raise ProblemError(422, "empty", "Expected at least one record.")
        name = fingerprint(feed.encode(), body)
        rows = tuple(row if isinstance(row, dict) else redacted_records([row])[0] for row in rows)
        push = SupplyPush(feed=declared, rows=rows)
        return answer(await service.take_supply(provider, push, once(key, name)))

    @router.get("/receipts/{receipt_id}", **described.RECEIPT)
    async def receipt(request: Request, receipt_id: str) -> Response:
        """What became of one of your own pushes, for 30 days."""
        provider = await asker(request)
        with told_as_problems():
            found = await service.memory.receipt(receipt_id[:64], provider.id)
        if found is None:
            raise ProblemError(404, "no_receipt", "There is no such receipt (any more).")
        return _json(found, 200, {})

    return router


def unknown_addresses() -> APIRouter:
    """Every other address under `/v1`: problem details, not a page."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/v1/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    async def unknown() -> Response:
        raise ProblemError(
            404, "no_address",
            "There is no such address, or not for this method; see /api/openapi.json.",
        )  # fmt: skip

    return router


def once(key: str | None, name: str) -> Once:
    """The identity of a push.

    Raises:
        ProblemError: 422 for a key that is no short printable ASCII.
    """
    if key is not None and not (
        0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()
    ):
        raise ProblemError(
            422, "schema", f"Idempotency-Key: expected 1 to {_LONGEST_KEY} printable characters."
        )
    return Once(key=key or "", fingerprint=name)


def answer(taken: Taken) -> Response:
    """202 with the receipt."""
    headers = {"Location": taken.receipt.status_url}
    if taken.replayed:
        headers["Idempotency-Replayed"] = "true"
    return _json(taken.receipt, 202, headers)


def _json(content: Any, status: int, headers: dict[str, str]) -> Response:
    return JSONResponse(
        msgspec.to_builtins(content), status, headers={"Cache-Control": "no-store", **headers}
    )
