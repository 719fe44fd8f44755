"""What embedded processes have in common: they must not outlive the one who started them."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def die_with_parent() -> None:
    """Ask the kernel for a SIGTERM to this process when its parent dies, even by kill -9.

    Linux only; elsewhere nothing happens. Call it at the start of a child process, before it
    starts work: a parent that died earlier is not noticed.
    To the kernel the parent is the *thread* that started this process, so start children from
    one that lives on.

    Raises:
        OSError: the kernel refused.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
