"""The loading stack on ground of its own: a network that is torn, disks that fill up or are slow,
clocks that jump. On the embedded broker, or on three brokers of Apache Kafka on three hosts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Final

from tests.fixtures_broker import running_broker
from tests.fixtures_ground import Disk, Host, cut, heal, own_ground, small_disk, switch
from tests.fixtures_kafka import KafkaCluster, running_kafka
from tests.fixtures_shim import Shim, preloaded
from tests.integration.loading_stack import KillableBroker, LoadingStack, loading_stack

_BROKER: Final = "127.0.0.11"
_WAREHOUSE: Final = "127.0.0.12"
_SESSION_S: Final = 6.0
"""As in production: a loader that waits for slow ground is not taken for dead."""
_BROKER_MIB: Final = 256
_WAREHOUSE_MIB: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where one broker is: its disk, its host (embedded: an address), its name to the shim."""

    disk: Disk
    part: str
    host: Host | None = None

    def cut(self) -> None:
        """Nothing reaches it any more."""
        if self.host is None:
            cut(_BROKER)
        else:
            self.host.cut()

    def heal(self) -> None:
        """Undo `cut`."""
        if self.host is None:
            heal(_BROKER)
        else:
            self.host.heal()


@dataclass(slots=True, kw_only=True)
class Places:
    """A loading stack and what can be done to its places.

    `revived`: parts that ended by themselves and were started again, as a supervisor does.
    """

    stack: LoadingStack
    shim: Shim | None = None
    seats: Sequence[Seat] = ()
    disk_of_warehouse: Disk | None = None
    cluster: KafkaCluster | None = None
    revived: list[str] = field(default_factory=list)

    def next_seat(self) -> Seat:
        """The broker whose turn it is to be hurt: each leads some partitions."""
        return self.seats[self.cluster.next_turn() if self.cluster else 0]

    def neighbours(self, seat: Seat) -> list[Host]:
        """Hosts of the other brokers."""
        return [other.host for other in self.seats if other.host and other is not seat]

    def cut_warehouse(self) -> None:
        """Nothing reaches the warehouse any more."""
        cut(_WAREHOUSE)

    def heal_warehouse(self) -> None:
        """Undo `cut_warehouse`."""
        heal(_WAREHOUSE)

    def revive(self) -> None:
        """Start what ended, and note it."""
        self.revived += self.stack.revive()


@contextmanager
def places(directory: Path, *, kafka: int) -> Iterator[Places]:
    """The stack, running, without a loader. Needs `why_no_ground` and `why_no_shim` to be ""."""
    with ExitStack() as ground:
        ground.enter_context(own_ground())
        shim = ground.enter_context(preloaded(directory / "shim"))
        names = [f"kafka-{number}" for number in range(1, kafka + 1)] or ["broker"]
        disks = [
            ground.enter_context(small_disk(directory / name, mebibytes=_BROKER_MIB))
            for name in names
        ]
        full = ground.enter_context(small_disk(directory / "warehouse", mebibytes=_WAREHOUSE_MIB))
        hosts: list[Host] = ground.enter_context(switch(kafka)) if kafka else []
        broker, cluster = _brokers(ground, directory, hosts)
        seats = [
            Seat(disk=disk, part=name if hosts else "embedded.broker", host=host)
            for disk, name, host in zip_longest(disks, names, hosts)
        ]
        stack = ground.enter_context(
            loading_stack(directory, broker=broker, warehouse_host=_WAREHOUSE)
        )
        stack.session_timeout_s = _SESSION_S
        yield Places(stack=stack, shim=shim, seats=seats, disk_of_warehouse=full, cluster=cluster)


def _brokers(
    ground: ExitStack, directory: Path, hosts: Sequence[Host]
) -> tuple[KillableBroker, KafkaCluster | None]:
    if not hosts:
        return ground.enter_context(running_broker(directory, host=_BROKER)), None
    where = [(host.address, host.enter) for host in hosts]
    cluster = KafkaCluster(ground.enter_context(running_kafka(directory, len(hosts), where)))
    return cluster, cluster
