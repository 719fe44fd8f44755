"""A folder on an SFTP server as a place of drops: its key is pinned, ours lies in a file."""

from __future__ import annotations

import hashlib
import posixpath
import stat
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final, Self

from scrapers.drop_places import MOST_FILES, PIECE, ChangedMeanwhileError, PlaceError, names_for
from scrapers.drop_spec import DropSpec
from scrapers.drops import DONE, DroppedFile

_PATIENCE_S: Final = 30


class SftpFolder:
    """A folder on an SFTP server, for as long as one look takes.

    Nothing of the machine's own SSH configuration is used: no agent, no passwords, no other keys.
    A server whose key is not the one in `known_hosts` is not spoken to.
    """

    def __init__(self, spec: DropSpec) -> None:
        self._spec = spec
        self._open = AsyncExitStack()
        self._sftp: Any = None

    async def __aenter__(self) -> Self:
        import asyncssh

        spec = self._spec
        if not Path(spec.known_hosts).is_file():  # noqa: ASYNC240  a local file, looked at once
            raise PlaceError(f"no file {spec.known_hosts} with the server's key")
        async with self._failing():
            connection = await self._open.enter_async_context(
                asyncssh.connect(
                    spec.host,
                    spec.port,
                    username=spec.user,
                    client_keys=[spec.key_file],
                    known_hosts=spec.known_hosts,
                    preferred_auth="publickey",
                    agent_path=None,
                    config=None,
                    connect_timeout=_PATIENCE_S,
                    login_timeout=_PATIENCE_S,
                    keepalive_interval=_PATIENCE_S,
                )
            )
            self._sftp = await self._open.enter_async_context(connection.start_sftp_client())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def listed(self) -> Sequence[DroppedFile]:
        """The regular files in the folder."""
        files = []
        async with self._failing():
            async for entry in self._sftp.scandir(self._spec.path):
                regular = stat.S_ISREG(entry.attrs.permissions or 0)
                if regular and "/" not in entry.filename:
                    files.append(_described(entry.filename, entry.attrs))
                if len(files) > MOST_FILES:
                    raise PlaceError(f"more than {MOST_FILES} files")
        return files

    async def copy(self, file: DroppedFile, into: Path, largest: int) -> str:
        """Copy a file, as it was listed."""
        digest, left, path = hashlib.blake2b(digest_size=16), largest + 1, self._path(file.name)
        async with self._failing(), self._sftp.open(path, "rb") as source:
            with into.open("wb") as target:
                while left and (piece := await source.read(min(PIECE, left))):
                    left -= len(piece)
                    digest.update(piece)
                    target.write(piece)
            after = _described(file.name, await self._sftp.lstat(path))
        if after.mark != file.mark:
            raise ChangedMeanwhileError(file.name)
        return digest.hexdigest()

    async def put_away(self, file: DroppedFile, folder: str) -> None:
        """Move a file into a folder below; one of the same name there is not overwritten."""
        async with self._failing():
            await self._sftp.makedirs(self._path(folder), exist_ok=True)
            for name in names_for(file.name):
                if not await self._sftp.exists(self._path(f"{folder}/{name}")):
                    await self._sftp.rename(self._path(file.name), self._path(f"{folder}/{name}"))
                    break
            if await self._sftp.exists(self._path(f"{file.name}{DONE}")):
                await self._sftp.remove(self._path(f"{file.name}{DONE}"))

    def _path(self, name: str) -> str:
        return posixpath.join(self._spec.path, name)

    @asynccontextmanager
    async def _failing(self) -> AsyncIterator[None]:
        """What the server, the network or the keys refuse ends the look, with the reason."""
        import asyncssh

        try:
            yield
        except (asyncssh.Error, asyncssh.KeyImportError, OSError, TimeoutError) as error:
            told = f"{self._spec.host}: {type(error).__name__}: {error}"
            raise PlaceError(told[:300]) from error


def _described(name: str, attrs: Any) -> DroppedFile:
    modified = float(attrs.mtime or 0) + (attrs.mtime_ns or 0) / 1e9
    return DroppedFile(name=name, size=attrs.size or 0, modified=modified)
