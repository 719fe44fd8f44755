"""A clock that jumps and a disk that is slow, for one running part: `shim.c`, preloaded.

with preloaded(tmp_path) as shim:
    …start parts…
    shim.set("embedded.broker", ahead_s=3600.0)
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.fixtures_broker import REPOSITORY

_SOURCE: Final = REPOSITORY / "tests" / "faultshim" / "shim.c"
_LAYOUT: Final = struct.Struct("=qq")
PARTS: Final = (
    "embedded.broker", "embedded.warehouse", "warehouse.loader", "valkey-server", "redis-server",
    "kafka-1", "kafka-2", "kafka-3",
)  # fmt: skip
"""Words by which a part's command line is known."""


def why_no_shim() -> str:
    """The reason for which nothing can be preloaded here; "" where it can."""
    return "" if shutil.which("gcc") else "no gcc to compile tests/faultshim/shim.c with"


class Shim:
    """Numbers that preloaded processes obey while they run."""

    def __init__(self, controls: Path) -> None:
        self._controls = controls
        for name in PARTS:
            (controls / name).write_bytes(_LAYOUT.pack(0, 0))

    def set(self, part: str, *, ahead_s: float = 0.0, slower_s: float = 0.0) -> None:
        """Give one of `PARTS` a clock so far ahead, and each write of a file so much longer."""
        with (self._controls / part).open("r+b") as file:
            file.write(_LAYOUT.pack(int(ahead_s * 1e9), int(slower_s * 1e6)))


@contextmanager
def preloaded(directory: Path) -> Iterator[Shim]:
    """Processes started until the end are preloaded; this one is not."""
    controls, library = directory / "controls", directory / "shim.so"
    controls.mkdir(parents=True)
    compiler = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([*compiler, "-o", str(library), str(_SOURCE), "-ldl"], check=True, timeout=60)
    shim = Shim(controls)
    before = os.environ.get("LD_PRELOAD")
    os.environ["LABOURWATCH_FAULT_CONTROLS"] = str(controls)
    os.environ["LD_PRELOAD"] = str(library)
    try:
        yield shim
    finally:
        del os.environ["LABOURWATCH_FAULT_CONTROLS"], os.environ["LD_PRELOAD"]
        if before is not None:
            os.environ["LD_PRELOAD"] = before
