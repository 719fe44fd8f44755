"""Keys and component filters of both versions of the interface → a selection. Pure.

2.1: `W..LA-VT+LA-PH....`, empty for any; 3.0: `W.*.LA-VT.*.*.*.*`, several keys by commas, and
`c[REF_AREA]=LA-VT,LA-PH`. Both ways of writing are read in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from dashboard.sdmx.artefacts import Flow
from dashboard.sdmx.periods import span_of
from dashboard.sdmx.problems import Code, SdmxError, syntax
from dashboard.sdmx.structures import TIME, structure

Pattern = tuple[frozenset[str] | None, ...]
"""Allowed codes by dimension; `None`: any."""
_MOST_KEYS: Final = 200
_LONGEST: Final = 20_000
_FILTER: Final = re.compile(r"c\[([A-Za-z][A-Za-z0-9_]*)\]", re.ASCII)
_TERM: Final = re.compile(r"(?:(eq|ne|lt|le|gt|ge|co|nc|sw|ew):)?(.*)", re.ASCII | re.DOTALL)
_CODE: Final = re.compile(r"[A-Za-z0-9_@$-]+", re.ASCII)
_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "eq": lambda code, word: code == word,
    "ne": lambda code, word: code != word,
    "co": lambda code, word: word in code,
    "nc": lambda code, word: word not in code,
    "sw": lambda code, word: code.startswith(word),
    "ew": lambda code, word: code.endswith(word),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Series and time asked for: any of `patterns`, and each of `filters`."""

    patterns: tuple[Pattern, ...] = ()
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    first: date = date(1970, 1, 1)
    last: date = date(2149, 6, 6)

    def takes(self, key: Sequence[str]) -> bool:
        """Whether a series with this key is asked for."""
        names = dimension_ids()
        filtered = all(key[names.index(name)] in codes for name, codes in self.filters.items())
        return filtered and (
            not self.patterns or any(_fits(pattern, key) for pattern in self.patterns)
        )

    def codes(self, name: str) -> frozenset[str] | None:
        """Codes that the dimension may have at all; `None`: any."""
        position = dimension_ids().index(name)
        given = [pattern[position] for pattern in self.patterns]
        allowed = None
        if given and all(each is not None for each in given):
            allowed = frozenset[str]().union(*(each for each in given if each is not None))
        extra = self.filters.get(name)
        if allowed is None or extra is None:
            return allowed if extra is None else extra
        return allowed & extra


def dimension_ids() -> tuple[str, ...]:
    """Dimensions in the order of a key."""
    return tuple(component.id for component in structure().dimensions)


def _fits(pattern: Pattern, key: Sequence[str]) -> bool:
    return all(codes is None or part in codes for codes, part in zip(pattern, key, strict=True))


def read_key(text: str) -> tuple[Pattern, ...]:
    """The patterns of a key; `all`, `*` and "" are every series.

    Raises:
        SdmxError: it has not as many parts as there are dimensions, or a part is no code.
    """
    if text in ("", "all", "*"):
        return ()
    keys = text.split(",")
    if len(text) > _LONGEST or len(keys) > _MOST_KEYS:
        raise syntax("key", f"at most {_MOST_KEYS} keys and {_LONGEST:,} characters")
    return tuple(_pattern(key) for key in keys)


def _pattern(key: str) -> Pattern:
    names = dimension_ids()
    parts = key.split(".")
    if len(parts) != len(names):
        raise syntax("key", f"{len(names)} parts: {'.'.join(names)}")
    return tuple(_part(part, name) for part, name in zip(parts, names, strict=True))


def _part(part: str, name: str) -> frozenset[str] | None:
    codes = part.split("+")
    if part in ("", "*"):
        return None
    for code in codes:
        if not _CODE.fullmatch(code):
            raise syntax("key", f"codes of {name}, got {code[:40]!r}")
    return frozenset(codes)


def read_filters(
    given: Sequence[tuple[str, str]], times: tuple[date, date]
) -> tuple[dict[str, frozenset[str]], tuple[date, date]]:
    """`c[…]` parameters as allowed codes by dimension, and the time between them and `times`.

    Raises:
        SdmxError: no such dimension, or an operator that is not read.
    """
    filters: dict[str, frozenset[str]] = {}
    for name, text in given:
        found = _FILTER.fullmatch(name)
        if found is None:
            continue
        component = found[1]
        if component == TIME:
            times = _times(text, times)
        elif component in dimension_ids():
            codes = _codes(component, text)
            filters[component] = filters.get(component, codes) & codes
        else:
            raise SdmxError(Code.NOT_IMPLEMENTED, f"{name}: only dimensions can be filtered by.")
    return filters, times


def _codes(component: str, text: str) -> frozenset[str]:
    listed = next(each.codelist for each in structure().dimensions if each.id == component)
    known = [item.id for item in listed.items] if listed else []
    kept = frozenset(known)
    for term in text.split("+"):
        kept &= frozenset().union(
            *(_matching(piece, known, component) for piece in term.split(","))
        )
    return kept


def _matching(piece: str, known: Collection[str], component: str) -> frozenset[str]:
    found = _TERM.fullmatch(piece)
    operator, word = (found[1] or "eq", found[2]) if found else ("eq", piece)
    if operator not in _TESTS:
        raise syntax(f"c[{component}]", f"one of the operators {', '.join(_TESTS)}")
    if word == "*" and operator == "eq":
        return frozenset(known)
    test = _TESTS[operator]
    return frozenset(code for code in known if test(code, word))


def _times(text: str, times: tuple[date, date]) -> tuple[date, date]:
    first, last = times
    name = f"c[{TIME}]"
    for term in re.split(r"\+|,", text):
        found = _TERM.fullmatch(term)
        operator, word = (found[1] or "eq", found[2]) if found else ("eq", term)
        begins, ends = span_of(word, name)
        match operator:
            case "eq":
                first, last = max(first, begins), min(last, ends)
            case "ge":
                first = max(first, begins)
            case "gt":
                first = max(first, ends + timedelta(days=1))
            case "le":
                last = min(last, ends)
            case "lt":
                last = min(last, begins - timedelta(days=1))
            case _:
                raise syntax(name, "one of the operators eq, ge, gt, le, lt")
    return first, last


def selection(
    flow: Flow,
    key: str,
    given: Sequence[tuple[str, str]],
    times: tuple[date, date],
) -> Selection:
    """Everything of a question that says which figures.

    Args:
        flow: asked for; its indicators bound the selection.
        key: as in the address.
        given: parameters of the address, `c[…]` among them.
        times: first and last day by `startPeriod` and `endPeriod`.
    """
    filters, (first, last) = read_filters(given, times)
    every = frozenset(flow.indicators)
    filters["INDICATOR"] = filters.get("INDICATOR", every) & every
    return Selection(patterns=read_key(key), filters=filters, first=first, last=last)
