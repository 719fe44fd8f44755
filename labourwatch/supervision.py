"""Supervisord as a library sees it: its configuration as text, and its XML-RPC interface.

Supervisord restarts a part that ends, waiting one second longer after each failed start, and
stops process groups; ordering and health are ours (`standalone.py`).
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from labourwatch.parts import Part

HELD_STATUS = 78
"""Exit status of a part that must not be restarted before a person has looked."""
_SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes, and supervisord appends its pid while binding

_HEAD = """\
[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisord]
nodaemon=true
silent=true
logfile={var}/log/supervisord.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile={var}/supervisord.pid
minfds=1024"""

_PROGRAM = """\
[program:{name}]
command={command}
environment={environment}
autostart=false
autorestart=unexpected
exitcodes={held}
startsecs=2
startretries=100000
stopwaitsecs={stop}
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile={var}/log/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=2"""


class SupervisorAbsentError(RuntimeError):
    """No supervisord answers: nothing has been started from this state directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """What supervisord knows of one part. `started` and `now` are seconds since the epoch."""

    name: str
    state: str
    pid: int
    started: int
    now: int
    exit_status: int

    @property
    def running(self) -> bool:
        """Whether the process is up (not whether it is healthy)."""
        return self.state == "RUNNING"


def socket_path(var_dir: Path) -> Path:
    """Where supervisord listens; a short name in the temporary directory for a deep `var_dir`."""
    near = (var_dir / "supervisor.sock").resolve()
    if len(str(near)) <= _SOCKET_PATH_LIMIT - 10:
        return near
    digest = sha256(str(near).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"labourwatch-{digest}.sock"


def configuration(parts: Iterable[Part], var_dir: Path, environment: Mapping[str, str]) -> str:
    """Text of supervisord's configuration for `parts`, none of which starts by itself."""
    var = var_dir.resolve()
    escaped = {name: value.replace("%", "%%") for name, value in environment.items()}
    setting = ",".join(f'{name}="{value}"' for name, value in sorted(escaped.items()))
    head = _HEAD.format(socket=socket_path(var_dir), var=var)
    sections = [head, *(_program(part, var, setting) for part in parts)]
    return "\n\n".join(sections) + "\n"


def _program(part: Part, var: Path, environment: str) -> str:
    command = shlex.join([sys.executable, "-m", "labourwatch", part.name]).replace("%", "%%")
    return _PROGRAM.format(
        held=HELD_STATUS,
        name=part.name,
        command=command,
        environment=environment,
        stop=part.stop_seconds,
        var=var,
    )


class Supervisord:
    """Calls to a running supervisord over its socket."""

    def __init__(self, var_dir: Path) -> None:
        self._path = socket_path(var_dir)

    def _call(self, method: str, *arguments: Any) -> Any:
        from supervisor.xmlrpc import SupervisorTransport

        # A transport keeps its connection and cannot use it again after a failure: one per call.
        transport = SupervisorTransport(None, None, f"unix://{self._path}")
        proxy = ServerProxy("http://localhost", transport=transport)
        try:
            return getattr(proxy.supervisor, method)(*arguments)
        except (OSError, HTTPException) as error:
            raise SupervisorAbsentError(f"no stack is running from {self._path.parent}") from error
        finally:
            transport.close()

    def answers(self) -> bool:
        """Whether supervisord is up, or still on its way down."""
        try:
            self._call("getState")
        except SupervisorAbsentError:
            return False
        except Fault as fault:
            return self._is_stopping(fault)
        return True

    def is_stopping(self) -> bool:
        """Whether supervisord was told to stop and is waiting for its parts."""
        try:
            self._call("getState")
        except SupervisorAbsentError:
            return False
        except Fault as fault:
            return self._is_stopping(fault)
        return False

    @staticmethod
    def _is_stopping(fault: Fault) -> bool:
        if "SHUTDOWN_STATE" in fault.faultString:
            return True
        raise fault

    def states(self) -> dict[str, PartState]:
        """State of every part by name.

        Raises:
            SupervisorAbsentError: supervisord does not answer.
        """
        return {
            info["name"]: PartState(
                name=info["name"],
                state=info["statename"],
                pid=info["pid"],
                started=info["start"],
                now=info["now"],
                exit_status=info["exitstatus"],
            )
            for info in self._call("getAllProcessInfo")
        }

    def start(self, name: str) -> None:
        """Ask for a part's start, without waiting. A part that already runs is left alone."""
        try:
            self._call("startProcess", name, False)
        except Fault as fault:
            if "ALREADY_STARTED" not in fault.faultString:
                raise

    def stop(self, name: str) -> None:
        """Stop a part and wait for its end. A part that does not run is left alone."""
        try:
            self._call("stopProcess", name, True)
        except Fault as fault:
            if "NOT_RUNNING" not in fault.faultString:
                raise

    def shutdown(self) -> None:
        """Stop supervisord itself."""
        self._call("shutdown")
