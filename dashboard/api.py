"""The first slice of the REST interface: health, summary, downloads."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from clickhouse_connect.driver.exceptions import ClickHouseError
from fastapi import APIRouter, HTTPException
from fastapi.responses import JSONResponse, StreamingResponse

from dashboard.data import Register
from dashboard.export import flow_csv, vacancies_csv
from dashboard.summary import summarise


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
        """Key figures with n and 95 % interval; null figures before the first event."""
        held = register.snapshot
        figures = (
            asdict(summarise(held.cube, held.sources, held.alerts, held.loaded_at, held.basis))
            if held.cube
            else None
        )
        return {
            "demonstration": demonstration,
            "version": held.version,
            "filling": held.filling,
            "figures": figures,
        }

    @router.get("/download/vacancies.csv")
    async def vacancies() -> StreamingResponse:
        """The newest vacancies, up to 50,000."""
        try:
            rows = await asyncio.to_thread(register.all_vacancies)
        except ClickHouseError as error:
            raise HTTPException(503, "The warehouse does not answer; try again later.") from error
        return _download(vacancies_csv(rows, demonstration=demonstration), "vacancies.csv")

    @router.get("/download/flow.csv")
    async def flow() -> StreamingResponse:
        """Daily counts by province and major group."""
        cube = register.snapshot.cube
        if cube is None:
            raise HTTPException(503, "No data yet.")
        return _download(flow_csv(cube, demonstration=demonstration), "flow.csv")

    return router


def _download(blocks: Any, name: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(blocks, media_type="text/csv; charset=utf-8", headers=headers)
