"""What a backup consists of: pieces of files, files, and the manifest that names them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

FORMAT: Final = 1
PIECE_BYTES: Final = 4 << 20
"""Files are cut at multiples of this, so that what was only appended to shares its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file as it was at the moment of the backup. `pieces` are SHA-256 in hexadecimal digits."""

    path: str
    """Below the state directory, with `/`."""
    size: int
    mode: int
    mtime_ns: int
    inode: int
    """With size and time it tells, at the next backup, whether the file must be read again."""
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a piece lies: bytes `[offset, offset + length)` of a pack."""

    pack: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is told of a backup without opening it. Written last: without it there is none."""

    format: int
    backup_id: str
    made_at: datetime
    """UTC; the moment for which the backup stands."""
    version: str
    """Release of the software that made it."""
    schema: int
    """Number of the last migration of the warehouse it holds."""
    workspace: str
    full: bool
    """Whether every piece was stored anew, so that no earlier pack is needed."""
    running: bool
    """Whether the stack ran; its parts then stood still for `paused_s` seconds."""
    paused_s: float
    files: int
    size: int
    """Bytes of the files."""
    stored: int
    """Bytes that this backup added to the folder."""
    manifest_sha256: str
    """Of the manifest's file as it lies there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything needed to put a state directory back, and to know that it is whole."""

    format: int
    backup_id: str
    schema: int
    files: tuple[Kept, ...]
    folders: tuple[str, ...]
    """Folders that hold no file."""
    links: Mapping[str, str]
    """Symbolic links: path → target."""
    places: Mapping[str, Place]
    """Piece → where it lies."""
    packs: Mapping[str, int]
    """Pack → its length in bytes."""


class BackupError(Exception):
    """A backup cannot be made, read or restored; the message says why and what to do."""
