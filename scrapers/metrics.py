"""What the crawler tells Prometheus."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge

from scrapers.items import RunOutcome, SourceRun

RUNS: Final = Counter(
    "labourwatch_crawl_runs_total", "Live crawls, by source and outcome.", ["source", "outcome"]
)
POSTINGS: Final = Counter(
    "labourwatch_crawl_postings_total",
    "Postings of live crawls, by source: published, refused or withdrawn.",
    ["source", "fate"],
)
LAST_OK: Final = Gauge(
    "labourwatch_crawl_last_ok_timestamp_seconds",
    "End of the last crawl of a source that succeeded.",
    ["source"],
)


def count_run(record: SourceRun) -> None:
    """Count one live crawl."""
    RUNS.labels(record.source_id, record.outcome.value).inc()
    fates = {
        "published": record.published,
        "refused": record.refused,
        "withdrawn": record.withdrawn,
    }
    for fate, count in fates.items():
        POSTINGS.labels(record.source_id, fate).inc(count)
    if record.outcome is RunOutcome.OK:
        LAST_OK.labels(record.source_id).set(record.finished_at.timestamp())
