"""The coders' figures: `python -m benchmarks.coding [--quick] [--json] [--part NAME]`."""

from __future__ import annotations

from typing import Final

from benchmarks.gathering import gather

SEED: Final = 20261126
PARTS: Final = (
    "occupation",
    "lao",
    "skills",
    "placepay",
    "industry",
    "learning",
    "corrections",
    "speed",
)

if __name__ == "__main__":
    raise SystemExit(gather("coding", PARTS, seed=SEED))
