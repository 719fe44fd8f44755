"""Health checks of parts, and the heartbeat by which a worker proves that its loop turns."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Callable, Coroutine
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

import redis
import redis.asyncio

from alerts.signs_of_life import beats
from config.metrics import BEAT_METRIC, HEARTBEAT, metrics_port
from config.settings import Settings
from config.topics import heartbeat_key
from labourwatch.parts import Check, Part

HEARTBEAT_SECONDS = 2.0
_LIFETIME_SECONDS = 10
_PROBE_SECONDS = 2.0


def address(settings: Settings, part: Part) -> tuple[str, int]:
    """Host and port a part listens on."""
    value = getattr(settings, part.port_setting)
    if isinstance(value, int):
        return "127.0.0.1", value
    split = urlsplit(str(value))
    return split.hostname or "127.0.0.1", split.port or 0


def is_healthy(settings: Settings, part: Part) -> bool:
    """Whether `part` does its work now. Never raises for an absent part: that is the answer."""
    checks: dict[Check, Callable[[Settings, Part], bool]] = {
        Check.PORT: _port_open,
        Check.PING: _redis_answers,
        Check.HTTP: _http_ok,
        Check.HEARTBEAT: _beats,
    }
    return checks[part.check](settings, part)


def _port_open(settings: Settings, part: Part) -> bool:
    try:
        with socket.create_connection(address(settings, part), timeout=_PROBE_SECONDS):
            return True
    except OSError:
        return False


def _redis(settings: Settings) -> redis.Redis:
    return redis.Redis.from_url(settings.redis_url, socket_timeout=_PROBE_SECONDS)


def _redis_answers(settings: Settings, part: Part) -> bool:
    del part
    try:
        with _redis(settings) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _http_ok(settings: Settings, part: Part) -> bool:
    answer = _answer(*address(settings, part), part.health_path)
    return answer is not None and answer[0] == 200


def _answer(host: str, port: int, path: str) -> tuple[int, bytes] | None:
    """Status and body; `None` where nobody answers."""
    connection = HTTPConnection(host, port, timeout=_PROBE_SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def turns_here(settings: Settings, part: Part, now: float) -> bool:
    """Whether the process of `part` that serves metrics on this machine turned lately.

    The key in Redis is renewed by any process of that name; of several containers each is asked
    for itself. True where no metrics are served or the part has no heartbeat.
    """
    port = metrics_port(settings, part.name)
    if not port or part.check is not Check.HEARTBEAT:
        return True
    answer = _answer("127.0.0.1", port, "/metrics")
    text = answer[1].decode() if answer else ""
    found = re.search(rf'^{BEAT_METRIC}{{part="{part.name}"}} (\S+)$', text, re.MULTILINE)
    return found is not None and now - float(found[1]) <= _LIFETIME_SECONDS


def _beats(settings: Settings, part: Part) -> bool:
    try:
        with _redis(settings) as client:
            return beats(client, part.name)
    except redis.RedisError:
        return False


async def with_heartbeat(
    settings: Settings, name: str, serve: Callable[[Settings], Coroutine[Any, Any, None]]
) -> None:
    """Run `serve` and, beside it in the same event loop, renew the part's heartbeat.

    The heartbeat stops when the loop is blocked, so a hanging part shows as unhealthy. Redis
    being away does not stop the part: the beat is tried again.
    """
    beating = asyncio.create_task(_beat(settings, name), name=f"heartbeat-{name}")
    try:
        await serve(settings)
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


async def _beat(settings: Settings, name: str) -> None:
    client = redis.asyncio.Redis.from_url(settings.redis_url, socket_timeout=_PROBE_SECONDS)
    try:
        while True:
            # A missing beat is itself the message; the next one tells of recovery.
            with contextlib.suppress(redis.RedisError):
                await client.set(heartbeat_key(name), "1", ex=_LIFETIME_SECONDS)
            HEARTBEAT.labels(name).set_to_current_time()
            await asyncio.sleep(HEARTBEAT_SECONDS)
    finally:
        await client.aclose()
