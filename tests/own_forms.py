"""What a browser that holds a form of ours sends along: the cookie, and the field `form`."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

FORM: Final = "application/x-www-form-urlencoded"
SECRET: Final = "s" * 43
TOKEN: Final = hmac.new(SECRET.encode(), b"labourwatch form", hashlib.sha256).hexdigest()
COOKIE: Final = {"Cookie": f"lw_form={SECRET}"}


def own(body: bytes) -> bytes:
    """A form's body with its token."""
    return body + (b"&" if body else b"") + f"form={TOKEN}".encode()
