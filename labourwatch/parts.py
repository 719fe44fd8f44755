"""The parts of a running stack: what each is started with, when, and how its health is known.

Pure: this module names commands and checks, it runs none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Check(StrEnum):
    """How a part is known to be healthy."""

    PORT = "port"
    """Its port accepts connections."""
    PING = "ping"
    """Redis answers PING."""
    HTTP = "http"
    """Its health address answers 200."""
    HEARTBEAT = "heartbeat"
    """It renewed `lw:heartbeat:<part>` in Redis within the last ten seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One supervised process: the sub-command `labourwatch <name>`."""

    name: str
    describes: str
    """What it does, for the progress display."""
    check: Check
    port_setting: str = ""
    """Field of `Settings` that holds its port or address; "" where it listens nowhere."""
    health_path: str = "/"
    only_demonstration: bool = False
    wave: int = 0
    """Parts of a wave start together, once every part of the wave before is healthy."""
    niceness: int = 0
    """Yields the processor to the others where it is above 0: those who feed the stream must not
    starve it, or work only piles up before it."""
    stop_seconds: int = 20
    """How long it may take to stop after SIGTERM before it is killed."""


# In the order of their waves; stopping goes the other way.
PARTS: Final = (
    Part(name="redis", describes="state store", check=Check.PING, port_setting="redis_url"),
    Part(name="broker", describes="event log", check=Check.PORT, port_setting="broker_url"),
    Part(
        name="warehouse",
        describes="warehouse",
        check=Check.HTTP,
        port_setting="clickhouse_port",
        health_path="/ping",
        stop_seconds=60,
    ),
    Part(
        name="mail",
        describes="local mailbox",
        check=Check.PORT,
        port_setting="smtp_port",
        only_demonstration=True,
    ),
    Part(
        name="boards",
        describes="demonstration job boards",
        check=Check.HTTP,
        port_setting="demo_url",
        health_path="/healthz",
        only_demonstration=True,
        niceness=5,
    ),
    # The loader migrates the warehouse, which those after it read.
    Part(name="load", describes="loader", check=Check.HEARTBEAT, wave=1),
    Part(name="stream", describes="stream worker", check=Check.HEARTBEAT, wave=2),
    Part(name="crawl", describes="crawler", check=Check.HEARTBEAT, wave=2, niceness=5),
    Part(
        name="dashboard",
        describes="dashboard",
        check=Check.HTTP,
        port_setting="dashboard_port",
        health_path="/healthz",
        wave=2,
    ),
    Part(name="alert", describes="early warning", check=Check.HEARTBEAT, wave=2, niceness=5),
)


def parts_of(*, demonstration: bool) -> tuple[Part, ...]:
    """The parts that run in a workspace, in the order of starting."""
    return tuple(part for part in PARTS if demonstration or not part.only_demonstration)


def part_named(name: str) -> Part:
    """The part called `name`.

    Raises:
        KeyError: no part is called that; the message lists those there are.
    """
    for part in PARTS:
        if part.name == name:
            return part
    raise KeyError(f"no part {name!r}; there are {', '.join(part.name for part in PARTS)}")
