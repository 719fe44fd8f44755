"""Putting a state directory back, and proving beforehand that it can be."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from labourwatch.backup.folder import Folder
from labourwatch.backup.packs import PackReader
from labourwatch.backup.pausing import is_held, processes_of
from labourwatch.backup.records import BackupError, Head, Kept, Manifest
from labourwatch.durable import owners_only


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was read of a backup: all of it, each piece against its SHA-256."""

    files: int
    size: int
    pieces: int


def verify(folder: Folder, head: Head) -> Verified:
    """Read a whole backup without writing anything.

    Raises:
        BackupError: something is absent, changed or damaged; the message names it.
    """
    manifest = folder.manifest(head)
    _refuse_strange(manifest)
    lengths: dict[str, int] = {}
    with closing(PackReader(folder, manifest.places)) as reader:
        for name in _in_order(manifest):
            lengths[name] = len(reader.read(name))
    for kept in manifest.files:
        _check_length(kept, sum(lengths[name] for name in kept.pieces))
    size = sum(kept.size for kept in manifest.files)
    return Verified(files=len(manifest.files), size=size, pieces=len(lengths))


def restore(folder: Folder, head: Head, var_dir: Path, *, newest_schema: int) -> None:
    """Put the state directory of a backup back.

    All is written beside `var_dir`, and moved there in one step once it is whole.

    Args:
        folder: where the backup lies.
        head: which one.
        var_dir: must not exist, or be empty.
        newest_schema: the last migration that this release knows.

    Raises:
        BackupError: a stack runs there, something is there, the backup is of a later release, or
            it is damaged. `var_dir` is as it was.
        OSError: the disk refused it; likewise.
    """
    if processes_of(var_dir) or is_held(var_dir):
        raise BackupError(f"a stack runs from {var_dir}: stop it first")
    if var_dir.exists() and any(var_dir.iterdir()):
        raise BackupError(f"{var_dir} is not empty: move it away, or restore elsewhere")
    if head.schema > newest_schema:
        raise BackupError(
            f"{head.backup_id} was made by {head.version} and holds schema {head.schema}; this "
            f"release knows {newest_schema}: install {head.version} or newer first"
        )
    manifest = folder.manifest(head)
    _refuse_strange(manifest)
    scratch = var_dir.with_name(f"{var_dir.name}.restoring")
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        _write(folder, manifest, scratch)
        if var_dir.exists():
            var_dir.rmdir()
        scratch.rename(var_dir)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write(folder: Folder, manifest: Manifest, place: Path) -> None:
    place.mkdir(parents=True, mode=0o700)
    for path in manifest.folders:
        (place / path).mkdir(parents=True, exist_ok=True)
    with closing(PackReader(folder, manifest.places)) as reader:
        for kept in manifest.files:
            target = place / kept.path
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_file(reader, kept, target)
    for path, target_of_link in manifest.links.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).symlink_to(target_of_link)
    os.sync()


def _write_file(reader: PackReader, kept: Kept, target: Path) -> None:
    with open(target, "xb", opener=owners_only) as out:
        out.writelines(map(reader.read, kept.pieces))
        _check_length(kept, out.tell())
    target.chmod(kept.mode & 0o777)
    os.utime(target, ns=(kept.mtime_ns, kept.mtime_ns))


def _check_length(kept: Kept, size: int) -> None:
    if size != kept.size:
        raise BackupError(f"{kept.path} has {size} bytes in the backup, not {kept.size}")


def _in_order(manifest: Manifest) -> list[str]:
    """Every piece once, in the order in which packs hold them."""
    names = {name for kept in manifest.files for name in kept.pieces}
    absent = names - manifest.places.keys()
    if absent:
        raise BackupError(f"the manifest does not say where piece {min(absent)[:12]} lies")
    places = manifest.places
    return sorted(names, key=lambda name: (places[name].pack, places[name].offset))


def _refuse_strange(manifest: Manifest) -> None:
    """A backup is data from elsewhere: it must not write outside of the directory."""
    links = set(manifest.links)
    for path in (*(kept.path for kept in manifest.files), *manifest.folders, *links):
        pure = PurePosixPath(path)
        through = any(str(parent) in links for parent in pure.parents)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\0" in path or through:
            raise BackupError(f"the backup holds a path that leads out of its folder: {path!r}")
    for path, target in manifest.links.items():
        led = os.path.normpath(PurePosixPath(path).parent / target)
        if PurePosixPath(target).is_absolute() or led.startswith(".."):
            raise BackupError(f"the backup holds a link that leads out of its folder: {path!r}")
