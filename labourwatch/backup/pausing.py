"""All parts of a stack stand still for a moment, as if they had been killed, and then go on.

What they have written by then is what `kill -9` of all of them would leave behind: the state that
every part is built to continue from (decision 2). Nothing in them needs to know of backups.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import psutil

from labourwatch.backup.chosen import LOCKS
from labourwatch.backup.records import BackupError
from labourwatch.embedded.redis import SERVERS
from labourwatch.parts import PARTS

LONGEST_S: Final = 30.0
"""After so long the parts are let go whatever the backup does."""
_STILL_S: Final = 5.0

# Lets the parts go when its time is over, or when the backup's process is gone: its end of the
# pipe closes then. A part that stood still for ever would be worse than no backup.
_WARDEN: Final = (
    "import os,select,signal,sys\n"
    "select.select([0],[],[],float(sys.argv[1]))\n"
    "for pid in map(int,sys.argv[2:]):\n"
    "    try: os.kill(pid,signal.SIGCONT)\n"
    "    except ProcessLookupError: pass\n"
)


def processes_of(var_dir: Path) -> list[psutil.Process]:
    """Every process that serves the state directory, with its children; not this one, and not
    those that only watch (the front door and the supervisor)."""
    place = var_dir.resolve()
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.AccessDenied, psutil.NoSuchProcess):
            if _serves(process, place):
                children = process.children(recursive=True)
                found |= {each.pid: each for each in (process, *children)}
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [process for pid, process in found.items() if pid not in own]


def _serves(process: psutil.Process, place: Path) -> bool:
    """Whether it is a part that was started for `place`, by the supervisor or by hand."""
    environment = process.environ()
    named = environment.get("LABOURWATCH_VAR_DIR")
    if named is None or (Path(process.cwd()) / named).resolve() != place:
        return False
    return environment.get("SUPERVISOR_ENABLED") == "1" or _is_part(process.cmdline())


def _is_part(command: Sequence[str]) -> bool:
    """Whether a command line is that of a part: `… labourwatch stream`, or the state store's."""
    pairs = pairwise(Path(word).name for word in command)
    names = {part.name for part in PARTS}
    started = any(program == "labourwatch" and word in names for program, word in pairs)
    return started or (bool(command) and Path(command[0]).name in SERVERS)


def is_held(var_dir: Path) -> bool:
    """Whether a broker or a warehouse owns the directory."""
    return any(_locked(var_dir / name) for name in LOCKS)


def _locked(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@dataclass(slots=True)
class Pause:
    """How long parts stood still; filled in when they go on."""

    lasted_s: float = 0.0
    ended_at: float = 0.0
    """Seconds since the epoch."""


@contextmanager
def paused(processes: Iterable[psutil.Process]) -> Iterator[Pause]:
    """Hold `processes` until the block ends, `LONGEST_S` seconds at most.

    Raises:
        BackupError: one did not stop in time, or the time was over before the block's end; what
            was read meanwhile is then of no one moment.
    """
    held, pause = list(processes), Pause()
    warden = _start_warden([process.pid for process in held])
    begun = time.monotonic()
    try:
        _stop(held)
        yield pause
        pause.lasted_s = time.monotonic() - begun
        if pause.lasted_s > LONGEST_S - 1:
            raise BackupError(f"the parts could not be held longer than {LONGEST_S:.0f} s")
    finally:
        pause.ended_at = time.time()
        for process in held:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
        if warden.stdin is not None:
            warden.stdin.close()
        warden.wait()


def _start_warden(pids: list[int]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-S", "-c", _WARDEN, str(LONGEST_S), *map(str, pids)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603


def _stop(processes: Iterable[psutil.Process]) -> None:
    waiting = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGSTOP)
            waiting.append(process)
    deadline = time.monotonic() + _STILL_S
    while moving := [process for process in waiting if not _is_still(process)]:
        if time.monotonic() > deadline:
            names = ", ".join(str(process.pid) for process in moving)
            raise BackupError(f"processes {names} do not stand still; try again")
        time.sleep(0.005)


def _is_still(process: psutil.Process) -> bool:
    try:
        return process.status() in {psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE}
    except psutil.NoSuchProcess:
        return True
