"""Processes that outlived a hard-killed supervisor, found by the state directory they serve."""

from __future__ import annotations

from pathlib import Path

import psutil

_GRACE_SECONDS = 10.0


def _belongs(process: psutil.Process, var_dir: Path) -> bool:
    """Whether `process` is a part that was started for `var_dir`."""
    try:
        environment = process.environ()
        return (
            environment.get("LABOURWATCH_VAR_DIR") == str(var_dir)
            and environment.get("SUPERVISOR_ENABLED") == "1"
        )
    except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def reap(var_dir: Path) -> list[tuple[int, str]]:
    """Stop every part left over for `var_dir`; SIGTERM first, SIGKILL after ten seconds.

    Returns:
        Process id and command name of each process ended.
    """
    place = var_dir.resolve()
    found = [process for process in psutil.process_iter() if _belongs(process, place)]
    named = [(process.pid, process.name()) for process in found if process.is_running()]
    for process in found:
        process.terminate()
    _, alive = psutil.wait_procs(found, timeout=_GRACE_SECONDS)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=_GRACE_SECONDS)
    return named
