"""Apache Kafka for tests: real brokers in KRaft mode, from the jars of `bin/install-kafka`.

with running_kafka(tmp_path) as [broker]: …            # one broker
with running_kafka(tmp_path, brokers=3) as cluster: …  # three, each a vote of the quorum
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.fixtures_broker import REPOSITORY
from tests.processes import free_port

_HOST: Final = "127.0.0.1"
JARS: Final = REPOSITORY / ".kafka" / "jars"
_WHY_NOT: Final = REPOSITORY / ".kafka" / "why-not"
_LOGGING: Final = REPOSITORY / "tests" / "kafka" / "log4j2.properties"
_CLUSTER_ID: Final = "bGFib3Vyd2F0Y2gtdGVzdA"
_HEAP: Final = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
START_S: Final = 120.0
_STOP_S: Final = 60.0
_SETTINGS: Final[Mapping[str, str]] = {
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "num.recovery.threads.per.data.dir": "1",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    "log.initial.task.delay.ms": "500",
    "log.retention.check.interval.ms": "500",
    # A partition of the network is noticed within seconds, as an operator would have it.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "controller.quorum.election.timeout.ms": "1000",
    "controller.quorum.fetch.timeout.ms": "2000",
    "replica.lag.time.max.ms": "4000",
}


def kafka_version() -> str:
    """Version of the jars, "" where there are none."""
    found = sorted(JARS.glob("kafka-clients-*.jar"))
    return found[-1].stem.removeprefix("kafka-clients-") if found else ""


def require_kafka() -> None:
    """Skip the test, with the reason, where Apache Kafka cannot be started."""
    if _WHY_NOT.exists():
        pytest.skip(f"no Apache Kafka: {_WHY_NOT.read_text().strip()}")
    if not kafka_version():
        pytest.skip("no Apache Kafka: bin/install-kafka was not run")


@dataclass(slots=True, kw_only=True)
class KafkaProcess:
    """One broker that is also a controller, always at one address and directory.

    Has the face of `tests.fixtures_broker.BrokerProcess`.
    """

    node: int
    directory: Path
    port: int
    controller_port: int
    voters: str
    size: int
    host: str = _HOST
    enter: tuple[str, ...] = ()
    """Words before its command, where it runs in a network of its own."""
    _process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def log(self) -> Path:
        return self.directory.with_suffix(".log")

    def format(self) -> None:
        """Write the settings and make the storage, as `kafka-storage format` does."""
        self.directory.mkdir(parents=True, exist_ok=True)
        copies = str(min(3, self.size))
        settings = {
            **_SETTINGS,
            "node.id": str(self.node),
            "controller.quorum.voters": self.voters,
            "listeners": f"PLAINTEXT://{self.bootstrap},"
            f"CONTROLLER://{self.host}:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "log.dirs": str(self.directory / "data"),
            "default.replication.factor": copies,
            "min.insync.replicas": "2" if self.size > 1 else "1",
            "offsets.topic.replication.factor": copies,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": "1",
            "share.coordinator.state.topic.replication.factor": copies,
            "share.coordinator.state.topic.min.isr": "1",
        }
        self._settings.write_text("".join(f"{k}={v}\n" for k, v in settings.items()))
        tool = ["kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", str(self._settings)]
        done = subprocess.run(
            _java(*tool), capture_output=True, text=True, timeout=START_S, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def launch(self) -> None:
        """Start without waiting."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_dying_with_us(), *self.enter, *_java("kafka.Kafka", str(self._settings))],
                stdout=log,
                stderr=log,
            )

    def wait_ready(self) -> None:
        """Return once clients are served (the broker is registered and unfenced)."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            assert self._process is not None
            assert self._process.poll() is None, self.log.read_text()[-5000:]
            if self._listens():
                return
            time.sleep(0.1)
        raise TimeoutError(self.log.read_text()[-5000:])

    def start(self) -> None:
        """Start and wait until clients can connect."""
        self.launch()
        self.wait_ready()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop with a signal; the process's exit code. Killed where it does not stop."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(how)
        try:
            return process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait(_STOP_S)

    def kill(self) -> None:
        """kill -9."""
        self.stop(signal.SIGKILL)

    @property
    def ended(self) -> bool:
        """Whether it was started and ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def send_signal(self, how: signal.Signals) -> None:
        """SIGSTOP or SIGCONT, say."""
        assert self._process is not None
        self._process.send_signal(how)

    @property
    def _settings(self) -> Path:
        return self.directory / "server.properties"

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((self.host, self.port)) == 0


