"""Making a backup: hold the parts → name their files → let go → store what is new → tell it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import psutil

from labourwatch.backup.chosen import STAGING
from labourwatch.backup.folder import Folder
from labourwatch.backup.packs import PackWriter
from labourwatch.backup.pausing import is_held, paused, processes_of
from labourwatch.backup.records import FORMAT, PIECE_BYTES, BackupError, Head, Kept, Manifest, Place
from labourwatch.backup.staging import Stage, Staged, stage, staged_as


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a backup says of the stack it was made of."""

    version: str
    schema: int
    workspace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    stage: Stage
    running: bool
    paused_s: float


def make(
    folder: Folder,
    var_dir: Path,
    about: About,
    now: datetime,
    *,
    full: bool,
    configuration: Mapping[str, Path] | None = None,
) -> Head:
    """Back up the state directory as it is at one moment; the backup's head.

    Args:
        folder: where it is stored.
        var_dir: what is stored; its parts may run, and stand still for a moment.
        about: release, schema and workspace.
        now: UTC; becomes the backup's name.
        full: store everything anew, so that no earlier pack is needed.
        configuration: files of elsewhere that belong to it, by their path in the backup.

    Raises:
        BackupError: no such state, parts that cannot be held, or a backup of this very second.
        OSError: the disk refused it; what was written is removed by the next `prune`.
    """
    backup_id = now.strftime("%Y%m%dT%H%M%SZ")
    earlier = _newest(folder, backup_id)
    before = folder.manifest(earlier) if earlier and not full else None
    with _moment(var_dir) as moment:
        writer = PackWriter(folder, backup_id, _known(folder, before))
        known = {} if before is None else {kept.path: kept for kept in before.files}
        chosen = (*moment.stage.files, *_elsewhere(configuration or {}))
        files = tuple(_store(writer, file, known.get(file.path)) for file in chosen)
        writer.finish()
    manifest = Manifest(
        format=FORMAT,
        backup_id=backup_id,
        schema=about.schema,
        files=files,
        folders=moment.stage.folders,
        links=moment.stage.links,
        places=writer.places,
        packs=_packs(folder, writer.places),
    )
    head = _head(manifest, about, now, moment, full=before is None, stored=writer.stored)
    head = replace(head, manifest_sha256=folder.write_manifest(manifest))
    folder.write_head(head)
    return head


def _newest(folder: Folder, backup_id: str) -> Head | None:
    """The backup before this one; `None` for the first.

    Raises:
        BackupError: there is one of this very second.
    """
    earlier = folder.heads()
    if any(head.backup_id == backup_id for head in earlier):
        raise BackupError(f"there is a backup {backup_id} already: try again in a second")
    return earlier[-1] if earlier else None


def _head(
    manifest: Manifest, about: About, now: datetime, moment: _Moment, *, full: bool, stored: int
) -> Head:
    """What is told of a backup, without the digest of its manifest."""
    return Head(
        format=FORMAT,
        backup_id=manifest.backup_id,
        made_at=now,
        version=about.version,
        schema=about.schema,
        workspace=about.workspace,
        full=full,
        running=moment.running,
        paused_s=round(moment.paused_s, 3),
        files=len(manifest.files),
        size=sum(kept.size for kept in manifest.files),
        stored=stored,
        manifest_sha256="",
    )


def _elsewhere(configuration: Mapping[str, Path]) -> Iterator[Staged]:
    for path, place in sorted(configuration.items()):
        yield staged_as(path, place, place.stat())


@contextmanager
def _moment(var_dir: Path) -> Iterator[_Moment]:
    """The files of one moment, under second names that are gone when the block ends."""
    scratch = var_dir / STAGING
    if not (var_dir / "stack.env").exists():
        raise BackupError(f"{var_dir} is no state directory: it has no stack.env")
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        yield _take(var_dir, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _take(var_dir: Path, scratch: Path) -> _Moment:
    parts = processes_of(var_dir)
    if is_held(var_dir) and not parts:
        raise BackupError(
            f"a part owns {var_dir} but its process cannot be seen: run the backup as its user"
        )
    with paused(parts) as pause:
        staged = stage(var_dir, scratch)
    # Whoever was born before the end and was not held may have written meanwhile.
    if any(_since(process) <= pause.ended_at for process in _others(var_dir, parts)):
        raise BackupError("a part was starting just then; try again")
    return _Moment(stage=staged, running=bool(parts), paused_s=pause.lasted_s if parts else 0.0)


def _others(var_dir: Path, held: list[psutil.Process]) -> list[psutil.Process]:
    pids = {process.pid for process in held}
    return [process for process in processes_of(var_dir) if process.pid not in pids]


def _since(process: psutil.Process) -> float:
    try:
        return float(process.create_time())
    except psutil.NoSuchProcess:
        return 0.0


def _known(folder: Folder, before: Manifest | None) -> dict[str, Place]:
    """Pieces of the backup before, as far as their packs are still whole in length."""
    if before is None:
        return {}
    whole = {name for name, size in before.packs.items() if _size(folder, name) == size}
    return {name: place for name, place in before.places.items() if place.pack in whole}


def _size(folder: Folder, pack: str) -> int:
    path = folder.packs / pack
    return path.stat().st_size if path.exists() else -1


def _packs(folder: Folder, places: dict[str, Place]) -> dict[str, int]:
    return {name: _size(folder, name) for name in sorted({p.pack for p in places.values()})}


def _store(writer: PackWriter, file: Staged, before: Kept | None) -> Kept:
    """Store a file; one that has not changed since the backup before is not even read."""
    same = before is not None and (before.size, before.mtime_ns, before.inode) == (
        file.size, file.mtime_ns, file.inode,
    )  # fmt: skip
    pieces = before.pieces if before is not None and same else ()
    if not (same and writer.reuse(pieces)):
        pieces = tuple(writer.add(piece) for piece in _pieces(file))
    return Kept(
        path=file.path,
        size=file.size,
        mode=file.mode,
        mtime_ns=file.mtime_ns,
        inode=file.inode,
        pieces=pieces,
    )


def _pieces(file: Staged) -> Iterator[bytes]:
    left = file.size
    with file.place.open("rb") as source:
        while left:
            piece = source.read(min(PIECE_BYTES, left))
            if not piece:
                raise BackupError(f"{file.path} became shorter while it was read; try again")
            left -= len(piece)
            yield piece
