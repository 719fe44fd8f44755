"""Accounts and the audit log in Redis: no change without its entry, both or neither."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import redis
import redis.asyncio as redis_async
import structlog
from redis.exceptions import WatchError

from config.vocabulary import provinces
from dashboard.accounts.chain import Deed, Entry, following
from dashboard.accounts.records import Account, Role

_ACCOUNTS: Final = "lw:account:held"
_AUDIT: Final = "lw:account:audit"
_ATTEMPTS: Final = 50
_LINK_FOR: Final = timedelta(hours=24)
NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{1,40}")
LOG: Final = structlog.get_logger("accounts")

Change = Callable[[Account | None], Account | None]


class AccountError(Exception):
    """A change that cannot be made; says why."""


def validated(account: Account) -> Account:
    """The account itself.

    Raises:
        AccountError: naming what is not as expected.
    """
    if not NAME.fullmatch(account.name):
        raise AccountError("name: expected 2 to 41 small letters, digits, - or _")
    if account.role is Role.PROVINCIAL and account.province not in provinces():
        raise AccountError(f"province: expected one of {', '.join(provinces())}")
    if account.role is not Role.PROVINCIAL and account.province:
        raise AccountError("province: only a provincial account has one")
    return account


def read_accounts(client: redis.Redis) -> Mapping[str, Account]:
    """Every account by name, disabled ones too. Blocking."""
    held: Any = client.hgetall(_ACCOUNTS)
    found = (msgspec.json.decode(value, type=Account) for value in held.values())
    return {one.name: one for one in found}


def told_to_the_log(entry: Entry) -> None:
    """The log file is the copy kept elsewhere that shows whether the end was cut off."""
    LOG.info("audit", number=entry.number, deed=entry.deed.value, mark=entry.mark)


class AccountStore:
    """Accounts, their set-up links and what was done; may raise `redis.RedisError`."""

    def __init__(
        self, redis: redis_async.Redis, tell: Callable[[Entry], None] = told_to_the_log
    ) -> None:
        """`tell` gets each entry as it stands: a copy of its mark is to be kept elsewhere."""
        self._redis: Any = redis
        self._tell = tell

    async def get(self, name: str) -> Account | None:
        """The account of this name."""
        return _account(await self._redis.hget(_ACCOUNTS, name))

    async def all(self) -> Mapping[str, Account]:
        """Every account by name, disabled ones too."""
        held = await self._redis.hgetall(_ACCOUNTS)
        found = (msgspec.json.decode(value, type=Account) for value in held.values())
        return {one.name: one for one in sorted(found, key=lambda one: one.name)}

    async def add(self, account: Account, actor: str) -> None:
        """Store a new account.

        Raises:
            AccountError: it is not valid, or there is one of this name.
        """
        validated(account)

        def change(held: Account | None) -> Account:
            if held is not None:
                raise AccountError(f"there is an account {account.name!r} already")
            return account

        detail = f"{account.role} {account.province}".strip()
        entry = entry_of(account.created_at, actor, Deed.ACCOUNT_ADDED, account.name, detail)
        await self._change(account.name, change, entry)

    async def put(self, changed: Callable[[Account], Account], entry: Entry) -> Account:
        """Change the account `entry.target` and note it.

        Raises:
            AccountError: there is no such account, or it would not be valid.
        """

        def change(held: Account | None) -> Account:
            if held is None:
                raise AccountError(f"there is no account {entry.target!r}")
            return validated(changed(held))

        after = await self._change(entry.target, change, entry)
        if after is None:
            raise AccountError(f"there is no account {entry.target!r}")
        return after

    async def note(self, entry: Entry) -> None:
        """Add an entry to the audit log."""
        await self._change("", lambda _: None, entry)

    async def new_link(self, name: str, actor: str, now: datetime) -> str:
        """A secret that lets its holder choose the account's password, once, within a day.

        Links made before are void.

        Raises:
            AccountError: there is no such account, or it is disabled.
        """
        account = await self.get(name)
        if account is None or account.disabled_at is not None:
            raise AccountError(f"there is no account {name!r}, or it is disabled")
        await self.note(entry_of(now, actor, Deed.LINK_MADE, name))
        secret = f"{name}.{secrets.token_urlsafe(32)}"
        await self._redis.set(_link_key(name), _digest(secret), ex=_LINK_FOR)
        return secret

    async def named_by_link(self, secret: str) -> Account | None:
        """The account whose password this link may choose; it is not used up by looking."""
        name = secret.rpartition(".")[0]
        held = await self._redis.get(_link_key(name)) if NAME.fullmatch(name) else None
        if not held or not secrets.compare_digest(held.decode(), _digest(secret)):
            return None
        account = await self.get(name)
        return account if account and account.disabled_at is None else None

    async def use_link(self, secret: str) -> Account | None:
        """The same, and the link is void from now on; of two at once one gets it."""
        account = await self.named_by_link(secret)
        if account is None or not await self._redis.delete(_link_key(account.name)):
            return None
        return account

    async def audit(self, most: int | None = None) -> list[Entry]:
        """The entries in order; with `most`, only the last so many."""
        first = 0 if most is None else -most
        held = await self._redis.lrange(_AUDIT, first, -1)
        return [msgspec.json.decode(one, type=Entry) for one in held]

    async def _change(self, name: str, change: Change, entry: Entry) -> Account | None:
        """One transaction: the account as `change` makes it, and the entry."""
        for _ in range(_ATTEMPTS):
            async with self._redis.pipeline(transaction=True) as pipe:
                await pipe.watch(_ACCOUNTS, _AUDIT)
                held = _account(await pipe.hget(_ACCOUNTS, name)) if name else None
                after = change(held)
                last = await pipe.lindex(_AUDIT, -1)
                placed = following(msgspec.json.decode(last, type=Entry) if last else None, entry)
                pipe.multi()
                if after is not None and after != held:
                    pipe.hset(_ACCOUNTS, name, msgspec.json.encode(after))
                pipe.rpush(_AUDIT, msgspec.json.encode(placed))
                try:
                    await pipe.execute()
                except WatchError:
                    continue
                self._tell(placed)
                return after
        raise WatchError("the audit log was written to by too many at once")


def opened_again(account: Account) -> Account:
    """The account with every session ended."""
    return replace(account, epoch=account.epoch + 1)


def entry_of(now: datetime, actor: str, deed: Deed, target: str = "", detail: str = "") -> Entry:
    """An entry that has no place in the log yet."""
    return Entry(number=0, at=now, actor=actor, deed=deed, target=target, detail=detail)


def _account(held: bytes | None) -> Account | None:
    return msgspec.json.decode(held, type=Account) if held else None


def _link_key(name: str) -> str:
    return f"lw:account:link:{name}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
