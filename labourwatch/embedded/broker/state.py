"""What the handlers work on: one broker's topics, groups and committed offsets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from labourwatch.embedded.broker.groups import Group

if TYPE_CHECKING:
    from labourwatch.embedded.broker.offsets import OffsetStore
    from labourwatch.embedded.broker.topics import TopicStore

NODE_ID: Final = 1
NO_THROTTLE: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerOptions:
    """How often the broker does its chores, in seconds.

    `flush_interval`: between forced writes to the disk; 0 forces every batch before it is
    acknowledged. Without it an acknowledged record survives kill -9, but the last interval may
    be lost when the machine loses power.
    """

    flush_interval: float = 1.0
    retention_interval: float = 30.0


@dataclass(slots=True, kw_only=True)
class Broker:
    """The single node. `host` and `port` are what clients are told to connect to."""

    host: str
    port: int
    options: BrokerOptions
    topics: TopicStore
    offsets: OffsetStore
    groups: dict[str, Group] = field(default_factory=dict)

    def group(self, group_id: str) -> Group:
        """The group of that name; an unknown one starts empty."""
        return self.groups.setdefault(group_id, Group(group_id=group_id))


# A handler gets a request decoded by aiokafka's schema and the client's id, and gives the fields
# of the response in the schema's order; None: no response is sent.
Handler: TypeAlias = Callable[[Broker, Any, str], Awaitable[tuple[Any, ...] | None]]
