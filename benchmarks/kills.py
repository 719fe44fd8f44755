"""`kill -9` of each part once, under load, and the time until it works again; or of all at once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil
import redis

from benchmarks.stack import NotReadyError, Stack, wait_until
from config.topics import heartbeat_key
from labourwatch.health import is_healthy
from labourwatch.parts import Check, parts_of

_RECOVERY_SECONDS = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One kill. `seconds` until the part was healthy again; `None` if it never was."""

    part: str
    seconds: float | None
    phase: str
    """Phase of the crawler at the moment of the kill."""


def kill_each_once(stack: Stack, names: Iterable[str], *, pause_s: float) -> list[Kill]:
    """Kill the parts named, one after another, each after the one before has recovered."""
    kills = []
    for name in names:
        kills.append(kill_once(stack, name))
        time.sleep(pause_s)
    return kills


def kill_once(stack: Stack, name: str) -> Kill:
    """Kill one part's process and wait until another does its work."""
    part = next(part for part in parts_of(demonstration=True) if part.name == name)
    before = stack.pids()[name]
    phase = stack.progress().phase
    os.kill(before, signal.SIGKILL)
    if part.check is Check.HEARTBEAT:
        # The dead process's last beat lives on for seconds: only the new one's may count.
        with redis.Redis.from_url(stack.settings.redis_url) as client:
            client.delete(heartbeat_key(name))

    def recovered() -> bool:
        now = stack.pids().get(name)
        return now is not None and now != before and is_healthy(stack.settings, part)

    try:
        seconds = wait_until(recovered, _RECOVERY_SECONDS, name, every=0.1)
    except NotReadyError:
        return Kill(part=name, seconds=None, phase=phase)
    return Kill(part=name, seconds=seconds, phase=phase)


def lose(stack: Stack) -> datetime:
    """Kill everything at once, as a machine that burns down does; when.

    Raises:
        benchmarks.stack.NotReadyError: something still runs half a minute later.
    """
    front = psutil.Process(stack.process.pid)
    every = [front, *front.children(recursive=True)]
    lost_at = datetime.now(UTC)
    for process in every:
        process.send_signal(signal.SIGKILL)
    wait_until(lambda: not any(map(_runs, every)), 30, "who was killed still runs", every=0.05)
    return lost_at


def _runs(process: psutil.Process) -> bool:
    """Whether it has not ended; who should bury the children of the dead may take long."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
