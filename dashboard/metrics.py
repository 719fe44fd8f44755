"""What the dashboard tells Prometheus."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Histogram

_EDGES: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
ANSWERS: Final = Counter(
    "labourwatch_http_answers_total",
    "Answers by class of status (2xx to 5xx) and pattern of the route.",
    ["route", "status"],
)
ANSWER_TIME: Final = Histogram(
    "labourwatch_http_answer_seconds", "Time to the first byte of an answer.", buckets=_EDGES
)


def count_answer(route: str, status: int, seconds: float) -> None:
    """Count one answer; `route` is a pattern, never an address that somebody asked for."""
    ANSWERS.labels(route, f"{status // 100}xx").inc()
    ANSWER_TIME.observe(seconds)
