"""Running the dashboard until it is told to stop."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import redis
import uvicorn

from dashboard.app import create_app
from dashboard.data import Register
from dashboard.desk import Desk
from warehouse.client import connect

if TYPE_CHECKING:
    from config.settings import Settings

LIMITS: Final[dict[str, Any]] = {
    "http": "h11",
    "h11_max_incomplete_event_size": 1 << 15,
    "ws": "websockets-sansio",
    "ws_max_size": 1 << 16,
}
"""How the server speaks. The parser that is faster than h11 knows no limit of headers: whoever
sends one that never ends fills the memory. Messages on the live channel are short."""


def build_server(settings: Settings) -> uvicorn.Server:
    """A web server on the configured address, not yet started."""
    desk = Desk(redis.Redis.from_url(settings.redis_url, socket_timeout=5))
    register = Register(
        partial(connect, settings, readonly=True),
        desk.standing,
        phase=desk.phase,
        accounts=desk.accounts,
        clock=lambda: datetime.now(UTC),
    )
    app = create_app(settings, register, desk.acknowledge)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.dashboard_host,
            port=settings.dashboard_port,
            log_level="warning",
            access_log=False,
            ws_ping_interval=20,
            timeout_graceful_shutdown=2,
            server_header=False,
            **LIMITS,
        )
    )
    app.state.give_up = partial(setattr, server, "should_exit", True)
    return server


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    await build_server(settings).serve()
