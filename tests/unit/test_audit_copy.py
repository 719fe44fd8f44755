"""A copy of the audit log is checked without the stack that wrote it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from dashboard.accounts.chain import Deed, Entry, following
from labourwatch.cli import app

AT = datetime(2026, 11, 26, tzinfo=UTC)


def chain(length: int) -> list[Entry]:
    made: list[Entry] = []
    for number in range(length):
        entry = Entry(number=0, at=AT, actor=f"account-{number}", deed=Deed.LOGGED_IN)
        made.append(following(made[-1] if made else None, entry))
    return made


def written(path: Path, entries: list[Entry]) -> Path:
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in entries))
    return path


def checked(path: Path, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["accounts", "audit", "--file", str(path), *more])
    return done.exit_code, done.output


def test_a_whole_copy_is_told_as_whole(tmp_path: Path) -> None:
    entries = chain(5)
    code, text = checked(written(tmp_path / "log", entries), "--mark", entries[2].mark)
    assert (code, entries[-1].mark in text) == (0, True)


@pytest.mark.parametrize("harm", ["changed", "removed", "moved", "cut off", "torn"])
def test_a_copy_that_was_changed_is_refused(tmp_path: Path, harm: str) -> None:
    entries = chain(5)
    mark = entries[-1].mark
    path = written(tmp_path / "log", entries)
    lines = path.read_bytes().splitlines(keepends=True)
    changed = {
        "changed": [lines[0], lines[1].replace(b"account-1", b"account-9"), *lines[2:]],
        "removed": [*lines[:2], *lines[3:]],
        "moved": [lines[1], lines[0], *lines[2:]],
        "cut off": lines[:-1],
        "torn": [*lines[:-1], lines[-1][:20]],
    }[harm]
    path.write_bytes(b"".join(changed))
    code, text = checked(path, "--mark", mark)
    assert code == 1, text
