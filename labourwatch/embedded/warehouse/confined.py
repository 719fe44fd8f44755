"""The warehouse as a process that the kernel keeps within its own folder."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import structlog

from labourwatch.embedded.process import die_with_parent
from labourwatch.embedded.sandbox import confine, interpreter_paths
from labourwatch.embedded.warehouse.server import serve

log = structlog.get_logger(__name__)


def run(
    data_dir: Path,
    host: str,
    port: int,
    secret: str,
    ready: Callable[[], None] = lambda: None,
    *,
    database: str = "labourwatch",
) -> None:
    """Confine this process, then serve `data_dir` until SIGTERM or SIGINT.

    To be called before the process starts threads: what a thread may do is fixed at its start.

    Raises:
        labourwatch.embedded.warehouse.server.UnsafeServerError: no secret or no loopback address.
        labourwatch.embedded.warehouse.engine.DataDirectoryInUseError: another process has it.
        labourwatch.embedded.sandbox.SandboxError: the kernel refused the rules.
        OSError: the port is taken.
    """
    die_with_parent()
    scratch = data_dir.absolute() / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    os.environ["TMPDIR"] = str(scratch)  # chDB keeps a folder there from its import on
    confined = confine(interpreter_paths(), [data_dir, Path("/dev/null")])
    log.info("warehouse.start", confined_by_kernel=confined)
    asyncio.run(serve(data_dir, host, port, secret, ready=ready, database=database))
