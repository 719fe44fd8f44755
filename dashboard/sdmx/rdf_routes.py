"""`/catalogue` and `/codelists`: data sets by DCAT, code lists by SKOS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from dashboard.sdmx.answering import answered, is_held, pieces, refused, validators
from dashboard.sdmx.artefacts import Constraint
from dashboard.sdmx.dcat import catalogue_graph
from dashboard.sdmx.listing import catalogue
from dashboard.sdmx.problems import Code, SdmxError
from dashboard.sdmx.service import SdmxService
from dashboard.sdmx.skill_turtle import turtle
from dashboard.sdmx.skos import SKILLS, csv_of, graph_of, lists
from warehouse.disclosure.records import View

TYPES: Final[Mapping[str, str]] = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "csv": "text/csv",
}
_RDFLIB: Final = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
_PLAIN: Final = {"application/json": "jsonld", "application/xml": "rdf", "text/xml": "rdf"}


def rdf_routes(service: SdmxService) -> APIRouter:
    """The catalogue and the code lists; both are for anybody."""
    router = APIRouter(tags=["Catalogue"])

    async def given(request: Request, ask: Callable[[], Response]) -> Response:
        try:
            await service.view(request)
        except SdmxError as error:
            return refused(request, error)
        return await answered(request, service, ask)

    async def told_catalogue(request: Request) -> Response:
        """Data sets, their forms and terms by DCAT-AP 3: Turtle, JSON-LD or RDF/XML."""
        return await given(request, partial(_catalogue, request, service))

    async def told_lists(request: Request) -> Response:
        """The code lists there are."""
        return await given(request, partial(_names, request, service))

    async def told_list(request: Request, name: str) -> Response:
        """A code list by SKOS: Turtle, JSON-LD, RDF/XML or CSV."""
        return await given(request, partial(_codelist, request, service, name))

    for path, handler, says in (
        ("/catalogue", told_catalogue, "The data sets by DCAT."),
        ("/codelists", told_lists, "Which code lists there are as SKOS."),
        ("/codelists/{name}", told_list, "A code list by SKOS."),
    ):
        router.add_api_route(path, handler, methods=["GET"], summary=says)
        router.add_api_route(path, handler, methods=["HEAD"], include_in_schema=False)

    async def told_concept(request: Request, name: str, code: str) -> Response:
        """One concept stands in its list."""
        there = name in lists() and any(each.code == code for each in lists()[name].concepts)
        if not there:
            return refused(request, SdmxError(Code.NO_RESULTS, "No such code."))
        return Response(status_code=303, headers={"Location": f"/codelists/{name}"})

    router.add_api_route(
        "/codelists/{name}/{code}", told_concept, methods=["GET"], summary="A concept's list."
    )
    return router


def form_of(request: Request, offered: Sequence[str]) -> str:
    """The form asked for by `format` or `Accept`; the first without a wish.

    Raises:
        SdmxError: 406 where none fits.
    """
    word = request.query_params.get("format")
    if word is not None:
        if word in offered:
            return word
        raise SdmxError(Code.NOT_ACCEPTABLE, f"Expected one of the formats {', '.join(offered)}.")
    accept = request.headers.get("accept", "")
    for part in accept.split(","):
        name = part.partition(";")[0].strip().lower()
        found = next((f for f in offered if TYPES[f] == name or _PLAIN.get(name) == f), None)
        if found is not None:
            return found
    if not accept or "*/*" in accept or "text/*" in accept:
        return offered[0]
    raise SdmxError(Code.NOT_ACCEPTABLE, f"Expected one of {', '.join(TYPES[f] for f in offered)}.")


def _catalogue(request: Request, service: SdmxService) -> Response:
    form = form_of(request, ("ttl", "jsonld", "rdf"))
    newest = service.newest(View.PUBLIC, None)
    headers = validators(request, View.PUBLIC, form, newest)
    if is_held(request, headers, newest):
        return Response(status_code=304, headers=headers)
    held = {
        each.flow.id: each
        for each in service.artefacts(View.PUBLIC)
        if isinstance(each, Constraint)
    }
    told = catalogue(
        service.url, service.email, demonstration=service.demonstration, constraints=held,
        lists=lists().values(), modified=newest,
    )  # fmt: skip
    return _graph(catalogue_graph(told), form, headers)


def _graph(graph: Any, form: str, headers: dict[str, str]) -> Response:
    text = graph.serialize(format=_RDFLIB[form])
    return Response(text, headers=headers, media_type=f"{TYPES[form]};charset=utf-8")


def _names(request: Request, service: SdmxService) -> Response:
    told = [
        {
            "id": each.id, "address": f"{service.url}/codelists/{each.id}",
            "name_en": each.name.en, "name_lo": each.name.lo, "codes": len(each.concepts),
        }
        for each in lists().values()
    ]  # fmt: skip
    return JSONResponse({"codelists": told}, headers=validators(request, View.PUBLIC, "", None))


def _codelist(request: Request, service: SdmxService, name: str) -> Response:
    told = lists().get(name)
    if told is None:
        detail = f"No such code list; there are {', '.join(lists())}."
        raise SdmxError(Code.NO_RESULTS, detail)
    offered = ("ttl", "csv") if name == SKILLS else ("ttl", "jsonld", "rdf", "csv")
    form = form_of(request, offered)
    headers = validators(request, View.PUBLIC, form, None)
    if form != "csv" and name != SKILLS:
        return _graph(graph_of(told, service.url), form, headers)
    text: Iterator[str] = iter([csv_of(told)]) if form == "csv" else turtle(national=False)
    kind = f"{TYPES[form]};charset=utf-8"
    return StreamingResponse(pieces(text), headers=headers, media_type=kind)
