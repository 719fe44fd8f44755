"""Errors as ClickHouse's HTTP interface words them. Pure."""

from __future__ import annotations

import re

SYNTAX_ERROR = 62
BAD_ARGUMENTS = 36
NOT_IMPLEMENTED = 48
NOT_ENOUGH_SPACE = 243
CORRUPTED_DATA = 246
ACCESS_DENIED = 497
READONLY = 164
UNEXPECTED_END = 3
CANNOT_DECOMPRESS = 271
SESSION_NOT_FOUND = 372
SESSION_IS_LOCKED = 373
AUTHENTICATION_FAILED = 516
TOO_LARGE = 307
UNKNOWN_EXCEPTION = 1002

NAMES = {
    SYNTAX_ERROR: "SYNTAX_ERROR",
    BAD_ARGUMENTS: "BAD_ARGUMENTS",
    NOT_IMPLEMENTED: "NOT_IMPLEMENTED",
    NOT_ENOUGH_SPACE: "NOT_ENOUGH_SPACE",
    ACCESS_DENIED: "ACCESS_DENIED",
    READONLY: "READONLY",
    UNEXPECTED_END: "UNEXPECTED_END_OF_FILE",
    CANNOT_DECOMPRESS: "CANNOT_DECOMPRESS",
    SESSION_NOT_FOUND: "SESSION_NOT_FOUND",
    SESSION_IS_LOCKED: "SESSION_IS_LOCKED",
    AUTHENTICATION_FAILED: "AUTHENTICATION_FAILED",
    TOO_LARGE: "TOO_MANY_BYTES",
}

# Status by exception code, as the server's own interface chooses it; anything else is 500.
STATUSES = {
    6: 400, 26: 400, 27: 400, 33: 400, 38: 400, 41: 400, 42: 400, 43: 400, 53: 400, 62: 400,
    36: 400, 3: 400, 271: 400, 115: 404, 46: 404, 47: 404, 60: 404, 81: 404, 372: 404,
    48: 501, 159: 408, 164: 403, 497: 403, 516: 403, 291: 403, 307: 413, 373: 500,
}  # fmt: skip

_CODE = re.compile(r"Code: (\d+)")


class StatementError(Exception):
    """A statement was refused or failed. `code` is ClickHouse's, `status` the HTTP answer."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """HTTP status of this code."""
        return STATUSES.get(self.code, 500)


def refusal(code: int, text: str) -> StatementError:
    """A refusal of our own, worded like the engine's so that clients parse it alike."""
    return StatementError(code, f"Code: {code}. DB::Exception: {text} ({NAMES[code]})")


def engine_error(text: str) -> StatementError:
    """What the engine raised, freed of wrapper prefixes before `Code: N`."""
    found = _CODE.search(text)
    if found is None:
        return StatementError(
            UNKNOWN_EXCEPTION, f"Code: {UNKNOWN_EXCEPTION}. DB::Exception: {text.strip()}"
        )
    return StatementError(int(found[1]), text[found.start() :].strip())


def error_text(error: StatementError, version: str) -> str:
    """One-line body of an error answer, ending like a server's."""
    if "(version" in error.message:
        return f"{error.message}\n"
    return f"{error.message} (version {version} (embedded))\n"


def exception_frame(error: StatementError, tag: str, version: str) -> bytes:
    """The block that tells a client, after the headers have gone, that the stream failed.

    Layout: CRLF, marker, CRLF, tag, CRLF, message, LF, `<message bytes + 1> <tag>`, CRLF, marker.
    """
    message = error_text(error, version).rstrip("\n").encode()
    head = f"\r\n__exception__\r\n{tag}\r\n".encode()
    tail = f"\n{len(message) + 1} {tag}\r\n__exception__\r\n".encode()
    return head + message + tail
