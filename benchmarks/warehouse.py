"""Figures of warehouse and indicators: `python -m benchmarks.warehouse [--quick] [--json]`."""

from __future__ import annotations

from typing import Final

from benchmarks.gathering import gather

SEED: Final = 20261203
PARTS: Final[tuple[str, ...]] = (
    "queries",
    "loading",
    "finland",
    "mismatch",
    "coverage",
    "disclosure",
    "vintages",
)

if __name__ == "__main__":
    raise SystemExit(gather("warehouse", PARTS, seed=SEED))
