"""Links by which a recipient acknowledges an alert or says whether it was right: signed tokens.

A token names its purpose, alert, recipient and end, and is signed by HMAC-SHA256 under a named
key; nothing is stored for it. Who holds it may do this one thing to this one alert, as the
recipient: a forwarded link acts for its first recipient.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

LASTS: Final = timedelta(days=30)
LEAST_SECRET: Final = 16
"""Bytes of the shortest secret that may sign."""
PATHS: Final = {"lo": "/act", "en": "/en/act"}
_LONGEST: Final = 600
_VERSION: Final = "1"


class Purpose(StrEnum):
    """What a link does."""

    ACKNOWLEDGE = "ack"
    VERDICT = "verdict"


class Refusal(StrEnum):
    """Why a token is not taken."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    EXPIRED = "expired"
    OTHER_PURPOSE = "other_purpose"


class KeyFaultError(ValueError):
    """The setting of the keys cannot be read; the message says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token allows."""

    purpose: Purpose
    alert_id: str
    recipient: str
    """Name of the route or account, never an address."""
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Secrets by key id. The first signs; all are believed, so that a key can be replaced."""

    secrets: Mapping[str, bytes]

    @property
    def signing(self) -> str:
        """Id of the key that signs."""
        return next(iter(self.secrets))


def read_keys(text: str) -> Keys | None:
    """Keys from `id:secret,id:secret`; None where there are none: no links are made then.

    Raises:
        KeyFaultError: an entry is no pair, an id comes twice or a secret is short.
    """
    secrets: dict[str, bytes] = {}
    for entry in (part.strip() for part in text.replace("\n", ",").split(",")):
        if not entry:
            continue
        name, colon, secret = entry.partition(":")
        if not colon or not name.isalnum() or name in secrets:
            raise KeyFaultError(
                "link keys: expected id:secret, each id once, of letters and digits"
            )
        if len(secret.encode()) < LEAST_SECRET:
            raise KeyFaultError(f"link key {name}: expected a secret of {LEAST_SECRET} bytes")
        secrets[name] = secret.encode()
    return Keys(secrets=secrets) if secrets else None


def sign(grant: Grant, keys: Keys) -> str:
    """The token of a grant: letters, digits, `-`, `_` and `.` only.

    Raises:
        ValueError: a field has more than one line, or is too long to travel in an address.
    """
    fields = (
        _VERSION, keys.signing, grant.purpose.value, grant.alert_id, grant.recipient,
        str(int(grant.until.timestamp())),
    )  # fmt: skip
    body = "\n".join(fields).encode()
    if any("\n" in field for field in fields) or len(body) > _LONGEST // 2:
        raise ValueError(f"no grant: {fields[2:5]}")
    return f"{_packed(body)}.{_packed(_mac(keys.secrets[keys.signing], body))}"


def verify(token: str, purpose: Purpose, keys: Keys, now: datetime) -> Grant | Refusal:
    """The grant of a token that is genuine, in time and meant for `purpose`, or why it is not."""
    body, mac = _unpacked(token)
    fields = body.decode("utf-8", "replace").split("\n")
    if len(fields) != 6 or fields[0] != _VERSION:
        return Refusal.MALFORMED
    secret = keys.secrets.get(fields[1])
    if secret is None:
        return Refusal.UNKNOWN_KEY
    if not hmac.compare_digest(_mac(secret, body), mac):
        return Refusal.FORGED
    until = datetime.fromtimestamp(int(fields[5]), tz=UTC)
    if now >= until:
        return Refusal.EXPIRED
    if fields[2] != purpose.value:
        return Refusal.OTHER_PURPOSE
    return Grant(purpose=purpose, alert_id=fields[3], recipient=fields[4], until=until)


def addresses(
    alert_id: str, recipient: str, at: datetime, keys: Keys, base_url: str, *, over: bool
) -> dict[str, dict[Purpose, str]]:
    """Links to act by, in each language; once an alert is over there is nothing to acknowledge."""
    purposes = [one for one in Purpose if not (over and one is Purpose.ACKNOWLEDGE)]
    tokens = {
        one: sign(
            Grant(purpose=one, alert_id=alert_id, recipient=recipient, until=at + LASTS), keys
        )
        for one in purposes
    }
    return {
        language: {one: f"{base_url}{path}/{one}/{token}" for one, token in tokens.items()}
        for language, path in PATHS.items()
    }


def _mac(secret: bytes, body: bytes) -> bytes:
    return hmac.new(secret, b"labourwatch-link\n" + body, sha256).digest()


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpacked(token: str) -> tuple[bytes, bytes]:
    """Body and signature; both empty where it is no token at all."""
    body, dot, mac = token.partition(".")
    if not dot or len(token) > _LONGEST or not token.isascii():
        return b"", b""
    try:
        return tuple(  # type: ignore[return-value]
            base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
            for part in (body, mac)
        )
    except binascii.Error:
        return b"", b""
