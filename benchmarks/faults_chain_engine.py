"""The judge of two schedulers that die at every step, as a line of the fault table."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from benchmarks import warning_engine
from benchmarks.faults_table import Row
from tests.engine_world import world

_FAULT: Final = "a scheduler dies before or after a call of its tick"
_QUICK_LIVES: Final = 1
_QUICK_STRIDE: Final = 13


def engine_row(seed: int, quick: bool) -> Row:
    """Lives of two schedulers between a real Redis and a real mail server."""
    lives = _QUICK_LIVES if quick else warning_engine.RUNS[False]
    stride = _QUICK_STRIDE if quick else warning_engine.SWEPT[False]
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place, world(Path(place)) as made:
        for number in range(lives):
            found.update(warning_engine.live(made, random.Random(f"{seed} {number}")))
        found.update(warning_engine.sweep(made, stride))
    return Row(
        fault=_FAULT, stack="two schedulers", runs=found["crashes"], under_load=found["crashes"],
        rows=found["told"], lost=0, doubled=0, unrecovered=0, recovery_p95_s=None,
        notices=found["told"], notices_lost=found["lost"], double_notified=found["doubled"],
    )  # fmt: skip
