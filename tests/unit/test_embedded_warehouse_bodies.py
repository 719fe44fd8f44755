"""Bodies, requests, errors and configuration of the embedded warehouse, without an engine."""

from __future__ import annotations

import base64
import gzip
import sys
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import lz4.frame
import pytest

from labourwatch.embedded.warehouse.compression import (
    STEP,
    Encoder,
    accepted_encoding,
    decode_body,
)
from labourwatch.embedded.warehouse.configuration import prepare, server_xml, users_xml
from labourwatch.embedded.warehouse.errors import (
    StatementError,
    engine_error,
    error_text,
    exception_frame,
    refusal,
)
from labourwatch.embedded.warehouse.limits import Limits
from labourwatch.embedded.warehouse.native import header_block
from labourwatch.embedded.warehouse.protocol import (
    QueryRequest,
    authenticate,
    given_credentials,
    read_request,
)
from labourwatch.embedded.warehouse.server import UnsafeServerError, check_safe
from warehouse.door.allowed import ROLE

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMIT = 8 * STEP
PACK = {
    "lz4": lz4.frame.compress,
    "zstd": zstd.compress,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
}


@pytest.mark.parametrize("encoding", sorted(PACK))
def test_every_frame_is_decoded(encoding: str) -> None:
    frames = [b"one", b"", b"two" * STEP, b"three"]
    body = b"".join(PACK[encoding](frame) for frame in frames)
    assert decode_body(body, encoding, LIMIT) == b"".join(frames)


@pytest.mark.parametrize("encoding", sorted(PACK))
def test_a_cut_body_is_refused(encoding: str) -> None:
    body = PACK[encoding](bytes(range(256)) * 40)
    with pytest.raises(StatementError) as caught:
        decode_body(body[:-9], encoding, LIMIT)
    assert caught.value.code in (3, 271)


@pytest.mark.parametrize("encoding", sorted(PACK))
def test_a_small_body_that_grows_beyond_the_limit_is_refused(encoding: str) -> None:
    with pytest.raises(StatementError) as caught:
        decode_body(PACK[encoding](bytes(LIMIT + 1)), encoding, LIMIT)
    assert caught.value.status == 413


@pytest.mark.parametrize("encoding", sorted(PACK))
def test_a_damaged_body_is_refused(encoding: str) -> None:
    with pytest.raises(StatementError) as caught:
        decode_body(b"not compressed at all", encoding, LIMIT)
    assert caught.value.code == 271


def test_an_unknown_encoding_is_named() -> None:
    with pytest.raises(StatementError, match="'rot13'"):
        decode_body(b"x", "rot13", LIMIT)


@pytest.mark.parametrize("encoding", ["lz4", "zstd", "gzip"])
@pytest.mark.parametrize("chunks", [[], [b"one"], [b"one", b"two" * 1000, b"three"]])
def test_encoders_write_one_whole_stream(encoding: str, chunks: list[bytes]) -> None:
    encoder = Encoder(encoding)
    packed = b"".join([*(encoder.add(chunk) for chunk in chunks), encoder.finish()])
    assert decode_body(packed, encoding, LIMIT) == b"".join(chunks)


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [("lz4,zstd", "lz4"), ("br, gzip;q=0.5", "gzip"), ("identity", None), ("", None)],
)
def test_the_first_known_encoding_is_chosen(accept: str, encoding: str | None) -> None:
    assert accepted_encoding(accept) == encoding


def _read(url: dict[str, str], body: bytes = b"", method: str = "POST") -> QueryRequest:
    return read_request(method, url, {}, body, {}, query_id="q", longest_session=100)


def test_settings_parameters_and_transport_are_told_apart() -> None:
    read = _read({"query": "SELECT 1", "max_threads": "2", "param_x": "5", "database": "d"})
    assert read.settings == {"max_threads": "2"}
    assert (read.parameters, read.database) == ({"x": "5"}, "d")


def test_query_and_body_are_one_text() -> None:
    read = _read({"query": "INSERT INTO t FORMAT CSV\n"}, b"1")
    assert read.sql == b"INSERT INTO t FORMAT CSV\n1"


