"""Accounts at the start: a link for the first admin, and the demonstration's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from config.settings import Settings
from dashboard.accounts.demonstration import DEMO_PASSWORD, demo_accounts
from dashboard.accounts.passwords import hash_of
from dashboard.accounts.records import Account, Role
from dashboard.accounts.store import AccountStore

FIRST = "admin"
ACTOR = "start"


def prepare(settings: Settings, say: Callable[[str], None]) -> None:
    """Make what the first start needs and tell it; later starts repeat only what is still open.

    Raises:
        redis.RedisError: the state store does not answer.
    """
    lines = asyncio.run(_prepared(settings))
    for line in lines:
        say(line)


async def _prepared(settings: Settings) -> list[str]:
    from redis.asyncio import Redis

    async with Redis.from_url(settings.redis_url) as client:
        store, now = AccountStore(client), datetime.now(UTC)
        lines = []
        if settings.is_demonstration:
            await _add_demo(store, now)
            names = ", ".join(one.name for one in demo_accounts())
            lines.append(f"  Log in as:  {names} (password: {DEMO_PASSWORD})")
        secret = await _first_link(store, now)
        if secret:
            address = f"{settings.dashboard_url.rstrip('/')}/en/set-up/{secret}"
            lines.append(f"  First administrator, once within 24 hours: {address}\n")
        return lines


async def _first_link(store: AccountStore, now: datetime) -> str:
    """A link for the account `admin`, while no admin can log in; else ""."""
    held = (await store.all()).values()
    if any(_can_enter(one) for one in held if one.role is Role.ADMIN):
        return ""
    if await store.get(FIRST) is None:
        await store.add(Account(name=FIRST, role=Role.ADMIN, created_at=now), ACTOR)
    first = await store.get(FIRST)
    if first is None or first.disabled_at is not None or first.role is not Role.ADMIN:
        return ""
    return await store.new_link(FIRST, ACTOR, now)


def _can_enter(account: Account) -> bool:
    return account.disabled_at is None and bool(account.password or account.identity)


async def _add_demo(store: AccountStore, now: datetime) -> None:
    missing = [one for one in demo_accounts() if await store.get(one.name) is None]
    stored = hash_of(DEMO_PASSWORD) if missing else ""
    for one in missing:
        account = Account(
            name=one.name,
            role=one.role,
            province=one.province,
            password=stored,
            demonstration=True,
            created_at=now,
        )
        await store.add(account, ACTOR)
