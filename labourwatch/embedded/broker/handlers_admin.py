"""Requests about topics: metadata, create, delete, describe configuration."""

from __future__ import annotations

from typing import Any, Final

from labourwatch.embedded.broker.protocol import ErrorCode, RefusedError
from labourwatch.embedded.broker.state import NO_THROTTLE, NODE_ID, Broker
from labourwatch.embedded.broker.topics import DEFAULTS

_CLUSTER_ID: Final = "labourwatch-embedded"
_TOPIC_RESOURCE: Final = 2


async def metadata(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """The node and the asked topics (null: all). A topic is never created by asking for it."""
    names = broker.topics.names() if request.topics is None else request.topics
    node = (NODE_ID, broker.host, broker.port, None)
    topics = [_describe_topic(broker, name) for name in names]
    return NO_THROTTLE, [node], _CLUSTER_ID, NODE_ID, topics


def _describe_topic(broker: Broker, name: str) -> tuple[Any, ...]:
    topic = broker.topics.find(name)
    if topic is None:
        return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, name, False, []
    partitions = [
        (ErrorCode.NONE, number, NODE_ID, [NODE_ID], [NODE_ID]) for number in range(len(topic.logs))
    ]
    return ErrorCode.NONE, name, False, partitions


async def create_topics(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """Create each topic that can be created; the others are answered with the reason."""
    answers: list[tuple[str, ErrorCode, str | None]] = []
    for name, count, replication, placement, config in request.create_topic_requests:
        partitions = len(placement) if count == -1 else count
        settings = {key: DEFAULTS.get(key, "") if v is None else v for key, v in config}
        if replication > 1:
            answers.append((name, ErrorCode.INVALID_REPLICATION_FACTOR, "there is one broker"))
            continue
        try:
            if request.validate_only:
                broker.topics.check(name, partitions, settings)
            else:
                broker.topics.create(name, partitions, settings)
            answers.append((name, ErrorCode.NONE, None))
        except RefusedError as refusal:
            answers.append((name, refusal.code, str(refusal)))
    return NO_THROTTLE, answers


async def delete_topics(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """Delete topics with their records and what groups committed for them."""
    answers = []
    for name in request.topics:
        try:
            broker.topics.delete(name)
            broker.offsets.forget_topic(name)
            answers.append((name, ErrorCode.NONE))
        except RefusedError as refusal:
            answers.append((name, refusal.code))
    return NO_THROTTLE, answers


async def describe_configs(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """The configuration of topics, defaults marked as such; the node itself has none."""
    answers: list[tuple[Any, ...]] = []
    for kind, name, wanted in request.resources:
        topic = broker.topics.find(name) if kind == _TOPIC_RESOURCE else None
        if topic is None and kind == _TOPIC_RESOURCE:
            code = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
            answers.append((code, f"no topic {name!r}", kind, name, []))
            continue
        own = topic.config if topic else {}
        merged = {**DEFAULTS, **own} if topic else {}
        entries = [
            (key, value, False, key not in own, False)
            for key, value in merged.items()
            if wanted is None or key in wanted
        ]
        answers.append((ErrorCode.NONE, None, kind, name, entries))
    return NO_THROTTLE, answers
