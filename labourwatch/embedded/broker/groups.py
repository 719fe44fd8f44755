"""Consumer groups: who is in, whose turn it is to join, and the assignment the leader made.

The classic protocol: a change of members starts a rebalance; every member joins again (those who
don't within the rebalance timeout are out), the leader sends everyone's assignment, and the group
is stable until the next change. Times are seconds on a monotonic clock, given by the caller.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from labourwatch.embedded.broker.protocol import ErrorCode, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

logger = logging.getLogger(__name__)

_FIRST_JOIN_DELAY: Final = 0.2  # so that consumers started together make one rebalance
_SESSION_BOUNDS: Final = (1.0, 1800.0)


class GroupState(StrEnum):
    """Kafka's names of a group's states."""

    EMPTY = "Empty"
    JOINING = "PreparingRebalance"
    SYNCING = "CompletingRebalance"
    STABLE = "Stable"


@dataclass(slots=True, kw_only=True)
class Member:
    """A consumer. `waits` is its unanswered join or sync request."""

    member_id: str
    client_id: str
    session_timeout: float
    rebalance_timeout: float
    protocols: Mapping[str, bytes]
    last_seen: float
    assignment: bytes = b""
    joined: bool = False
    waits: asyncio.Future[ErrorCode] | None = None

    def answer(self, code: ErrorCode) -> None:
        """Answer the member's waiting request, if there is one."""
        if self.waits is not None and not self.waits.done():
            self.waits.set_result(code)
        self.waits = None

    def wait(self) -> asyncio.Future[ErrorCode]:
        """Let the member wait; an older request of the same member must not wait on."""
        self.answer(ErrorCode.REBALANCE_IN_PROGRESS)
        self.waits = asyncio.get_running_loop().create_future()
        return self.waits


@dataclass(slots=True, kw_only=True)
class Group:
    """One consumer group and its state machine."""

    group_id: str
    protocol_type: str = "consumer"
    state: GroupState = GroupState.EMPTY
    generation: int = 0
    leader: str = ""
    protocol: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    not_before: float = 0.0
    deadline: float = 0.0

    def admit(
        self,
        *,
        member_id: str,
        client_id: str,
        timeouts: tuple[float, float],
        protocols: Mapping[str, bytes],
        now: float,
    ) -> Member:
        """Take a member in, or back after it left its generation; a rebalance begins.

        Args:
            member_id: empty for a newcomer, which is given one.
            timeouts: session and rebalance timeout.

        Raises:
            RefusedError: no group name, unknown member, no protocol in common, or timeout out
                of bounds.
        """
        if not self.group_id:
            raise RefusedError(ErrorCode.INVALID_GROUP_ID, "a group needs a name")
        if not _SESSION_BOUNDS[0] <= timeouts[0] <= _SESSION_BOUNDS[1]:
            raise RefusedError(ErrorCode.INVALID_SESSION_TIMEOUT, f"{timeouts[0]} s")
        others = [m for m in self.members.values() if m.member_id != member_id]
        if not _shared([*(m.protocols for m in others), protocols]):
            raise RefusedError(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "nothing in common")
        if member_id:
            member = self.member(member_id)
        else:
            member_id = f"{client_id or 'member'}-{uuid.uuid4()}"
            member = Member(
                member_id=member_id,
                client_id=client_id,
                session_timeout=timeouts[0],
                rebalance_timeout=timeouts[1],
                protocols=protocols,
                last_seen=now,
            )
        delay = 0.0 if self.members else _FIRST_JOIN_DELAY
        self.members[member_id] = member
        member.protocols, member.last_seen = protocols, now
        member.session_timeout, member.rebalance_timeout = timeouts
        self._begin_rebalance(now, delay)
        member.joined = True
        return member

    def member(self, member_id: str, generation: int | None = None) -> Member:
        """A member of the group, in the current generation if one is given.

        Raises:
            RefusedError: it is not, or no longer.
        """
        member = self.members.get(member_id)
        if member is None:
            raise RefusedError(ErrorCode.UNKNOWN_MEMBER_ID, f"not in the group: {member_id}")
        if generation is not None and generation != self.generation:
            raise RefusedError(ErrorCode.ILLEGAL_GENERATION, f"now {self.generation}")
        return member

    def refuse_while_joining(self) -> None:
        """Tell a member to join again while a rebalance collects its members."""
        if self.state is GroupState.JOINING:
            raise RefusedError(ErrorCode.REBALANCE_IN_PROGRESS, "join again")

    def assign(self, assignments: Mapping[str, bytes], now: float) -> None:
        """The leader's decision: every waiting member learns its share."""
        self.state = GroupState.STABLE
        for member in self.members.values():
            member.assignment = assignments.get(member.member_id, b"")
            member.last_seen = now
            member.answer(ErrorCode.NONE)

    def remove(self, member_id: str, now: float) -> None:
        """Let a member go; the others share its partitions."""
        self._drop(member_id, now)
        self.advance(now)

    def advance(self, now: float) -> None:
        """Do what the time demands: expire silent members, complete a rebalance."""
        for member in tuple(self.members.values()):
            if member.waits is None and now - member.last_seen > member.session_timeout:
                logger.info("group %s: %s is silent, out", self.group_id, member.member_id)
                self._drop(member.member_id, now)
        if self.state is not GroupState.JOINING or now < self.not_before:
            return
        if all(member.joined for member in self.members.values()) or now >= self.deadline:
            self._complete(now)

    def protocol_metadata(self, member: Member) -> bytes:
        """What the member said under the chosen protocol."""
        return member.protocols.get(self.protocol, b"")

    def _drop(self, member_id: str, now: float) -> None:
        self.members.pop(member_id).answer(ErrorCode.UNKNOWN_MEMBER_ID)
        self._begin_rebalance(now, 0.0)

    def _begin_rebalance(self, now: float, delay: float) -> None:
        if self.state is GroupState.JOINING:
            return
        self.state = GroupState.JOINING
        self.not_before = now + delay
        self.deadline = now + max((m.rebalance_timeout for m in self.members.values()), default=0)
        for member in self.members.values():
            member.joined = False
            if member.waits is not None:  # it could not send heartbeats meanwhile
                member.last_seen = now
            member.answer(ErrorCode.REBALANCE_IN_PROGRESS)

    def _complete(self, now: float) -> None:
        self.members = {i: member for i, member in self.members.items() if member.joined}
        self.generation += 1
        if not self.members:
            self.state, self.leader, self.protocol = GroupState.EMPTY, "", ""
            return
        if self.leader not in self.members:
            self.leader = next(iter(self.members))
        self.protocol = _shared(member.protocols for member in self.members.values())[0]
        self.state = GroupState.SYNCING
        for member in self.members.values():
            member.last_seen = now
            member.assignment = b""
            member.answer(ErrorCode.NONE)


def _shared(offers: Iterable[Mapping[str, bytes]]) -> list[str]:
    """Protocols that all offer, in the order the first prefers."""
    first, *others = offers
    return [name for name in first if all(name in offer for offer in others)]
