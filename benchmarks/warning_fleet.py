"""How many series one core keeps up with: 50,000 detectors, a day each, snapshot and restore."""

from __future__ import annotations

import gc
import time
from datetime import timedelta
from typing import Any, Final

import msgspec
import numpy as np

from alerts.detectors import CountDetector
from alerts.evaluation.simulator import FIRST_DAY
from alerts.parameters import load_parameters
from benchmarks.report import Figure

_HISTORY: Final = 90
"""Days before the timed ones: detectors are past learning then."""
_TIMED: Final = 3


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Updates a second on one core; snapshot and restore of the fleet; exact continuation."""
    wanted = 50_000
    built = 300 if quick else 3_000
    rates = np.exp(np.random.default_rng(seed).uniform(np.log(0.05), np.log(100.0), built))
    counts = np.random.default_rng(seed + 1).poisson(rates, (_HISTORY + _TIMED + 30, built))
    states = _states(counts, built)
    fleet = wanted // 10 if quick else wanted
    blobs = [states[i % built] for i in range(fleet)]
    gc.collect()
    began = time.perf_counter()
    parameters = load_parameters()
    detectors = [CountDetector.restore(parameters, msgspec.msgpack.decode(b)) for b in blobs]
    restored = time.perf_counter() - began
    micros = _timed(detectors, counts, built)
    began = time.perf_counter()
    snapshot = [msgspec.msgpack.encode(detector.export()) for detector in detectors]
    saved = time.perf_counter() - began
    size = sum(map(len, snapshot)) / fleet
    scale = wanted / fleet
    return [
        Figure(key="updates_per_s", value=1e6 / micros, about="series updated a second, one core",
               goal="50,000 in a minute"),
        Figure(key="update_us", value=micros, about="µs an update of one series"),
        Figure(key="fleet_seconds", value=micros * wanted / 1e6,
               about="one day of 50,000 series, in seconds"),
        Figure(key="snapshot_bytes_per_series", value=size, about="bytes of state of one series"),
        Figure(key="snapshot_mb", value=size * wanted / 1e6, about="MB of state of 50,000 series"),
        Figure(key="snapshot_s", value=saved * scale, about="writing it, in seconds"),
        Figure(key="restore_s", value=restored * scale, about="restoring it, in seconds"),
        Figure(key="continued_exactly", value=_continues(states, counts),
               about="share of restored series whose state is the same to the bit 30 days later",
               goal="1.0"),
    ], {}  # fmt: skip


def _states(counts: np.ndarray[Any, Any], built: int) -> list[bytes]:
    parameters = load_parameters()
    states = []
    for i in range(built):
        detector = CountDetector(parameters)
        for day in range(_HISTORY):
            detector.observe(FIRST_DAY + timedelta(days=day), float(counts[day, i]))
        states.append(msgspec.msgpack.encode(detector.export()))
    return states


def _timed(detectors: list[CountDetector], counts: np.ndarray[Any, Any], built: int) -> float:
    spent = 0.0
    for day in range(_HISTORY, _HISTORY + _TIMED):
        values, on = counts[day].astype(float).tolist(), FIRST_DAY + timedelta(days=day)
        began = time.perf_counter()
        for i, detector in enumerate(detectors):
            detector.observe(on, values[i % built])
        spent += time.perf_counter() - began
    return spent / (_TIMED * len(detectors)) * 1e6


def _continues(states: list[bytes], counts: np.ndarray[Any, Any]) -> float:
    parameters, same, tried = load_parameters(), 0, min(len(states), 200)
    for i in range(tried):
        whole = CountDetector.restore(parameters, msgspec.msgpack.decode(states[i]))
        part = CountDetector.restore(parameters, msgspec.msgpack.decode(states[i]))
        for day in range(_HISTORY, _HISTORY + 30):
            on, count = FIRST_DAY + timedelta(days=day), float(counts[day, i])
            whole.observe(on, count)
            blob = msgspec.msgpack.encode(part.export())
            part = CountDetector.restore(parameters, msgspec.msgpack.decode(blob))
            part.observe(on, count)
        same += whole.export() == part.export()
    return same / tried
