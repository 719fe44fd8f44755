"""`deploy/backup` against a `docker` that notes what it is asked: order, restart, wholeness."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_DOCKER: Final = """#!/bin/bash
echo "$*" >> "$NOTES"
case "$*" in
  *" cp clickhouse"*) [ -z "$FAIL" ] && echo rows > "${!#}" || exit 1 ;;
  *" cp redis"*) mkdir "${!#}" && echo aof > "${!#}/appendonly" ;;
esac
"""
_STOPPED: Final = "stop load alert stream crawl dashboard"
_STARTED: Final = "start load alert stream crawl dashboard"


def _run(place: Path, fail: str = "") -> tuple[int, list[str], list[Path]]:
    """Status, what docker was asked, and the folders that came of it."""
    (place / "docker").write_text(_DOCKER)
    (place / "docker").chmod(0o755)
    notes = place / "notes"
    done = subprocess.run(
        ["bash", ROOT / "deploy" / "backup", place / "out", "--env-file", "x.env"],
        env={**os.environ, "PATH": f"{place}:{os.environ['PATH']}", "NOTES": str(notes),
             "FAIL": fail},
        capture_output=True,
    )  # fmt: skip
    asked = [
        line.removeprefix("compose --env-file x.env ") for line in notes.read_text().split("\n")
    ]
    return done.returncode, asked, sorted((place / "out").iterdir())


def test_our_processes_stand_still_while_servers_are_copied(tmp_path: Path) -> None:
    status, asked, (made,) = _run(tmp_path)
    assert status == 0
    assert (asked[0], asked[-2]) == (_STOPPED, _STARTED)
    assert any("BACKUP DATABASE labourwatch" in line for line in asked)
    assert {path.name for path in made.iterdir()} == {
        "warehouse.zip", "redis", "offsets.txt", "config", "SHA256SUMS",
    }  # fmt: skip
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=made)
    assert checked.returncode == 0


def test_a_backup_that_breaks_starts_them_again_and_is_not_taken_for_whole(tmp_path: Path) -> None:
    status, asked, (left,) = _run(tmp_path, fail="1")
    assert status != 0
    assert asked[-2] == _STARTED
    assert left.suffix == ".part"
