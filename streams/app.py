"""The Faust application of the stream: how it joins the broker, and nothing of what it does."""

from __future__ import annotations

from typing import Any

import faust

from config.settings import Settings
from config.topics import LARGEST_MESSAGE, POSTINGS, STREAM_GROUP, Topic


def build_app(settings: Settings) -> faust.App:
    """An application of its own, with no table and no web server, that has not joined yet."""
    return faust.App(
        STREAM_GROUP,
        broker=f"aiokafka://{settings.bootstrap_servers}",
        datadir=str(settings.var_dir / "streams"),
        key_serializer="raw",
        value_serializer="raw",
        topic_disable_leader=True,
        topic_allow_declare=False,  # our own admin step creates topics
        topic_partitions=POSTINGS.partitions,
        web_enabled=False,  # it would listen on all interfaces
        consumer_auto_offset_reset="earliest",
        broker_session_timeout=10,
        broker_heartbeat_interval=3,
        broker_commit_interval=1.0,
        producer_acks=-1,
        producer_max_request_size=LARGEST_MESSAGE,
        agent_supervisor="mode.supervisors.CrashingSupervisor",
    )


def raw_topic(app: faust.App, topic: Topic) -> Any:
    """`topic` as Faust sees it: bytes in, bytes out; the codec is ours."""
    return app.topic(
        topic.name,
        partitions=topic.partitions,
        retention=topic.retention,
        key_serializer="raw",
        value_serializer="raw",
        key_type=bytes,
        value_type=bytes,
        internal=True,
    )
