"""Webhooks are signed and go only where they may; chat goes through apprise to a real receiver."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import SecretStr

from alerts.links import read_keys
from alerts.notify.endpoints import tell
from alerts.notify.webhook import (
    Guard,
    HookRefusedError,
    body_of,
    judged,
    signature,
)
from config.settings import Settings
from tests.factories_notices import message_of
from tests.hook_receiver import is_genuine
from tests.mail_office import some_keys

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
KEYS = some_keys("k2:0123456789abcdef0,k1:fedcba9876543210f")


def test_a_receiver_can_tell_genuine_from_changed_old_and_unknown() -> None:
    body = body_of(message_of("shortage"), "https://w.example", exercise=True)
    header = signature(body, NOW, KEYS)
    assert is_genuine(header, body, KEYS, NOW)
    assert not is_genuine(header, body + b" ", KEYS, NOW)
    assert not is_genuine(header, body, KEYS, NOW + timedelta(minutes=6))
    assert not is_genuine(header.replace("kid=k2", "kid=k9"), body, KEYS, NOW)
    assert not is_genuine("nonsense", body, KEYS, NOW)


def test_keys_are_rotated_without_a_gap() -> None:
    """Old signs; receivers learn the new one beside it; new signs; receivers drop the old one."""
    body = body_of(message_of("rise"), "https://w.example", exercise=False)
    old, both = read_keys("k1:fedcba9876543210f"), KEYS
    new = read_keys("k2:0123456789abcdef0")
    assert old is not None
    assert both is not None
    assert new is not None
    before, after = signature(body, NOW, old), signature(body, NOW, both)
    assert "kid=k1" in before
    assert "kid=k2" in after
    assert [is_genuine(header, body, both, NOW) for header in (before, after)] == [True, True]
    assert is_genuine(after, body, new, NOW)
    assert not is_genuine(before, body, new, NOW)
    assert not is_genuine(after, body, old, NOW)
    assert not is_genuine(before.replace("kid=k1", "kid=k2"), body, both, NOW)


def test_the_body_says_it_in_both_languages() -> None:
    told = json.loads(body_of(message_of("pressure"), "https://w.example", exercise=True))
    (alert,) = told["alerts"]
    assert told["exercise"] is True
    assert "not yet a shortage" in alert["heading"]["en"]
    assert "ຍັງບໍ່ທັນແມ່ນການຂາດແຄນ" in alert["heading"]["lo"]


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example/x", "https://other.example/x", "https://127.0.0.1/x",
        "https://u:p@hooks.example/", "file:///etc/passwd", "https://localhost/x",
        "https://[::1]/x", "https://169.254.169.254/latest", "https://224.0.0.1/x",
        "https://[64:ff9b::7f00:1]/x", "https://[2002:7f00:1::]/x", "https://[::ffff:10.0.0.1]/x",
    ],
)  # fmt: skip
def test_webhooks_go_only_where_they_may(address: str) -> None:
    listed = "hooks.example 127.0.0.1 localhost ::1 169.254.169.254 224.0.0.1"
    embedding = "64:ff9b::7f00:1 2002:7f00:1:: ::ffff:10.0.0.1"
    hosts = frozenset(f"{listed} {embedding}".split())
    with pytest.raises(HookRefusedError):
        judged(address, Guard(hosts=hosts))


def test_private_addresses_only_where_configured() -> None:
    guard = Guard(hosts=frozenset({"127.0.0.1"}), private=True)
    assert judged("https://127.0.0.1/x", guard) == "127.0.0.1"


@pytest.fixture
def receiver() -> Iterator[tuple[int, list[bytes]]]:
    """A real HTTP server that keeps what it is sent."""
    taken: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1], taken
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.filterwarnings("default")
def test_chat_goes_through_apprise(receiver: tuple[int, list[bytes]]) -> None:
    port, taken = receiver
    settings = Settings(endpoints=SecretStr(f"room=json://127.0.0.1:{port}/"))
    tell(message_of("rise"), "room", "lo", settings, NOW)
    (body,) = taken
    assert "ນະຄອນຫຼວງວຽງຈັນ" in json.loads(body)["message"]


def test_an_endpoint_that_is_not_there_is_refused() -> None:
    with pytest.raises(HookRefusedError, match="no endpoint"):
        tell(message_of("rise"), "room", "lo", Settings(), NOW)
    hooked = Settings(endpoints=SecretStr("x=https://hooks.example/"))
    with pytest.raises(HookRefusedError, match="webhook_keys"):
        tell(message_of("rise"), "x", "lo", hooked, NOW)


class Hook(BaseHTTPRequestHandler):
    """A receiver of webhooks: answers as told, keeps what came."""

    taken: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    status: ClassVar[int] = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Hook.taken.append((dict(self.headers), body))
        self.send_response(Hook.status)
        self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return None


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings by which a webhook reaches a real https receiver."""
    certificate = tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(certificate.with_suffix(".key")), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    offered = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    offered.load_cert_chain(certificate, certificate.with_suffix(".key"))
    trust = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr("alerts.notify.webhook.ssl.create_default_context", lambda: trust)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.socket = offered.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Hook.taken.clear()
    yield Settings(
        endpoints=SecretStr(f"ministry=https://localhost:{server.server_address[1]}/in"),
        webhook_keys=SecretStr("k2:0123456789abcdef0"),
        webhook_hosts="localhost",
        webhook_private=True,
    )
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_arrives_signed_with_its_key(hook: Settings) -> None:
    Hook.status = 204
    tell(message_of("rise"), "ministry", "lo", hook, NOW)
    ((headers, body),) = Hook.taken
    assert is_genuine(headers["Labourwatch-Signature"], body, KEYS, NOW)
    assert headers["Idempotency-Key"] == message_of("rise").message_id


@pytest.mark.parametrize(
    ("status", "raised"),
    [(400, HookRefusedError), (410, HookRefusedError), (429, OSError), (503, OSError),
     (302, OSError)],
)  # fmt: skip
def test_answers_of_the_receiver(hook: Settings, status: int, raised: type[Exception]) -> None:
    Hook.status = status
    with pytest.raises(raised):
        tell(message_of("rise"), "ministry", "lo", hook, NOW)
    assert len(Hook.taken) == 1
