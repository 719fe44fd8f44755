"""The topics: which exist, how long they keep what, and their partitions on disk."""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labourwatch.durable import replace_file
from labourwatch.embedded.broker.log import MAX_BATCH_BYTES, LogLimits, PartitionLog
from labourwatch.embedded.broker.protocol import ErrorCode, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,249}")
_MAX_PARTITIONS: Final = 64
_UNLIMITED: Final = -1

_STAMPED_ON_ARRIVAL: Final = "LogAppendTime"

# Kafka's defaults, but for smaller files (a start verifies one file of each partition) and larger
# batches.
DEFAULTS: Final[Mapping[str, str]] = {
    "cleanup.policy": "delete",
    "retention.ms": str(7 * 24 * 3600 * 1000),
    "retention.bytes": str(_UNLIMITED),
    "segment.bytes": str(16 << 20),
    "max.message.bytes": str(MAX_BATCH_BYTES),
    "message.timestamp.type": "CreateTime",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic; `config` holds only what was set when it was created."""

    name: str
    config: Mapping[str, str]
    logs: tuple[PartitionLog, ...]


def parse_limits(config: Mapping[str, str]) -> LogLimits:
    """Read a topic's configuration over the defaults.

    Raises:
        RefusedError: an unknown key, a policy other than delete, or a number out of range.
    """
    unknown = config.keys() - DEFAULTS.keys()
    if unknown:
        raise RefusedError(ErrorCode.INVALID_CONFIG, f"unknown: {', '.join(sorted(unknown))}")
    merged = {**DEFAULTS, **config}
    if merged["cleanup.policy"] != "delete":
        raise RefusedError(ErrorCode.INVALID_CONFIG, "only cleanup.policy=delete is supported")
    stamping = merged["message.timestamp.type"]
    if stamping not in {"CreateTime", _STAMPED_ON_ARRIVAL}:
        raise RefusedError(ErrorCode.INVALID_CONFIG, f"message.timestamp.type={stamping[:40]!r}")
    try:
        batch_bytes = int(merged["max.message.bytes"])
        retention_ms = int(merged["retention.ms"])
        retention_bytes = int(merged["retention.bytes"])
        segment_bytes = int(merged["segment.bytes"])
    except ValueError as error:
        raise RefusedError(ErrorCode.INVALID_CONFIG, str(error)) from error
    if min(retention_ms, retention_bytes) < _UNLIMITED or min(segment_bytes, batch_bytes) < 1:
        raise RefusedError(ErrorCode.INVALID_CONFIG, "a size or time is out of range")
    return LogLimits(
        retention_s=None if retention_ms == _UNLIMITED else retention_ms / 1000,
        retention_bytes=None if retention_bytes == _UNLIMITED else retention_bytes,
        segment_bytes=segment_bytes,
        batch_bytes=min(batch_bytes, MAX_BATCH_BYTES),
        stamped_on_arrival=stamping == _STAMPED_ON_ARRIVAL,
    )


class TopicStore:
    """All topics under one directory; the list of topics is the file topics.json."""

    def __init__(self, directory: Path, clock: Callable[[], float] = time.time) -> None:
        """Open every listed topic; remains of half-deleted ones are removed."""
        self._list = directory / "topics.json"
        self._logs = directory / "logs"
        self._clock = clock
        self._logs.mkdir(parents=True, exist_ok=True)
        known = json.loads(self._list.read_bytes()) if self._list.exists() else {}
        self._topics = {
            name: self._open(name, entry["partitions"], entry["config"])
            for name, entry in known.items()
        }
        for leftover in self._logs.iterdir():
            if leftover.name not in self._topics:
                shutil.rmtree(leftover)

    def names(self) -> list[str]:
        """Names of all topics, sorted."""
        return sorted(self._topics)

    def find(self, name: str) -> Topic | None:
        """The topic of that name."""
        return self._topics.get(name)

    def log(self, name: str, partition: int) -> PartitionLog:
        """The log of a partition.

        Raises:
            RefusedError: there is none.
        """
        topic = self._topics.get(name)
        if topic is None or not 0 <= partition < len(topic.logs):
            raise RefusedError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, f"no {name}-{partition}")
        return topic.logs[partition]

    def logs(self) -> Iterator[PartitionLog]:
        """Every partition of every topic."""
        for topic in tuple(self._topics.values()):
            yield from topic.logs

    def check(self, name: str, partitions: int, config: Mapping[str, str]) -> None:
        """Refuse what `create` could not do.

        Raises:
            RefusedError: bad or taken name, partition count or configuration.
        """
        if not _NAME.fullmatch(name) or name in {".", ".."}:
            raise RefusedError(ErrorCode.INVALID_TOPIC, f"not a topic name: {name[:80]!r}")
        if name in self._topics:
            raise RefusedError(ErrorCode.TOPIC_ALREADY_EXISTS, f"Topic '{name}' already exists.")
        if not 1 <= partitions <= _MAX_PARTITIONS:
            raise RefusedError(ErrorCode.INVALID_PARTITIONS, f"1 to {_MAX_PARTITIONS} partitions")
        parse_limits(config)

    def create(self, name: str, partitions: int, config: Mapping[str, str]) -> None:
        """Add a topic, on disk when this returns.

        Raises:
            RefusedError: as `check`, or the disk did not take it: then there is no such topic.
        """
        self.check(name, partitions, config)
        try:
            self._topics[name] = self._open(name, partitions, config)
            self._save()
        except OSError as error:
            # Told to exist, it would be filled, and be gone after a restart.
            if (topic := self._topics.pop(name, None)) is not None:
                _close(topic)
            shutil.rmtree(self._logs / name, ignore_errors=True)
            raise RefusedError(ErrorCode.KAFKA_STORAGE_ERROR, str(error)) from error

    def delete(self, name: str) -> None:
        """Remove a topic and its records.

        Raises:
            RefusedError: there is none, or the disk did not take its deletion.
        """
        topic = self._topics.pop(name, None)
        if topic is None:
            raise RefusedError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, f"no topic {name[:80]!r}")
        try:
            self._save()
        except OSError as error:
            self._topics[name] = topic
            raise RefusedError(ErrorCode.KAFKA_STORAGE_ERROR, str(error)) from error
        _close(topic)
        shutil.rmtree(self._logs / name)

    def close(self) -> None:
        """Flush and close every partition."""
        for log in self.logs():
            log.close()

    def _open(self, name: str, partitions: int, config: Mapping[str, str]) -> Topic:
        limits = parse_limits(config)
        places = [self._logs / name / str(number) for number in range(partitions)]
        logs = tuple(PartitionLog(place, limits, self._clock) for place in places)
        return Topic(name=name, config=dict(config), logs=logs)

    def _save(self) -> None:
        entries = {
            topic.name: {"partitions": len(topic.logs), "config": dict(topic.config)}
            for topic in self._topics.values()
        }
        replace_file(self._list, json.dumps(entries, indent=1).encode())


def _close(topic: Topic) -> None:
    for log in topic.logs:
        log.close()
        log.wake()
