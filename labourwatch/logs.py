"""Structured logs of a process: one line an event, UTC, to standard output.

A line stays one line, whatever a posting holds: characters that are not printable are escaped.
E-mail addresses and telephone numbers are masked, also where an error quotes them.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Any, Final

import structlog

from labourwatch.terminal import escaped

MASKED: Final = "[masked]"
_PERSONAL: Final = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|(?<![\w.])(?:\+\s?856|00856|0)[\s-]?(?:20|30|21|31|41)[\s-]?\d(?:[\s-]?\d){5,8}(?!\w)"
)
_LONGEST: Final = 20_000


def configure(part: str, level: int = logging.INFO, *, as_json: bool = False) -> None:
    """Send standard-library and structlog events of this process to standard output.

    Args:
        part: name of the process, bound to every event.
        level: lowest level that is written.
        as_json: one JSON object a line instead of logfmt.
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
    handler.setFormatter(formatter(shared, as_json=as_json))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in ("aiokafka", "faust", "mode", "apscheduler", "scrapy", "httpx", "asyncio"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))


def formatter(
    shared: list[structlog.types.Processor], *, as_json: bool
) -> structlog.stdlib.ProcessorFormatter:
    """What makes a line of an event."""
    render: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if as_json
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_harm,
            render,
        ],
    )


def without_harm(
    logger: Any, method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Fields whose text is masked, on one line and of bounded length. Numbers stay numbers."""
    del logger, method
    return {
        key: value if isinstance(value, (int, float, bool, type(None))) else harmless(str(value))
        for key, value in event.items()
    }


def harmless(text: str) -> str:
    """`text` with personal data masked, then every character that is not printable escaped."""
    masked = _PERSONAL.sub(MASKED, text[:_LONGEST])
    if masked.isprintable():
        return masked
    return escaped(masked)
