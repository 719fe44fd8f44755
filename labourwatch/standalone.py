"""`labourwatch run`: the whole service on one machine, started in order and watched.

The story: choose addresses → start supervisord → start each part and wait until it is healthy →
tell the address → show progress and restarts until Ctrl-C → stop everything in reverse order.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from types import FrameType

from config.settings import Settings, load_settings
from labourwatch import addresses
from labourwatch.health import is_healthy
from labourwatch.parts import Part, parts_of
from labourwatch.progress import Progress, read_progress
from labourwatch.supervision import (
    HELD_STATUS,
    PartState,
    SupervisorAbsentError,
    Supervisord,
    configuration,
    socket_path,
)

Say = Callable[[str], None]

_START_SECONDS = 120.0
_WATCH_SECONDS = 1.0


class StartError(RuntimeError):
    """A part did not become healthy; the message names it, its log and the log's end."""


class WorkspaceMixError(RuntimeError):
    """The state directory holds the other workspace: invented and real vacancies must not mix."""


class AlreadyRunningError(RuntimeError):
    """A stack already runs from this state directory."""


def run(
    settings: Settings,
    say: Say,
    *,
    once_ready: Callable[[Settings], None] | None = None,
    parts: Sequence[Part] | None = None,
) -> int:
    """Run the stack until SIGINT or SIGTERM; returns the exit status.

    Args:
        settings: of the workspace.
        say: takes each line of progress.
        once_ready: called when every part is healthy.
        parts: in the order of their waves; default: those of the workspace.

    Raises:
        AlreadyRunningError: a supervisor answers for this `var_dir`.
        WorkspaceMixError: the directory holds the state of the other workspace.
        labourwatch.addresses.PortTakenError: a port asked for by name is in use.
        StartError: a part did not become healthy within two minutes.
    """
    supervisord = Supervisord(settings.var_dir)
    stop = _stop_event()
    if supervisord.is_stopping():
        say("  Waiting for the stack before to stop…")
        _await(lambda: not supervisord.answers(), _START_SECONDS, "it did not stop", stop)
    if supervisord.answers():
        raise AlreadyRunningError(
            f"a stack already runs from {settings.var_dir}: see `labourwatch status`"
        )
    _refuse_mixing(settings)
    _reap_orphans(settings, say)
    environment = addresses.choose(settings)
    addresses.write_env(settings.var_dir / "stack.env", environment)
    settings = load_settings(settings.var_dir)
    parts = parts or parts_of(demonstration=settings.is_demonstration)
    process = _start_supervisord(settings, parts, environment)
    try:
        _await(supervisord.answers, 20.0, "supervisord did not start", stop)
        for _, wave in groupby(parts, key=lambda part: part.wave):
            _start_wave(supervisord, settings, tuple(wave), say, stop)
        if stop.is_set():
            return 0
        _tell_address(settings, say)
        _prepare_accounts(settings, say)
        if settings.is_demonstration:
            _register_truth(settings, say)
        if once_ready is not None:
            once_ready(settings)
        _watch(supervisord, settings, say, stop)
    finally:
        _stop_all(supervisord, process, parts, say)
    return 0


def _refuse_mixing(settings: Settings) -> None:
    before = load_settings(settings.var_dir)
    if not (settings.var_dir / "stack.env").exists() or before.workspace == settings.workspace:
        return
    raise WorkspaceMixError(
        f"{settings.var_dir} holds the state of the {before.workspace} workspace; run the "
        f"{settings.workspace} one elsewhere: labourwatch run --var var-{settings.workspace}"
    )


def _stop_event() -> threading.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    return stop


