"""Networks that can be torn and disks that fill up, of this test alone (Linux namespaces; root).

with own_ground():                     # what is started from here sees only its own network
    with switch(3) as net: …           # three hosts behind a switch
    with small_disk(path, mebibytes=64) as disk: …

Nothing is left behind: namespaces end with the last process in them.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_NEW_FOLDERS: Final = 0x00000200
"""Working folder and root of this thread alone."""
_NEW_MOUNTS: Final = 0x00020000
_NEW_NETWORK: Final = 0x40000000
_KINDS: Final = {"mnt": _NEW_MOUNTS, "net": _NEW_NETWORK}
_HOST: Final = "10.77.0.{}"
_OURS: Final = _HOST.format(1)
_FIRST: Final = 11


@cache
def why_no_ground() -> str:
    """The reason for which there are no namespaces here; "" where there are."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "networks and disks of one's own need root on Linux"
    for tool in ("ip", "nsenter", "unshare", "setpriv"):
        if shutil.which(tool) is None:
            return f"no command {tool} (Debian: iproute2, util-linux)"
    tries = "ip link add try1 type veth peer name try2 && ip link add try3 type bridge"
    words = ["unshare", "-n", "-m", "sh", "-c", f"{tries} && mount -t tmpfs none /mnt"]
    tried = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    return f"refused by the kernel: {tried.stderr.strip()}" if tried.returncode else ""


@contextmanager
def own_ground() -> Iterator[None]:
    """This thread, and what it starts, in a network with loopback only and mounts of its own."""
    libc, place = ctypes.CDLL(None, use_errno=True), Path.cwd()
    before = {kind: os.open(f"/proc/thread-self/ns/{kind}", os.O_RDONLY) for kind in _KINDS}
    try:
        _checked(libc.unshare(_NEW_MOUNTS | _NEW_NETWORK))
        _run("mount", "--make-rprivate", "/")
        _run("ip", "link", "set", "lo", "up")
        yield
    finally:
        _checked(libc.unshare(_NEW_FOLDERS))  # threads share it, and a shared one cannot move
        for kind, number in before.items():
            _checked(libc.setns(number, _KINDS[kind]))
            os.close(number)
        os.chdir(place)


def _checked(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _run(*words: str) -> None:
    subprocess.run(words, check=True, timeout=30)


def cut(address: str) -> None:
    """No packet reaches a loopback address any more; open connections stay open and starve."""
    _run("ip", "route", "add", "unreachable", f"{address}/32", "table", "local")


def heal(address: str) -> None:
    """Undo `cut`."""
    _run("ip", "route", "del", "unreachable", f"{address}/32", "table", "local")


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A network of its own behind the switch. `enter`: words before a command to run there."""

    address: str
    port: str
    enter: tuple[str, ...]

    def cut(self) -> None:
        """Pull its plug at the switch: nobody reaches it, and it sees its own wire up."""
        _run("ip", "link", "set", self.port, "nomaster")

    def heal(self) -> None:
        """Put the plug back."""
        _run("ip", "link", "set", self.port, "master", "switch")

    def lose(self, others: list[Host]) -> None:
        """These no longer hear it, nor it them; anybody else does."""
        for other in others:
            _run(*self.enter, "ip", "route", "add", "unreachable", f"{other.address}/32")

    def find(self, others: list[Host]) -> None:
        """Undo `lose`."""
        for other in others:
            _run(*self.enter, "ip", "route", "del", "unreachable", f"{other.address}/32")


@contextmanager
def switch(hosts: int) -> Iterator[list[Host]]:
    """Hosts behind one switch, to which this network is plugged too. Within `own_ground`."""
    _run("ip", "link", "add", "switch", "type", "bridge")
    _run("ip", "address", "add", f"{_OURS}/24", "dev", "switch")
    _run("ip", "link", "set", "switch", "up")
    keepers = [subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "unshare", "-n", "sleep", "1d"])
               for _ in range(hosts)]  # fmt: skip
    try:
        yield [_plugged(number, keeper.pid) for number, keeper in enumerate(keepers, _FIRST)]
    finally:
        for keeper in keepers:
            keeper.kill()
            keeper.wait()


def _plugged(number: int, keeper: int) -> Host:
    ours = Path("/proc/thread-self/ns/net").readlink()
    while Path(f"/proc/{keeper}/ns/net").readlink() == ours:
        os.sched_yield()
    address, port = _HOST.format(number), f"port{number}"
    host = Host(address=address, port=port, enter=("nsenter", "-t", str(keeper), "-n"))
    _run("ip", "link", "add", port, "type", "veth", "peer", "name", "wire", "netns", str(keeper))
    _run(*host.enter, "ip", "address", "add", f"{address}/24", "dev", "wire")
    _run(*host.enter, "ip", "link", "set", "wire", "up")
    _run(*host.enter, "ip", "link", "set", "lo", "up")
    _run("ip", "link", "set", port, "up")
    host.heal()
    return host


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A file system of one folder."""

    folder: Path

    def fill(self) -> None:
        """Leave no room for one byte more."""
        with self._ballast.open("ab") as file, suppress(OSError):  # others took some meanwhile
            while room := self.room:
                os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), room)

    def stay_full(self, seconds: float) -> None:
        """The same for a while, also where others give some back."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.fill()
            time.sleep(0.05)

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink()

    @property
    def room(self) -> int:
        """Bytes that are left."""
        about = os.statvfs(self.folder)
        return about.f_bavail * about.f_frsize

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


@contextmanager
def small_disk(folder: Path, *, mebibytes: int) -> Iterator[Disk]:
    """A file system of so much room at `folder`, in memory. Within `own_ground`."""
    folder.mkdir(parents=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder))
    try:
        yield Disk(folder=folder)
    finally:
        _run("umount", "--lazy", str(folder))
