"""The early warning's figures: `python -m benchmarks.warning [--quick] [--json]`."""

from __future__ import annotations

from typing import Final

from benchmarks.gathering import gather

SEED: Final = 20261204
PARTS: Final[tuple[str, ...]] = (
    "counts",
    "oracle",
    "cells",
    "fleet",
    "indices",
    "tables",
    "published",
    "forecasts",
    "shortage",
    "outlook",
    "faults",
    "engine",
)

if __name__ == "__main__":
    raise SystemExit(gather("warning", PARTS, seed=SEED))
