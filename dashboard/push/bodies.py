"""Bodies of pushes: read within limits of size and time, decoded, and taken apart."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from fastapi import Request
from starlette.requests import ClientDisconnect

from dashboard.push.problems import ProblemError
from scrapers.parsing.jsonld import is_job_posting
from scrapers.push.records import MOST_RECORDS, Batch, Line

LARGEST_BODY: Final = 5_000_000
"""Bytes on the wire."""
LARGEST_CONTENT: Final = 20_000_000
"""Bytes after decompression."""
_READ_WITHIN_S: Final = 60.0
_MOST_IDS: Final = 200_000
_MOST_DROPPED: Final = 4 * LARGEST_BODY
JSON_TYPES: Final = ("application/json", "application/ld+json")
LINES_TYPES: Final = (
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/json-lines",
)
FORM_TYPE: Final = "application/x-www-form-urlencoded"

Envelope = dict[str, Any]


async def read_body(request: Request, expected: tuple[str, ...]) -> tuple[str, bytes]:
    """Media type and decompressed body of a request.

    Raises:
        ProblemError: 408, 413, 415 or 400, before more than the limits is held in memory.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in expected:
        wanted = ", ".join(expected)
        headers = {"Accept-Post": wanted}
        raise ProblemError(415, "media_type", f"Expected one of {wanted}.", headers=headers)
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        headers = {"Accept-Encoding": "gzip"}
        raise ProblemError(415, "content_encoding", "Expected gzip or none.", headers=headers)
    try:
        async with asyncio.timeout(_READ_WITHIN_S):
            body = await _wire(request)
    except TimeoutError as error:
        raise ProblemError(408, "too_slow", "The body did not arrive within 60 s.") from error
    except ClientDisconnect as error:
        raise ProblemError(400, "cut_off", "The connection ended before the body did.") from error
    return kind, unzipped(body) if encoding == "gzip" else body


async def _wire(request: Request) -> bytes:
    """The body as it came. One that is too large is read on for a while and dropped: a client
    whose connection ends while it sends would never see the answer."""
    held, dropped = bytearray(), 0
    async for chunk in request.stream():
        if dropped or len(held) + len(chunk) > LARGEST_BODY:
            dropped += len(chunk) + len(held)
            held.clear()
            if dropped > _MOST_DROPPED:
                break
            continue
        held += chunk
    if dropped:
        raise _too_large(LARGEST_BODY)
    return bytes(held)


def unzipped(body: bytes) -> bytes:
    """The content of a gzip body, one member, at most `LARGEST_CONTENT`.

    Raises:
        ProblemError: 413 for a larger content, 400 where it is no whole gzip.
    """
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(body, LARGEST_CONTENT + 1)
    except zlib.error as error:
        raise ProblemError(400, "not_gzip", "The body is not gzip.") from error
    if len(content) > LARGEST_CONTENT:
        raise _too_large(LARGEST_CONTENT)
    if not unpacker.eof or unpacker.unused_data:
        raise ProblemError(400, "not_gzip", "The body is not one whole gzip stream.")
    return content


def _too_large(limit: int) -> ProblemError:
    return ProblemError(
        413, "too_large", f"Expected at most {limit:,} bytes; send several smaller pushes."
    )


def decoded(content: bytes) -> Any:
    """JSON of a body.

    Raises:
        ProblemError: 400; quotes nothing of the body.
    """
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        told = str(error)[:200] if isinstance(error, msgspec.DecodeError) else "not UTF-8"
        raise ProblemError(400, "not_json", f"Expected JSON in UTF-8: {told}.") from error
    except RecursionError as error:
        raise ProblemError(400, "too_deep", "The JSON is nested too deeply.") from error


def posting_batch(kind: str, content: bytes, query: Mapping[str, str]) -> Batch:
    """The push of postings in a body of media type `kind`.

    Raises:
        ProblemError: 400 or 422, saying what was expected.
    """
    if kind in LINES_TYPES:
        complete = query.get("complete", "") == "true"
        confirmed = query.get("confirmed", "") == "true"
        return Batch(records=lines(content), complete=complete, confirmed=confirmed)
    body = decoded(content)
    if isinstance(body, list):
        body = {"postings": body}
    elif isinstance(body, dict) and "@graph" in body:
        nodes = body["@graph"] if isinstance(body["@graph"], list) else [body["@graph"]]
        kept = [node for node in nodes if isinstance(node, dict) and is_job_posting(node)]
        body = {"postings": kept}
    elif isinstance(body, dict) and is_job_posting(body):
        body = {"postings": [body]}
    envelope = _envelope(body, ("postings", "withdrawn", "complete", "listed", "confirmed"))
    return Batch(
        records=tuple(_member(envelope, "postings", _is_records, "a list of at most 1000", [])),
        withdrawn=tuple(_member(envelope, "withdrawn", _is_ids, "a list of identifiers", [])),
        complete=_member(envelope, "complete", _is_flag, "true or false", default=False),
        listed=tuple(_member(envelope, "listed", _is_ids, "a list of identifiers", [])),
        confirmed=_member(envelope, "confirmed", _is_flag, "true or false", default=False),
    )


def supply_rows(kind: str, content: bytes) -> tuple[str, tuple[Any, ...]]:
    """Feed ("" where none is named) and rows of a push of supply records.

    Raises:
        ProblemError: 400 or 422.
    """
    if kind in LINES_TYPES:
        return "", lines(content)
    envelope = _envelope(decoded(content), ("feed", "records"))
    rows = _member(envelope, "records", _is_records, "a list of at most 1000", None)
    return _member(envelope, "feed", _is_name, "a name", ""), tuple(rows)


def lines(content: bytes) -> tuple[Any, ...]:
    """Records of JSON Lines; a line that is no JSON is a `Line`.

    Raises:
        ProblemError: 422 for more than 1,000 lines.
    """
    found = [line for line in content.split(b"\n") if line.strip()]
    if len(found) > MOST_RECORDS:
        raise ProblemError(422, "too_many_records", f"Expected at most {MOST_RECORDS} lines.")
    return tuple(map(_line, found))


def _line(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Line(text=line.decode("utf-8", "replace"))


def _envelope(body: Any, names: tuple[str, ...]) -> Envelope:
    if not isinstance(body, dict):
        raise ProblemError(422, "schema", f"Expected an object with {', '.join(names)}.")
    unknown = [name[:60] for name in body if name not in names and not name.startswith("@")]
    if unknown:
        raise ProblemError(
            422,
            "schema",
            f"No such member: {', '.join(unknown[:5])}. There are {', '.join(names)}.",
        )
    return body


def _member(
    envelope: Envelope, name: str, fits: Callable[[Any], bool], expected: str, default: Any
) -> Any:
    value = envelope.get(name, default)
    if not fits(value):
        members = {"field": name, "expected": expected}
        raise ProblemError(422, "schema", f"{name}: expected {expected}.", members=members)
    return value


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 60


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_RECORDS


def _is_ids(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= _MOST_IDS
        and all(isinstance(one, str) and 0 < len(one) <= 300 for one in value)
    )
