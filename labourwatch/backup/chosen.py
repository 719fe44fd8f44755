"""What of a state directory belongs in a backup. Pure."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final


class Choice(StrEnum):
    """What is done with a path, and why."""

    LINK = "link"
    """Only ever appended to, or replaced by another file: a second name keeps it as it is now."""
    COPY = "copy"
    """Small, and perhaps rewritten in place."""
    MADE_AGAIN = "made_again"
    """Written by every start, or a cache that fills by itself."""
    UNFINISHED = "unfinished"
    """Of a write that was not acknowledged; its owner removes it at its start."""
    OUTSIDE = "outside"
    """Not ours: what has left the service."""


STAGING: Final = "backup-staging"
"""Folder in which a backup keeps second names while it is made."""
RESTORED: Final = "restored-config"
"""Folder of a restored state directory that holds configuration of elsewhere."""
LOCKS: Final = ("warehouse/owner.lock", "broker/lock")
"""Held by whoever owns the stores."""
_LINKED: Final = ("warehouse/store", "broker/logs", "redis")
_MADE_AGAIN: Final = (
    "log", "run.log", "httpcache", "streams", "supervisord.conf", "supervisord.pid",
    "supervisor.sock", STAGING, RESTORED, "warehouse/server", "warehouse/tmp", *LOCKS,
)  # fmt: skip
_OUTSIDE: Final = ("mail",)
_UNFINISHED: Final = ("tmp_", "delete_tmp_", "temp-", "tmp-fetch_")


def choose(path: str) -> Choice:
    """The choice for a file or folder `path` below the state directory.

    The rule names what is left out, so that a part that is added later is kept by itself.
    """
    if _within(path, _OUTSIDE):
        return Choice.OUTSIDE
    if _within(path, _MADE_AGAIN) or path.endswith((".sock", ".tmp")):
        return Choice.MADE_AGAIN
    linked = _within(path, _LINKED)
    if linked and any(part.startswith(_UNFINISHED) for part in PurePosixPath(path).parts):
        return Choice.UNFINISHED
    return Choice.LINK if linked else Choice.COPY


def belongs(choice: Choice) -> bool:
    """Whether such a path is kept."""
    return choice in {Choice.LINK, Choice.COPY}


def _within(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)
