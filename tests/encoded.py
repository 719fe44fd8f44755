"""Text as it comes from a site that encodes it twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final


def as_latin_1(text: str) -> str:
    """UTF-8 read as Latin-1."""
    return text.encode().decode("latin-1")


def as_cp1252(text: str) -> str:
    """UTF-8 read as Windows-1252; bytes without a sign there as browsers read them."""
    signs = (bytes([byte]) for byte in text.encode())
    return "".join(s.decode("cp1252", "ignore") or s.decode("latin-1") for s in signs)


CODECS: Final[Mapping[str, Callable[[str], str]]] = {"latin-1": as_latin_1, "cp1252": as_cp1252}
