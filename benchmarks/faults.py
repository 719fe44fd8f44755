"""Figures of faults and of what follows: `python -m benchmarks.faults [--quick] [--json]`."""

from __future__ import annotations

from typing import Final

from benchmarks.faults_table import combined
from benchmarks.gathering import gather

SEED: Final = 20261126
PARTS: Final[tuple[str, ...]] = ("restore", "rate", "kills", "places", "chain", "audit")
"""The longest first: with `--quick` they run side by side."""

if __name__ == "__main__":
    raise SystemExit(gather("faults", PARTS, seed=SEED, combine=combined))
