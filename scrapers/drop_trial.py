"""A dropped file tried out: its first rows read as a drop would read them, and nothing kept."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from scrapers.drop_live import table_file
from scrapers.drop_spec import DropSpec
from scrapers.formats.rows import Row, RowError
from scrapers.parsing.columns import fitting_columns, map_columns
from scrapers.parsing.posting import Refusal, Refused, make_posting
from scrapers.sources import Source
from scrapers.tables import read_rows
from scrapers.tried import TriedAdvert


def try_file(
    source: Source, spec: DropSpec, path: Path, *, rows: int, now: datetime
) -> tuple[TriedAdvert, ...]:
    """What would be published of the first `rows` rows of a table of postings.

    Raises:
        TableError: the file cannot be read. ColumnError: its columns do not fit.
    """
    file = table_file(spec, path, path.name)
    fits = partial(fitting_columns, kind=file.kind, told=file.told)
    mapping: Mapping[str, str] = {}
    found: list[TriedAdvert] = []
    with closing(read_rows(path, replace(file.layout, fits=fits))) as table:
        for row in islice(table, rows):
            if isinstance(row, RowError):
                told = Refused(reason=Refusal.ROW_UNREADABLE, detail=f"row {row.number}: {row}")
                number = f"row {row.number}"
                found.append(
                    TriedAdvert(posting_id=number, url="", fields=told, posting=told, page="")
                )
                continue
            mapping = mapping or map_columns(row[1], file.kind, file.told)
            found.append(_posting(source, mapping, row, now))
    return tuple(found)


def _posting(source: Source, mapping: Mapping[str, str], row: Row, now: datetime) -> TriedAdvert:
    told = ((name, row[1].get(column, "").strip()) for column, name in mapping.items())
    fields = {name: value for name, value in told if value}
    posting_id = fields.get("id") or f"row {row[0]}"
    posting = make_posting(fields, source=source, posting_id=posting_id, fetched_at=now)
    return TriedAdvert(posting_id=posting_id, url="", fields=fields, posting=posting, page="")
