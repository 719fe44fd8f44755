"""The few sentences of a long text that are worth the price of a careful reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_END: Final = re.compile(r"\n|\.(?=\s)|[。！!?？；]")
_ENDS: Final = ("\n", ". ", "。", "！", "!", "?", "？", "；")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Literal letters to look for; plain search is many times faster than one large pattern."""

    ascii: tuple[str, ...]
    others: tuple[str, ...]

    def within(self, text: str) -> tuple[str, ...]:
        """Those that occur in `text`."""
        keys = self.ascii if text.isascii() else (*self.ascii, *self.others)
        return tuple(key for key in keys if key in text)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where they stand in `text`, in order."""
        found = []
        for key in self.within(text):
            at = text.find(key)
            while at >= 0:
                found.append((at, at + len(key)))
                at = text.find(key, at + len(key))
        return sorted(found)


def keys(*lists: str) -> Keys:
    """Keys from `lists`, each parted by bars."""
    each = [key for listed in lists for key in listed.split("|")]
    return Keys(
        ascii=tuple(key for key in each if key.isascii()),
        others=tuple(key for key in each if not key.isascii()),
    )


def sentences_with(text: str, sought: Keys, reach: int) -> Iterator[str]:
    """Sentences of `text` in which one of the keys occurs, in order, each letter once.

    Of a longer sentence (lists without full stops) at most `reach` letters before and after a key
    are given, cut between words.
    """
    at = 0
    for start, end in sought.spans(text):
        if start < at:
            continue
        begin = _begin(text, at, start, reach)
        at = _stop(text, end, reach)
        yield text[begin:at]


def _begin(text: str, at: int, start: int, reach: int) -> int:
    least = max(at, start - reach)
    marks = ((text.rfind(mark, least, start), len(mark)) for mark in _ENDS)
    begin = max((found + length for found, length in marks if found >= 0), default=-1)
    if begin >= 0 or least == at:
        return max(begin, at)
    return max(text.find(" ", least, start), least)


def _stop(text: str, end: int, reach: int) -> int:
    most = min(end + reach, len(text))
    mark = _END.search(text, end, most)
    if mark:
        return mark.start()
    return most if most == len(text) else max(text.rfind(" ", end, most), end)
