"""Sessions in Redis under hashed ids, ended by idleness, by age, and by the account's changes."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import redis.asyncio as redis_async

from dashboard.accounts.records import Account, Session
from dashboard.accounts.store import AccountStore

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_TOUCHED_AFTER: Final = timedelta(seconds=30)
"""Being seen is written down this often at most: a page asks many times a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How long a session lasts."""

    idle: timedelta
    whole: timedelta


def is_over(session: Session, account: Account | None, lifetime: Lifetime, now: datetime) -> bool:
    """Whether the session counts no longer. Pure."""
    if account is None or account.disabled_at is not None or account.epoch != session.epoch:
        return True
    return now - session.seen_at >= lifetime.idle or now - session.began_at >= lifetime.whole


class SessionStore:
    """Sessions by their tokens; every call may raise `redis.RedisError`."""

    def __init__(
        self, redis: redis_async.Redis, accounts: AccountStore, lifetime: Lifetime
    ) -> None:
        self._redis: Any = redis
        self._accounts = accounts
        self._lifetime = lifetime

    async def begin(self, account: Account, now: datetime, *, instead_of: str = "") -> str:
        """A new session's token. The token a browser brought along is never taken over."""
        if instead_of:
            await self.end(instead_of)
        token = secrets.token_urlsafe(32)
        session = Session(account=account.name, epoch=account.epoch, began_at=now, seen_at=now)
        await self._keep(token, session, now)
        return token

    async def find(self, token: str, now: datetime) -> tuple[Session, Account] | None:
        """The session and its account, seen now; `None` where there is none or it is over."""
        if not _TOKEN.fullmatch(token):
            return None
        held = await self._redis.get(_key(token))
        if held is None:
            return None
        session = msgspec.json.decode(held, type=Session)
        account = await self._accounts.get(session.account)
        if account is None or is_over(session, account, self._lifetime, now):
            await self.end(token)
            return None
        if now - session.seen_at >= _TOUCHED_AFTER:
            await self._keep(token, replace(session, seen_at=now), now, only_held=True)
        return session, account

    async def end(self, token: str) -> None:
        """End a session; one that is not there stays so."""
        await self._redis.delete(_key(token))

    async def _keep(
        self, token: str, session: Session, now: datetime, *, only_held: bool = False
    ) -> None:
        """Store it; `only_held` does not bring back a session that was ended meanwhile."""
        left = min(self._lifetime.idle, session.began_at + self._lifetime.whole - now)
        milliseconds = max(1, int(left.total_seconds() * 1000))
        content = msgspec.json.encode(session)
        await self._redis.set(_key(token), content, px=milliseconds, xx=only_held)


def _key(token: str) -> str:
    return f"lw:account:session:{hashlib.sha256(token.encode()).hexdigest()}"
