"""Small files that are either the old or the new version after a crash, and locks of folders."""

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
    """Another process owns the directory."""


@contextmanager
def locked(directory: Path, *, by: str) -> Iterator[None]:
    """Own `directory` (created if missing) until the block ends or the process dies.

    Args:
        directory: what is owned.
        by: what would own it instead, to be named to whoever comes second.

    Raises:
        DirectoryInUseError: another process owns it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise DirectoryInUseError(f"{directory} is in use by another {by}") from error
    try:
        yield
    finally:
        os.close(descriptor)


def owners_only(path: str, flags: int) -> int:
    """An opener of files that nobody else can read."""
    return os.open(path, flags, 0o600)


def replace_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write `content` so that a crash leaves the whole old or the whole new file.

    Args:
        path: its folder exists.
        content: the whole file.
        private: whether nobody but its owner can read it.

    Raises:
        OSError: the disk refused it; the old file stands, and nothing of the new one is left.
    """
    fresh = path.with_suffix(".new")
    try:
        with open(fresh, "wb", opener=owners_only if private else None) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
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
