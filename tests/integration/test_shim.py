"""The preloaded clock and disk do to a running process what is asked, and to no other."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fixtures_shim import preloaded, why_no_shim

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(bool(why_no_shim()), reason=why_no_shim() or "-"),
]
_ASKED = """
import os, sys, time
with open(sys.argv[1], "wb") as file:
    for line in sys.stdin:
        begun = time.monotonic()
        os.write(file.fileno(), b"x")
        os.fsync(file.fileno())
        print(time.time(), time.monotonic() - begun, flush=True)
"""


def _asked(process: subprocess.Popen[str]) -> tuple[float, float]:
    """Seconds by which its clock is ahead of ours, and that a write took."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    now, took = process.stdout.readline().split()
    return float(now) - time.time(), float(took)


def test_clock_and_disk_of_one_running_process(tmp_path: Path) -> None:
    with preloaded(tmp_path / "shim") as shim:
        words = [sys.executable, "-c", _ASKED, str(tmp_path / "file"), "warehouse.loader"]
        with subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert abs(_asked(process)[0]) < 60
            shim.set("embedded.broker", ahead_s=7200, slower_s=5)
            assert abs(_asked(process)[0]) < 60, "that is another part"
            shim.set("warehouse.loader", ahead_s=3600)
            assert abs(_asked(process)[0] - 3600) < 60
            shim.set("warehouse.loader", ahead_s=-3600, slower_s=0.3)
            ahead, took = _asked(process)
            assert abs(ahead + 3600) < 60
            assert took >= 0.6, "a write and its forcing"
            assert process.stdin is not None
            process.stdin.close()
        assert abs(time.time() - Path(tmp_path / "file").stat().st_mtime) < 60
