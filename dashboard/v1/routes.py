"""Addresses under `/v1` by which figures are read, and the downloads that are views of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from dashboard.v1 import described, lists
from dashboard.v1.answers import Answer, Asking
from dashboard.v1.forecasts import forecasts
from dashboard.v1.reading import Question, Reading, told_as_problems, words_of
from dashboard.v1.scores import scorecard
from dashboard.v1.series import series
from dashboard.v1.strategy import strategy
from dashboard.v1.vacancies import vacancy_counts, vacancy_records

CodelistName = Annotated[
    str,
    Path(description="Name in /v1/codelists.", examples=["isco08"],
         json_schema_extra={"enum": [*lists.LISTS]}),
]  # fmt: skip
AlertId = Annotated[str, Path(description="An alert_id of /v1/alerts.", examples=["a1"])]
_METHODS: Final = ["GET", "HEAD"]
_PREFLIGHT: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
"""Not Authorization: a token does not belong into a web page of another house."""


def reading_routes(reading: Reading) -> APIRouter:
    """Every address that reads."""
    router = APIRouter(tags=["Reading data"])
    whole: Mapping[str, Question] = {
        "/v1/series": series,
        "/v1/vacancies": vacancy_counts,
        "/v1/vacancies/records": vacancy_records,
        "/v1/forecasts": forecasts,
        "/v1/indicators": lists.indicators,
        "/v1/releases": lists.releases,
        "/v1/alerts": lists.alerts,
        "/v1/scorecard": partial(scorecard, budget=reading.settings.alert_budget),
        "/v1/strategy": strategy,
        "/v1/codelists": lists.codelists,
    }
    for path, question in whole.items():
        _add(router, path, reading, question)
    _add_named(router, reading)
    _add_downloads(router, reading)

    @router.options("/v1/{path:path}", include_in_schema=False)
    async def preflight() -> Response:
        """What a page of another house may ask."""
        return Response(status_code=204, headers=_PREFLIGHT)

    return router


def _add(router: APIRouter, path: str, reading: Reading, question: Question) -> None:
    async def read(request: Request) -> Response:
        return await reading.answer(request, question)

    says = described.reading(path)
    router.add_api_route(path, read, methods=["GET"], **says)
    router.add_api_route(path, read, methods=["HEAD"], include_in_schema=False)


def _add_named(router: APIRouter, reading: Reading) -> None:
    async def codelist(request: Request, name: CodelistName) -> Response:
        def question(asking: Asking, words: Mapping[str, str]) -> Answer:
            return lists.codelist(asking, words, name)

        return await reading.answer(request, question)

    async def sources(request: Request) -> Response:
        with told_as_problems():
            pushed = await reading.access.pushed_sources()
        folder = reading.settings.sources_dir
        return await reading.answer(request, partial(lists.sources, folder=folder, pushed=pushed))

    async def alert(request: Request, alert_id: AlertId) -> Response:
        words = {**words_of(request), "alert": alert_id, "history": "true"}
        return await reading.answer(request, lists.alert, given=words)

    for path, read in (
        ("/v1/codelists/{name}", codelist),
        ("/v1/alerts/{alert_id}", alert),
        ("/v1/sources", sources),
    ):
        router.add_api_route(path, read, methods=["GET"], **described.reading(path))
        router.add_api_route(path, read, methods=["HEAD"], include_in_schema=False)


def _add_downloads(router: APIRouter, reading: Reading) -> None:
    """The addresses of earlier versions, as views of the questions above."""

    async def flow(request: Request) -> Response:
        words = {"by": "province,occupation", "grain": "month", "format": "csv"}
        return await reading.answer(request, vacancy_counts, given=words)

    async def vacancies(request: Request) -> Response:
        return await reading.answer(request, vacancy_records, given={"format": "csv"})

    for path, read in (("/download/flow.csv", flow), ("/download/vacancies.csv", vacancies)):
        router.add_api_route(path, read, methods=_METHODS, include_in_schema=False)
