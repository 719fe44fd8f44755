"""What a crawl writes to, with real parts: a broker and a Redis, and a context over them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
import redis.asyncio as redis_async

from config.settings import Settings
from scrapers.context import CrawlContext
from scrapers.publish import Publisher
from scrapers.topics_admin import ensure_topics
from tests.fixtures_broker import start_broker
from tests.fixtures_redis import start_redis


@contextmanager
def broker_and_redis(factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Addresses of a broker and of a Redis with folders of their own."""
    with (
        start_broker(factory.mktemp("broker")) as bootstrap,
        start_redis(factory.mktemp("redis")) as redis_url,
    ):
        yield bootstrap, redis_url


@contextmanager
def crawl_settings(factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a service that has these two alone."""
    with broker_and_redis(factory) as (bootstrap, redis_url):
        yield Settings(
            var_dir=factory.mktemp("var"), broker_url=f"kafka://{bootstrap}", redis_url=redis_url
        )


@asynccontextmanager
async def crawl_context(settings: Settings) -> AsyncIterator[CrawlContext]:
    """A crawl's context; its topics exist."""
    await ensure_topics(settings.bootstrap_servers)
    redis = redis_async.Redis.from_url(settings.redis_url)
    async with Publisher(settings.bootstrap_servers) as publisher:
        yield CrawlContext(settings=settings, publisher=publisher, redis=redis)
    await redis.aclose()
