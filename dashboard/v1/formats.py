"""In which format an answer goes out: by `?format=`, else by Accept. Pure but for the writers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dashboard.v1.refusing import AskedError
from dashboard.v1.tables import Table
from dashboard.v1.write_arrow import arrow_stream, parquet
from dashboard.v1.write_text import csv_text, json_lines, json_text
from dashboard.v1.write_xlsx import workbook


class Format(StrEnum):
    """Formats by their word in `?format=`."""

    JSON = "json"
    JSON_LINES = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    ARROW = "arrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How a format is named, typed and written."""

    media_type: str
    suffix: str
    write: Callable[[Table], Iterator[bytes]]


WRITTEN: Final = {
    Format.JSON: Written(media_type="application/json", suffix="json", write=json_text),
    Format.JSON_LINES: Written(media_type="application/x-ndjson", suffix="jsonl", write=json_lines),
    Format.CSV: Written(media_type="text/csv; charset=utf-8", suffix="csv", write=csv_text),
    Format.XLSX: Written(
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        suffix="xlsx",
        write=workbook,
    ),
    Format.PARQUET: Written(
        media_type="application/vnd.apache.parquet", suffix="parquet", write=parquet
    ),
    Format.ARROW: Written(
        media_type="application/vnd.apache.arrow.stream", suffix="arrows", write=arrow_stream
    ),
}
_BY_TYPE: Final = {each.media_type.split(";")[0]: name for name, each in WRITTEN.items()} | {
    "application/jsonl": Format.JSON_LINES,
    "text/json": Format.JSON,
    "application/*": Format.JSON,
    "text/*": Format.CSV,
    "*/*": Format.JSON,
}


class NotAcceptableError(AskedError):
    """None of the formats that the asker accepts can be written."""


def chosen(word: str | None, accept: str | None) -> Format:
    """The format of an answer.

    Args:
        word: of `?format=`, which wins.
        accept: the header `Accept`; of several equally good ones the first.

    Raises:
        AskedError: no such word.
        NotAcceptableError: nothing acceptable can be written.
    """
    if word:
        if word not in tuple(Format):
            raise AskedError("format", f"one of {', '.join(Format)}")
        return Format(word)
    best: tuple[float, Format | None] = (0.0, None)
    for part in (accept or "*/*").split(","):
        kind, _, rest = part.strip().partition(";")
        found = _BY_TYPE.get(kind.strip().lower())
        quality = _quality(rest)
        if found is not None and quality > best[0]:
            best = (quality, found)
    if best[1] is None:
        raise NotAcceptableError("Accept", f"one of {', '.join(sorted(_BY_TYPE))}")
    return best[1]


def _quality(parameters: str) -> float:
    for part in parameters.split(";"):
        name, _, value = part.strip().partition("=")
        if name == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
