"""Files as they come: plain, gzip or zip; unpacked within limits, so that no bomb goes off."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Final, cast

from scrapers.formats.rows import TableError

ENDINGS: Final = ("csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx", "parquet")
_PIECE: Final = 1 << 20
_IN_MEMORY: Final = 1 << 23
_HARMLESS: Final = 1 << 24
_MOST_BLOWN_UP: Final = 200
"""Tables shrink to a twentieth at best; beyond this ratio (and 16 MB) nothing is unpacked."""
_MOST_MEMBERS: Final = 1_000


@contextmanager
def unpacked(path: Path, name: str, largest: int) -> Iterator[tuple[BinaryIO, str]]:
    """The table in a file, as a stream that can be read from any place, and its format's ending.

    Args:
        name: the file's own name, which tells how it is packed; `path` may be called otherwise.
        largest: bytes it may have, packed or unpacked.

    Raises:
        TableError: too large, a bomb, broken, or a zip without exactly one table.
    """
    size = path.stat().st_size
    if size > largest:
        raise TableError(f"{size} bytes; at most {largest} are taken")
    lower = name.lower()
    with path.open("rb") as stream:
        if lower.endswith(".gz"):
            with gzip.open(stream) as packed, _copied(packed, size, largest) as whole:
                yield whole, ending_of(lower.removesuffix(".gz"))
        elif lower.endswith(".zip"):
            with zipfile.ZipFile(stream) as archive:
                member = _only_table(archive)
                with archive.open(member) as inner, _copied(inner, size, largest) as whole:
                    yield whole, ending_of(member.filename)
        else:
            yield stream, ending_of(lower)


def ending_of(name: str) -> str:
    """The last part of a name, in lower case, without the point."""
    return name.lower().rpartition(".")[2]


def check_archive(stream: BinaryIO, packed: int, largest: int) -> None:
    """Refuse a spreadsheet (a zip) whose parts would unpack to more than `largest` bytes.

    Raises:
        TableError: a bomb. zipfile.BadZipFile: no zip.
    """
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS:
            raise TableError(f"{len(members)} parts; at most {_MOST_MEMBERS} are taken")
        _check_size(sum(member.file_size for member in members), packed, largest)
    stream.seek(0)


@contextmanager
def _copied(packed: IO[bytes] | gzip.GzipFile, size: int, largest: int) -> Iterator[BinaryIO]:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as whole:
        while piece := packed.read(_PIECE):
            whole.write(piece)
            _check_size(whole.tell(), size, largest)
        whole.seek(0)
        yield cast(BinaryIO, whole)


def _check_size(unpacked_size: int, packed: int, largest: int) -> None:
    if unpacked_size > largest:
        raise TableError(f"unpacks to more than {largest} bytes")
    if unpacked_size > _HARMLESS and unpacked_size > packed * _MOST_BLOWN_UP:
        raise TableError(f"unpacks to more than {_MOST_BLOWN_UP} times its size: a bomb")


def _only_table(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = archive.infolist()
    tables = [
        member
        for member in members
        if ending_of(member.filename) in ENDINGS
        and not PurePosixPath(member.filename).name.startswith(".")
        and not member.filename.startswith("__MACOSX/")
    ]
    if len(tables) != 1:
        told: Any = ", ".join(member.filename for member in tables[:5]) or "none"
        raise TableError(f"expected one table in the zip, found {len(tables)} ({told})")
    if tables[0].flag_bits & 1:
        raise TableError("the zip is locked by a password; send it without")
    return tables[0]
