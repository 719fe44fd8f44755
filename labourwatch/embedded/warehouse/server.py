"""ClickHouse's HTTP interface on loopback, over one chDB engine.

Start it with `python -m labourwatch.embedded.warehouse`; any ClickHouse client speaks to it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import secrets
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import structlog
from aiohttp import web

from labourwatch.embedded.stopping import until_stopped
from labourwatch.embedded.warehouse.compression import Encoder, accepted_encoding, decode_body
from labourwatch.embedded.warehouse.engine import Engine
from labourwatch.embedded.warehouse.errors import (
    TOO_LARGE,
    StatementError,
    error_text,
    exception_frame,
    refusal,
)
from labourwatch.embedded.warehouse.limits import Limits
from labourwatch.embedded.warehouse.protocol import (
    ANALYST,
    QueryRequest,
    authenticate,
    given_credentials,
    read_request,
)
from labourwatch.embedded.warehouse.statements import Answer

log = structlog.get_logger(__name__)
T = TypeVar("T")
_SWEEP_SECONDS = 30.0


class UnsafeServerError(Exception):
    """The server refuses to start: no secret, or an address other machines could reach."""


@dataclass(slots=True, kw_only=True)
class Service:
    """The handlers' common ground."""

    engine: Engine
    pool: ThreadPoolExecutor
    secret: str
    limits: Limits

    async def call(self, function: Callable[[], T]) -> T:
        """Run blocking engine work in the pool."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, function)

    async def ping(self, _request: web.Request) -> web.Response:
        """Liveness; asks no secret and tells nothing."""
        return web.Response(text="Ok.\n")

    async def query(self, request: web.Request) -> web.StreamResponse:
        """One statement."""
        query_id = request.query.get("query_id") or str(uuid.uuid4())
        headers = {
            "X-ClickHouse-Query-Id": query_id,
            "X-ClickHouse-Server-Display-Name": "labourwatch",
            "X-ClickHouse-Timezone": self.engine.timezone,
        }
        try:
            user = authenticate(given_credentials(request.headers, request.query), self.secret)
            parsed = await self._read(request, query_id)
            parsed = replace(parsed, confined=user == ANALYST)
            answer = await self._execute(parsed)
        except StatementError as error:
            headers["X-ClickHouse-Exception-Code"] = str(error.code)
            text = error_text(error, self.engine.version)
            return web.Response(status=error.status, text=text, headers=headers)
        return await self._respond(request, parsed, answer, headers)

    async def _read(self, request: web.Request, query_id: str) -> QueryRequest:
        url = dict(request.query)
        files: dict[str, bytes] = {}
        body = b""
        try:
            if request.content_type == "multipart/form-data":
                for name, value in (await request.post()).items():
                    if isinstance(value, web.FileField):
                        files[name] = value.file.read()
                    else:
                        url[name] = str(value)
            else:
                encoding = request.headers.get("Content-Encoding", "")
                body = decode_body(await request.read(), encoding, self.limits.body)
        except web.HTTPRequestEntityTooLarge as error:
            raise refusal(TOO_LARGE, f"The body exceeds {self.limits.body} bytes.") from error
        return read_request(
            request.method,
            url,
            request.headers,
            body,
            files,
            query_id=query_id,
            longest_session=self.limits.session_seconds,
        )

    async def _execute(self, parsed: QueryRequest) -> Answer:
        """Run the statement; when the client goes away meanwhile, stop it and clean up."""
        work = asyncio.ensure_future(self.call(lambda: self.engine.execute(parsed)))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(_discard)
            # Not in the pool: its threads may all be busy with what is to be stopped.
            await asyncio.to_thread(self.engine.cancel, parsed.query_id)
            raise

    async def _respond(
        self, request: web.Request, parsed: QueryRequest, answer: Answer, headers: dict[str, str]
    ) -> web.StreamResponse:
        headers["X-ClickHouse-Summary"] = json.dumps(dict(answer.summary))
        if answer.format:
            headers["X-ClickHouse-Format"] = answer.format
        accept = request.headers.get("Accept-Encoding", "")
        encoding = accepted_encoding(accept) if parsed.compressed else None
        tag = secrets.token_hex(8)
        headers["X-ClickHouse-Exception-Tag"] = tag
        if encoding:
            headers["Content-Encoding"] = encoding
        response = web.StreamResponse(headers=headers)
        try:
            await response.prepare(request)
            await self._write(response, answer, Encoder(encoding) if encoding else None, tag)
            await response.write_eof()
        finally:
            await asyncio.shield(asyncio.to_thread(answer.close))
        return response

    async def _write(
        self, response: web.StreamResponse, answer: Answer, encoder: Encoder | None, tag: str
    ) -> None:
        while True:
            try:
                chunk = await self.call(lambda: next(answer.chunks, None))
            except StatementError as error:
                chunk = exception_frame(error, tag, self.engine.version)
                await response.write(encoder.add(chunk) if encoder else chunk)
                break
            if chunk is None:
                break
            packed = encoder.add(chunk) if encoder else chunk
            if packed:
                await response.write(packed)
        if encoder:
            await response.write(encoder.finish())

    async def sweep(self) -> None:
        """Close idle sessions from time to time, until cancelled."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            await self.call(self.engine.expire_sessions)


