"""Starting the embedded parts as real processes, for fixtures and for tests that kill them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 60.0
LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True, kw_only=True)
class Part:
    """A running module of ours; `log` is where it writes."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    host: str = LOOPBACK

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def stop(self) -> int:
        """SIGTERM; the exit code. Killed when it does not stop, which fails the caller."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def wait_listening(self) -> None:
        """Return once the port accepts connections.

        Raises:
            RuntimeError: the process ended first; the message carries its log.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"part ended at start:\n{self.log.read_text()}")
            with closing(socket.socket()) as probe:
                if probe.connect_ex((self.host, self.port)) == 0:
                    return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"part never listened:\n{self.log.read_text()}")


def until(condition: Callable[[], bool]) -> None:
    """Return once `condition` holds.

    Raises:
        TimeoutError: it did not within the patience of a slow machine.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the condition never held")
        time.sleep(0.05)


def start_module(
    module: str,
    directory: Path,
    port: int,
    environment: Mapping[str, str] | None = None,
    *,
    host: str = LOOPBACK,
) -> Part:
    """Run `python -m module --dir directory --port port` and wait until it listens.

    `--host` is said only where it is another address than usual.
    """
    place = ["--dir", str(directory), "--port", str(port)]
    place += [] if host == LOOPBACK else ["--host", host]
    directory.mkdir(parents=True, exist_ok=True)
    log = directory.parent / f"{directory.name}-{port}.log"
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *place],
            stdout=sink,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
    part = Part(process=process, port=port, log=log, host=host)
    part.wait_listening()
    return part
