"""Small files that are either the old or the new version after a crash, and the data-dir lock."""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class DirectoryInUseError(RuntimeError):
    """Another broker owns the data directory."""


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Own `directory` (created if missing) until the block ends or the process dies.

    Raises:
        DirectoryInUseError: another process owns it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise DirectoryInUseError(f"{directory} is in use by another broker") from error
    try:
        yield
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` so that a crash leaves the whole old or the whole new file."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_directory(path.parent)


async def sync_file(descriptor: int) -> None:
    """Force a file to the disk without holding up the event loop; it may be closed meanwhile."""
    own = os.dup(descriptor)
    try:
        await asyncio.to_thread(os.fdatasync, own)
    finally:
        os.close(own)


def sync_directory(directory: Path) -> None:
    """Force created and renamed names of a directory to the disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
