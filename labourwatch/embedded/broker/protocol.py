"""The wire: error codes, framing and the refusal of malformed requests.

Request and response layouts are aiokafka's own schemas, so client and broker cannot disagree
about a field; each API is spoken in exactly one version, which the client is told.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aiokafka.protocol.types import Array, Schema

if TYPE_CHECKING:
    from aiokafka.protocol.api import RequestStruct

_REQUEST_HEADER: Final = struct.Struct(">hhih")
_RESPONSE_HEADER: Final = struct.Struct(">ii")


class ErrorCode(IntEnum):
    """Kafka's error codes, as far as this broker answers them."""

    NONE = 0
    OFFSET_OUT_OF_RANGE = 1
    CORRUPT_MESSAGE = 2
    UNKNOWN_TOPIC_OR_PARTITION = 3
    MESSAGE_TOO_LARGE = 10
    OFFSET_METADATA_TOO_LARGE = 12
    COORDINATOR_NOT_AVAILABLE = 15
    INVALID_TOPIC = 17
    ILLEGAL_GENERATION = 22
    INCONSISTENT_GROUP_PROTOCOL = 23
    INVALID_GROUP_ID = 24
    UNKNOWN_MEMBER_ID = 25
    INVALID_SESSION_TIMEOUT = 26
    REBALANCE_IN_PROGRESS = 27
    UNSUPPORTED_VERSION = 35
    TOPIC_ALREADY_EXISTS = 36
    INVALID_PARTITIONS = 37
    INVALID_REPLICATION_FACTOR = 38
    INVALID_CONFIG = 40
    INVALID_REQUEST = 42
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED = 53
    KAFKA_STORAGE_ERROR = 56
    INVALID_RECORD = 87


class RefusedError(Exception):
    """A well-formed request that the broker answers with an error code."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code


def refuse_unless_none(code: ErrorCode) -> None:
    """Turn an error code into the refusal it stands for."""
    if code is not ErrorCode.NONE:
        raise RefusedError(code, code.name)


class MalformedRequestError(ValueError):
    """Bytes that are no request of a supported API and version: the connection is closed."""


class RequestHead(NamedTuple):
    """What stands in front of every request."""

    api_key: int
    api_version: int
    correlation_id: int
    client_id: str


def read_head(frame: bytes) -> tuple[RequestHead, BytesIO]:
    """Split a frame into its head and the unread body.

    Raises:
        MalformedRequestError: the frame is shorter than its head says.
    """
    if len(frame) < _REQUEST_HEADER.size:
        raise MalformedRequestError(f"a frame of {len(frame)} bytes")
    key, version, correlation_id, name_length = _REQUEST_HEADER.unpack_from(frame)
    body = BytesIO(frame)
    body.seek(_REQUEST_HEADER.size)
    client_id = body.read(max(name_length, 0)).decode("utf-8", "replace")
    return RequestHead(key, version, correlation_id, client_id), body


def decode(layout: type[RequestStruct], body: BytesIO, nullable: frozenset[str]) -> RequestStruct:
    """Read a request; a null where only `nullable` fields may have one is malformed.

    Raises:
        MalformedRequestError: the body does not follow the layout, naming what is wrong.
    """
    try:
        request = layout.decode(body)
    except ValueError as error:
        raise MalformedRequestError(f"{layout.__name__}: {str(error)[:200]}") from error
    fields = [getattr(request, name) for name in layout.SCHEMA.names]
    _refuse_nulls(layout.SCHEMA, fields, nullable)
    return request


def _refuse_nulls(schema: Schema, values: Any, nullable: frozenset[str]) -> None:
    for name, field, value in zip(schema.names, schema.fields, values, strict=True):
        if value is None:
            if name not in nullable:
                raise MalformedRequestError(f"{name} is null")
        elif isinstance(field, Array):
            for item in value:
                if isinstance(field.array_of, Schema):
                    _refuse_nulls(field.array_of, item, nullable)
                elif item is None:
                    raise MalformedRequestError(f"{name} holds a null")


def frame(correlation_id: int, body: bytes) -> bytes:
    """A response as it goes over the wire."""
    return _RESPONSE_HEADER.pack(len(body) + 4, correlation_id) + body
