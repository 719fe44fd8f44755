"""The collection's figures: `python -m benchmarks.collection [--quick] [--json] [--part NAME]`."""

from __future__ import annotations

from typing import Final

from benchmarks.gathering import gather

SEED: Final = 20261125
PARTS: Final = ("kinds", "crawl", "malformed", "health", "lifetimes", "dedup")

if __name__ == "__main__":
    raise SystemExit(gather("collection", PARTS, seed=SEED))
