"""Each service's command, run exactly as `docker-compose.yml` has it, becomes healthy.

The servers are embedded ones on loopback; Valkey runs with the configuration that production
mounts. The environment is that of the file; only addresses and folders are of this machine.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import pytest
import redis

from config.metrics import ORDER
from config.settings import PREFIX
from labourwatch.addresses import is_free
from labourwatch.embedded.redis import find_server
from tests.compose_file import ROOT, own_services, services
from tests.fixtures_broker import start_broker
from tests.fixtures_warehouse import SECRET, start_warehouse
from tests.processes import free_port

pytestmark = pytest.mark.integration
_PATIENCE_S: Final = 240.0


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("production")


@pytest.fixture(scope="module")
def environment(place: Path) -> Iterator[dict[str, str]]:
    """What this machine has in place of names that a Docker network resolves."""
    secrets = place / "secrets"
    subprocess.run(["bash", ROOT / "deploy" / "make-secrets", secrets], check=True)
    port = free_port()
    for name, held in {
        "labourwatch_clickhouse_password": SECRET,
        "labourwatch_redis_url": _password(secrets).join(("redis://:", f"@127.0.0.1:{port}/0")),
    }.items():
        (secrets / name).chmod(0o600)
        (secrets / name).write_text(held)
    for folder in ("sources", "var"):
        (place / folder).mkdir()
    with ExitStack() as stack:
        bootstrap = stack.enter_context(start_broker(place))
        _, warehouse, _ = stack.enter_context(start_warehouse(place / "warehouse"))
        valkey = _start_valkey(place, port)
        stack.callback(valkey.wait, 30)
        stack.callback(valkey.terminate)
        yield {
            "BROKER_URL": f"kafka://{bootstrap}",
            "CLICKHOUSE_HOST": "127.0.0.1",
            "CLICKHOUSE_PORT": str(warehouse),
            "CLICKHOUSE_USER": "default",
            "VAR_DIR": str(place / "var"),
            "SOURCES_DIR": str(place / "sources"),
            "SECRETS_DIR": str(secrets),
            "DASHBOARD_HOST": "127.0.0.1",
            "DASHBOARD_PORT": str(free_port()),
            "METRICS_HOST": "127.0.0.1",
            "METRICS_PORT": str(_free_run()),
        }


def _free_run() -> int:
    """First of as many free ports in a row as there are parts."""
    runs = range(21_000, 30_000, len(ORDER))
    return next(base for base in runs if all(is_free(base + i) for i in range(len(ORDER))))


def _password(secrets: Path) -> str:
    return (secrets / "valkey_auth").read_text().strip().removeprefix("requirepass ")


def _start_valkey(place: Path, port: int) -> subprocess.Popen[bytes]:
    text = (ROOT / "deploy" / "valkey" / "valkey.conf").read_text(encoding="utf-8")
    folder = place / "valkey"
    folder.mkdir()
    conf = folder / "valkey.conf"
    at_home = text.replace("/run/secrets", str(place / "secrets"))
    conf.write_text(at_home.replace("dir /data", f"dir {folder}"))
    here = ["--port", str(port), "--bind", "127.0.0.1"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([find_server(), conf, *here], stdout=log, stderr=log)
    client = redis.Redis(port=port, password=_password(place / "secrets"))
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            client.ping()
        except redis.ConnectionError:
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return process


def _of_service(name: str, environment: dict[str, str]) -> dict[str, str]:
    given = {key: str(value) for key, value in services()[name]["environment"].items()}
    here = {f"{PREFIX}{key}": value for key, value in environment.items()}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {**os.environ, **given, **here, "PATH": path, "PYTHONPATH": str(ROOT)}


def _healthy(name: str, environment: dict[str, str]) -> bool:
    """Whether the health check of the file says so."""
    test = services()[name]["healthcheck"]["test"]
    assert test[0] == "CMD"
    asked = subprocess.run(
        test[1:], env=_of_service(name, environment), cwd="/", capture_output=True
    )
    return asked.returncode == 0


def test_every_command_turns_healthy_and_stops_when_asked(
    place: Path, environment: dict[str, str]
) -> None:
    logs = {name: place / f"{name}.log" for name in own_services()}
    running: dict[str, subprocess.Popen[bytes]] = {}
    assert not _healthy("load", environment)
    try:
        for name, service in own_services().items():
            with logs[name].open("wb") as log:
                running[name] = subprocess.Popen(
                    service["command"], env=_of_service(name, environment), cwd=place,
                    stdout=log, stderr=log,
                )  # fmt: skip
            if name == "load":
                _await_health([name], running, environment, logs)
        _await_health(list(running), running, environment, logs)
        assert [name for name, process in running.items() if process.poll() is not None] == []
        for name in running:
            port = int(environment["METRICS_PORT"]) + ORDER.index(name)
            with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                assert b"process_resident_memory_bytes" in answer.read()
    finally:
        for process in running.values():
            process.terminate()
    ended = {name: process.wait(60) for name, process in running.items()}
    # uvicorn ends by the signal itself, once it has closed.
    assert ended == {name: -signal.SIGTERM if name == "dashboard" else 0 for name in running}
    written = "".join(log.read_text() for log in logs.values())
    assert SECRET not in written
    assert all(json.loads(line)["part"] for line in written.splitlines())


def _await_health(
    names: list[str],
    running: dict[str, subprocess.Popen[bytes]],
    environment: dict[str, str],
    logs: dict[str, Path],
) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while waiting := [name for name in names if not _healthy(name, environment)]:
        for name in waiting:
            assert running[name].poll() is None, logs[name].read_text()
        assert time.monotonic() < deadline, {name: logs[name].read_text() for name in waiting}
        names = waiting
        time.sleep(1.5)
