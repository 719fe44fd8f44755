"""What the stream worker tells Prometheus."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Histogram

from config.metrics import BATCH_SECONDS

RECORDS: Final = Counter(
    "labourwatch_stream_records_total",
    "Records decided, by topic and outcome; a refused one by its reason.",
    ["topic", "outcome"],
)
REFUSED: Final = Counter(
    "labourwatch_stream_refused_total", "Records refused for what they are.", ["topic"]
)
BATCH: Final = Histogram(
    "labourwatch_stream_batch_seconds",
    "Time from taking a batch to its last acknowledgement.",
    ["topic"],
    buckets=BATCH_SECONDS,
)
