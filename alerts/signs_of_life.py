"""What parts say of themselves in Redis: that they turn, and what the crawler is doing."""

from __future__ import annotations

import redis

from config.topics import CRAWL_STATUS_KEY, heartbeat_key


def beats(client: redis.Redis, name: str) -> bool:
    """Whether part `name` has renewed its heartbeat lately.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    return bool(client.exists(heartbeat_key(name)))


def crawl_status(client: redis.Redis) -> dict[str, str]:
    """Everything that the crawler says of its work; empty before it has begun.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    stored = client.hgetall(CRAWL_STATUS_KEY)
    return {_text(name): _text(value) for name, value in stored.items()}


def _text(stored: bytes | str) -> str:
    return stored.decode() if isinstance(stored, bytes) else stored