def test_get_reads_only_whatever_it_asks() -> None:
    assert _read({"query": "SELECT 1"}, method="GET").settings == {"readonly": "2"}


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ({"query": " "}, 62),
        ({"query": "SELECT 1", "a b": "1"}, 36),
        ({"query": "SELECT 1", "session_id": "s", "session_timeout": "soon"}, 36),
        ({"query": "SELECT 1", "session_id": "s", "session_timeout": "101"}, 36),
        ({"query": "SELECT 1", "decompress": "1"}, 48),
    ],
)
def test_senseless_requests_are_refused(url: dict[str, str], code: int) -> None:
    with pytest.raises(StatementError) as caught:
        _read(url)
    assert caught.value.code == code


def test_credentials_come_from_headers_or_address() -> None:
    basic = base64.b64encode(b"default:s:x").decode()
    assert given_credentials({"Authorization": f"Basic {basic}"}, {}) == ("default", "s:x")
    assert given_credentials({"X-ClickHouse-Key": "k"}, {}) == ("default", "k")
    assert given_credentials({}, {"user": "u", "password": "p"}) == ("u", "p")
    assert given_credentials({"Authorization": "Basic %%%"}, {}) == ("", "")


@pytest.mark.parametrize("given", [("default", ""), ("default", "x"), ("root", "secret"), ("", "")])
def test_only_the_one_user_with_the_secret_is_admitted(given: tuple[str, str]) -> None:
    assert authenticate(("default", "secret"), "secret") == "default"
    assert authenticate(("analyst", "secret"), "secret") == "analyst"
    with pytest.raises(StatementError) as caught:
        authenticate(given, "secret")
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("host", "secret"), [("127.0.0.1", ""), ("192.0.2.1", "x"), ("10.0.0.1", "x")]
)
def test_an_unsafe_server_does_not_start(host: str, secret: str) -> None:
    check_safe("::1", "x")
    with pytest.raises(UnsafeServerError):
        check_safe(host, secret)


def test_an_exception_frame_counts_its_message() -> None:
    frame = exception_frame(refusal(62, "no"), "0123456789abcdef", "26.9")
    message = b"Code: 62. DB::Exception: no (SYNTAX_ERROR) (version 26.9 (embedded))"
    assert frame == (
        b"\r\n__exception__\r\n0123456789abcdef\r\n"
        + message
        + b"\n%d 0123456789abcdef\r\n__exception__\r\n" % (len(message) + 1)
    )


def test_engine_errors_lose_their_wrapping() -> None:
    error = engine_error("Streaming insert finish failed: Code: 27. DB::Exception: bad. (X)")
    assert (error.code, error.status) == (27, 400)
    assert error_text(error, "1").startswith("Code: 27. DB::Exception: bad.")
    assert engine_error("strange").code == 1002


def test_a_native_header_has_columns_and_no_rows() -> None:
    assert header_block([("a", "Int64")]) == b"\x01\x00\x01a\x05Int64"


def test_the_configuration_is_well_formed_and_grants_no_sources(tmp_path: Path) -> None:
    limits = Limits()
    server = ET.fromstring(server_xml(tmp_path / "a&b", limits))  # noqa: S314 - our own text
    assert server.findtext("max_server_memory_usage") == str(limits.server_memory)
    users = ET.fromstring(users_xml(limits, "labourwatch"))  # noqa: S314
    for role in ("service", ROLE, "feeder"):
        granted = users.find(f"roles/{role}/grants")
        assert granted is not None
        text = " ".join(item.text or "" for item in granted.iter("query"))
        sources = {"FILE", "URL", "S3", "ALL", "SHUTDOWN"} & set(text.replace(",", " ").split())
        assert sources == ({"FILE"} if role == "feeder" else set())


def test_preparing_twice_keeps_the_default_databases_identity(tmp_path: Path) -> None:
    prepare(tmp_path, Limits(), "labourwatch")
    identity = tmp_path / "store" / "metadata" / "default.sql"
    first = identity.read_text()
    (tmp_path / "store" / "metadata" / "default").symlink_to(tmp_path)
    prepare(tmp_path, Limits(), "labourwatch")
    assert identity.read_text() == first
    assert not (tmp_path / "store" / "metadata" / "default").is_symlink()