def _discard(work: asyncio.Future[Answer]) -> None:
    """Close an answer nobody waits for any more; its failure concerns nobody either."""
    if not work.cancelled() and work.exception() is None:
        work.result().close()


def make_app(service: Service) -> web.Application:
    """Routes of the interface."""
    app = web.Application(client_max_size=service.limits.body)
    app.router.add_get("/ping", service.ping)
    app.router.add_route("*", "/", service.query)
    return app


def check_safe(host: str, secret: str) -> None:
    """SQL can do much, so the server is for this machine and for who knows the secret.

    Raises:
        UnsafeServerError: empty secret or a host that is not a loopback address.
    """
    if not secret:
        raise UnsafeServerError(
            "the embedded warehouse needs a secret: set LABOURWATCH_CLICKHOUSE_PASSWORD"
        )
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise UnsafeServerError(f"the embedded warehouse serves loopback only, not {host}")


async def _finish(runner: web.AppRunner, engine: Engine, grace: float) -> None:
    """Accept nothing new; give running statements `grace` seconds, then stop them."""
    cleanup = asyncio.ensure_future(runner.cleanup())
    done, _ = await asyncio.wait({cleanup}, timeout=grace)
    if not done:
        await asyncio.to_thread(engine.cancel_all)
    await cleanup


async def serve(
    data_dir: Path,
    host: str,
    port: int,
    secret: str,
    *,
    ready: Callable[[], None] = lambda: None,
    limits: Limits | None = None,
    database: str = "labourwatch",
) -> None:
    """Serve `data_dir` until SIGTERM or SIGINT, then finish what runs and close the store.

    `ready` is called once clients can connect. Analysts may read tables of `database`.

    Raises:
        UnsafeServerError: no secret or no loopback address.
        DataDirectoryInUseError: another process owns the directory.
        OSError: the port is taken.
    """
    check_safe(host, secret)
    limits = limits or Limits()
    engine = Engine(data_dir, limits, time.monotonic, database)
    pool = ThreadPoolExecutor(limits.workers, thread_name_prefix="statement")
    service = Service(engine=engine, pool=pool, secret=secret, limits=limits)
    runner = web.AppRunner(
        make_app(service),
        access_log=None,
        auto_decompress=False,
        handler_cancellation=True,
        shutdown_timeout=2 * limits.shutdown_seconds,
    )
    await runner.setup()
    sweeper = asyncio.create_task(service.sweep())
    try:
        await web.TCPSite(runner, host, port).start()
        log.info("warehouse.ready", host=host, port=port, engine=engine.version)
        ready()
        await until_stopped()
    finally:
        sweeper.cancel()
        await _finish(runner, engine, limits.shutdown_seconds)
        await asyncio.to_thread(pool.shutdown)
        engine.close()
