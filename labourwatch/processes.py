"""How each part is served: thin bridges from settings to the stage that does the work.

Heavy libraries are imported inside, so that each process loads only its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urlsplit
from uuid import uuid4

from config.settings import Settings

if TYPE_CHECKING:
    from alerts.rounds import Round

Serve = Callable[[Settings], Coroutine[Any, Any, None]]


async def serve_broker(settings: Settings) -> None:
    """The embedded Kafka-protocol broker."""
    from labourwatch.embedded.broker.server import serve

    place = urlsplit(settings.broker_url)
    await serve(settings.var_dir / "broker", place.hostname or "127.0.0.1", place.port or 19092)


def run_warehouse(settings: Settings) -> None:
    """The embedded warehouse, confined by the kernel: chDB behind ClickHouse's HTTP interface."""
    from labourwatch.embedded.warehouse.confined import run

    run(
        settings.var_dir / "warehouse",
        settings.clickhouse_host,
        settings.clickhouse_port,
        settings.clickhouse_password.get_secret_value(),
    )


def run_redis(settings: Settings) -> NoReturn:
    """Replace this process by the embedded Valkey server."""
    from labourwatch.embedded.redis import run

    place = urlsplit(settings.redis_url)
    run(settings.var_dir / "redis", place.hostname or "127.0.0.1", place.port or 16379)


async def serve_mail(settings: Settings) -> None:
    """A local mailbox: what would be sent lies in `<var>/mail`."""
    from labourwatch.embedded.mail import serve

    await serve(settings.var_dir / "mail", settings.smtp_host, settings.smtp_port)


async def serve_boards(settings: Settings) -> None:
    """The demonstration's job boards."""
    from labourwatch.demo.serve import serve
    from labourwatch.embedded.stopping import until_stopped

    serving = asyncio.create_task(serve(settings))
    stopping = asyncio.create_task(until_stopped())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if serving.done():
        serving.result()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def serve_stream(settings: Settings) -> None:
    """The stream worker: normalise, redact, de-duplicate, classify."""
    from labourwatch.recovering import rebuild_if_lost
    from streams.worker import serve

    await rebuild_if_lost(settings)
    await serve(settings)


async def serve_load(settings: Settings) -> None:
    """The loader into the warehouse."""
    from warehouse.loader import serve

    await serve(settings)


async def serve_crawl(settings: Settings) -> None:
    """The crawler: backfill, then every source by its schedule."""
    from labourwatch.recovering import wait_for_register
    from scrapers.crawl import serve

    await wait_for_register(settings)
    await serve(settings)


async def serve_alert(settings: Settings) -> None:
    """Detection, alert states and notifications."""
    from alerts.scheduler import serve

    with alert_rounds(settings) as rounds:
        await serve(settings, rounds=rounds)


@contextmanager
def alert_rounds(settings: Settings) -> Iterator[list[Round]]:
    """What the leading scheduler does after releases, beside its ticks."""
    import redis

    from alerts.boxes import Boxes
    from alerts.strategy_round import strategy_round
    from dashboard.bulletins.sending import bulletin_round

    with redis.Redis.from_url(settings.redis_url) as client:
        yield [partial(bulletin_round, Boxes(client), uuid4().hex), strategy_round]


async def serve_dashboard(settings: Settings) -> None:
    """The dashboard, its API and its live updates; what was done before it began is noted first."""
    from dashboard.server import serve
    from labourwatch.shell_deeds import note_kept

    await note_kept(settings)
    await serve(settings)


SERVERS: Final[Mapping[str, Serve]] = {
    "broker": serve_broker,
    "mail": serve_mail,
    "boards": serve_boards,
    "stream": serve_stream,
    "load": serve_load,
    "crawl": serve_crawl,
    "alert": serve_alert,
    "dashboard": serve_dashboard,
}

ALONE: Final[Mapping[str, Callable[[Settings], None]]] = {
    "redis": run_redis,
    "warehouse": run_warehouse,
}
"""Parts that arrange their whole process: no event loop may run before them."""
