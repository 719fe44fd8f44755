"""What only a whole table tells: cells stated twice, parts that do not add up to their total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from config.feeds import COUNTED, Dimension, Feed, Unit
from scrapers.items import SupplyRecord

Cell = tuple[str, ...]
"""What a figure is about: source, system, measure, period and the code of every dimension."""

_ADDING: Final = (
    Dimension.PROVINCE, Dimension.SEX, Dimension.RESIDENCE, Dimension.CATEGORY, Dimension.LEVEL,
)  # fmt: skip
"""Dimensions whose parts never overlap whatever codes are stated."""
_ROUNDING: Final = 0.001
_FEWEST: Final = 5
_REPEATED: Final = 0.2


def cell_of(record: SupplyRecord) -> Cell:
    """What a later publication of the same figure replaces."""
    return (
        record.source_id,
        record.system,
        record.measure,
        record.period_start.isoformat(),
        record.period_end.isoformat(),
        *(str(getattr(record, dimension)) for dimension in Dimension),
    )


Numbered = tuple[int, SupplyRecord]
"""A record and the number of its row."""


def repeated(
    numbered: Sequence[Numbered],
) -> tuple[list[Numbered], list[tuple[int, int]], list[tuple[int, int, SupplyRecord]]]:
    """Each cell once: kept, repetitions (row, first row), contradictions (row, other row, record).

    A cell stated twice with one value is kept once. One stated with different values cannot be
    told, so none of its rows is kept, and each is among the contradictions.
    """
    by_cell: dict[Cell, list[tuple[int, SupplyRecord]]] = defaultdict(list)
    for number, record in numbered:
        by_cell[cell_of(record)].append((number, record))
    kept, same, contrary = [], [], []
    for stated in by_cell.values():
        first = stated[0][0]
        if len({record.count for _, record in stated}) > 1:
            others = [stated[1][0], *(first for _ in stated[1:])]
            contrary += [
                (number, other, record)
                for (number, record), other in zip(stated, others, strict=True)
            ]
            continue
        kept.append(stated[0])
        same += [(number, first) for number, _ in stated[1:]]
    return kept, same, contrary


def lists_persons(records: Sequence[SupplyRecord]) -> bool:
    """Whether a table has a row for each person: every count is 1, and cells repeat."""
    if len(records) < _FEWEST or any(record.count != 1 for record in records):
        return False
    cells = len({cell_of(record) for record in records})
    return len(records) - cells >= _REPEATED * len(records)


def inconsistent(records: Sequence[SupplyRecord], feed: Feed) -> list[str]:
    """Totals that are smaller than their parts, or differ from all their parts, one line each."""
    counted = [record for record in records if Unit(record.unit) in COUNTED]
    return [line for dimension in _ADDING for line in _along(dimension, counted, feed)]


def _along(dimension: Dimension, records: Iterable[SupplyRecord], feed: Feed) -> Iterable[str]:
    if dimension not in feed.dimensions:
        return
    place = 5 + list(Dimension).index(dimension)
    groups: dict[Cell, dict[str, float]] = defaultdict(dict)
    for record in records:
        cell = cell_of(record)
        groups[cell[:place] + cell[place + 1 :]][cell[place]] = record.count
    for cell, parts in groups.items():
        total = parts.pop("", None)
        if total is None or not parts:
            continue
        stated = sum(parts.values())
        slack = max(1.0, _ROUNDING * total)
        complete = dimension is Dimension.SEX and {"f", "m"} <= parts.keys()
        if stated > total + slack or (complete and stated < total - slack):
            yield (
                f"{cell[2]} {_days(cell[3:5])}: parts by {dimension} sum to {stated:g}, "
                f"the total says {total:g}"
            )


def _days(period: Sequence[str]) -> str:
    return "…".join(dict.fromkeys(date.fromisoformat(day).isoformat() for day in period))
