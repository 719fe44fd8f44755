"""Signed webhooks: HMAC-SHA256 over time and body, to addresses that may be reached.

Headers: `Labourwatch-Signature: t=UNIX,kid=ID,v1=HEX` over `t.body`, and `Idempotency-Key`. The
receiver checks the signature, refuses what is older than five minutes, and drops a repeated key.
"""

from __future__ import annotations

import hmac
import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from alerts.links import Keys
from alerts.notify.kinds import kind_of
from alerts.notify.wording import put
from alerts.outbox import Message
from scrapers.politeness import forbidden_address

_TIMEOUT_S: Final = 10


class HookRefusedError(Exception):
    """The address may not be reached, or the receiver will never take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Where webhooks may go: https to these hosts; private addresses only where allowed."""

    hosts: frozenset[str]
    private: bool = False


def body_of(message: Message, base_url: str, *, exercise: bool) -> bytes:
    """The message as JSON, the same bytes for the same message."""
    parts = [_part(part, base_url) for part in message.parts]
    content = {"id": message.message_id, "exercise": exercise, "alerts": parts}
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def _part(message: Message, base_url: str) -> dict[str, Any]:
    alert = message.alert
    told = {language: put(message, language, base_url) for language in ("lo", "en")}
    return {
        "alert_id": alert.alert_id, "kind": kind_of(alert), "reason": message.reason.value,
        "severity": alert.severity.value, "province": alert.cell.province,
        "occupation": alert.cell.isco1, "indicator": alert.indicator, "at": message.at.isoformat(),
        "onset_on": alert.onset_on.isoformat(), "probability": alert.probability,
        "observed": alert.observed, "expected": alert.expected, "n": alert.n,
        "heading": {language: one.heading for language, one in told.items()},
        "lead": {language: one.lead for language, one in told.items()},
        "not_this": {language: one.not_this for language, one in told.items()},
    }  # fmt: skip


def signature(body: bytes, at: datetime, keys: Keys) -> str:
    """The value of the header `Labourwatch-Signature`."""
    seconds, kid = int(at.timestamp()), keys.signing
    return f"t={seconds},kid={kid},v1={_mac(keys.secrets[kid], seconds, body)}"


def post(address: str, body: bytes, headers: dict[str, str], guard: Guard) -> None:
    """Send it; redirects are not followed, and the address that was judged is the one reached.

    Raises:
        HookRefusedError: not allowed, or an answer of 4xx but 408, 425 and 429.
        OSError: not reached, or any other answer than 2xx: again later.
    """
    parts = urlsplit(address)
    place = judged(address, guard)
    connection = _Pinned(parts.hostname or "", parts.port or 443, place)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path or "/", body, headers)
        status = connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(f"no answer in HTTP: {error!r}") from error
    finally:
        connection.close()
    if 400 <= status < 500 and status not in (408, 425, 429):
        raise HookRefusedError(f"the receiver answered {status}")
    if not 200 <= status < 300:
        raise OSError(f"the receiver answered {status}")


def judged(address: str, guard: Guard) -> str:
    """The IP address to connect to.

    Raises:
        HookRefusedError: no https, a host that is not listed, or one with a private address.
        OSError: the name cannot be resolved now.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "https" or parts.username is not None:
        raise HookRefusedError("only https without a user in the address")
    if host not in guard.hosts:
        raise HookRefusedError(f"{host!r} is not among the hosts that webhooks may reach")
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, parts.port or 443)]
    if not guard.private and forbidden_address(found, loopback_allowed=False) is not None:
        raise HookRefusedError(f"{host!r} has an address that is not public")
    return found[0]


class _Pinned(http.client.HTTPSConnection):
    """Connects to an address resolved before, by the certificate of the host."""

    def __init__(self, host: str, port: int, place: str) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(host, port, timeout=_TIMEOUT_S, context=self._trust)
        self._place = place

    def connect(self) -> None:
        raw = socket.create_connection((self._place, self.port), _TIMEOUT_S)
        self.sock = self._trust.wrap_socket(raw, server_hostname=self.host)


def _mac(secret: bytes, seconds: int, body: bytes) -> str:
    return hmac.new(secret, f"{seconds}.".encode() + body, sha256).hexdigest()
