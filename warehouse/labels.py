"""Names of codes in the warehouse, so that whoever asks by SQL reads words, not codes.

The code lists of the running release are the only source. ClickHouse's own dictionaries are not
used: whoever may create one may read addresses and files with it, and the table is small enough to
be joined.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from config.skills import skills
from config.vocabulary import (
    Label,
    countries,
    districts,
    education_fields,
    industries,
    occupations,
    provinces,
)
from warehouse.client import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from clickhouse_connect.driver.client import Client

_SCHEMES: Final = {
    "province": provinces,
    "district": districts,
    "occupation": occupations,
    "industry": industries,
    "education_field": education_fields,
    "country": countries,
}
_COLUMNS: Final = (
    "scheme", "code", "name_en", "name_lo", "parent", "reviewed", "edition", "loaded_at"
)  # fmt: skip


def all_labels() -> Iterator[tuple[str, Label]]:
    """(scheme, label) of every code list of this release."""
    for scheme, codes in _SCHEMES.items():
        yield from ((scheme, label) for label in codes().values())
    for skill in skills().values():
        yield (
            "skill",
            Label(
                code=skill.code,
                name_en=skill.name_en,
                name_lo=skill.name_lo,
                reviewed=skill.reviewed,
            ),
        )


def load_labels(client: Client, *, now: datetime) -> int:
    """Store the labels unless this edition is the one stored last; returns the rows stored."""
    rows = [
        [scheme, label.code, label.name_en, label.name_lo, label.parent, int(label.reviewed)]
        for scheme, label in all_labels()
    ]
    edition = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
    stored = fetch(client, "SELECT edition FROM labels ORDER BY loaded_at DESC LIMIT 1")
    if stored and stored[0][0] == edition:
        return 0
    client.insert("labels", [[*row, edition, now] for row in rows], column_names=_COLUMNS)
    return len(rows)
