"""What the loader tells Prometheus."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Histogram

from config.metrics import BATCH_SECONDS

ROWS: Final = Counter("labourwatch_load_rows_total", "Rows stored, by table.", ["table"])
LETTERS: Final = Counter(
    "labourwatch_load_refused_total", "Records that the loader refused, by topic.", ["topic"]
)
BATCH: Final = Histogram(
    "labourwatch_load_batch_seconds",
    "Time from the taking of a batch to the commit after its storing, by topic.",
    ["topic"],
    buckets=BATCH_SECONDS,
)
