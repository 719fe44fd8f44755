"""Requests of consumer groups: coordinator, membership, committed offsets, descriptions."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from labourwatch.embedded.broker.groups import GroupState
from labourwatch.embedded.broker.offsets import MAX_METADATA, Committed, Place
from labourwatch.embedded.broker.protocol import ErrorCode, RefusedError, refuse_unless_none
from labourwatch.embedded.broker.state import NO_THROTTLE, NODE_ID, Broker

if TYPE_CHECKING:
    from labourwatch.embedded.broker.groups import Group

logger = logging.getLogger(__name__)

_COORDINATOR_OF_GROUP: Final = 0
_NO_GENERATION: Final = -1


def _now() -> float:
    return asyncio.get_running_loop().time()


async def find_coordinator(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """This node coordinates every group; there are no transactions to coordinate."""
    if request.coordinator_type != _COORDINATOR_OF_GROUP:
        return NO_THROTTLE, ErrorCode.INVALID_REQUEST, "no transactions", -1, "", -1
    return NO_THROTTLE, ErrorCode.NONE, None, NODE_ID, broker.host, broker.port


async def join_group(broker: Broker, request: Any, client_id: str) -> tuple[Any, ...]:
    """Take the client in; answered when the rebalance it starts is complete."""
    try:
        group = broker.group(request.group)
        member = group.admit(
            member_id=request.member_id,
            client_id=client_id,
            timeouts=(request.session_timeout / 1000, request.rebalance_timeout / 1000),
            protocols=dict(request.group_protocols),
            now=_now(),
        )
        answer = member.wait()
        group.advance(_now())
        refuse_unless_none(await answer)
    except RefusedError as refusal:
        return NO_THROTTLE, refusal.code, _NO_GENERATION, "", "", request.member_id, []
    group.protocol_type = request.protocol_type
    is_leader = member.member_id == group.leader
    roster = group.members.values() if is_leader else ()
    members = [(other.member_id, group.protocol_metadata(other)) for other in roster]
    return (
        *(NO_THROTTLE, ErrorCode.NONE, group.generation, group.protocol, group.leader),
        *(member.member_id, members),
    )


async def sync_group(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """The leader brings the assignment; the others wait for theirs."""
    group = broker.group(request.group)
    try:
        member = group.member(request.member_id, request.generation_id)
        member.last_seen = _now()
        group.refuse_while_joining()
        if group.state is GroupState.SYNCING:
            if member.member_id == group.leader:
                group.assign(dict(request.group_assignment), _now())
            else:
                refuse_unless_none(await member.wait())
    except RefusedError as refusal:
        return NO_THROTTLE, refusal.code, b""
    return NO_THROTTLE, ErrorCode.NONE, member.assignment


async def heartbeat(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """The member lives; it is told when it must join again."""
    group = broker.group(request.group)
    try:
        group.member(request.member_id, request.generation_id).last_seen = _now()
        group.refuse_while_joining()
    except RefusedError as refusal:
        return NO_THROTTLE, refusal.code
    return NO_THROTTLE, ErrorCode.NONE


async def leave_group(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """The member goes; its partitions are shared out at once."""
    group = broker.group(request.group)
    try:
        group.remove(group.member(request.member_id).member_id, _now())
    except RefusedError as refusal:
        return NO_THROTTLE, refusal.code
    return NO_THROTTLE, ErrorCode.NONE


async def commit_offsets(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """Remember a group's progress with its metadata; from members, or while there are none."""
    group_id = request.consumer_group
    refused = _refuse_commit(
        broker.group(group_id), request.consumer_id, request.consumer_group_generation_id
    )
    progress: dict[Place, Committed] = {}
    answers = []
    for topic, partitions in request.topics:
        codes = []
        for number, offset, metadata in partitions:
            code = refused or _check_commit(broker, topic, number, metadata)
            codes.append((number, code))
            if code is ErrorCode.NONE:
                progress[Place(group_id, topic, number)] = Committed(offset, metadata or "")
        answers.append((topic, codes))
    try:
        broker.offsets.commit(progress)
    except OSError as error:
        logger.warning("%s: nothing committed: %s", group_id, error)
        return NO_THROTTLE, _refused_all(request.topics)
    if broker.options.flush_interval == 0:
        await broker.offsets.flush()
    return NO_THROTTLE, answers


def _refused_all(topics: Any) -> list[tuple[str, list[tuple[int, ErrorCode]]]]:
    """The answer on which a client tries again: the disk took nothing."""
    code = ErrorCode.COORDINATOR_NOT_AVAILABLE
    return [(topic, [(number, code) for number, *_ in places]) for topic, places in topics]


def _refuse_commit(group: Group, member_id: str, generation: int) -> ErrorCode:
    if generation < 0 and not group.members:
        return ErrorCode.NONE
    try:
        group.member(member_id, generation).last_seen = _now()
    except RefusedError as refusal:
        return refusal.code
    return ErrorCode.NONE


def _check_commit(broker: Broker, topic: str, number: int, metadata: str | None) -> ErrorCode:
    if len(metadata or "") > MAX_METADATA:
        return ErrorCode.OFFSET_METADATA_TOO_LARGE
    try:
        broker.topics.log(topic, number)
    except RefusedError as refusal:
        return refusal.code
    return ErrorCode.NONE


async def fetch_offsets(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """What a group committed, for the asked partitions or for all."""
    group_id, asked = request.consumer_group, request.topics
    if asked is None:
        places = broker.offsets.of_group(group_id)
        topics = sorted({place.topic for place in places})
        asked = [(topic, [p.partition for p in places if p.topic == topic]) for topic in topics]
    answers = [
        (
            topic,
            [
                (number, *broker.offsets.find(Place(group_id, topic, number)), ErrorCode.NONE)
                for number in partitions
            ],
        )
        for topic, partitions in asked
    ]
    return NO_THROTTLE, answers, ErrorCode.NONE


async def describe_groups(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """State and members of the asked groups; unknown ones are "Dead", as Kafka says."""
    return NO_THROTTLE, [_describe(broker, group_id) for group_id in request.groups]


def _describe(broker: Broker, group_id: str) -> tuple[Any, ...]:
    group = broker.groups.get(group_id)
    if group is None:
        state = GroupState.EMPTY if group_id in broker.offsets.groups() else "Dead"
        return ErrorCode.NONE, group_id, state, "", "", []
    members = [
        (m.member_id, m.client_id, f"/{broker.host}", group.protocol_metadata(m), m.assignment)
        for m in group.members.values()
    ]
    return ErrorCode.NONE, group_id, group.state, group.protocol_type, group.protocol, members


async def list_groups(broker: Broker, _request: Any, _client_id: str) -> tuple[Any, ...]:
    """Every group that has members or committed offsets."""
    active = {group.group_id for group in broker.groups.values() if group.members}
    names = sorted(active | broker.offsets.groups())
    return NO_THROTTLE, ErrorCode.NONE, [(name, "consumer") for name in names]
