"""Creating the topics of the stream, so that no stage depends on another having run first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaStorageError

from config.topics import ALL_TOPICS, LARGEST_MESSAGE

if TYPE_CHECKING:
    from config.topics import Topic

_NO_ERROR: Final = 0
_ALREADY_EXISTS: Final = 36
_MILLISECOND: Final = timedelta(milliseconds=1)
_BATCH_HEAD: Final = 100_000
"""Bytes around a message: Kafka limits the batch that it travels in."""


class TopicRefusedError(RuntimeError):
    """The broker would not create a topic."""


async def ensure_topics(bootstrap: str) -> None:
    """Create every topic of `config.topics` that does not exist yet.

    Idempotent and safe to run from several processes at once. A topic that exists is left as
    it is, whatever its partitions and retention. How many copies are kept is the cluster's
    default (`default.replication.factor`).

    Args:
        bootstrap: `host:port` of the broker.

    Raises:
        TopicRefusedError: the broker refused a topic, naming each with the reason.
        aiokafka.errors.KafkaConnectionError: no broker at that address.
        aiokafka.errors.KafkaStorageError: its disk takes nothing now; later it may.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        response = await admin.create_topics([_describe(topic) for topic in ALL_TOPICS])
    finally:
        await admin.close()
    refusals = [
        f"{name}: {reason} (Kafka error {code})"
        for name, code, reason in response.topic_errors
        if code not in {_NO_ERROR, _ALREADY_EXISTS}
    ]
    if any(code == KafkaStorageError.errno for _, code, _ in response.topic_errors):
        raise KafkaStorageError("; ".join(refusals))
    if refusals:
        raise TopicRefusedError("; ".join(refusals))


def _describe(topic: Topic) -> NewTopic:
    described = NewTopic(
        name=topic.name,
        num_partitions=topic.partitions,
        replication_factor=1,
        topic_configs={
            "retention.ms": str(topic.retention // _MILLISECOND),
            # Kafka's own limit of 1 MB would refuse the dead letter of a large page.
            "max.message.bytes": str(LARGEST_MESSAGE + _BATCH_HEAD),
            # By the sender's clock, records of one that is a week slow would be deleted on arrival,
            # and Kafka would refuse those of one that is an hour fast.
            "message.timestamp.type": "LogAppendTime",
        },
    )
    # -1: as many copies as the brokers are set up for. aiokafka's own check would refuse it.
    described.replication_factor = -1
    return described
