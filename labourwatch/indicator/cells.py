"""Cells of tables of counts → numbers, with what is not published told apart from zero. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from math import isfinite
from typing import Final

from scrapers.parsing.supply_codes import LAO_DIGITS

_NOT_PUBLISHED: Final = frozenset(
    {"", ".", "..", "...", ":", "na", "n/a", "n.a.", "nan", "null", "none", "c", "*", "#n/a", "…"}
)
"""Signs of statistical offices for "not available" and "confidential", and an empty cell."""
_NIL: Final = frozenset({"-", "–", "—"})
"""A dash is "magnitude nil" in the conventions of the United Nations and of most offices."""
_FLAG: Final = re.compile(r"(?<=\d)\s*(\[?[a-z*]{1,2}\]?)$")
"""Letters behind a number (provisional, revised, estimated)."""
_GROUPED: Final = re.compile(r"-?\d{1,3}([,.])\d{3}(\1\d{3})*")
_BLANKS: Final = re.compile(r"[\s'’_]")

Reader = Callable[[str], float | None]


class CellError(ValueError):
    """A cell that is neither a count nor a sign for none."""


def reader_of(column: Iterable[str]) -> Reader:
    """How the cells of one column are read: its decimal mark is told by all of them.

    `1,234` alone is a thousand and `1,5` anywhere in the column makes the comma its decimal mark.
    Where `1.234` stands beside whole numbers it could be either, and is refused.
    """
    texts = [bare for text in set(column) if (bare := _bare(text)) not in _NOT_PUBLISHED | _NIL]
    decimal = _decimal_mark(texts)
    unsure = decimal == "." and _either(texts)

    @lru_cache(maxsize=1 << 16)
    def read(text: str) -> float | None:
        bare = _bare(text)
        if bare in _NOT_PUBLISHED:
            return None
        if bare in _NIL:
            return 0.0
        if unsure and "." in bare:
            raise CellError(f"{text!r} beside whole numbers: write thousands without a mark")
        number = bare.replace("," if decimal == "." else ".", "").replace(decimal, ".")
        return _number(number, text)

    return read


def _either(texts: list[str]) -> bool:
    """Whether points could mark thousands or decimals: whole numbers, and all others grouped."""
    points = [text for text in texts if "." in text]
    grouped = all(_GROUPED.fullmatch(text) and not text.startswith("0") for text in points)
    return 0 < len(points) < len(texts) and grouped and not any("," in text for text in texts)


def _number(number: str, text: str) -> float:
    try:
        value = float(number)
    except ValueError as error:
        raise CellError(f"expected a count, got {text!r}") from error
    if not isfinite(value) or value < 0:
        raise CellError(f"expected a count of 0 or more, got {text!r}")
    return value


@lru_cache(maxsize=1 << 16)
def _bare(text: str) -> str:
    folded = text.translate(LAO_DIGITS).strip().casefold()
    if folded in _NOT_PUBLISHED or folded in _NIL:
        return folded
    return _BLANKS.sub("", _FLAG.sub("", folded))


def _decimal_mark(texts: list[str]) -> str:
    commas, points = [t for t in texts if "," in t], [t for t in texts if "." in t]
    both = [text for text in commas if "." in text]
    if both:
        return "," if both[0].rindex(",") > both[0].rindex(".") else "."
    if commas:
        return "." if all(_GROUPED.fullmatch(text) for text in commas) else ","
    several = any(text.count(".") > 1 for text in points)
    return "," if several and all(_GROUPED.fullmatch(text) for text in points) else "."
