"""`labourwatch accounts`: who may log in at the dashboard, and what was done there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import typer

from config.settings import Settings, load_settings
from dashboard.accounts.chain import Deed, Entry, broken
from dashboard.accounts.records import Account, Role
from dashboard.accounts.store import AccountError, AccountStore, entry_of, opened_again
from labourwatch.shell_deeds import actor, tell_the_machine
from labourwatch.terminal import fail, say

T = TypeVar("T")
accounts = typer.Typer(no_args_is_help=True, help="Who may log in, and what was done.")
_ONCE = "Its link for choosing a password, good once within 24 hours (send it by a safe way):"


def _now() -> datetime:
    return datetime.now(UTC)


def _with_store(work: Callable[[AccountStore], Awaitable[T]]) -> T:
    """The result of `work` on the store of the running stack, or a message."""
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    async def reach(settings: Settings) -> T:
        async with Redis.from_url(settings.redis_url) as client:
            return await work(AccountStore(client, tell_the_machine))

    try:
        return asyncio.run(reach(load_settings()))
    except RedisError as error:
        raise fail(f"the state store does not answer: {error}; see `labourwatch status`") from error
    except AccountError as error:
        raise fail(str(error)) from error


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        raise fail(f"role: expected one of {', '.join(Role)}") from error


def set_up_address(settings: Settings, secret: str) -> str:
    """Where a set-up link leads."""
    return f"{settings.dashboard_url.rstrip('/')}/set-up/{secret}"


@accounts.command("add")
def add(
    name: Annotated[str, typer.Argument(help="An office or a function, not a person.")],
    role: Annotated[str, typer.Option(help=", ".join(Role))],
    province: Annotated[str, typer.Option(help="ISO code, of a provincial account.")] = "",
    identity: Annotated[str, typer.Option(help="Its holder at the OpenID provider.")] = "",
) -> None:
    """Add an account and show the link by which its holder chooses the password."""
    now = _now()
    account = Account(
        name=name, role=_role(role), province=province, identity=identity.strip(), created_at=now
    )

    async def work(store: AccountStore) -> str:
        await store.add(account, actor())
        return await store.new_link(name, actor(), now)

    secret = _with_store(work)
    say(f"Account {name} added.\n{_ONCE}\n{set_up_address(load_settings(), secret)}")


@accounts.command("list")
def listing() -> None:
    """Every account, a line each."""

    async def work(store: AccountStore) -> list[Account]:
        return list((await store.all()).values())

    held = _with_store(work)
    if not held:
        say("No accounts.")
        return
    say(f"{'name':<32}{'role':<14}{'province':<10}{'standing':<14}since")
    for one in held:
        province = one.province or "-"
        line = f"{one.name:<32}{one.role:<14}{province:<10}{_standing(one):<14}"
        say(f"{line}{one.created_at:%Y-%m-%d}")


def _standing(account: Account) -> str:
    if account.disabled_at is not None:
        return "disabled"
    return "active" if account.password or account.subject else "not set up"


@accounts.command("disable")
def disable(
    name: str,
    undo: Annotated[bool, typer.Option("--undo", help="Enable it again.")] = False,
) -> None:
    """End an account's sessions and let it log in no more, at once."""
    now = _now()
    deed = Deed.ACCOUNT_ENABLED if undo else Deed.ACCOUNT_DISABLED

    async def work(store: AccountStore) -> None:
        await store.put(
            lambda held: opened_again(replace(held, disabled_at=None if undo else now)),
            entry_of(now, actor(), deed, name),
        )

    _with_store(work)
    say(f"Account {name} {'enabled' if undo else 'disabled'}.")


@accounts.command("password")
def password(name: str) -> None:
    """Show a new link by which the holder chooses a password; the old one holds until then."""
    secret = _with_store(lambda store: store.new_link(name, actor(), _now()))
    say(f"{_ONCE}\n{set_up_address(load_settings(), secret)}")


@accounts.command("role")
def role(
    name: str,
    role: str,
    province: Annotated[str, typer.Option(help="ISO code, of a provincial account.")] = "",
) -> None:
    """Give an account another role or province; its sessions end."""
    wanted, now = _role(role), _now()
    entry = entry_of(now, actor(), Deed.ROLE_CHANGED, name, f"{wanted} {province}".strip())

    async def work(store: AccountStore) -> None:
        await store.put(
            lambda held: opened_again(replace(held, role=wanted, province=province)), entry
        )

    _with_store(work)
    say(f"Account {name} is now {wanted}{f' of {province}' if province else ''}.")


@accounts.command("audit")
def audit(
    limit: Annotated[int, typer.Option(min=1, help="Newest entries shown.")] = 50,
    account: Annotated[str, typer.Option(help="Only by or about this account.")] = "",
    export: Annotated[
        Path | None, typer.Option(help="Also write the whole log there, a JSON object a line.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Check such a copy instead; needs no running stack.")
    ] = None,
    mark: Annotated[
        str, typer.Option(help="A mark of the log that was kept elsewhere: it must be there.")
    ] = "",
) -> None:
    """What was done, newest last, and whether the log is whole."""
    entries = _with_store(lambda store: store.audit()) if file is None else _copy(file)
    shown = [one for one in entries if not account or account in (one.actor, one.target)]
    for one in shown[-limit:]:
        say(_line(one))
    gap = broken(entries)
    if gap is not None:
        raise fail(f"the log is not whole at entry {gap.number}: {gap.why}")
    if mark and mark not in {one.mark for one in entries}:
        raise fail(f"no entry bears {mark}: the log was cut off, or made anew")
    if export is not None:
        export.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in entries))
    if entries:
        say(f"{len(entries)} entries, whole; the last bears {entries[-1].mark}")


def _copy(file: Path) -> list[Entry]:
    try:
        return [msgspec.json.decode(line, type=Entry) for line in file.read_bytes().splitlines()]
    except (OSError, msgspec.DecodeError) as error:
        raise fail(f"{file} is no copy of the log: {error}") from error


def _line(entry: Entry) -> str:
    who = entry.actor or "nobody"
    about = " ".join(part for part in (entry.target, entry.detail) if part)
    return f"{entry.number:>6}  {entry.at:%Y-%m-%d %H:%M:%S}  {who:<20} {entry.deed:<20} {about}"
