"""Places where files are dropped: a folder of this machine, and what every place can do."""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

from scrapers.drops import DONE, DroppedFile
from scrapers.items import RunOutcome
from scrapers.politeness import Obstacle

PIECE: Final = 1 << 18
MOST_FILES: Final = 10_000


class PlaceError(RuntimeError):
    """The place cannot be reached or read; the message says why. Files there stay as they are."""

    def __init__(self, message: str, obstacle: Obstacle | None = None) -> None:
        super().__init__(message)
        self.obstacle = obstacle or Obstacle(outcome=RunOutcome.FAILED, detail=message)


class ChangedMeanwhileError(RuntimeError):
    """A file was changed while it was copied; it is left for the next look."""


class DropPlace(Protocol):
    """A place with files, used in an `async with`. Each step raises `PlaceError` if it fails."""

    async def __aenter__(self) -> Self:
        """Reach the place."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave it."""

    async def listed(self) -> Sequence[DroppedFile]:
        """The regular files there; links are not followed."""

    async def copy(self, file: DroppedFile, into: Path, largest: int) -> str:
        """Copy a file's bytes, at most one more than `largest`; returns their digest.

        Raises:
            ChangedMeanwhileError: it is not as it was listed.
        """

    async def put_away(self, file: DroppedFile, folder: str) -> None:
        """Move a file, and what marks it as whole, into a folder beside it."""


class Folder:
    """A folder of this machine. Only regular files: a link could lead anywhere."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing was opened."""

    async def listed(self) -> Sequence[DroppedFile]:
        """The regular files in the folder."""
        return await asyncio.to_thread(self._listed)

    async def copy(self, file: DroppedFile, into: Path, largest: int) -> str:
        """Copy a file, as it was listed."""
        return await asyncio.to_thread(self._copy, file, into, largest)

    async def put_away(self, file: DroppedFile, folder: str) -> None:
        """Move a file into a folder below; one of the same name there is not overwritten."""
        await asyncio.to_thread(self._put_away, file, folder)

    def _listed(self) -> list[DroppedFile]:
        try:
            with os.scandir(self._path) as entries:
                files = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
                if len(files) > MOST_FILES:
                    raise PlaceError(f"{len(files)} files; at most {MOST_FILES} are looked at")
                return [file for entry in files if (file := _described(entry))]
        except OSError as error:
            raise PlaceError(f"{self._path}: {error.strerror or error}") from error

    def _copy(self, file: DroppedFile, into: Path, largest: int) -> str:
        try:
            handle = os.open(self._path / file.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as source, into.open("wb") as target:
                digest = copied(source, target, largest)
                after = os.fstat(source.fileno())
        except OSError as error:
            raise PlaceError(f"{file.name}: {error.strerror or error}") from error
        if not stat.S_ISREG(after.st_mode) or _mark(file.name, after) != file.mark:
            raise ChangedMeanwhileError(file.name)
        return digest

    def _put_away(self, file: DroppedFile, folder: str) -> None:
        try:
            target = self._path / folder
            target.mkdir(exist_ok=True)
            name = next(n for n in names_for(file.name) if not (target / n).exists())
            (self._path / file.name).rename(target / name)
            (self._path / f"{file.name}{DONE}").unlink(missing_ok=True)
        except OSError as error:
            raise PlaceError(f"{file.name}: not moved: {error.strerror or error}") from error


def copied(source: BinaryIO, target: BinaryIO, largest: int) -> str:
    """Copy at most one byte more than `largest`; the digest (BLAKE2b) of what was copied."""
    digest, left = hashlib.blake2b(digest_size=16), largest + 1
    while left and (piece := source.read(min(PIECE, left))):
        left -= len(piece)
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest()


def names_for(name: str) -> Iterator[str]:
    """A file's own name, then others for where that is taken."""
    stem, point, endings = name.partition(".")
    yield name
    yield from (f"{stem}-{number}{point}{endings}" for number in count(2))


def _described(entry: os.DirEntry[str]) -> DroppedFile | None:
    """`None` where it has gone in the meantime."""
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return DroppedFile(name=entry.name, size=status.st_size, modified=status.st_mtime)


def _mark(name: str, status: os.stat_result) -> str:
    return DroppedFile(name=name, size=status.st_size, modified=status.st_mtime).mark
