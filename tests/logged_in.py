"""Accounts and sessions for tests, made in the store as a log-in would."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from redis.asyncio import Redis

from config.settings import Settings
from dashboard.accounts.desk import lifetime_of
from dashboard.accounts.records import Account, Role
from dashboard.accounts.sessions import SessionStore
from dashboard.accounts.store import AccountStore

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

COOKIE: Final = "lw_session"


def session_of(settings: Settings, role: Role, province: str = "", *, password: str = "") -> str:
    """The token of a new session of the account `test-ROLE`, which is added where it is not."""
    name, now = f"test-{role}", datetime.now(UTC)

    async def begin() -> str:
        async with Redis.from_url(settings.redis_url) as client:
            store = AccountStore(client)
            account = Account(
                name=name, role=role, province=province, password=password, created_at=now
            )
            if await store.get(name) is None:
                await store.add(account, "test")
            held = await store.get(name) or account
            return await SessionStore(client, store, lifetime_of(settings)).begin(held, now)

    # In a thread of its own: a browser test has a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(begin())).result()


def enter(
    context: BrowserContext, url: str, settings: Settings, role: Role, province: str = "", *,
    password: str = "",
) -> None:  # fmt: skip
    """Log a browser in at `url`, as the form would."""
    token = session_of(settings, role, province, password=password)
    context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
