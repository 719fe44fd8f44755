"""Stacks of the restore drill: started less some parts, and lost at once."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks import stack_without
from benchmarks.kills import lose
from benchmarks.stack import Stack


def test_a_stack_is_started_less_what_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: dict[str, Any] = {}

    def run(settings: Any, _say: Any, *, parts: Any) -> int:
        told.update(var_dir=settings.var_dir, names=[part.name for part in parts])
        return 3

    monkeypatch.setattr(stack_without, "run", run)
    assert stack_without.main(tmp_path, frozenset({"dashboard", "mail"})) == 3
    assert told == {
        "var_dir": tmp_path,
        "names": ["redis", "broker", "warehouse", "boards", "load", "stream", "crawl", "alert"],
    }


def test_a_loss_ends_all_at_once_and_waits_for_nobody_to_bury_them(tmp_path: Path) -> None:
    front = subprocess.Popen(["sh", "-c", "sleep 97 & sleep 97"])
    while len(children := psutil.Process(front.pid).children()) < 2:
        time.sleep(0.01)
    begun = time.monotonic()
    lose(Stack(var_dir=tmp_path, process=front, begun=begun))
    assert time.monotonic() - begun < 20
    assert front.wait(1) < 0
    for child in children:
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
