"""Structured logs of a process: one line an event, UTC, to standard output."""

from __future__ import annotations

import logging
import sys

import structlog

from labourwatch.terminal import harmless


def configure(part: str, level: int = logging.INFO) -> None:
    """Send standard-library and structlog events of this process to standard output.

    Args:
        part: name of the process, bound to every event.
        level: lowest level that is written.
    """
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.contextvars.bind_contextvars(part=part)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _one_harmless_line,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in ("aiokafka", "faust", "mode", "apscheduler", "scrapy", "httpx", "asyncio"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))


def _one_harmless_line(
    _logger: object, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """What strangers wrote must neither end a line of the log nor drive the terminal it is read on.

    Line feeds are escaped by the renderer, all else that is not seen here.
    """
    return {
        name: value if isinstance(value, int | float | None) else harmless(str(value))
        for name, value in event.items()
    }
