"""Deeds at the shell in the chain of a real Redis, each once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.settings import Settings
from dashboard.accounts.chain import Deed
from labourwatch.cli import app
from labourwatch.shell_deeds import KEPT, actor, keep, note, note_kept
from tests.audit_trail import audited
from tests.fixtures_redis import start_redis

pytestmark = pytest.mark.integration
_PROVIDER = [
    "--name", "Office", "--may", "text", "--legal-basis", "letter 7", "--owner", "MoLSW",
    "--contact", "the office",
]  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    with start_redis(tmp_path / "redis") as url:
        state = tmp_path / "var"
        state.mkdir()
        (state / "stack.env").touch()
        monkeypatch.setenv("LABOURWATCH_VAR_DIR", str(state))
        monkeypatch.setenv("LABOURWATCH_REDIS_URL", url)
        yield Settings(redis_url=url, var_dir=state)


def test_accounts_and_providers_changed_at_the_shell_are_in_the_chain_once(
    settings: Settings,
) -> None:
    for words in (
        ["accounts", "add", "desk-1", "--role", "analyst"],
        ["accounts", "role", "desk-1", "policymaker"],
        ["accounts", "password", "desk-1"],
        ["accounts", "disable", "desk-1"],
        ["provider", "add", "office-1", *_PROVIDER],
        ["provider", "rotate", "office-1"],
        ["provider", "revoke", "office-1"],
    ):
        ran = CliRunner().invoke(app, words)
        assert ran.exit_code == 0, ran.output
    assert CliRunner().invoke(app, ["provider", "revoke", "nobody"]).exit_code == 1
    told = [(entry.deed, entry.target, entry.detail) for entry in audited(settings)]
    assert told == [
        (Deed.ACCOUNT_ADDED, "desk-1", "analyst"),
        (Deed.LINK_MADE, "desk-1", ""),
        (Deed.ROLE_CHANGED, "desk-1", "policymaker"),
        (Deed.LINK_MADE, "desk-1", ""),
        (Deed.ACCOUNT_DISABLED, "desk-1", ""),
        (Deed.COMMAND, "provider add office-1", ""),
        (Deed.COMMAND, "provider rotate office-1", ""),
        (Deed.COMMAND, "provider revoke office-1", ""),
        (Deed.COMMAND, "provider revoke nobody", "status 1"),
    ]
    assert {entry.actor for entry in audited(settings)} == {actor()}


def test_a_register_that_is_begun_anew_is_noted_and_one_that_is_not_lost_is_not(
    settings: Settings,
) -> None:
    anew = ["begin-anew", "--accept-doubles"]
    assert CliRunner().invoke(app, anew).exit_code == 0
    assert "not lost" in CliRunner().invoke(app, anew).output
    assert [entry.target for entry in audited(settings)] == ["begin-anew"]


def test_what_was_kept_while_nothing_ran_is_taken_in_once(settings: Settings) -> None:
    keep(settings.var_dir, Deed.COMMAND, "restore 20261126")
    file = settings.var_dir / KEPT
    held = file.read_bytes()
    asyncio.run(note_kept(settings))
    assert file.read_bytes() == b""
    file.write_bytes(held)  # as if who took it in had died before the end
    note(settings, Deed.COMMAND, "sources accept s-1")
    assert [entry.target for entry in audited(settings)] == [
        "restore 20261126",
        "sources accept s-1",
    ]


def test_a_deed_is_kept_while_the_state_store_is_away(settings: Settings) -> None:
    away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    note(away, Deed.ALERT_ACKNOWLEDGED, "a-1", "desk-1")
    assert audited(settings) == []
    asyncio.run(note_kept(settings))
    (entry,) = audited(settings)
    assert (entry.deed, entry.target, entry.detail) == (Deed.ALERT_ACKNOWLEDGED, "a-1", "desk-1")


def test_a_restored_state_brings_the_entry_of_its_restoring(
    tmp_path: Path, settings: Settings
) -> None:
    again, folder = tmp_path / "again", ["--folder", str(tmp_path / "backups")]
    made = CliRunner().invoke(app, ["backup", *folder])
    assert made.exit_code == 0, made.output
    put_back = CliRunner().invoke(app, ["restore", "--var", str(again), *folder])
    assert put_back.exit_code == 0, put_back.output
    asyncio.run(note_kept(settings.model_copy(update={"var_dir": again})))
    (entry,) = audited(settings)
    assert entry.target == f"restore {put_back.output.split()[0]}"
