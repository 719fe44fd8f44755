"""Figures of the dashboard: `python -m benchmarks.dashboard [--quick] [--json]`."""

from __future__ import annotations

from typing import Final

from benchmarks.gathering import gather

SEED: Final = 20261128
PARTS: Final[tuple[str, ...]] = ("access", "network", "load", "security")
_SHARING: Final = ("access", "network")
"""They look at the same made-up market."""

if __name__ == "__main__":
    raise SystemExit(gather("dashboard", PARTS, seed=SEED, sharing=_SHARING))
