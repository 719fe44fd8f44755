"""The watch's state as bytes, and back, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from alerts.alert import Alert
from alerts.cells import Share, parse_cell
from alerts.detectors import CountDetector
from alerts.indices.watch import IndexWatch
from alerts.monitor import Monitor
from alerts.parameters import DetectorParameters
from alerts.volumes import Volumes


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Everything of a monitor but its detectors and alerts. `generation` counts the saves."""

    generation: int
    fed_through: int
    established: list[str]
    budget: dict[str, int]
    shares: dict[str, list[Share]]
    excess: dict[str, float]
    volumes: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """Source, cell and stream; none in the state of an earlier version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A monitor as stored: one entry for each detector, alert and published series, by key."""

    header: bytes
    detectors: Mapping[str, bytes]
    alerts: Mapping[str, bytes]
    indices: Mapping[str, bytes]


def freeze(monitor: Monitor, generation: int) -> Snapshot:
    """The monitor as bytes."""
    header = Header(
        generation=generation,
        fed_through=monitor.fed_through,
        established=sorted(monitor.established),
        budget=monitor.budget,
        shares={key: list(shares) for key, shares in monitor.shares.items()},
        excess=monitor.excess,
        volumes=monitor.volumes.export(),
    )
    pack = msgspec.msgpack.encode
    return Snapshot(
        header=msgspec.json.encode(header),
        detectors={cell.key: pack(d.export()) for cell, d in monitor.detectors.items()},
        alerts={key: msgspec.json.encode(alert) for key, alert in monitor.alerts.items()},
        indices=monitor.indices.freeze(),
    )


def thaw(snapshot: Snapshot, parameters: DetectorParameters) -> tuple[Monitor, int]:
    """The monitor that `freeze` was given, and the generation; it continues bit for bit.

    Raises:
        msgspec.DecodeError: the bytes are no snapshot of this version.
    """
    header = msgspec.json.decode(snapshot.header, type=Header)
    monitor = Monitor(
        parameters=parameters,
        fed_through=header.fed_through,
        established=frozenset(header.established),
        budget=header.budget,
        shares={key: tuple(shares) for key, shares in header.shares.items()},
        excess=header.excess,
        volumes=Volumes.restore(header.volumes),
        indices=IndexWatch.thaw(snapshot.indices),
    )
    for key, data in snapshot.detectors.items():
        exported: dict[str, Any] = msgspec.msgpack.decode(data)
        monitor.detectors[parse_cell(key)] = CountDetector.restore(parameters, exported)
    for key, data in snapshot.alerts.items():
        monitor.alerts[key] = decode_alert(data)
    return monitor, header.generation


def decode_alert(data: bytes) -> Alert:
    """An alert from its stored form.

    Raises:
        msgspec.DecodeError: the bytes are no alert of this version.
    """
    return msgspec.json.decode(data, type=Alert)
