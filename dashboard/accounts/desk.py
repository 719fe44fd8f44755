"""Logging in and out, choosing a password, and what admins do with accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import redis.asyncio as redis_async
import structlog

from config.settings import Settings
from dashboard.accounts import passwords
from dashboard.accounts.chain import Deed, Entry
from dashboard.accounts.lockout import Lockout
from dashboard.accounts.passwords import Fault
from dashboard.accounts.records import Account, Viewer
from dashboard.accounts.sessions import Lifetime, SessionStore
from dashboard.accounts.store import NAME, AccountStore, entry_of, opened_again

LOG = structlog.get_logger("accounts")
Answered = Callable[[str, Deed, str, str], Awaitable[None]]
"""`FrontDesk.answered`: actor, deed, alert, and what it was in a word or two."""
_AT_ONCE: Final = 2
"""Passwords looked at side by side: each takes 64 MiB."""


class Refusal(StrEnum):
    """Why somebody is not logged in."""

    WRONG = "wrong"
    """Name or password; which of the two is not told."""
    WAIT = "wait"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Somebody is logged in: the token for their browser."""

    token: str
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Somebody is not."""

    why: Refusal
    wait: timedelta = timedelta(0)


class FrontDesk:
    """Everything about accounts in one process; calls may raise `redis.RedisError`."""

    def __init__(
        self, settings: Settings, redis: redis_async.Redis, clock: Callable[[], datetime]
    ) -> None:
        self.accounts = AccountStore(redis)
        self.sessions = SessionStore(redis, self.accounts, lifetime_of(settings))
        self.clock = clock
        self.demonstration = settings.is_demonstration
        self.by_provider = bool(settings.oidc_issuer)
        self._lockout = Lockout(redis)
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def log_in(
        self, name: str, password: str, address: str, *, instead_of: str
    ) -> Entered | Refused:
        """A session for whoever knows name and password.

        Args:
            name: as typed.
            password: as typed.
            address: where the try comes from.
            instead_of: the session that the browser had before; it ends.
        """
        name, now = name.strip().casefold()[:64], self.clock()
        async with self._lockout.one_at_a_time(name) as mine:
            if not mine:
                return Refused(why=Refusal.BUSY, wait=timedelta(seconds=1))
            wait = await self._lockout.wait(name, address, now)
            if wait:
                return Refused(why=Refusal.WAIT, wait=wait)
            account = await self._usable(name)
            if not await self._matches(account, password) or account is None:
                return await self._failed(name, address, now)
            await self._lockout.succeeded(name)
        await self._renew_hash(account, password)
        return await self.enter(account, instead_of=instead_of)

    async def enter(self, account: Account, *, instead_of: str, detail: str = "") -> Entered:
        """A session for an account that has proved itself."""
        now = self.clock()
        await self.note(now, account.name, Deed.LOGGED_IN, account.name, detail)
        token = await self.sessions.begin(account, now, instead_of=instead_of)
        return Entered(token=token, account=account)

    async def log_out(self, viewer: Viewer, token: str) -> None:
        """End a session."""
        await self.sessions.end(token)
        await self.note(self.clock(), viewer.name, Deed.LOGGED_OUT, viewer.name)

    async def end_all(self, viewer: Viewer) -> None:
        """End every session of the viewer's account."""
        entry = entry_of(self.clock(), viewer.name, Deed.SESSIONS_ENDED, viewer.name)
        await self.accounts.put(opened_again, entry)

    async def change_password(
        self, viewer: Viewer, address: str, *, held: str, chosen: str, again: str
    ) -> Fault | Refusal | None:
        """Another password for whoever knows the present one; every session ends."""
        fault = passwords.fault_of(chosen, again, viewer.name)
        if fault is not None:
            return fault
        async with self._lockout.one_at_a_time(viewer.name) as mine:
            wait = await self._lockout.wait(viewer.name, address, self.clock())
            if not mine or wait:
                return Refusal.WAIT
            if not await self._matches(await self._usable(viewer.name), held):
                await self._lockout.failed(viewer.name, address, self.clock())
                return Refusal.WRONG
        await self._choose(viewer.name, chosen)
        return None

    async def set_up(self, secret: str, chosen: str, again: str) -> Fault | Account | None:
        """The account whose link this is, with the password chosen; `None` for a void link."""
        account = await self.accounts.named_by_link(secret)
        if account is None:
            return None
        fault = passwords.fault_of(chosen, again, account.name)
        if fault is not None:
            return fault
        if await self.accounts.use_link(secret) is None:
            return None
        await self._lockout.succeeded(account.name)
        return await self._choose(account.name, chosen)

    async def note(
        self, now: datetime, actor: str, deed: Deed, target: str = "", detail: str = ""
    ) -> None:
        """Write a line of the audit log."""
        await self.accounts.note(entry_of(now, actor, deed, target, detail))

    async def answered(self, actor: str, deed: Deed, alert_id: str, detail: str = "") -> None:
        """Note what was done about an alert, or that somebody asked for one not theirs.

        The deed is done by now: a store that fails does not undo it, and the service's log says so.
        """
        try:
            await self.note(self.clock(), actor, deed, alert_id[:64], detail)
        except redis_async.RedisError:
            LOG.warning("deed not in the audit log", actor=actor, deed=deed, alert=alert_id[:64])

    async def change(self, entry: Entry, changed: Callable[[Account], Account]) -> None:
        """What an admin changes of an account; its sessions end."""
        await self.accounts.put(lambda held: opened_again(changed(held)), entry)

    async def _usable(self, name: str) -> Account | None:
        account = await self.accounts.get(name) if NAME.fullmatch(name) else None
        if account is None or account.disabled_at is not None:
            return None
        return account if self.demonstration or not account.demonstration else None

    async def _matches(self, account: Account | None, password: str) -> bool:
        stored = account.password if account else ""
        async with self._gate:
            return await asyncio.to_thread(passwords.matches, stored, password)

    async def _failed(self, name: str, address: str, now: datetime) -> Refused:
        """Names that nobody has are not written down: they may be a password in the wrong field."""
        known = name if NAME.fullmatch(name) and await self.accounts.get(name) else ""
        locked = await self._lockout.failed(name, address, now)
        deed = Deed.LOCKED if locked else Deed.LOG_IN_REFUSED
        await self.note(now, "", deed, known, "" if known else "unknown name")
        return Refused(why=Refusal.WRONG)

    async def _renew_hash(self, account: Account, password: str) -> None:
        if passwords.is_old(account.password):
            async with self._gate:
                stored = await asyncio.to_thread(passwords.hash_of, password)
            entry = entry_of(self.clock(), account.name, Deed.PASSWORD_CHOSEN, account.name, "hash")
            await self.accounts.put(lambda held: replace(held, password=stored), entry)

    async def _choose(self, name: str, chosen: str) -> Account:
        async with self._gate:
            stored = await asyncio.to_thread(passwords.hash_of, chosen)
        entry = entry_of(self.clock(), name, Deed.PASSWORD_CHOSEN, name)
        return await self.accounts.put(
            lambda held: opened_again(replace(held, password=stored)), entry
        )


def lifetime_of(settings: Settings) -> Lifetime:
    """How long log-ins last here."""
    return Lifetime(
        idle=timedelta(minutes=settings.session_idle_minutes),
        whole=timedelta(hours=settings.session_hours),
    )
