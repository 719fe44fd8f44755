"""Metrics of a process, for Prometheus: what every process tells, and the port it tells it on.

Names carry their unit (`_seconds`, `_total`). Each stage declares its own beside its work; all of
them are described in docs/operations/observability.md. Nothing is served unless a port is set.
"""

from __future__ import annotations

from typing import Final

import structlog
from prometheus_client import Gauge, start_http_server

from config.settings import Settings

BATCH_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
"""Edges of histograms of work that is done in batches."""
ORDER: Final = (
    "redis", "broker", "warehouse", "mail", "boards", "load", "stream", "crawl", "dashboard",
    "alert",
)  # fmt: skip
"""Parts by the place of their port in the run of ports. New parts are added at the end."""
BEAT_METRIC: Final = "labourwatch_heartbeat_timestamp_seconds"
HEARTBEAT: Final = Gauge(
    BEAT_METRIC,
    "When the loop of this process last turned.",
    ["part"],
)
_log = structlog.get_logger(__name__)


def metrics_port(settings: Settings, part: str) -> int:
    """Port of a part's metrics; 0 where none are served."""
    return settings.metrics_port + ORDER.index(part) if settings.metrics_port else 0


def serve_metrics(settings: Settings, part: str) -> None:
    """Answer Prometheus from a thread of its own. A port that is taken costs metrics, not the part.

    Does nothing without a port.
    """
    port = metrics_port(settings, part)
    if not port:
        return
    try:
        start_http_server(port, addr=settings.metrics_host)
    except OSError as error:
        _log.warning("metrics_not_served", port=port, why=repr(error))
