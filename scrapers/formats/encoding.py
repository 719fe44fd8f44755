"""In which encoding a text file was written, where nobody said. Pure."""

from __future__ import annotations

import codecs
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_THAI: Final = frozenset(
    [
        *range(0x80, 0x85),
        *range(0x86, 0x91),
        *range(0x98, 0xA0),
        *range(0xDB, 0xDF),
        *range(0xFC, 256),
    ]
)
_IN_RUNS: Final = 0.6
"""Of the bytes above ASCII, the share beside another such byte: words in Thai or Chinese come in
runs, accents of Latin words stand alone."""

_HEADING: Final = 4
"""Characters at the beginning of a table that decide whether it is written two bytes wide."""


def detect_encoding(sample: bytes) -> str:
    """A codec that reads `sample`, the beginning of a file; UTF-8 wherever that is possible.

    UTF-16 and UTF-32 are known by their marks or their zero bytes. Of the encodings of one byte,
    Thai (cp874) and Western (cp1252) are told apart, and the Chinese gb18030 from both. Texts in
    fonts that draw Lao letters over Latin ones cannot be recognised by anybody.
    """
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if wide := _wide(sample):
        return wide
    if _reads(sample, "utf-8"):
        return "utf-8"
    if _share_in_runs(sample) < _IN_RUNS:
        return "cp1252"
    if not _NOT_THAI.intersection(sample):
        return "cp874"
    return "gb18030" if _reads(sample, "gb18030") else "cp1252"


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: every other byte of its commas and line breaks is zero."""
    half = max(len(sample) // 2, 1)
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    if max(even, odd) < 0.1 or min(even, odd) > 0.1:
        return ""
    zeros = sample[0 if even > odd else 1 :: 2]
    if _reads(sample, "utf-8") and zeros[:_HEADING].strip(b"\0"):
        return ""  # letters of one byte begin it: its zero bytes are characters of their own
    return "utf-16-be" if even > odd else "utf-16-le"


def _reads(sample: bytes, name: str) -> bool:
    """Whether the bytes are valid; a character cut off at the end does not count against it."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        decoder.decode(sample, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _share_in_runs(sample: bytes) -> float:
    high = [byte >= 0x80 for byte in sample]
    beside = sum(
        here and (before or after)
        for before, here, after in zip([False, *high], high, [*high[1:], False], strict=False)
    )
    return beside / max(sum(high), 1)
