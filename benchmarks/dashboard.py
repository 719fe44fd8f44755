"""Figures of the dashboard: `python -m benchmarks.dashboard [--quick] [--json]`."""

from __future__ import annotations

from typing import Final

from benchmarks.gathering import gather

SEED: Final = 20261128
PARTS: Final[tuple[str, ...]] = ("access", "network", "load", "security")

if __name__ == "__main__":
    raise SystemExit(gather("dashboard", PARTS, seed=SEED))
