"""Committed offsets of consumer groups: a journal of JSON lines, rewritten when it grows."""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING, Final, NamedTuple

from labourwatch.embedded.broker.durable import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

logger = logging.getLogger(__name__)

_REWRITE_AT: Final = 4 << 20  # bytes of journal
MAX_METADATA: Final = 4096  # characters, as Kafka


class Place(NamedTuple):
    """Whose progress in which partition."""

    group: str
    topic: str
    partition: int


class Committed(NamedTuple):
    """The next offset to read, with the consumer's own note."""

    offset: int
    metadata: str


NOTHING_COMMITTED: Final = Committed(-1, "")


class OffsetStore:
    """What is committed here survives kill -9 when `commit` returns, power loss after a flush."""

    def __init__(self, path: Path) -> None:
        """Read the journal; a line torn by a crash was never acknowledged and is dropped."""
        self._path = path
        self._committed: dict[Place, Committed] = {}
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else ():
            if not line.endswith(b"\n"):
                logger.warning("%s: dropped a torn line", path)
                break
            group, topic, partition, offset, metadata = json.loads(line)
            self._note(Place(group, topic, partition), Committed(offset, metadata))
        self._rewrite()

    def find(self, place: Place) -> Committed:
        """The committed offset, NOTHING_COMMITTED when there is none."""
        return self._committed.get(place, NOTHING_COMMITTED)

    def of_group(self, group: str) -> list[Place]:
        """Every partition a group committed for."""
        return sorted(place for place in self._committed if place.group == group)

    def groups(self) -> set[str]:
        """Groups that ever committed."""
        return {place.group for place in self._committed}

    def commit(self, progress: Mapping[Place, Committed]) -> None:
        """Remember progress, all of one request in one write."""
        for place, committed in progress.items():
            self._note(place, committed)
        self._write(progress.items())

    def forget_topic(self, topic: str) -> None:
        """Drop what was committed for a deleted topic."""
        self._committed = {p: c for p, c in self._committed.items() if p.topic != topic}
        os.close(self._descriptor)
        self._rewrite()

    def flush(self) -> None:
        """Force the journal to the disk; blocks."""
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        """Flush and give the file back."""
        self.flush()
        os.close(self._descriptor)

    def _note(self, place: Place, committed: Committed) -> None:
        self._committed[place] = committed

    def _write(self, progress: Iterable[tuple[Place, Committed]]) -> None:
        lines = _lines(progress)
        if os.write(self._descriptor, lines) != len(lines):
            raise OSError(f"short write to {self._path}")
        self._size += len(lines)
        if self._size > _REWRITE_AT:
            os.close(self._descriptor)
            self._rewrite()

    def _rewrite(self) -> None:
        content = _lines(self._committed.items())
        replace_file(self._path, content)
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        self._size = 0


def _lines(progress: Iterable[tuple[Place, Committed]]) -> bytes:
    return b"".join(json.dumps([*place, *item]).encode() + b"\n" for place, item in progress)
