"""Figures of warehouse and indicators: `python -m benchmarks.warehouse [--quick] [--json]`."""

from __future__ import annotations

from typing import Final

from benchmarks.gathering import gather

SEED: Final = 20261203
PARTS: Final[tuple[str, ...]] = (
    "loading",
    "vintages",
    "finland",
    "queries",
    "coverage",
    "disclosure",
    "mismatch",
)
"""The longest first: with `--quick` they run side by side."""

if __name__ == "__main__":
    raise SystemExit(gather("warehouse", PARTS, seed=SEED))
