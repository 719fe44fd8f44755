"""`labourwatch ingest`: files into the stream, told file by file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from config.settings import Settings
from scrapers.formats.rows import TableError
from scrapers.ingest import ingest
from scrapers.parsing.columns import ColumnError, TableKind


class MappingError(ValueError):
    """A `--map` option is not of the form column=field."""


def parse_mapping(options: Sequence[str]) -> dict[str, str]:
    """Column → field of options like `Firm=employer`.

    Raises:
        MappingError: an option has no `=`, or one side is empty.
    """
    pairs = [option.partition("=") for option in options]
    for column, equals, field in pairs:
        if not (column and equals and field):
            raise MappingError(f"--map {column}{equals}{field}: expected column=field")
    return {column.strip(): field.strip() for column, _, field in pairs}


def ingest_files(
    settings: Settings,
    files: Sequence[Path],
    *,
    source: str,
    kind: str,
    mapping: Sequence[str],
    feed: str = "",
    say: Callable[[str], None],
) -> int:
    """Ingest each file and say what became of its rows; returns the exit status.

    A file that cannot be read is told and the others are still taken.

    Raises:
        MappingError: a mapping is malformed.
        ValueError: `kind` is neither postings nor supply.
    """
    columns = parse_mapping(mapping)
    table_kind = TableKind.SUPPLY if feed else TableKind(kind)
    status = 0
    for path in files:
        try:
            result = asyncio.run(
                ingest(
                    settings, path, source_id=source, kind=table_kind, mapping=columns, feed=feed
                )
            )
        except (TableError, ColumnError, OSError) as error:
            say(f"{path}: {error}")
            status = 1
            continue
        used = ", ".join(f"{column} → {field}" for column, field in result.mapping.items())
        say(f"{path}: source {result.source_id}; {used}")
        if result.left_out:
            say(f"  left out, being about persons: {', '.join(result.left_out)}")
        say(
            f"  {result.rows} rows: {result.accepted} accepted, {result.unchanged} unchanged, "
            f"{result.refused} refused"
        )
        for warning in result.warnings:
            say(f"  note: {warning}")
        if result.refused:
            say(f"  see: labourwatch deadletters list --source {result.source_id}")
    return status
