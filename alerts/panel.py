"""New vacancies by day and cell, counted only from sources that can be compared on that day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from alerts.cells import NATION, Cell, cells_of, depth
from alerts.coverage import BASELINE_DAYS, Coverage, DayCoverage
from warehouse.openings import Opening

LOOK_BACK_DAYS: Final = 130
"""Days before a fed day that evidence, baselines and shares may need."""
_SHARE_WEIGHT: Final = 20.0
_ENOUGH: Final = 0.5
"""A day of which less than this share would be seen is masked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What stands behind a signal over its days."""

    n: int
    employers: int
    sources: tuple[str, ...]
    """The comparable sources that showed them, most frequent first."""
    days: int
    industry: str = ""
    """ISIC section of at least half of them; "" where none leads."""


class Panel:
    """Openings of a stretch of days, with the coverage of their sources. Read-only."""

    def __init__(self, openings: Iterable[Opening], coverage: Coverage) -> None:
        self.coverage = coverage
        self._rows: dict[int, list[Opening]] = {}
        self._by_cell: dict[Cell, dict[int, list[Opening]]] = {}
        for row in openings:
            self._rows.setdefault(row.day, []).append(row)
            for cell in cells_of(row.province, row.isco1):
                self._by_cell.setdefault(cell, {}).setdefault(row.day, []).append(row)
        self._days: dict[int, DayCoverage] = {}
        self._source_totals: dict[int, Counter[str]] = {}

    def on(self, day: int) -> DayCoverage:
        """Coverage of a day (kept)."""
        if day not in self._days:
            self._days[day] = self.coverage.of_day(day)
        return self._days[day]

    def counts(self, day: int) -> Counter[Cell]:
        """New vacancies by cell on `day` that its observed, established sources showed."""
        observed = self.on(day).observed
        pairs = Counter(
            (row.province, row.isco1)
            for row in self._rows.get(day, ())
            if is_visible(row, observed)
        )
        return _by_cells(pairs)

    def exposures(self, day: int, cells: Iterable[Cell]) -> Mapping[Cell, float] | None:
        """Share of each cell that `day` could show; None when all of every cell.

        Exposure 0 masks the day for a cell of which less than half could be seen.
        """
        here = self.on(day)
        if here.is_full:
            return None
        shares = self.visible_shares(day, frozenset(here.observed), here.established, cells)
        return {cell: share if share >= _ENOUGH else 0.0 for cell, share in shares.items()}

    def visible_shares(
        self, day: int, some: frozenset[str], every: frozenset[str], cells: Iterable[Cell]
    ) -> Mapping[Cell, float]:
        """Of vacancies seen on any source of `every` in the eight weeks before, those on `some`.

        Small cells lean on the nation's share. May exceed 1 where `some` is not part of `every`.
        """
        seen_pairs: Counter[tuple[str, str]] = Counter()
        possible_pairs: Counter[tuple[str, str]] = Counter()
        for past in range(day - BASELINE_DAYS, day):
            for row in self._rows.get(past, ()):
                if not some.isdisjoint(row.sources):
                    seen_pairs[row.province, row.isco1] += 1
                if not every.isdisjoint(row.sources):
                    possible_pairs[row.province, row.isco1] += 1
        seen, possible = _by_cells(seen_pairs), _by_cells(possible_pairs)
        nation = seen[NATION] / possible[NATION] if possible[NATION] else float(bool(some))
        return {
            cell: (seen[cell] + _SHARE_WEIGHT * nation) / (possible[cell] + _SHARE_WEIGHT)
            for cell in cells
        }

    def visible(self, cell: Cell, first: int, last: int) -> Iterator[Opening]:
        """Countable vacancies of a cell from `first` through `last`."""
        by_day = self._by_cell.get(cell, {})
        for day in range(first, last + 1):
            observed = self.on(day).observed
            for row in by_day.get(day, ()):
                if is_visible(row, observed):
                    yield row

    def shown(self, first: int, last: int) -> Counter[tuple[str, Cell]]:
        """Vacancies by source that showed them in time, for the nation, provinces and groups."""
        counted: Counter[tuple[str, str, str]] = Counter()
        for day in range(first, last + 1):
            observed = self.on(day).observed
            for row in self._rows.get(day, ()):
                for source, seen in zip(row.sources, row.seen, strict=True):
                    if seen <= observed.get(source, -1):
                        counted[source, row.province, row.isco1] += 1
        total: Counter[tuple[str, Cell]] = Counter()
        for (source, province, isco1), n in counted.items():
            for cell in cells_of(province, isco1):
                if depth(cell) < 2:
                    total[source, cell] += n
        return total

    def source_totals(self, day: int) -> Counter[str]:
        """Countable vacancies of the nation on `day` by source that showed them (kept)."""
        if day not in self._source_totals:
            total: Counter[str] = Counter()
            for row in self.visible(NATION, day, day):
                total.update(row.sources)
            self._source_totals[day] = total
        return self._source_totals[day]

    def evidence(self, cell: Cell, first: int, last: int) -> Evidence:
        """Sample, employers and sources behind a cell's count over some days."""
        employers: set[int] = set()
        sources: Counter[str] = Counter()
        sections: Counter[str] = Counter()
        n = 0
        for row in self.visible(cell, first, last):
            n += 1
            employers.add(row.employer)
            sources.update(row.sources)
            sections[row.isic] += 1
        employers.discard(0)
        return Evidence(
            n=n,
            employers=len(employers),
            sources=tuple(source for source, _ in sources.most_common()),
            days=last - first + 1,
            industry=_leading(sections, n),
        )


def _leading(sections: Mapping[str, int], n: int) -> str:
    leading = [section for section, count in sections.items() if section and 2 * count >= n]
    return leading[0] if len(leading) == 1 else ""


def _by_cells(pairs: Mapping[tuple[str, str], int]) -> Counter[Cell]:
    counted: Counter[Cell] = Counter()
    for (province, isco1), n in pairs.items():
        for cell in cells_of(province, isco1):
            counted[cell] += n
    return counted


def is_visible(row: Opening, observed: Mapping[str, int]) -> bool:
    """Whether a comparable source showed the vacancy by the time the day was taken as complete."""
    for source, seen in zip(row.sources, row.seen, strict=True):
        if source in observed and seen <= observed[source]:
            return True
    return False
