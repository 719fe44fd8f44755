"""The costs that were measured, and the sizes that docs/operations/scale.md tells.

`python -m benchmarks.scale_sizes` prints the rows of that page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from benchmarks.scale_model import Costs, Limit, Machine, exceeded, first_bottleneck, use

MEASURED: Final = Costs(
    stream_ms=3.49,
    load_ms=0.14,
    warehouse_ms=0.46,
    broker_ms=0.08,
    redis_ms=0.11,
    crawl_ms=2.43,
    topic_bytes=4490,
    register_bytes=761,
    table_bytes=382,
    answer_ms_per_million=71,
)
"""Of one posting; where each comes from stands on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A size of the market, and the machine on which none of its limits is exceeded."""

    per_day: int
    stored: int
    changed: Machine


ASSUMED: Final = Machine()
_LARGE: Final = Machine(redis_bytes=64 * 2**30, warehouse_bytes=1e12, sources=30)
SIZES: Final = (
    Size(per_day=300, stored=330_000, changed=ASSUMED),
    Size(per_day=3_000, stored=3_300_000, changed=ASSUMED),
    Size(per_day=30_000, stored=33_000_000, changed=Machine(redis_bytes=8 * 2**30, shards=2)),
    Size(per_day=300_000, stored=330_000_000, changed=replace(_LARGE, shards=20)),
    Size(per_day=300_000, stored=1_000_000_000, changed=replace(_LARGE, shards=60)),
)


def rows() -> list[str]:
    """A row of the page for each size: shares used of the machine that `make run` assumes."""
    return [_row(size) for size in SIZES]


def _row(size: Size) -> str:
    used = use(MEASURED, ASSUMED, per_day=size.per_day, stored=size.stored)
    shares = [_share(used[limit]) for limit in Limit]
    over = ", ".join(exceeded(used)) or "none"
    cells = [f"{size.per_day:,}", f"{size.stored:,}", *shares, first_bottleneck(used), over]
    return f"| {' | '.join(cells)} |"


def _share(share: float) -> str:
    return "< .001" if share < 0.001 else f"{share:.1f}" if share >= 1 else f"{share:.3f}"


if __name__ == "__main__":
    heads = ["postings a day", "stored", *Limit, "first", "exceeded"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}", *rows(), sep="\n")
