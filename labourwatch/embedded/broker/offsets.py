"""Committed offsets of consumer groups: a journal of JSON lines, rewritten when it grows."""

from __future__ import annotations

import errno
import json
import logging
import os
from typing import TYPE_CHECKING, Final, NamedTuple

from labourwatch.durable import replace_file, sync_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

logger = logging.getLogger(__name__)

_GROWTH: Final = 4 << 20  # bytes of journal before it is rewritten
_PAUSE: Final = 64 << 10  # bytes before that is tried again
MAX_METADATA: Final = 4096  # characters, as Kafka
_APPENDING: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC


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
        """Read the journal up to the first line that a crash has torn.

        What is dropped after it makes consumers read again, never skip.
        """
        self._path = path
        self._unflushed = False
        self._committed: dict[Place, Committed] = {}
        self._size = self._read()
        self._descriptor = os.open(path, _APPENDING, 0o640)
        os.ftruncate(self._descriptor, self._size)
        self._rewrite_at = 0
        self._rewrite()

    def _read(self) -> int:
        """Take in the journal; how many of its bytes are good."""
        good = 0
        content = self._path.read_bytes() if self._path.exists() else b""
        for line in content.splitlines(keepends=True):
            try:
                group, topic, partition, offset, metadata = json.loads(line)
                good += _length_of_whole(line)
            except ValueError:
                logger.warning("%s: dropped a torn line and what follows", self._path)
                break
            self._committed[Place(group, topic, partition)] = Committed(offset, metadata)
        return good

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
        """Remember progress, all of one request in one write.

        Raises:
            OSError: the disk refused it; nothing is committed.
        """
        lines = _lines(progress.items())
        written = os.write(self._descriptor, lines)  # none at all raises
        if written != len(lines):
            os.ftruncate(self._descriptor, self._size)
            raise OSError(errno.ENOSPC, "short write", str(self._path))
        self._committed.update(progress)
        self._size += written
        self._unflushed = True
        if self._size > self._rewrite_at:
            self._rewrite()

    def forget_topic(self, topic: str) -> None:
        """Drop what was committed for a deleted topic."""
        self._committed = {p: c for p, c in self._committed.items() if p.topic != topic}
        self._rewrite()

    async def flush(self) -> None:
        """Force what was committed so far to the disk, without holding up the event loop."""
        if self._unflushed:
            self._unflushed = False
            await sync_file(self._descriptor)

    def close(self) -> None:
        """Flush and give the file back."""
        os.fdatasync(self._descriptor)
        os.close(self._descriptor)

    def _rewrite(self) -> None:
        """Begin the journal anew with what holds; on a full disk later, the old one goes on."""
        content = _lines(self._committed.items())
        try:
            replace_file(self._path, content)
            fresh = os.open(self._path, _APPENDING)
        except OSError as error:
            logger.warning("%s: not rewritten: %s", self._path, error)
            self._rewrite_at = self._size + _PAUSE
            return
        os.close(self._descriptor)
        self._descriptor, self._size = fresh, len(content)
        self._rewrite_at = self._size + _GROWTH
        self._unflushed = False


def _length_of_whole(line: bytes) -> int:
    if not line.endswith(b"\n"):
        raise ValueError("a line without its end")
    return len(line)


def _lines(progress: Iterable[tuple[Place, Committed]]) -> bytes:
    return b"".join(json.dumps([*place, *item]).encode() + b"\n" for place, item in progress)
