"""Files of tables: how one is read, and what became of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scrapers.formats.rows import Layout
from scrapers.parsing.columns import TableKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """One file and how it is read."""

    path: Path
    name: str
    """As it is called where it was left; told in letters and runs."""
    kind: TableKind = TableKind.POSTINGS
    feed: str = ""
    """Schema of a supply table (`config/feeds`); default: the one that its source is known for."""
    told: Mapping[str, str] = field(default_factory=dict)
    """Column → field, for columns whose names do not tell."""
    layout: Layout = field(default_factory=Layout)
    complete: bool = False
    """Whether it lists every open posting; then its rows need ids of their own."""


@dataclass(slots=True, kw_only=True)
class Taken:
    """What became of one file's rows; `rows = accepted + unchanged + refused`.

    Of the table of a feed its figures are counted: a row may state several.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    """Columns about persons, of which nothing was kept."""
    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    """Rows that an earlier file had already published as they are."""
    refused: int = 0
    warnings: tuple[str, ...] = ()
    """What was taken and should be looked at: totals that do not add up, columns passed over."""
    unreadable: list[int] = field(default_factory=list)
    """Numbers of a feed's rows that could not be taken apart."""
    nameless: int = 0
    """Of the refused, those that may hide any posting, so that absence means nothing."""
