"""Confining this process to the folders it needs, by the kernel (Linux Landlock).

The warehouse runs other people's SQL, and SQL has more ways to name a file than a check of the
text can know. Under Landlock the kernel refuses them, whatever the engine thinks of the caller.
Interface: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38

_READ_FILE: Final = 1 << 2
_READ: Final = 1 << 0 | _READ_FILE | 1 << 3  # execute (maps libraries), read a file, list a folder
_ALL_FILES: Final = (1 << 15) - 1  # through TRUNCATE, which version 3 brought
_FILE_RIGHTS: Final = 1 << 0 | 1 << 1 | _READ_FILE | 1 << 14  # all that a rule on a file may hold
_CONNECT_TCP: Final = 1 << 1
_VERSION_WITH_TRUNCATE: Final = 3
_VERSION_WITH_NETWORK: Final = 4


class SandboxError(Exception):
    """The kernel offers Landlock but refused a step of it."""


def landlock_version() -> int:
    """What the running kernel offers; 0 for nothing."""
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)))


def _checked(result: int, step: str) -> int:
    if result < 0:
        raise SandboxError(f"{step}: {os.strerror(ctypes.get_errno())}")
    return result


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        rights &= _FILE_RIGHTS
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, descriptor)
        _checked(libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0), f"allow {path}")
    finally:
        os.close(descriptor)


def confine(readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """Let this thread, and all it starts, read and write only below these paths.

    Outgoing TCP connections are refused too where the kernel can. Call it before any other
    thread exists; it cannot be undone. Paths that do not exist are passed over.

    Returns:
        Whether it holds: False where the kernel knows no Landlock or one too old to rename
        between folders.

    Raises:
        SandboxError: the kernel refused a step.
    """
    version = landlock_version()
    if version < _VERSION_WITH_TRUNCATE:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    network = _CONNECT_TCP if version >= _VERSION_WITH_NETWORK else 0
    handled = struct.pack("=QQ", _ALL_FILES, network)[: 16 if network else 8]
    ruleset = _checked(libc.syscall(_CREATE_RULESET, handled, len(handled), 0), "create ruleset")
    try:
        for path in readable:
            _allow(libc, ruleset, path, _READ)
        for path in writable:
            _allow(libc, ruleset, path, _ALL_FILES)
        _checked(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
        _checked(libc.syscall(_RESTRICT_SELF, ruleset, 0), "restrict")
    finally:
        os.close(ruleset)
    return True


def interpreter_paths() -> list[Path]:
    """What a Python process reads of the system: itself, libraries, time zones, its own limits."""
    own = Path("/proc") / str(os.getpid())
    folders = [
        sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64", "/etc/ld.so.cache",
        "/etc/localtime", "/etc/timezone", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat",
        "/proc/sys/vm", "/proc/sys/kernel", "/sys/devices/system", "/sys/fs/cgroup",
        "/dev/urandom", "/dev/random",
    ]  # fmt: skip
    # Where `auxv` is refused, chDB reads on behind the environment in memory, which Python has
    # moved by then: it crashed on what happened to lie there.
    return [*(Path(folder) for folder in folders), own / "maps", own / "status", own / "statm",
            own / "stat", own / "cgroup", own / "task", own / "mounts", own / "auxv"]  # fmt: skip
