"""Accounts, sessions, lockout and the audit log over a real Redis; the commands over them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis
from typer.testing import CliRunner

from config.settings import PREFIX
from dashboard.accounts.chain import Deed, broken
from dashboard.accounts.lockout import Lockout
from dashboard.accounts.records import Account, Role
from dashboard.accounts.sessions import Lifetime, SessionStore
from dashboard.accounts.store import AccountError, AccountStore, entry_of, opened_again
from labourwatch.cli import app
from tests.fixtures_redis import start_redis

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
LIFETIME = Lifetime(idle=timedelta(hours=2), whole=timedelta(hours=12))
ANALYST = Account(name="analyst-1", role=Role.ANALYST, created_at=NOW)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with start_redis(tmp_path_factory.mktemp("redis")) as address:
        yield address


@pytest.fixture
async def client(url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(url) as redis:
        await redis.flushall()
        yield redis


async def test_a_name_is_given_once_and_every_change_has_its_entry(client: Redis) -> None:
    store = AccountStore(client)
    await store.add(ANALYST, "terminal")
    with pytest.raises(AccountError, match="already"):
        await store.add(ANALYST, "terminal")
    with pytest.raises(AccountError, match="no account"):
        await store.put(opened_again, entry_of(NOW, "x", Deed.SESSIONS_ENDED, "nobody"))
    after = await store.put(opened_again, entry_of(NOW, "x", Deed.SESSIONS_ENDED, "analyst-1"))
    assert after.epoch == 1
    held = await store.audit()
    assert [one.deed for one in held] == [Deed.ACCOUNT_ADDED, Deed.SESSIONS_ENDED]
    assert broken(held) is None


async def test_many_writers_at_once_make_one_whole_chain(client: Redis, url: str) -> None:
    async def write(actor: int) -> None:
        async with Redis.from_url(url) as own:
            for _ in range(5):
                await AccountStore(own).note(entry_of(NOW, f"w{actor}", Deed.LOGGED_OUT))

    await asyncio.gather(*(write(actor) for actor in range(6)))
    held = await AccountStore(client).audit()
    assert len(held) == 30
    assert broken(held) is None


async def test_a_set_up_link_is_good_once_and_only_the_newest(client: Redis) -> None:
    store = AccountStore(client)
    await store.add(ANALYST, "terminal")
    first = await store.new_link("analyst-1", "terminal", NOW)
    second = await store.new_link("analyst-1", "terminal", NOW)
    assert await store.named_by_link(first) is None
    assert await store.named_by_link("analyst-1.wrong") is None
    assert await store.named_by_link("../etc.x") is None
    used = await asyncio.gather(*(store.use_link(second) for _ in range(5)))
    assert [one is not None for one in used].count(True) == 1
    stored = [await client.dump(key) for key in await client.keys("*")]
    assert not any(second.encode() in (held or b"") for held in stored)


async def test_a_session_is_kept_under_a_hash_and_ends(client: Redis) -> None:
    store = AccountStore(client)
    sessions = SessionStore(client, store, LIFETIME)
    await store.add(ANALYST, "terminal")
    token = await sessions.begin(ANALYST, NOW)
    assert not [key for key in await client.keys("*") if token.encode() in key]
    found = await sessions.find(token, NOW + timedelta(minutes=100))
    assert found is not None
    assert await sessions.find(token, NOW + timedelta(minutes=200)) is not None
    assert await sessions.find(token, NOW + timedelta(hours=12, minutes=1)) is None
    assert await sessions.find(token, NOW) is None  # ended for good
    assert await sessions.find("x" * 43, NOW) is None
    assert await sessions.find("*", NOW) is None


async def test_a_log_in_ends_the_session_it_replaces_and_an_epoch_ends_all(client: Redis) -> None:
    store = AccountStore(client)
    sessions = SessionStore(client, store, LIFETIME)
    await store.add(ANALYST, "terminal")
    old = await sessions.begin(ANALYST, NOW)
    new = await sessions.begin(ANALYST, NOW, instead_of=old)
    assert old != new
    assert await sessions.find(old, NOW) is None
    await store.put(
        lambda held: opened_again(replace(held, role=Role.ADMIN)),
        entry_of(NOW, "x", Deed.ROLE_CHANGED, "analyst-1"),
    )
    assert await sessions.find(new, NOW) is None


async def test_names_wait_alike_whether_they_exist_or_not(client: Redis) -> None:
    await AccountStore(client).add(ANALYST, "terminal")
    lockout = Lockout(client)
    for name in ("analyst-1", "nobody-of-this-name"):
        for _ in range(5):
            assert await lockout.wait(name, "203.0.113.5", NOW) == timedelta(0)
            waits = await lockout.failed(name, "203.0.113.5", NOW)
        assert waits
        assert await lockout.wait(name, "198.51.100.1", NOW) == timedelta(seconds=30)
    await lockout.succeeded("analyst-1")
    assert await lockout.wait("analyst-1", "203.0.113.5", NOW) == timedelta(0)
    for number in range(20):
        await lockout.failed(f"n{number}", "203.0.113.9", NOW)
    assert await lockout.wait("analyst-1", "203.0.113.5", NOW) == timedelta(seconds=30)
    keys = b" ".join(key for key in await client.keys("*") if isinstance(key, bytes))
    assert b"analyst-1" not in keys
    assert b"203.0" not in keys


async def test_failures_at_once_all_count(client: Redis) -> None:
    lockout = Lockout(client)
    names = (f"m{number}" for number in range(30))
    await asyncio.gather(*(lockout.failed(name, "198.51.100.7", NOW) for name in names))
    assert await lockout.wait("another", "198.51.100.9", NOW) == timedelta(seconds=30)


async def test_one_name_is_tried_once_at_a_time(client: Redis) -> None:
    lockout = Lockout(client)
    async with lockout.one_at_a_time("a") as first, lockout.one_at_a_time("a") as second:
        assert (first, second) == (True, False)
    async with lockout.one_at_a_time("a") as again:
        assert again


def test_the_commands(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}REDIS_URL", url.removesuffix("/0") + "/3")
    monkeypatch.setenv(f"{PREFIX}VAR_DIR", str(tmp_path))

    def run(*words: str, status: int = 0) -> str:
        result = CliRunner().invoke(app, ["accounts", *words])
        assert result.exit_code == status, result.output
        return result.output

    added = run("add", "champasak-1", "--role", "provincial", "--province", "LA-CH")
    assert "/set-up/champasak-1." in added
    assert "not set up" in run("list")
    run("add", "x-1", "--role", "king", status=1)
    run("add", "x-1", "--role", "provincial", status=1)
    assert "analyst" in run("role", "champasak-1", "analyst")
    run("disable", "champasak-1")
    assert "disabled" in run("list")
    run("password", "champasak-1", status=1)
    run("disable", "champasak-1", "--undo")
    shown = run("audit")
    assert "5 entries, whole" in shown
    assert "role_changed" in shown
