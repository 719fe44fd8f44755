"""Addresses under `/sdmx`: SDMX REST for SDMX 2.1 (`/sdmx/2.1`) and SDMX 3.0 (`/sdmx/3.0`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.sdmx.answering import answered, data_answer, is_held, pieces, refused, validators
from dashboard.sdmx.artefacts import Artefact, Constraint, Scheme
from dashboard.sdmx.asking import DataQuestion, flow_named, read_flow, read_question
from dashboard.sdmx.availability import constraint
from dashboard.sdmx.catalogue_of import Wanted, found, read_wanted
from dashboard.sdmx.negotiating import (
    DATA_2_1,
    DATA_3_0,
    STRUCTURES_2_1,
    STRUCTURES_3_0,
    Chosen,
    Format,
    choose,
)
from dashboard.sdmx.problems import Code, SdmxError
from dashboard.sdmx.service import SdmxService, partial_skills
from dashboard.sdmx.structure_json import structure_json
from dashboard.sdmx.structure_xml import structure_message
from warehouse.disclosure.records import View

_WRITERS: Final[dict[Format, Any]] = {
    Format.STRUCTURE: structure_message,
    Format.STRUCTURE_JSON_1: partial(structure_json, version=1),
    Format.STRUCTURE_JSON_2: partial(structure_json, version=2),
}
_SUMMARIES: Final = {
    "/sdmx/2.1/data/{rest:path}": "Figures by SDMX 2.1.",
    "/sdmx/3.0/data/{rest:path}": "Figures by SDMX 3.0.",
    "/sdmx/2.1/{rest:path}": "Structures by SDMX 2.1.",
    "/sdmx/3.0/structure/{rest:path}": "Structures by SDMX 3.0.",
}
Ask = Callable[[View], Response]
Given = Callable[[Request, Ask], Awaitable[Response]]
Handler = Callable[[Request, str], Awaitable[Response]]


def sdmx_routes(service: SdmxService) -> APIRouter:
    """Data, availability and structures, by both versions."""
    router = APIRouter(tags=["SDMX"])

    async def given(request: Request, ask: Ask) -> Response:
        """For whoever asks."""
        try:
            view = await service.view(request)
        except SdmxError as error:
            return refused(request, error)
        return await answered(request, service, lambda: ask(view))

    _add(router, "/sdmx/2.1/data/{rest:path}", _data_2_1(service, given))
    _add(router, "/sdmx/3.0/data/{rest:path}", _data_3_0(service, given))
    _add(router, "/sdmx/2.1/availableconstraint/{rest:path}", _available_2_1(service, given))
    _add(router, "/sdmx/3.0/availability/{rest:path}", _available_3_0(service, given))
    _add(router, "/sdmx/3.0/structure/{rest:path}", _structures(service, given, STRUCTURES_3_0))
    _add(router, "/sdmx/2.1/{rest:path}", _structures(service, given, STRUCTURES_2_1))
    _add(router, "/sdmx/{rest:path}", _unknown)
    return router


def _add(router: APIRouter, path: str, handler: Callable[..., Any]) -> None:
    says = _SUMMARIES.get(path)
    shown = says is not None
    router.add_api_route(path, handler, methods=["GET"], include_in_schema=shown, summary=says)
    router.add_api_route(path, handler, methods=["HEAD"], include_in_schema=False)


async def _unknown(request: Request) -> Response:
    detail = "Expected /sdmx/2.1/… or /sdmx/3.0/…; see docs/sdmx.md."
    return refused(request, SdmxError(Code.NOT_IMPLEMENTED, detail))


def _format(request: Request, offered: Sequence[Format]) -> Chosen:
    wished = request.query_params.get("format", "")
    return choose(offered, wished, request.headers.get("accept", ""))


def _parts(rest: str) -> list[str]:
    return [part for part in rest.split("/") if part]


def _data_2_1(service: SdmxService, given: Given) -> Handler:
    async def data(request: Request, rest: str) -> Response:
        """`{flow}/{key}/{provider}` of SDMX 2.1."""

        def ask(view: View) -> Response:
            flow, key, provider = [*_parts(rest), "", "", ""][:3]
            _provided(provider)
            asked = read_question(read_flow(flow), key, request.query_params.multi_items())
            return data_answer(request, service, asked, view, _format(request, DATA_2_1))

        return await given(request, ask)

    return data


def _provided(provider: str) -> None:
    if provider.rpartition(",")[2] not in ("", "all", "LABOURWATCH"):
        raise SdmxError(Code.NO_RESULTS, "No such provider: there is LABOURWATCH alone.")


def _data_3_0(service: SdmxService, given: Given) -> Handler:
    async def data(request: Request, rest: str) -> Response:
        """`{context}/{agency}/{flow}/{version}/{key}` of SDMX 3.0."""

        def ask(view: View) -> Response:
            asked = _asked_3_0(rest, request)
            return data_answer(request, service, asked, view, _format(request, DATA_3_0))

        return await given(request, ask)

    return data


def _asked_3_0(rest: str, request: Request) -> DataQuestion:
    context, agency, name, version, key = [*_parts(rest), "*", "*", "*", "*", "*"][:5]
    if context not in ("dataflow", "*"):
        raise SdmxError(Code.NOT_IMPLEMENTED, "Expected the context dataflow.")
    flow = flow_named(agency, "LMI" if name == "*" else name, version)
    return read_question(flow, key, request.query_params.multi_items())


def _available_2_1(service: SdmxService, given: Given) -> Handler:
    async def available(request: Request, rest: str) -> Response:
        """What there is of `{flow}/{key}/{provider}/{component}`."""

        def ask(view: View) -> Response:
            flow, key, provider, component = [*_parts(rest), "", "", "", ""][:4]
            _provided(provider)
            asked = read_question(read_flow(flow), key, request.query_params.multi_items())
            told = _constraint(service, asked, view, component)
            return _told(request, service, view, told, STRUCTURES_2_1)

        return await given(request, ask)

    return available


def _available_3_0(service: SdmxService, given: Given) -> Handler:
    async def available(request: Request, rest: str) -> Response:
        """What there is of `{context}/{agency}/{flow}/{version}/{key}/{component}`."""

        def ask(view: View) -> Response:
            component = [*_parts(rest), *[""] * 6][5]
            told = _constraint(service, _asked_3_0(rest, request), view, component)
            return _told(request, service, view, told, STRUCTURES_3_0)

        return await given(request, ask)

    return available


def _constraint(
    service: SdmxService, asked: DataQuestion, view: View, component: str
) -> list[Artefact]:
    held = service.spans(asked.selection, view, asked.as_of)
    if not held:
        raise SdmxError(Code.NO_RESULTS, "There are no figures of what was asked for.")
    told: Constraint = constraint(asked.flow, held, "" if component in ("all", "*") else component)
    return [told]


def _structures(service: SdmxService, given: Given, offered: Sequence[Format]) -> Handler:
    async def structures(request: Request, rest: str) -> Response:
        """`{kind}/{agency}/{id}/{version}/{item}`; parameters `references` and `detail`."""

        def ask(view: View) -> Response:
            kind, *parts = _parts(rest) or [""]
            words = request.query_params
            wanted = read_wanted(
                kind, parts, detail=words.get("detail", "full"),
                references=words.get("references", "none"),
            )  # fmt: skip
            told = _items(found(wanted, service.artefacts(view)), wanted)
            if wanted.references != "none":
                told = partial_skills(told, service.skills_used(view))
            return _told(request, service, view, told, offered, wanted)

        return await given(request, ask)

    return structures


def _items(told: list[Artefact], wanted: Wanted) -> list[Artefact]:
    """Schemes cut down to the items asked for.

    Raises:
        SdmxError: 404 where a scheme has none of them.
    """
    if wanted.item in ("", "all", "*"):
        return told
    names = frozenset(wanted.item.replace(",", "+").split("+"))
    kept: list[Artefact] = []
    for each in told:
        if isinstance(each, Scheme):
            items = tuple(item for item in each.items if item.id in names)
            if items:
                kept.append(replace(each, items=items, partial=True))
    if not kept:
        raise SdmxError(Code.NO_RESULTS, "No such item.")
    return kept


def _told(
    request: Request,
    service: SdmxService,
    view: View,
    told: list[Artefact],
    offered: Sequence[Format],
    wanted: Wanted | None = None,
) -> Response:
    chosen = _format(request, offered)
    newest = service.newest(view, None)
    headers = validators(request, view, chosen.format, newest)
    if is_held(request, headers, newest):
        return Response(status_code=304, headers=headers)
    stubs = wanted is not None and wanted.detail.startswith("all")
    named = {each.urn for each in told if wanted and each.kind in wanted.kinds}
    referenced = wanted is not None and wanted.detail.startswith("reference")
    referenced = referenced and "stubs" in (wanted.detail if wanted else "")

    def full(artefact: Artefact) -> bool:
        return not stubs and (not referenced or artefact.urn in named)

    text = _WRITERS[chosen.format](service.head(str(request.url)), told, detail=full)
    body = b"".join(pieces(text))
    return Response(body, headers=headers, media_type=chosen.format.value)
