"""A whole stack under test: started as a person starts it, in a directory of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from config.settings import Settings, load_settings
from labourwatch.progress import Progress, read_progress
from labourwatch.supervision import SupervisorAbsentError, Supervisord


class NotReadyError(RuntimeError):
    """The stack did not reach the state that was waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A running stack. `begun` is `time.monotonic()` at the moment of the command."""

    var_dir: Path
    process: subprocess.Popen[bytes]
    begun: float

    @property
    def settings(self) -> Settings:
        """Settings with the ports that were chosen."""
        return load_settings(self.var_dir)

    @property
    def supervisord(self) -> Supervisord:
        """The supervisor's interface."""
        return Supervisord(self.var_dir)

    def pids(self) -> dict[str, int]:
        """Process id of each part that runs."""
        try:
            states = self.supervisord.states()
        except SupervisorAbsentError:
            return {}
        return {name: state.pid for name, state in states.items() if state.running}

    def progress(self) -> Progress:
        """What the crawler says of itself."""
        return read_progress(self.settings)

    def get(self, address: str) -> Any:
        """JSON of an address of the stack."""
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 (loopback)
            return json.load(answer)

    def post(self, address: str, body: Mapping[str, Any]) -> Any:
        """JSON answer to JSON sent."""
        request = urllib.request.Request(  # noqa: S310 (loopback)
            address,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return json.load(answer)


@contextmanager
def running(
    var_dir: Path, environment: Mapping[str, str], without: Sequence[str] = ()
) -> Iterator[Stack]:
    """`labourwatch run` in `var_dir`, less some parts, stopped as Ctrl-C does at the end."""
    var_dir.mkdir(parents=True, exist_ok=True)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("LABOURWATCH_")}
    log = (var_dir / "run.log").open("ab")
    begun = time.monotonic()
    whole = ["labourwatch", "run", "--var", str(var_dir)]
    words = ["benchmarks.stack_without", str(var_dir), *without] if without else whole
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        env={**inherited, **environment},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    stack = Stack(var_dir=var_dir, process=process, begun=begun)
    try:
        # Before it has chosen its addresses, the defaults could lead to somebody else's stack.
        wait_until(stack.supervisord.answers, 60, "no supervisor answers", every=0.05)
        yield stack
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=150)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def wait_until(
    condition: Callable[[], bool], seconds: float, what: str, *, every: float = 0.5
) -> float:
    """Seconds until `condition` holds.

    Raises:
        NotReadyError: it did not hold within `seconds`; the message is `what`.
    """
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise NotReadyError(f"{what}: not within {seconds:.0f} s")
        time.sleep(every)
    return time.monotonic() - begun


def memory_mib(pids: Mapping[str, int]) -> dict[str, float]:
    """Proportional memory (PSS) of each part with its children, in MiB."""
    found: dict[str, float] = {}
    for name, pid in pids.items():
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        found[name] = sum(member.memory_full_info().pss for member in family) / 2**20
    return found


def supervision_mib(front_door: int) -> float:
    """Proportional memory of `labourwatch run` and its supervisor, without the parts, in MiB."""
    process = psutil.Process(front_door)
    return sum(each.memory_full_info().pss for each in (process, *process.children())) / 2**20


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds that each part with its living children has used so far."""
    found: dict[str, float] = {}
    for name, pid in pids.items():
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        times = [member.cpu_times() for member in family]
        found[name] = sum(spent.user + spent.system for spent in times)
    return found
