"""What a scheduler of early warning tells Prometheus."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

from config.metrics import BATCH_SECONDS

TICK: Final = Histogram(
    "labourwatch_alert_tick_seconds", "Time of one tick of early warning.", buckets=BATCH_SECONDS
)
MESSAGES: Final = Counter(
    "labourwatch_alert_messages_total", "Messages to provinces: sent or refused.", ["fate"]
)
MESSAGES_WAITING: Final = Gauge(
    "labourwatch_alert_messages_waiting_messages", "Messages that wait to be sent."
)
SAMPLES: Final = Counter(
    "labourwatch_objective_samples_total", "Looks at an objective, one a minute.", ["objective"]
)
MISSED: Final = Counter(
    "labourwatch_objective_missed_total", "Looks that found it not met.", ["objective"]
)
MEASURED: Final = Gauge(
    "labourwatch_objective_measured", "What the last look measured, in the unit of its limit.",
    ["objective"],
)  # fmt: skip
