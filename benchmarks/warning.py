"""The early warning's figures: `python -m benchmarks.warning [--quick] [--json]`."""

from __future__ import annotations

from typing import Final

from benchmarks.gathering import gather

SEED: Final = 20261204
PARTS: Final[tuple[str, ...]] = (
    "cells",
    "counts",
    "forecasts",
    "faults",
    "engine",
    "indices",
    "outlook",
    "oracle",
    "published",
    "shortage",
    "fleet",
    "tables",
)
"""The longest first: with `--quick` they run side by side."""

if __name__ == "__main__":
    raise SystemExit(gather("warning", PARTS, seed=SEED))
