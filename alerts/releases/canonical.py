"""A release as one file: the same bytes from the same figures, whoever writes them. Pure.

UTF-8, lines ended by LF, fields quoted as RFC 4180 where needed. Numbers are the shortest decimal
that reads back as the same double. Rows are sorted by series and day.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final

from warehouse.published import ReleaseRow
from warehouse.series import Observation, SeriesKey

_KEY: Final = tuple(SeriesKey.__dataclass_fields__)
_FIGURE: Final = (
    "time_value", "value", "lower", "upper", "n", "employers", "top_share", "grade", "standing",
    "answered_province", "answered_occupation", "method", "sources",
)  # fmt: skip


def canonical(release: ReleaseRow, observations: Iterable[Observation]) -> bytes:
    """The file of a release. Its digest, which it cannot contain, is left out."""
    text = io.StringIO()
    for name in ("release_id", "kind", "status", "period_start", "period_end", "revision",
                 "cutoff", "issue", "methods", "supersedes", "note"):  # fmt: skip
        text.write(f"# {name}: {_cell(getattr(release, name))}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*_KEY, *_FIGURE))
    for each in sorted(observations, key=lambda o: (o.series, o.time_value)):
        key = (getattr(each.series, name) for name in _KEY)
        writer.writerow((*key, *(_cell(getattr(each, name)) for name in _FIGURE)))
    return text.getvalue().encode()


def digest_of(data: bytes) -> str:
    """SHA-256 of a release's file, in hexadecimal digits."""
    return sha256(data).hexdigest()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "|".join(str(item) for item in value)
    return " ".join(str(value).split()) if isinstance(value, str) else str(value)
