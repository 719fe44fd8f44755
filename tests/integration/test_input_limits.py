"""What strangers may send to the dashboard is bounded before it is held in memory."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from config.settings import Settings
from dashboard.app import create_app
from dashboard.bounded import LARGEST
from dashboard.server import LIMITS
from tests.served_dashboard import served
from tests.unit.test_dashboard_app import Seeded

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, int]]:
    settings = Settings(
        redis_url="redis://127.0.0.1:1/0", clickhouse_port=1, clickhouse_password=SecretStr("x")
    )
    with served(create_app(settings, Seeded(), lambda *_: True)) as url:
        parts = urlsplit(url)
        yield str(parts.hostname), int(parts.port or 0)


def status_of(place: tuple[str, int], *pieces: bytes) -> int:
    """What is answered to bytes that are sent as far as they are taken."""
    with socket.create_connection(place, 10) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            answer = connection.recv(64)
        except ConnectionResetError:
            return 0
    return int(answer.split()[1]) if answer else 0


def head(method: str, path: str, *lines: str) -> bytes:
    joined = "".join(f"{line}\r\n" for line in ("Host: localhost", *lines))
    return f"{method} {path} HTTP/1.1\r\n{joined}\r\n".encode()


def test_headers_that_never_end_are_refused(place: tuple[str, int]) -> None:
    assert LIMITS["http"] == "h11"
    endless = [b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ", *[b"a" * 65_536] * 40]
    assert status_of(place, *endless) in (0, 400, 431)
    many = [b"GET / HTTP/1.1\r\nHost: localhost\r\n", *[b"X-B: " + b"b" * 100 + b"\r\n"] * 2_000]
    assert status_of(place, *many) in (0, 400, 431)


@pytest.mark.parametrize("path", ["/_dash-update-component", "/_dash-anything", "/api/now"])
def test_bodies_that_a_library_reads_whole_are_bounded(place: tuple[str, int], path: str) -> None:
    told = head("POST", path, "Content-Type: application/json", f"Content-Length: {LARGEST + 1}")
    assert status_of(place, told, b"x" * (LARGEST + 1)) == 413
    chunked = head("POST", path, "Content-Type: application/json", "Transfer-Encoding: chunked")
    piece = b"10000\r\n" + b"y" * 65_536 + b"\r\n"
    assert status_of(place, chunked, *[piece] * 20) in (0, 413)


def test_a_small_body_reaches_who_it_is_for(place: tuple[str, int]) -> None:
    body = b'{"output": "nothing.children", "outputs": {}, "inputs": [], "changedPropIds": []}'
    lines = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    assert status_of(place, head("POST", "/_dash-update-component", *lines), body) not in (0, 413)


def test_nesting_without_end_ends_no_process(place: tuple[str, int]) -> None:
    body = b"[" * 200_000
    lines = ("Content-Type: application/json", f"Content-Length: {len(body)}")
    assert status_of(place, head("POST", "/_dash-update-component", *lines), body) >= 400
    assert status_of(place, head("GET", "/assets/mark.svg")) in (200, 304, 404)
