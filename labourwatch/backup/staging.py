"""The state directory of one moment, kept beside it under second names of its files."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labourwatch.backup.chosen import Choice, belongs, choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """One file: where to read it, and what of it counts."""

    path: str
    """Below the state directory."""
    place: Path
    size: int
    """Bytes at the moment; what was appended since does not belong to it."""
    mode: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """All that belongs to one moment."""

    files: tuple[Staged, ...]
    folders: tuple[str, ...]
    links: dict[str, str]


def stage(var_dir: Path, scratch: Path) -> Stage:
    """Give every file that belongs to a backup a second name under `scratch`.

    Parts must stand still meanwhile: nothing is read but small files that may be rewritten in
    place. Where the file system has no hard links, all are copied, which takes longer.

    Raises:
        OSError: no space, or no right.
    """
    files: list[Staged] = []
    folders: list[str] = []
    links: dict[str, str] = {}
    scratch.mkdir(mode=0o700)
    for path, choice, entry in _entries(var_dir, ""):
        if entry.is_symlink():
            links[path] = str(Path(entry.path).readlink())
        elif entry.is_dir(follow_symlinks=False):
            folders.append(path)
        elif entry.is_file(follow_symlinks=False):
            files.append(_keep(entry, path, choice, scratch / str(len(files))))
    named = (*folders, *links, *(file.path for file in files))
    inner = {str(Path(name).parent) for name in named}
    empty = tuple(name for name in folders if name not in inner)
    return Stage(files=tuple(files), folders=empty, links=links)


def _entries(folder: Path, prefix: str) -> Iterator[tuple[str, Choice, os.DirEntry[str]]]:
    with os.scandir(folder) as found:
        listed = sorted(found, key=lambda entry: entry.name)
    for entry in listed:
        path = f"{prefix}{entry.name}"
        choice = choose(path)
        if not belongs(choice):
            continue
        yield path, choice, entry
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(Path(entry.path), f"{path}/")


def _keep(entry: os.DirEntry[str], path: str, choice: Choice, place: Path) -> Staged:
    about = entry.stat(follow_symlinks=False)
    if choice is not Choice.LINK or not _linked(entry.path, place):
        shutil.copyfile(entry.path, place)
    return staged_as(path, place, about)


def _linked(path: str, place: Path) -> bool:
    try:
        os.link(path, place, follow_symlinks=False)
    except OSError:  # another file system, or one without links
        return False
    return True


def staged_as(path: str, place: Path, about: os.stat_result) -> Staged:
    """A file that is read at `place` and stands in the backup as `path`."""
    return Staged(
        path=path,
        place=place,
        size=about.st_size,
        mode=stat.S_IMODE(about.st_mode),
        mtime_ns=about.st_mtime_ns,
        inode=about.st_ino,
    )