def _java(*arguments: str) -> list[str]:
    where = f"-Dlog4j2.configurationFile={_LOGGING}"
    return ["java", *_HEAP, where, "-cp", f"{JARS}/*", *arguments]


def _dying_with_us() -> list[str]:
    """A test run that is killed leaves no broker behind, where util-linux can promise that."""
    found = shutil.which("setpriv")
    return [found, "--pdeathsig", "KILL"] if found else []


def make_brokers(
    directory: Path, brokers: int, places: Sequence[tuple[str, tuple[str, ...]]] = ()
) -> list[KafkaProcess]:
    """Brokers of one cluster, formatted, none started.

    Args:
        directory: where each keeps its files, in a folder `kafka-N`.
        brokers: how many.
        places: address and words that enter it for each; none: all on loopback.
    """
    places = places or [(_HOST, ())] * brokers
    ports = [(free_port(), free_port()) for _ in range(brokers)]
    voters = ",".join(
        f"{node}@{host}:{control}"
        for node, ((_, control), (host, _)) in enumerate(zip(ports, places, strict=True), 1)
    )
    made = [
        KafkaProcess(
            node=node,
            directory=directory / f"kafka-{node}",
            port=port,
            controller_port=control,
            voters=voters,
            size=brokers,
            host=host,
            enter=enter,
        )
        for node, ((port, control), (host, enter)) in enumerate(zip(ports, places, strict=True), 1)
    ]
    with ThreadPoolExecutor(brokers) as pool:
        list(pool.map(KafkaProcess.format, made))
    return made


@contextmanager
def running_kafka(
    directory: Path, brokers: int = 1, places: Sequence[tuple[str, tuple[str, ...]]] = ()
) -> Iterator[list[KafkaProcess]]:
    """The brokers of a running cluster, stopped afterwards. Skips where there is no Kafka."""
    require_kafka()
    cluster = make_brokers(directory, brokers, places)
    try:
        for broker in cluster:
            broker.launch()
        for broker in cluster:
            broker.wait_ready()
        yield cluster
    finally:
        for broker in cluster:
            broker.kill()


class KafkaCluster:
    """Brokers of which one in turn is hurt, each a leader of some partitions; the others go on."""

    def __init__(self, brokers: Sequence[KafkaProcess]) -> None:
        self._brokers = brokers
        self._turn = 0

    @property
    def bootstrap(self) -> str:
        """Addresses of all brokers, as clients want them."""
        return ",".join(broker.bootstrap for broker in self._brokers)

    def kill(self) -> None:
        """kill -9 of the next."""
        self._brokers[self.next_turn()].kill()

    def start(self) -> None:
        """Start the one that was killed."""
        self._brokers[self._turn].start()

    def next_turn(self) -> int:
        """Number of the broker to be hurt next, from 0, where others hurt it."""
        self._turn = (self._turn + 1) % len(self._brokers)
        return self._turn

    def revive(self) -> int:
        """Start again those that ended by themselves, as a supervisor does; how many."""
        ended = [broker for broker in self._brokers if broker.ended]
        for broker in ended:
            broker.start()
        return len(ended)

    def send_signal(self, how: signal.Signals) -> None:
        """SIGSTOP goes to the next, anything else to the one that was stopped."""
        if how is signal.SIGSTOP:
            self.next_turn()
        self._brokers[self._turn].send_signal(how)
