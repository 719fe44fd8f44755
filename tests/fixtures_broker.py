"""Starting the embedded broker as a process, for any test that needs a Kafka address.

@pytest.fixture
def bootstrap(tmp_path):
    with start_broker(tmp_path) as broker:
        yield broker
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[1]
STOP_TIMEOUT_S = 20


class BrokerProcess:
    """The embedded broker in its own process, always at one address and directory."""

    def __init__(self, directory: Path, *options: str, host: str = "127.0.0.1") -> None:
        self.directory = directory / "broker"
        self.port = free_port()
        self.bootstrap = f"{host}:{self.port}"
        self._host = host
        self.log = directory / "broker.log"
        self._options = options
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start and wait until clients can connect."""
        command = [sys.executable, "-m", "labourwatch.embedded.broker"]
        place = ["--dir", str(self.directory), "--port", str(self.port), "--host", self._host]
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [*command, *place, *self._options],
                cwd=REPOSITORY,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line == f"ready {self.bootstrap}\n", self.log.read_text()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop with a signal; the process's exit code."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(how)
        code = process.wait(STOP_TIMEOUT_S)
        assert process.stdout is not None
        process.stdout.close()
        return code

    def revive(self) -> int:
        """Start it again if it ended by itself, as a supervisor does; how many did."""
        if self._process is None or self._process.poll() is None:
            return 0
        self.stop()
        self.start()
        return 1

    def kill(self) -> None:
        """kill -9."""
        self.stop(signal.SIGKILL)

    def send_signal(self, how: signal.Signals) -> None:
        """SIGSTOP or SIGCONT, say."""
        assert self._process is not None
        self._process.send_signal(how)


@contextmanager
def running_broker(
    directory: Path, *options: str, host: str = "127.0.0.1"
) -> Iterator[BrokerProcess]:
    """The broker process itself, for tests that stop, kill and restart it."""
    broker = BrokerProcess(directory, *options, host=host)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@contextmanager
def start_broker(directory: Path) -> Iterator[str]:
    """A fresh broker with its data under `directory`; yields its bootstrap address."""
    with running_broker(directory) as broker:
        yield broker.bootstrap


def free_port() -> int:
    """A TCP port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
