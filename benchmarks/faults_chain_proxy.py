"""A board that can turn to garbage: hands on what it answers, or something else with status 200."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.processes import free_port

_HOST: Final = "127.0.0.1"
_PATIENCE_S: Final = 20
_SPARED: Final = ("/robots.txt", "/archive/")
"""Garbage is what a page has become; who may visit, and the past, stay what they were."""
_FULL_EVERY: Final = "  full_every_s: 5\n"
_CHALLENGE: Final = (
    b"<!doctype html><html><head><title>Just a moment...</title></head>"
    b"<body><script>window._cf_chl_opt={};</script>Checking your browser</body></html>"
)


class Garbage(StrEnum):
    """What a source may answer instead of its pages."""

    EMPTY = "an empty page"
    CUT = "pages cut off after a third"
    ENCODING = "pages encoded twice, so that Lao becomes Latin signs"
    DATES = "dates of another century"
    CAPTCHA = "a captcha page"


def spoiled(body: bytes, how: Garbage) -> bytes:
    """A page as the broken source would answer it."""
    makers: Mapping[Garbage, Callable[[bytes], bytes]] = {
        Garbage.EMPTY: lambda _: b"",
        Garbage.CUT: lambda page: page[: len(page) // 3],
        Garbage.ENCODING: lambda page: page.decode("latin-1").encode("utf-8"),
        Garbage.DATES: lambda page: re.sub(rb"\b20(\d\d)\b", rb"19\1", page),
        Garbage.CAPTCHA: lambda _: _CHALLENGE,
    }
    return makers[how](body)


class Spoiler:
    """One board behind an address of its own. `how` is set while it is broken."""

    def __init__(self, source_id: str, board: str) -> None:
        self.source_id = source_id
        self.board = board
        self.port = free_port()
        self.how: Garbage | None = None
        self.asked = 0
        """Pages answered since it was last set to zero."""

    @property
    def address(self) -> str:
        """Where the crawler finds the board."""
        return f"http://{_HOST}:{self.port}"

    def answer(self, path: str, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        """Status, type and body of what the board answers now."""
        request = Request(f"{self.board}{path}", headers=dict(headers))  # noqa: S310 (loopback)
        try:
            with urlopen(request, timeout=_PATIENCE_S) as found:  # noqa: S310
                status, kind, body = found.status, found.headers["Content-Type"], found.read()
        except HTTPError as error:
            status, kind, body = error.code, str(error.headers["Content-Type"]), error.read()
        body = body.replace(self.board.encode(), self.address.encode())
        if self.how is not None and not path.startswith(_SPARED):
            self.asked += 1
            return 200, "text/html; charset=utf-8", spoiled(body, self.how)
        return status, kind or "text/html", body


@contextmanager
def before_board(sources: Path, source_id: str) -> Iterator[Spoiler]:
    """Put a spoiler before a board, by its source file, which must be written already.

    The whole listing is read at every visit, so that absences count at once.
    """
    file = sources / f"{source_id}.yaml"
    text = file.read_text("utf-8")
    found = re.search(r'(?m)^base_url: "(.*)"$', text)
    assert found is not None, text
    spoiler = Spoiler(source_id, found[1])
    text = text.replace(spoiler.board, spoiler.address)
    file.write_text(text.replace("\nlist:\n", f"\nlist:\n{_FULL_EVERY}"), "utf-8")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            names = ("User-Agent", "Accept", "Accept-Language")
            asked = {name: self.headers[name] for name in names if name in self.headers}
            status, kind, body = spoiler.answer(self.path, asked)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's)
            del format, args

    server = ThreadingHTTPServer((_HOST, spoiler.port), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield spoiler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
