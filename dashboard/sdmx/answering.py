"""Questions to responses: formats, headers, errors. Shared by both versions of the interface."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Final

from clickhouse_connect.driver.exceptions import Error
from fastapi.responses import Response, StreamingResponse
from redis.exceptions import RedisError

from dashboard.sdmx.asking import DataQuestion
from dashboard.sdmx.data_csv import csv_1, csv_2
from dashboard.sdmx.data_json import data_json
from dashboard.sdmx.data_xml import generic, structure_specific
from dashboard.sdmx.message import Asking, DataSet
from dashboard.sdmx.negotiating import Chosen, Format
from dashboard.sdmx.problems import STATUS, Code, SdmxError
from dashboard.sdmx.service import MOST_FIGURES, SdmxService, told_as_unavailable, too_large
from dashboard.sdmx.xml_parts import error_message
from warehouse.disclosure.records import View

if TYPE_CHECKING:
    from fastapi import Request

Written = Callable[[Asking, Iterable[DataSet]], Iterator[str]]
WRITERS: Final[dict[Format, Written]] = {
    Format.GENERIC: generic,
    Format.SPECIFIC: structure_specific,
    Format.JSON_1: partial(data_json, version=1),
    Format.JSON_2: partial(data_json, version=2),
    Format.CSV_1: csv_1,
    Format.CSV_2: csv_2,
}
MOST_JSON: Final = 250_000
"""Figures of one SDMX-JSON message: its lists of values are held until its end."""
_PIECE: Final = 65_536
_OPEN: Final = {"Access-Control-Allow-Origin": "*"}


def validators(request: Request, view: View, kind: str, newest: datetime | None) -> dict[str, str]:
    """ETag, Last-Modified and caching of an answer: equal tags, equal data."""
    said = [request.url.path, request.url.query, kind, view.value, str(newest)]
    digest = sha256(json.dumps(said).encode()).hexdigest()[:32]
    age = "public, max-age=60, must-revalidate" if view is View.PUBLIC else "private, no-cache"
    headers = {
        "ETag": f'W/"{digest}"', "Cache-Control": age,
        "Vary": "Accept, Authorization, Accept-Encoding",
    }  # fmt: skip
    if newest is not None:
        modified = newest.astimezone(UTC).replace(microsecond=0)
        headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    return headers | (_OPEN if view is View.PUBLIC else {})


def is_held(request: Request, headers: dict[str, str], newest: datetime | None) -> bool:
    """Whether the asker has this answer (RFC 9110: a tag goes before a date)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        named = [one.strip().removeprefix("W/") for one in tags.split(",")]
        return "*" in named or headers["ETag"].removeprefix("W/") in named
    since = request.headers.get("if-modified-since")
    if since is None or newest is None:
        return False
    try:
        given = parsedate_to_datetime(since)
    except (ValueError, IndexError, TypeError, OverflowError):
        return False
    given = given if given.tzinfo else given.replace(tzinfo=UTC)
    return newest.astimezone(UTC).replace(microsecond=0) <= given


async def answered(request: Request, service: SdmxService, ask: Callable[[], Response]) -> Response:
    """What `ask` answers, in a thread; a failure as an SDMX error message."""
    try:
        return await asyncio.to_thread(ask)
    except SdmxError as error:
        return refused(request, error)
    except (Error, RedisError, OSError) as error:
        service.forget()
        return refused(request, told_as_unavailable(error))


def refused(request: Request, error: SdmxError) -> Response:
    """An error message, in JSON where the asker prefers it."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept", **error.headers, **_OPEN}
    status = STATUS[error.code]
    wished = f"{request.headers.get('accept', '')} {request.query_params.get('format', '')}"
    if "json" in wished or (request.url.path.startswith("/sdmx/3.0") and "xml" not in wished):
        told = {"code": int(error.code), "title": error.code.name, "detail": error.detail}
        return Response(
            json.dumps({"errors": [told]}), status, headers, media_type="application/json"
        )
    text = error_message(error.code, error.detail)
    return Response(text, status, headers, media_type="application/vnd.sdmx.error+xml;version=2.1")


def data_answer(
    request: Request, service: SdmxService, asked: DataQuestion, view: View, chosen: Chosen
) -> Response:
    """Figures. 404 where there are none, 304 where the asker has them.

    Raises:
        SdmxError: there are none, or too many.
    """
    newest = service.newest(view, asked.as_of)
    headers = validators(request, view, f"{chosen.format} {chosen.labels}", newest)
    if is_held(request, headers, newest):
        return Response(status_code=304, headers=headers)
    held = service.spans(asked.selection, view, asked.as_of)
    if not held:
        raise SdmxError(Code.NO_RESULTS, "There are no figures of what was asked for.")
    _check_size(sum(span.figures for span in held), asked, chosen.format)
    whole = asked.detail in ("full", "dataonly")
    asking = Asking(
        flow=asked.flow, head=service.head(str(request.url)), at_observation=asked.at_observation,
        attributes=asked.attributes, observations=whole, labels=chosen.labels,
    )  # fmt: skip
    if not whole:
        asked = _keys_only(asked)
    sets = _begun(service.data_sets(asked, view, held))
    text = WRITERS[chosen.format](asking, sets)
    return _sent(text, chosen, asked, headers)


def _check_size(figures: int, asked: DataQuestion, kind: Format) -> None:
    if asked.first_n or asked.last_n:
        return
    most = MOST_JSON if kind in (Format.JSON_1, Format.JSON_2) else MOST_FIGURES
    if figures > most:
        raise too_large(f"about {figures:,} figures, {most:,} at most; narrow the key or the time")


def _keys_only(asked: DataQuestion) -> DataQuestion:
    """A question about series: one figure stands for each."""
    return DataQuestion(flow=asked.flow, selection=asked.selection, as_of=asked.as_of, last_n=1)


def _begun(sets: Iterator[DataSet]) -> Iterator[DataSet]:
    """`sets` with the first figure read: what fails at once fails before the answer begins.

    Raises:
        SdmxError: there is no figure at all.
    """
    for data_set in sets:
        figures = iter(data_set.figures)
        for figure in figures:
            first = DataSet(figures=chain([figure], figures), valid_from=data_set.valid_from)
            return chain([first], sets)
    raise SdmxError(Code.NO_RESULTS, "There are no figures of what was asked for.")


def _sent(
    text: Iterator[str], chosen: Chosen, asked: DataQuestion, headers: dict[str, str]
) -> Response:
    kind = chosen.format.value
    if chosen.format in (Format.CSV_1, Format.CSV_2):
        kind += f";labels={chosen.labels};charset=utf-8"
        headers = headers | {"Content-Disposition": f'attachment; filename="{asked.flow.id}.csv"'}
    return StreamingResponse(pieces(text), headers=headers, media_type=kind)


def pieces(text: Iterator[str]) -> Iterator[bytes]:
    """Text in pieces of some size, as bytes."""
    held: list[str] = []
    size = 0
    for part in text:
        held.append(part)
        size += len(part)
        if size >= _PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()
