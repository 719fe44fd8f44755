"""What one embedded warehouse may use of the machine."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Ceilings; the defaults suit a two-core machine that runs the whole stack.

    `server_memory` and `query_memory` are bytes the engine may track in all and for one query;
    beyond them a query is refused with code 241. `body` is the largest request, counted after
    decompression. `query_seconds` holds for clients that name no `max_execution_time`.
    """

    server_memory: int = 1536 * MIB
    query_memory: int = 1024 * MIB
    body: int = 256 * MIB
    query_seconds: int = 300
    workers: int = 16
    session_seconds: int = 3600
    shutdown_seconds: float = 4.0
