"""What every answer is, whatever its format: columns with meanings, rows, and what they are.

Pure records. A `Table` may be long: its blocks are read one after the other as they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Value = str | int | float | bool | date | datetime | tuple[str, ...] | None
Row = tuple[Value, ...]


class Kind(StrEnum):
    """Type of a column."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    """UTC."""
    TRUTH = "truth"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name, its type and what it means."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a reader must know to use and to cite a table."""

    title: str
    view: str
    """`public` or `department`."""
    as_of: datetime | None
    """Moment whose knowledge the table gives (UTC); None: nothing is stored yet."""
    data_kind: str
    """`demonstration data` or `observed data`."""
    publisher: str
    licence: str
    methods: str
    """Where the methods are described."""
    citation: str
    """Ready to be copied."""
    note: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    """Further facts by name: provenance of a saved question."""

    def facts(self) -> dict[str, str]:
        """Everything as text by name, for formats that carry plain pairs."""
        facts = {
            "title": self.title, "view": self.view,
            "as_of": self.as_of.isoformat() if self.as_of else "", "data_kind": self.data_kind,
            "publisher": self.publisher, "licence": self.licence, "methods": self.methods,
            "citation": self.citation, "note": self.note, **self.more,
        }  # fmt: skip
        return {name: text for name, text in facts.items() if text}


@dataclass(slots=True, kw_only=True)
class Table:
    """An answer. `blocks` is read once, to its end; `next_cursor` is known after that."""

    about: About
    columns: Sequence[Column]
    blocks: Iterator[Sequence[Row]]
    name: str
    """Of a file that holds it, without ending."""
    next_cursor: str | None = None
    """Where the next page begins; None: there is none."""


def plain(value: Value) -> Any:
    """A value as JSON has it: days and moments as text, several as a list."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
