"""The trace id of a posting: the same at every stage, made of its key, carried by no message.

Every record of a posting, decision, row and refusal names its key; so whoever has the key has the
trace, also after a replay, and nothing is added to the stream.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

TRACE_ID: Final = re.compile(r"[0-9a-f]{32}")


def trace_of(posting_key: str) -> str:
    """32 hexadecimal digits, the form of W3C trace context.

    ClickHouse computes the same: `lower(hex(substring(SHA256(posting_key), 1, 16)))`.
    """
    return sha256(posting_key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
