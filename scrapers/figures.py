"""What was last published of each cell of a source's tables, so that only news is published."""

from __future__ import annotations

import hashlib

from scrapers.items import SupplyRecord
from scrapers.parsing.supply_checks import cell_of


def cell_key(record: SupplyRecord) -> str:
    """Name of the record's cell in the memory of its source."""
    return hashlib.blake2b("\0".join(cell_of(record)).encode(), digest_size=12).hexdigest()


def figure_text(record: SupplyRecord) -> str:
    """What the record says of its cell: another issue by its owner is news, a repetition is not."""
    issued = record.published_at.isoformat()
    stated = issued if record.published_at != record.received_at else ""
    return f"{record.count!r} {record.unit} {int(record.releasable)} {stated}"
