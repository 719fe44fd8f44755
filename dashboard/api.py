"""The first slice of the REST interface: health and summary."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from dashboard.data import Register
from dashboard.public_summary import public_summary
from dashboard.summary import summarise
from dashboard.told import of_nation


def routes(register: Register, *, demonstration: bool) -> APIRouter:
    """Routes of the interface."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        """200 while the warehouse answers, else 503 with the reason."""
        healthy = register.trouble is None
        body = {"status": "ok" if healthy else "unavailable", "detail": register.trouble or ""}
        return JSONResponse(body, status_code=200 if healthy else 503)

    @router.get("/api/summary")
    async def summary() -> dict[str, Any]:
        """What anybody may read of the first page; null figures before the first event."""
        held = register.snapshot
        figures = (
            public_summary(
                summarise(held.cube, held.sources, held.alerts, held.loaded_at, held.basis),
                of_nation(held.told),
            )
            if held.cube
            else None
        )
        return {
            "demonstration": demonstration,
            "version": held.version,
            "filling": held.filling,
            "figures": figures,
        }

    return router
