"""Parts whose content a full disk swallowed: found, and taken out of what counts as stored.

A disk that fills up between the engine's reservation of room and its writing can leave a part in
use whose files are empty, though its insert was refused (or, of a merge, though it was told done).
Questions that touch it fail. At its next start the engine sets such a part aside and takes again
the parts that a merged one was made of; but its log of tokens goes on naming an inserted one, and
the repeated rows would be passed over. What was acknowledged is on the disk by then
(`fsync_after_insert`), so that a torn part holds nothing that somebody counts on.

Nothing here may be called while the engine has the store open, but `is_torn`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LOGS: Final = "deduplication_logs"
_ASIDE: Final = "detached/broken-on-start_"
_PART: Final = re.compile(r"(?:broken-on-start_)?(?P<name>.+_\d+_\d+_0(?:_\d+)?)")
"""Folder of a part as it was inserted, and never merged: partition, blocks, level 0."""
_NEVER_EMPTY: Final = ("checksums.txt", "columns.txt", "count.txt", "*mrk*")
_ADDED, _DROPPED = "1", "2"


def is_torn(part: Path) -> bool:
    """Whether a part's folder holds a file without content that no whole part leaves empty."""
    return any(file.stat().st_size == 0 for pattern in _NEVER_EMPTY for file in part.glob(pattern))


def forget_torn(store: Path) -> list[str]:
    """Take inserted parts that are torn out of the logs of tokens, so that they can be repeated.

    Args:
        store: folder of the engine, which must be closed.

    Returns:
        Folders of those that stood there.

    Raises:
        OSError: the disk has no room for it; the engine must not be opened then.
    """
    forgotten = []
    for logs in sorted(store.glob(f"store/*/*/{_LOGS}")):
        torn = {name for name, part in _inserted(logs.parent) if is_torn(part)}
        if torn:
            forgotten += [str(logs.parent / name) for name in sorted(_forget(logs, torn))]
    return forgotten


def _inserted(table: Path) -> Iterator[tuple[str, Path]]:
    for part in (*table.iterdir(), *table.glob(f"{_ASIDE}*")):
        if part.is_dir() and (found := _PART.fullmatch(part.name)):
            yield found["name"], part


def _forget(logs: Path, torn: set[str]) -> set[str]:
    """Of these parts those whose token stood in the log, and stands there no longer."""
    files = sorted(logs.glob("*.txt"), key=lambda file: int(re.sub(r"\D", "", file.name) or 0))
    standing: dict[str, str] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            operation, _, rest = line.partition("\t")
            part, _, token = rest.partition("\t")
            if operation == _ADDED and part in torn:
                standing[token] = part
            elif operation == _DROPPED:
                standing.pop(token, None)
    if not standing:
        return set()
    lines = [f"{_DROPPED}\t{part}\t{token}\n" for token, part in standing.items()]
    cut_off = not files[-1].read_bytes().endswith(b"\n")
    with files[-1].open("a", encoding="utf-8") as log:
        log.write("\n" * cut_off + "".join(lines))
        log.flush()
        os.fsync(log.fileno())
    return set(standing.values())
