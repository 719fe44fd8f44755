"""Text from outside, made harmless for headers, plain text and small screens."""

from __future__ import annotations

import unicodedata
from typing import Final

_LONGEST: Final = 200
_SPACES: Final = frozenset({"\t", "\r", "\n", "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}"})
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Controls, marks that turn the direction of writing, and what has no meaning."""


def clean(text: str, longest: int = _LONGEST) -> str:
    """`text` on one line without characters that are not seen, cut to `longest` characters."""
    spaced = "".join(" " if character in _SPACES else character for character in text)
    seen = (c for c in spaced if unicodedata.category(c) not in _DROPPED)
    line = " ".join("".join(seen).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
