"""What is done at the shell stands in the audit log, as what is done by a page does.

Who acts is the user of the operating system. A deed is noted once it is done. Where the state store
does not answer then, or there is none yet, the entry is kept in the state directory, and the
dashboard takes it into the chain when it starts.
"""

from __future__ import annotations

import asyncio
import fcntl
import functools
import inspect
import os
import pwd
import syslog
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import msgspec
import structlog
import typer
from redis.asyncio import Redis
from redis.exceptions import RedisError

from config.settings import Settings, load_settings
from dashboard.accounts.chain import Deed, Entry
from dashboard.accounts.store import AccountStore, entry_of
from labourwatch.reaching import has_stack

P = ParamSpec("P")
R = TypeVar("R")
ROLE: Final = "shell"
KEPT: Final = "deeds-to-note.jsonl"
"""File of the state directory."""
NOTED: Final = "noted_as"
"""Attribute of commands whose deed the decorator notes."""
LOG: Final = structlog.get_logger("accounts")
_LONGEST: Final = 120
_LOOKED_AT: Final = 1_000
"""Newest entries of the log among which a kept deed is looked for."""
_NOBODY: Final = 2**32 - 1
"""The kernel's login id of a process that no log-in began."""


def actor() -> str:
    """`shell` and the user; where one logged in as another, both: `shell anna/root`."""
    user = _named(os.getuid())
    logged_in = _logged_in()
    return f"{ROLE} {user if logged_in in ('', user) else f'{logged_in}/{user}'}"


def note(settings: Settings, deed: Deed, target: str = "", detail: str = "") -> None:
    """Put a deed that is done into the audit log of the stack, or keep it for that. Blocking."""
    entry = entry_of(datetime.now(UTC), actor(), deed, target, detail)
    if not asyncio.run(_noted_at_once(settings, entry)):
        _keep(settings.var_dir, entry)


def keep(state: Path, deed: Deed, target: str = "", detail: str = "") -> None:
    """Keep a deed in the state directory `state` until the stack of that directory takes it.

    Where there is no such directory there is no service and no log: only the machine is told.
    """
    _keep(state, entry_of(datetime.now(UTC), actor(), deed, target, detail))


def tell_the_machine(entry: Entry) -> None:
    """A copy in the system's log, which who may write to Redis may not write."""
    told = f"labourwatch audit {entry.number} {entry.actor} {entry.deed} {entry.target}"
    syslog.openlog(facility=syslog.LOG_AUTH)
    syslog.syslog(syslog.LOG_NOTICE, f"{told} {entry.mark}".strip())


async def note_kept(settings: Settings) -> None:
    """Take kept deeds into the audit log, each once; they stay kept where it does not answer."""
    file = settings.var_dir / KEPT
    if not file.exists():
        return
    try:
        async with Redis.from_url(settings.redis_url, socket_timeout=5) as client:
            await _take_in(AccountStore(client, tell_the_machine), file)
    except (RedisError, msgspec.DecodeError) as error:
        LOG.warning("deeds at the shell are not in the audit log yet", why=str(error))


def noted(command: str, about: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a command that changes state: its deed is noted under `command` once it is done.

    Args:
        command: its words.
        about: parameter that names what it is done to; "" where there is none.

    What the command returns as `False` has changed nothing. A command that ends with a status other
    than 0 may have done part of its work: it is noted with that status where there is a stack.
    """

    def decorate(work: Callable[P, R]) -> Callable[P, R]:
        shape = inspect.signature(work)

        @functools.wraps(work)
        def done(*args: P.args, **kwargs: P.kwargs) -> R:
            given = shape.bind(*args, **kwargs).arguments.get(about, "") if about else ""
            target, settings = f"{command} {_words(given)}".strip(), load_settings()
            try:
                result = work(*args, **kwargs)
            except typer.Exit as ended:
                if ended.exit_code == 0 or has_stack(settings):
                    _noted(settings, target, f"status {ended.exit_code}" * bool(ended.exit_code))
                raise
            if result is not False:
                _noted(settings, target, "")
            return result

        setattr(done, NOTED, command)
        return done

    return decorate


def _noted(settings: Settings, target: str, detail: str) -> None:
    """Without a stack of this directory, default ports could lead to that of somebody else."""
    if has_stack(settings):
        note(settings, Deed.COMMAND, target, detail)
    else:
        keep(settings.var_dir, Deed.COMMAND, target, detail)


def _words(given: Any) -> str:
    """Ids and names of files as they were given, of many the first few."""
    each = [str(one) for one in given] if isinstance(given, (list, tuple)) else [str(given)]
    return " ".join(each)[:_LONGEST]


async def _noted_at_once(settings: Settings, entry: Entry) -> bool:
    await note_kept(settings)
    try:
        async with Redis.from_url(settings.redis_url, socket_timeout=5) as client:
            await AccountStore(client, tell_the_machine).note(entry)
    except RedisError:
        return False
    return True


def _keep(state: Path, entry: Entry) -> None:
    tell_the_machine(entry)
    if state.is_dir():
        with (state / KEPT).open("ab") as kept:
            kept.write(msgspec.json.encode(entry) + b"\n")
            kept.flush()
            os.fsync(kept.fileno())


async def _take_in(store: AccountStore, file: Path) -> None:
    """Into the chain with what is not there yet: who took it in may have died before the end."""
    with file.open("r+b") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)  # two commands at once: each deed is noted once
        entries = [msgspec.json.decode(line, type=Entry) for line in kept.read().splitlines()]
        known = {_identity(entry) for entry in await store.audit(_LOOKED_AT)}
        for entry in entries:
            if _identity(entry) not in known:
                await store.note(entry)
        kept.truncate(0)


def _identity(entry: Entry) -> tuple[datetime, str, str, str]:
    return entry.at, entry.actor, entry.deed, entry.target


def _named(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container's user has a number alone
        return str(uid)


def _logged_in() -> str:
    """Who logged in, as the kernel remembers it through `su` and `sudo`; "" where it does not."""
    try:
        uid = int(Path("/proc/self/loginuid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return ""
    return "" if uid == _NOBODY else _named(uid)
