"""JSON files: a list of records, an object that holds one, or a record on each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from scrapers.formats.encoding import detect_encoding
from scrapers.formats.rows import MOST_ROWS, Layout, Row, RowError, TableError, flattened
from scrapers.parsing.json_paths import find_first

_LONGEST_LINE: Final = 10_000_000
_LARGEST_WHOLE: Final = 200_000_000
"""A JSON file is held in memory as a whole; larger ones are sent as JSON Lines."""


def jsonl_rows(stream: BinaryIO, layout: Layout) -> Iterator[Row | RowError]:
    """Records of JSON Lines; a line that is no object comes as `RowError`."""
    for number in range(1, MOST_ROWS + 2):
        line = stream.readline(_LONGEST_LINE)
        if not line:
            return
        if len(line) == _LONGEST_LINE:
            raise TableError(f"line {number} has more than {_LONGEST_LINE} bytes")
        text = line.strip().removeprefix(b"\xef\xbb\xbf")
        if text:
            yield _record(text, number, layout.encoding or "utf-8")
    raise TableError(f"more than {MOST_ROWS} rows")


def json_rows(stream: BinaryIO, layout: Layout) -> Iterator[Row | RowError]:
    """Records of one JSON value: those at `layout.records`, or of the only list there is.

    Raises:
        TableError: not JSON, larger than 200 MB, or no list of records.
    """
    body = stream.read(_LARGEST_WHOLE + 1)
    if len(body) > _LARGEST_WHOLE:
        raise TableError(f"more than {_LARGEST_WHOLE} bytes of JSON; send JSON Lines instead")
    text = body.decode(layout.encoding or detect_encoding(body[: 1 << 16]), "replace")
    try:
        node = json.loads(text)
    except RecursionError as error:
        raise TableError("JSON nested too deeply") from error
    except ValueError as error:
        if _first_line_is_object(text):
            stream.seek(0)
            yield from jsonl_rows(stream, layout)
            return
        raise TableError(f"not JSON: {error}") from error
    for number, record in enumerate(_records(node, layout.records), start=1):
        if isinstance(record, dict):
            yield number, flattened(record)
        else:
            raw = json.dumps(record, ensure_ascii=False)[:10_000].encode("utf-8", "replace")
            yield RowError("expected an object", number, raw)


def _record(line: bytes, number: int, encoding: str) -> Row | RowError:
    try:
        node = json.loads(line.decode(encoding))
    except (ValueError, RecursionError) as error:
        return RowError(f"not JSON: {error}"[:300], number, line)
    if isinstance(node, dict):
        return number, flattened(node)
    return RowError("expected an object", number, line)


def _first_line_is_object(text: str) -> bool:
    line = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _records(node: Any, path: str) -> list[Any]:
    if path:
        found = find_first(node, path.removesuffix("[]"))
        if isinstance(found, list):
            return found
        raise TableError(f"no list at {path!r}")
    if isinstance(node, list):
        return node
    lists = {}
    if isinstance(node, dict):
        lists = {key: value for key, value in node.items() if isinstance(value, list)}
    if len(lists) == 1:
        return next(iter(lists.values()))
    told = ", ".join(repr(key) for key in lists) or "none"
    raise TableError(f"expected a list of records, or `records` to say which list ({told})")
