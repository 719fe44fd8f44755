"""Pieces of files, many to a pack: written once, found again by their SHA-256."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from labourwatch.backup.folder import Folder
from labourwatch.backup.records import BackupError, Place
from labourwatch.durable import owners_only, sync_directory

PACK_BYTES: Final = 256 << 20


class PackWriter:
    """Adds pieces that are not `known` yet to packs named after the backup."""

    def __init__(self, folder: Folder, backup_id: str, known: Mapping[str, Place]) -> None:
        self.places: dict[str, Place] = {}
        self.stored = 0
        self._known = known
        self._folder = folder
        self._backup_id = backup_id
        self._number = 0
        self._out: IO[bytes] | None = None
        self._name = ""
        self._at = 0

    def add(self, plain: bytes) -> str:
        """Store a piece unless it is there; its name."""
        name = hashlib.sha256(plain).hexdigest()
        if name in self.places:
            return name
        if name in self._known:
            self.places[name] = self._known[name]
            return name
        closed = self._folder.seal.close(plain, name)
        out = self._out
        if out is None or self._at + len(closed) > PACK_BYTES:
            out = self._next()
        out.write(closed)
        self.places[name] = Place(pack=self._name, offset=self._at, length=len(closed))
        self._at += len(closed)
        self.stored += len(closed)
        return name

    def reuse(self, names: tuple[str, ...]) -> bool:
        """Whether every piece is known; then they are counted as part of this backup."""
        found = {name: self.places.get(name) or self._known.get(name) for name in names}
        whole = {name: place for name, place in found.items() if place is not None}
        if len(whole) < len(found):
            return False
        self.places.update(whole)
        return True

    def finish(self) -> None:
        """Have everything on the disk."""
        self._end()
        sync_directory(self._folder.packs)

    def _next(self) -> IO[bytes]:
        self._end()
        self._name = f"{self._backup_id}.{self._number}"
        path = self._folder.packs / self._name
        self._out = open(path, "xb", opener=owners_only)  # noqa: SIM115 - closed by _end
        self._at = 0
        self._number += 1
        return self._out

    def _end(self) -> None:
        if self._out is not None:
            self._out.flush()
            os.fsync(self._out.fileno())
            self._out.close()
            self._out = None


class PackReader:
    """Gives pieces back, each checked. Packs are opened one at a time."""

    def __init__(self, folder: Folder, places: Mapping[str, Place]) -> None:
        self._folder = folder
        self._places = places
        self._open: tuple[str, IO[bytes]] | None = None

    def read(self, name: str) -> bytes:
        """The piece called `name`.

        Raises:
            BackupError: absent, short, changed or damaged.
        """
        place = self._places.get(name)
        if place is None:
            raise BackupError(f"the manifest does not say where piece {name[:12]} lies")
        pack = self._pack(place.pack)
        try:
            pack.seek(place.offset)
            closed = pack.read(place.length)
        except OSError as error:
            raise BackupError(f"pack {place.pack} cannot be read: {error}") from error
        plain = self._folder.seal.open(closed, name)
        if hashlib.sha256(plain).hexdigest() != name:
            raise BackupError(f"piece {name[:12]} of pack {place.pack} is not what was written")
        return plain

    def close(self) -> None:
        """Give the open pack back."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _pack(self, name: str) -> IO[bytes]:
        if self._open is not None and self._open[0] == name:
            return self._open[1]
        self.close()
        path = self._folder.packs / Path(name).name
        try:
            self._open = (name, path.open("rb"))
        except OSError as error:
            raise BackupError(f"pack {name} is gone: {error}") from error
        return self._open[1]
