"""Ports and secrets of the one-machine stack, kept in `<var>/stack.env` between runs."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from config.metrics import ORDER
from config.settings import PREFIX, Settings

LOOPBACK = "127.0.0.1"
_BOARD_PORTS = 8


class PortTakenError(RuntimeError):
    """A port that was asked for by name is in use."""


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on `host:port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(preferred: int, taken: Collection[int], host: str = LOOPBACK) -> int:
    """`preferred` or the first free port above it that is not in `taken`.

    Raises:
        PortTakenError: none of the 200 ports from `preferred` is free.
    """
    for port in range(preferred, min(preferred + 200, 65536)):
        if port not in taken and is_free(port, host):
            return port
    raise PortTakenError(f"no free port between {preferred} and {preferred + 199} on {host}")


def _given(name: str) -> bool:
    return f"{PREFIX}{name.upper()}" in os.environ


def _claim(setting: str, preferred: int, taken: set[int]) -> int:
    """A port for `setting`; one that the environment names must be free."""
    if _given(setting):
        if not is_free(preferred):
            raise PortTakenError(
                f"{PREFIX}{setting.upper()} asks for port {preferred}, which another program uses; "
                f"find it with `ss -ltnp 'sport = :{preferred}'`, stop it or choose another port"
            )
        port = preferred
    else:
        port = free_port(preferred, taken)
    taken.add(port)
    return port


def choose(settings: Settings) -> dict[str, str]:
    """Environment values of a stack on free loopback ports.

    Ports of an earlier run are kept where they are still free, so that bookmarks stay good.

    Raises:
        PortTakenError: a port named in the environment is in use.
    """
    taken: set[int] = set()
    redis = _claim("redis_url", urlsplit(settings.redis_url).port or 16379, taken)
    broker = _claim("broker_url", urlsplit(settings.broker_url).port or 19092, taken)
    values = {
        "REDIS_URL": f"redis://{LOOPBACK}:{redis}/0",
        "BROKER_URL": f"kafka://{LOOPBACK}:{broker}",
        "CLICKHOUSE_PORT": str(_claim("clickhouse_port", settings.clickhouse_port, taken)),
        "DASHBOARD_PORT": str(_claim("dashboard_port", settings.dashboard_port, taken)),
        "CLICKHOUSE_PASSWORD": settings.clickhouse_password.get_secret_value()
        or secrets.token_urlsafe(24),
        "METRICS_PORT": str(_metrics_ports(settings, taken)),
        "WORKSPACE": settings.workspace,
    }
    if settings.is_demonstration:
        values |= _demonstration(settings, taken)
    return {f"{PREFIX}{name}": value for name, value in values.items()}


def _metrics_ports(settings: Settings, taken: set[int]) -> int:
    """First of a run of ports that are free, one for each part."""
    if _given("metrics_port"):
        return settings.metrics_port
    count, first = len(ORDER), settings.metrics_port or 19460
    for base in range(first, first + 200, count):
        ports = set(range(base, base + count))
        if not ports & taken and all(map(is_free, ports)):
            taken |= ports
            return base
    raise PortTakenError(f"no {count} free ports in a row between {first} and {first + 199}")


def _demonstration(settings: Settings, taken: set[int]) -> dict[str, str]:
    control = _claim("demo_url", urlsplit(settings.demo_url).port or 18200, taken)
    kept = [int(port) for port in settings.demo_board_ports.split(",") if port]
    boards: list[int] = []
    for index in range(_BOARD_PORTS):
        preferred = kept[index] if index < len(kept) else 18201 + index
        boards.append(free_port(preferred, taken))
        taken.add(boards[-1])
    return {
        "SMTP_PORT": str(_claim("smtp_port", settings.smtp_port, taken)),
        "DEMO_URL": f"http://{LOOPBACK}:{control}",
        "DEMO_BOARD_PORTS": ",".join(map(str, boards)),
        "SOURCES_DIR": str(settings.var_dir / "demo" / "sources"),
    }


def write_env(path: Path, values: Mapping[str, str]) -> None:
    """Write `values` as NAME=value lines that only the owner can read."""
    write_private(path, "".join(f"{name}={value}\n" for name, value in sorted(values.items())))


def write_private(path: Path, text: str) -> None:
    """Write `text` to a file only its owner can read, replacing it in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".tmp")
    with open(scratch, "w", encoding="utf-8", opener=_private) as out:
        out.write(text)
    scratch.replace(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