def _start_supervisord(
    settings: Settings, parts: Iterable[Part], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    var = settings.var_dir.resolve()
    (var / "log").mkdir(parents=True, exist_ok=True)
    socket_path(settings.var_dir).unlink(missing_ok=True)
    passed = {**environment, "LABOURWATCH_VAR_DIR": str(var), "PYTHONUNBUFFERED": "1"}
    text = configuration(parts, settings.var_dir, passed)
    addresses.write_private(var / "supervisord.conf", text)
    # Its own session: Ctrl-C at the terminal must reach us alone, so that parts stop in order.
    return subprocess.Popen(  # noqa: S603 (our own interpreter and file)
        [sys.executable, "-m", "labourwatch.supervisor", "-c", str(var / "supervisord.conf")],
        env={**os.environ, **passed},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _reap_orphans(settings: Settings, say: Say) -> None:
    """End parts that a killed supervisor left behind; they hold this directory's locks."""
    from labourwatch.orphans import reap

    for pid, command in reap(settings.var_dir):
        say(f"  ended a process left from an earlier run: {pid} ({command})")


def _await(
    condition: Callable[[], bool], seconds: float, failure: str, stop: threading.Event
) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if stop.is_set():
            return
        if time.monotonic() > deadline:
            raise StartError(failure)
        stop.wait(0.1)


def _start_wave(
    supervisord: Supervisord,
    settings: Settings,
    parts: Sequence[Part],
    say: Say,
    stop: threading.Event,
) -> None:
    """Start parts together and return when each is healthy, or when asked to stop."""
    begun = time.monotonic()
    waiting = list(parts) if not stop.is_set() else []
    for part in waiting:
        supervisord.start(part.name)
    while waiting and not stop.is_set():
        if time.monotonic() - begun > _START_SECONDS:
            raise StartError(_why_not(settings, waiting[0]))
        for part in [part for part in waiting if is_healthy(settings, part)]:
            waiting.remove(part)
            say(f"  ✓ {part.name:<10} {part.describes:<26} {time.monotonic() - begun:5.1f} s")
        stop.wait(0.1)


def _why_not(settings: Settings, part: Part) -> str:
    log = settings.var_dir / "log" / f"{part.name}.log"
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    return (
        f"{part.name} was not healthy within {_START_SECONDS:.0f} s. Its log, {log}, ends:\n{tail}"
    )


def _tell_address(settings: Settings, say: Say) -> None:
    kind = "demonstration data" if settings.is_demonstration else "live sources"
    say(f"\n  Labourwatch is running ({kind}).")
    say(f"  Dashboard:  {settings.dashboard_url}")
    say(f"  State:      {settings.var_dir.resolve()}   (logs in log/)")
    say("  Stop:       Ctrl-C\n")


def _register_truth(settings: Settings, say: Say) -> None:
    """Put what is planted into the register of events, so that alerts have a scorecard at once."""
    from clickhouse_connect.driver.exceptions import Error

    from labourwatch.demo.registered import register_planted
    from labourwatch.demo.state import StateError

    try:
        register_planted(settings)
    except (Error, StateError) as error:
        say(f"  ! what is planted could not be registered: {error}")


def _prepare_accounts(settings: Settings, say: Say) -> None:
    """Tell who can log in; a stack that cannot say so runs on, for the public."""
    from redis.exceptions import RedisError

    from labourwatch.first_accounts import prepare

    try:
        prepare(settings, say)
    except RedisError as error:
        say(f"  ! accounts could not be prepared: {error}")


def _watch(supervisord: Supervisord, settings: Settings, say: Say, stop: threading.Event) -> None:
    """Show progress and restarts until asked to stop."""
    known = supervisord.states()
    shown = Progress(phase="", detail="")
    while not stop.wait(_WATCH_SECONDS):
        try:
            now = supervisord.states()
        except SupervisorAbsentError:
            say("  ! supervisord ended unexpectedly; stopping")
            return
        for line in restarts(known, now):
            say(line)
        known = now
        progress = read_progress(settings)
        if progress != shown and progress.phase:
            say(f"  … {progress.phase}: {progress.detail}")
            shown = progress


def restarts(before: Mapping[str, PartState], after: Mapping[str, PartState]) -> list[str]:
    """Lines that tell which parts ended or came back between two looks."""
    lines = []
    for name, state in after.items():
        previous = before.get(name)
        if previous is None or (previous.pid == state.pid and previous.state == state.state):
            continue
        if not state.running and previous.running:
            held = state.exit_status == HELD_STATUS
            then = "held until you look at its log" if held else "starting it again"
            lines.append(f"  ✗ {name} ended (exit status {state.exit_status}); {then}")
        elif state.running and state.pid != previous.pid:
            lines.append(f"  ↻ {name} restarted as process {state.pid}")
    return lines


def _stop_all(
    supervisord: Supervisord,
    process: subprocess.Popen[bytes],
    parts: Iterable[Part],
    say: Say,
) -> None:
    say("\n  Stopping…")
    try:
        for part in reversed(tuple(parts)):
            supervisord.stop(part.name)
        supervisord.shutdown()
    except SupervisorAbsentError:
        say("  supervisord is gone already")
    try:
        process.wait(timeout=90)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    say("  Stopped. State is kept; `labourwatch run` continues where it stopped.")
