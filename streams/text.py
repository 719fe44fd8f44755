"""Cleaning and folding of text as people type it in Lao, Thai, English and the like.

`clean_*` keeps what was written and removes only what cannot be seen; `fold` makes a key for
comparison and loses case, punctuation and spelling variants. Both are idempotent.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Lao combining vowels and tone marks: a blank before one is a typing error, never a word break.
_LAO_MARK: Final = "\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"

# Invisible or never meant: zero-width and bidirectional marks, soft hyphen, BOM, controls that
# are no white space, lone surrogates, replacement and non-characters.
_NOISE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff]+"
)
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_LAO_AM: Final = re.compile("\u0ecd([\u0ec8-\u0ecb]?)\u0eb2")
_STRAY_LAO_SPACE: Final = re.compile(f" +(?=[{_LAO_MARK}\u0eb0\u0eb2\u0eb3])")
_REPEATED_LAO_MARK: Final = re.compile(f"([{_LAO_MARK}])\\1+")

_DIGITS: Final = {
    first + n: str(n)
    for first in (0x0ED0, 0x0E50, 0xFF10, 0x0660, 0x06F0, 0x17E0, 0x1040)
    for n in range(10)
}
_FOREIGN_DIGIT: Final = re.compile("[໐-໙๐-๙０-９٠-٩۰-۹០-៩၀-၉]")
# Two spellings of one Lao consonant cluster: the ligature and its parts.
_LIGATURES: Final = (("ໜ", "ຫນ"), ("ໝ", "ຫມ"), ("ຼ", "ລ"))
_NOT_WORD: Final = re.compile(
    r"(?:[^\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece]|_)+"
)


def clean_text(text: str) -> str:
    """`text` without invisible characters; NFC, single blanks, at most one empty line in a row."""
    lines = [" ".join(line.split()) for line in _visible(text).splitlines()]
    return _EMPTY_LINES.sub("\n\n", _lao_order("\n".join(lines))).strip()


def clean_line(text: str) -> str:
    """`text` on one line, cleaned as `clean_text` does."""
    return _lao_order(" ".join(_visible(text).split())) if text else ""


def ascii_digits(text: str) -> str:
    """`text` with Lao, Thai, full-width and similar digits as 0-9; length is unchanged."""
    return text.translate(_DIGITS) if _FOREIGN_DIGIT.search(text) else text


def fold(text: str) -> str:
    """Key for comparison: case, width, punctuation and Lao ligatures no longer matter."""
    if not text:
        return ""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", ascii_digits(text))
        for variant, standard in _LIGATURES:
            text = text.replace(variant, standard)
        text = _LAO_AM.sub("\\1\u0eb3", text)
    folded = _NOT_WORD.sub(" ", text.casefold())
    # Folding can denormalise (ŉ, ϓ) and a second look must change nothing.
    return unicodedata.normalize("NFC", folded).strip()


def _visible(text: str) -> str:
    if not text.replace("\n", " ").isprintable():
        text = _NOISE.sub("", text)
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", text)


def _lao_order(text: str) -> str:
    """Lao vowels and tone marks as a careful typist writes them."""
    if text.isascii():
        return text
    if " " in text:
        text = _STRAY_LAO_SPACE.sub("", text)
    # Closing a gap can bring marks together that belong in another order, or are equal.
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "\u0ecd" in text:
        text = _LAO_AM.sub("\\1\u0eb3", text)
    return _REPEATED_LAO_MARK.sub(r"\1", text)
