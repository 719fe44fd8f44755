"""What a receiver of webhooks checks, written by the contract alone."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Final

from alerts.links import Keys

WINDOW_S: Final = 300


def is_genuine(header: str, body: bytes, keys: Keys, now: datetime) -> bool:
    """What a receiver checks: a known key, its signature, and a time within five minutes."""
    fields = dict(part.partition("=")[::2] for part in header.split(","))
    secret, told = keys.secrets.get(fields.get("kid", "")), fields.get("t", "")
    if secret is None or not (told.isascii() and told.isdigit()):
        return False
    if abs(now.timestamp() - int(told)) > WINDOW_S:
        return False
    given = fields.get("v1", "").encode("utf-8", "replace")
    expected = hmac.new(secret, f"{told}.".encode() + body, sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), given)
