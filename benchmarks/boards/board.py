"""What a synthetic board is, and its service on a loopback port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from aiohttp import web

from benchmarks.boards.truth import Truth
from scrapers.sources import Source
from tests.processes import free_port

HTML: Final = "text/html; charset=utf-8"
JSON: Final = "application/json"
XML: Final = "application/xml"
BASE: Final = "BASE"
"""Stands for the board's address in its YAML."""
_ALWAYS: Final = """
rate: 200
concurrency: 4
language: lo
legal_basis: synthetic board on this machine
contact: none needed
owner: Labourwatch
enabled: true
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request as a board sees it."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    base: str
    """Address of the board itself."""

    def number(self, name: str, default: int) -> int:
        """A number of the query."""
        text = self.query.get(name, "")
        return int(text) if text.isdecimal() else default


Answer = tuple[str, str | bytes]
"""Content type and content."""
Refusal = tuple[str, str, int]
"""Content type, content and a status that is none of success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board: its declaration for the crawler, and how it answers."""

    name: str
    layout: str
    """Mark-up and traps in a few words, for the table."""
    declaration: str
    """YAML, without what all boards share."""
    respond: Callable[[Sequence[Truth], Ask], Answer | Refusal | int | None]
    """The answer to a request over the board's adverts; a status; or `None` for 404."""
    lists_pay: bool = True
    fields: frozenset[str] = field(
        default=frozenset({"title", "employer", "place", "dates", "pay"})
    )
    """What the board shows; what it does not show cannot be read."""

    def source(self, base: str) -> Source:
        """The declaration as the crawler takes it."""
        content = yaml.safe_load(self.declaration.replace(BASE, base) + _ALWAYS)
        named = {"id": self.name, "name": self.name, "base_url": base, **content}
        return Source.model_validate(named)


def as_json(value: Any) -> Answer:
    """A JSON answer."""
    return JSON, json.dumps(value, ensure_ascii=False)


def page(head: str, body: str) -> Answer:
    """An HTML page."""
    return HTML, f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body>"


def part(truths: Sequence[Truth], number: int, size: int) -> Sequence[Truth]:
    """Page `number`, counted from 0."""
    return truths[number * size : (number + 1) * size]


@asynccontextmanager
async def serve(board: Board, truths: Sequence[Truth]) -> AsyncIterator[str]:
    """The board on a free port; its address."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"

    async def handle(request: web.Request) -> web.Response:
        text = await request.text()
        try:
            body = json.loads(text) if text else None
        except json.JSONDecodeError:
            body = dict(await request.post())
        ask = Ask(method=request.method, path=request.path, query=request.query, body=body,
                  base=base)  # fmt: skip
        answer = board.respond(truths, ask)
        if answer is None or isinstance(answer, int):
            return web.Response(status=answer or 404, text="not here")
        content = answer[1]
        raw = content.encode() if isinstance(content, str) else content
        status = answer[2] if len(answer) == 3 else 200
        return web.Response(body=raw, status=status, headers={"Content-Type": answer[0]})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield base
    finally:
        await runner.cleanup()
        await asyncio.sleep(0)
