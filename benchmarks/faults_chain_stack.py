"""The whole chain as processes: boards → crawl → stream → load → alert → mail, and the dashboard.

The parts are those of `labourwatch run`, under the same supervisor with the same configuration,
which alone brings back what is killed. Beside them: one broker of Apache Kafka where asked, a mail
server that counts, and an alert process that lives in the days that the crawler reads.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final

import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from benchmarks.faults_chain_proxy import Spoiler, before_board
from benchmarks.stack import Stack, wait_until
from config.settings import load_settings
from config.topics import heartbeat_key
from labourwatch.addresses import LOOPBACK, write_env, write_private
from labourwatch.demo.serve import PORTS_NEEDED
from labourwatch.health import is_healthy
from labourwatch.orphans import reap
from labourwatch.parts import Check, Part, part_named, parts_of
from labourwatch.supervision import configuration
from tests.fixtures_broker import REPOSITORY
from tests.fixtures_kafka import kafka_version, running_kafka
from tests.processes import free_port

ALERT: Final = "benchmarks.faults_chain_alert"
_START_S: Final = 600.0
_STOP_S: Final = 60.0
_OWN_MAIL: Final = "mail"
SPOILT: Final = "vieng-cv"
"""A board of HTML pages, list and adverts."""


class CountingServer:
    """A mail server that keeps whatever it accepted, and for whom, in order."""

    def __init__(self) -> None:
        self.taken: list[tuple[bytes, tuple[str, ...]]] = []

    async def handle_DATA(self, _server: object, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one message (the name is the SMTP library's)."""
        content = envelope.content or b""
        data = content.encode() if isinstance(content, str) else content
        self.taken.append((data, tuple(envelope.rcpt_tos)))
        return "250 taken"


@dataclass(slots=True, kw_only=True)
class Chain:
    """The running chain."""

    stack: Stack
    box: CountingServer
    parts: tuple[Part, ...]
    name: str
    """How the table calls it."""
    spoiler: Spoiler | None
    """Stands before one of the boards, where there are boards."""
    posted: int = 0
    """Vacancies added by hand so far."""
    killed: dict[str, int] = field(default_factory=dict)

    def kill(self, name: str) -> int:
        """kill -9 of a part's process, which runs; its id. Its last sign of life is removed."""
        pid = self.stack.pids()[name]
        os.kill(pid, signal.SIGKILL)
        if part_named(name).check is Check.HEARTBEAT:
            with (
                suppress(redis.RedisError),  # killed too: its last beat ends by itself
                redis.Redis.from_url(self.stack.settings.redis_url) as client,
            ):
                client.delete(heartbeat_key(name))
        self.killed[name] = pid
        return pid

    def is_back(self, name: str) -> bool:
        """Whether another process than the killed one does the part's work."""
        pid = self.stack.pids().get(name)
        if pid is None or pid == self.killed.get(name):
            return False
        return is_healthy(self.stack.settings, part_named(name))


@contextmanager
def chain(
    directory: Path, *, seed: int, days: int, daily: float, kafka: bool, only: Sequence[str] = ()
) -> Iterator[Chain]:
    """Every part healthy, none but the mail server ours.

    Args:
        directory: of state.
        seed: of the boards' market.
        days, daily: its history, and vacancies a day.
        kafka: on one broker of Apache Kafka instead of the embedded one.
        only: names of the parts in the order of their waves; default: all.
    """
    with ExitStack() as stack:
        bootstrap = ""
        if kafka:
            (broker,) = stack.enter_context(running_kafka(directory, 1))
            bootstrap = broker.bootstrap
        box, var = CountingServer(), directory / "var"
        environment = _environment(var, bootstrap) | {
            "LABOURWATCH_SEED": str(seed),
            "LABOURWATCH_DEMO_DAYS": str(days),
            "LABOURWATCH_DEMO_DAILY": str(daily),
        }
        mail = Controller(box, hostname=LOOPBACK, port=int(environment["LABOURWATCH_SMTP_PORT"]))
        mail.start()
        stack.callback(mail.stop)
        out = {_OWN_MAIL, *(["broker"] if kafka else [])}
        wanted = only or [part.name for part in parts_of(demonstration=True)]
        parts = tuple(part_named(name) for name in wanted if name not in out)
        process = _supervise(var, parts, environment)
        stack.callback(_end, process, var)
        made = Stack(var_dir=var, process=process, begun=time.monotonic())
        waves = [tuple(wave) for _, wave in groupby(parts, key=lambda part: part.wave)]
        _start(made, waves[0])
        spoiler = None
        if "boards" in wanted:
            sources = var / "demo" / "sources"
            spoiler = stack.enter_context(before_board(sources, SPOILT))
        for wave in waves[1:]:
            _start(made, wave)
        name = f"Kafka {kafka_version()}, 1 broker" if kafka else "embedded"
        yield Chain(stack=made, box=box, parts=parts, name=name, spoiler=spoiler)


def _environment(var: Path, bootstrap: str) -> dict[str, str]:
    """Addresses of all parts on ports that are free, as `labourwatch run` chooses them."""
    boards = ",".join(str(free_port()) for _ in range(PORTS_NEEDED))
    given = {
        "VAR_DIR": str(var),
        "REDIS_URL": f"redis://{LOOPBACK}:{free_port()}/0",
        "BROKER_URL": f"kafka://{bootstrap or f'{LOOPBACK}:{free_port()}'}",
        "CLICKHOUSE_PORT": str(free_port()),
        "CLICKHOUSE_PASSWORD": secrets.token_urlsafe(16),
        "DASHBOARD_PORT": str(free_port()),
        "SMTP_PORT": str(free_port()),
        "DEMO_URL": f"http://{LOOPBACK}:{free_port()}",
        "DEMO_BOARD_PORTS": boards,
        "SOURCES_DIR": str(var / "demo" / "sources"),
        "WORKSPACE": "demonstration",
    }
    return {f"LABOURWATCH_{name}": value for name, value in given.items()}


def _supervise(
    var: Path, parts: Sequence[Part], environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """The supervisor of the product; the alert process has its own clock."""
    (var / "log").mkdir(parents=True)
    write_env(var / "stack.env", environment)
    passed = environment | {"PYTHONUNBUFFERED": "1"}
    text = configuration(parts, var, passed)
    text = re.sub(r"(?m)^(command=.*) -m labourwatch alert$", rf"\1 -m {ALERT}", text)
    write_private(var / "supervisord.conf", text)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("LABOURWATCH_")}
    return subprocess.Popen(
        [sys.executable, "-m", "labourwatch.supervisor", "-c", str(var / "supervisord.conf")],
        cwd=REPOSITORY,
        env={**inherited, **passed},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _start(stack: Stack, wave: Sequence[Part]) -> None:
    """Start parts together and return when each is healthy, as `labourwatch run` does."""
    wait_until(stack.supervisord.answers, _START_S, "no supervisor answers", every=0.05)
    settings = load_settings(stack.var_dir)
    for part in wave:
        stack.supervisord.start(part.name)
    for part in wave:
        wait_until(
            partial(is_healthy, settings, part), _START_S, f"{part.name} is not healthy", every=0.1
        )


def _end(process: subprocess.Popen[bytes], var: Path) -> None:
    """Everything is thrown away afterwards, so parts are not given time to stop well."""
    pids = Stack(var_dir=var, process=process, begun=0.0).pids()
    process.kill()
    process.wait(_STOP_S)
    for pid in pids.values():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    reap(var)
