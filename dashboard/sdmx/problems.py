"""What a question that cannot be answered is told: SDMX error codes and their HTTP status."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Code(IntEnum):
    """Error codes of the SDMX web-service guidelines."""

    NO_RESULTS = 100
    UNAUTHORISED = 110
    RESPONSE_TOO_LARGE = 130
    SYNTAX = 140
    SEMANTIC = 150
    INTERNAL = 500
    NOT_IMPLEMENTED = 501
    UNAVAILABLE = 503
    NOT_ACCEPTABLE = 1000
    """A code of ours, as the guidelines allow from 1000: no format that the asker takes."""
    TOO_MANY = 1001
    FORBIDDEN = 1002


STATUS: Final = {
    Code.NO_RESULTS: 404,
    Code.UNAUTHORISED: 401,
    Code.RESPONSE_TOO_LARGE: 413,
    Code.SYNTAX: 400,
    Code.SEMANTIC: 403,
    Code.INTERNAL: 500,
    Code.NOT_IMPLEMENTED: 501,
    Code.UNAVAILABLE: 503,
    Code.NOT_ACCEPTABLE: 406,
    Code.TOO_MANY: 429,
    Code.FORBIDDEN: 403,
}


class SdmxError(Exception):
    """A question that is answered with an SDMX error message."""

    def __init__(self, code: Code, detail: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.headers = code, detail, headers or {}


def syntax(what: str, expected: str) -> SdmxError:
    """A part of the question that cannot be read."""
    return SdmxError(Code.SYNTAX, f"{what}: expected {expected}.")
