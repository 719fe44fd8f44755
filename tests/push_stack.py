"""A broker, a Redis and dashboards that take pushes, for tests over real HTTP."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from config.settings import Settings
from dashboard.app import create_app
from dashboard.data import EVERYTHING, Part, Register
from scrapers.push.providers import Provider, ProviderStore, Right, new_token, with_token
from tests.own_forms import COOKIE, FORM, own
from tests.served_dashboard import Answer, answer_to, served

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


class Idle(Register):
    """A register without a warehouse."""

    def __init__(self) -> None:
        super().__init__(
            lambda: pytest.fail("not to be connected"), tuple, phase=str, clock=lambda: NOW
        )
        self.trouble = None

    def refresh(self, parts: frozenset[Part] = EVERYTHING) -> bool:
        return not parts


@contextmanager
def dashboard(settings: Settings) -> Iterator[str]:
    """Address of a dashboard of its own."""
    with served(create_app(settings, Idle(), lambda *_: True)) as url:
        yield url


def provider(provider_id: str, **changes: Any) -> Provider:
    """A provider that may push everything."""
    facts: dict[str, Any] = {
        "id": provider_id, "name": provider_id, "rights": tuple(Right),
        "legal_basis": "agreement of 2026-11-01", "contact": "office", "owner": "office",
        "created_at": NOW, "requests_per_minute": 6_000,
    }  # fmt: skip
    return Provider(**{**facts, **changes})


def agreed(settings: Settings, provider_id: str, **changes: Any) -> str:
    """The token of a new provider."""
    token = new_token(provider_id)

    async def store() -> None:
        async with Redis.from_url(settings.redis_url) as client:
            made = with_token(provider(provider_id, **changes), token, NOW, timedelta(0))
            await ProviderStore(client).put(made)

    # In a thread of its own: a browser test has a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(store())).result()
    return token


@dataclass(frozen=True, slots=True)
class Pusher:
    """One provider's client."""

    url: str
    token: str

    def send(
        self,
        path: str,
        body: Any,
        *,
        kind: str = "application/json",
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a body (bytes as they are, anything else as JSON); a form as its browser does."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        form = kind == FORM and data is not None
        data = own(data) if form and data is not None else data
        request = urllib.request.Request(  # noqa: S310
            self.url + path,
            data=data,
            method=method,
            headers={
                "Authorization": f"Bearer {self.token}",
                **({"Content-Type": kind} if kind else {}),
                **(COOKIE if form else {}),
                **(headers or {}),
            },
        )
        return answer_to(request)

    def postings(self, *postings: Any, **more: Any) -> dict[str, Any]:
        """The receipt of a push of postings."""
        answer = self.send("/v1/postings", {"postings": list(postings), **more})
        assert answer.status == 202, answer.text
        return dict(json.loads(answer.body))
