"""Adding vacancies up over the cells that are published, with who stands behind each. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol


class Place(NamedTuple):
    """A published cell; "" is all of a dimension. Groups and sections are not crossed."""

    province: str = ""
    isco1: str = ""
    isic: str = ""


NATION = Place()


@lru_cache(maxsize=8192)
def places_of(province: str, isco1: str, isic: str) -> tuple[Place, ...]:
    """Every cell that a vacancy counts in; what is unknown of it counts in the cells above."""
    areas = ("", province) if province else ("",)
    found = []
    for area in areas:
        found.append(Place(area))
        if isco1:
            found.append(Place(area, isco1))
        if isic:
            found.append(Place(area, "", isic))
    return tuple(found)


class Located(Protocol):
    """A row that can be placed."""

    @property
    def province(self) -> str: ...
    @property
    def isco1(self) -> str: ...
    @property
    def isic(self) -> str: ...
    @property
    def employer(self) -> int: ...
    @property
    def source_id(self) -> str: ...


@dataclass(slots=True)
class Sample:
    """What stands behind a figure."""

    n: int = 0
    by_employer: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    by_source: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, row: Located, n: int = 1) -> None:
        """Count a row `n` times."""
        self.n += n
        self.by_source[row.source_id] += n
        if row.employer:
            self.by_employer[row.employer] += n

    @property
    def employers(self) -> int:
        """Different employers with a name."""
        return sum(count > 0 for count in self.by_employer.values())

    @property
    def top_share(self) -> float | None:
        """Of `n`, what the largest named employer holds; None where nobody is named."""
        largest = max(self.by_employer.values(), default=0)
        return min(1.0, largest / self.n) if largest > 0 and self.n > 0 else None

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources by name."""
        return tuple(sorted(name for name, count in self.by_source.items() if count > 0))


NOTHING = Sample()


def samples(rows: Iterable[tuple[Located, int]]) -> Mapping[Place, Sample]:
    """Samples of all cells, in a fixed order; cells without a vacancy are absent."""
    found: dict[Place, Sample] = defaultdict(Sample)
    for row, n in rows:
        for place in places_of(row.province, row.isco1, row.isic):
            found[place].add(row, n)
    return {place: found[place] for place in sorted(found) if found[place].n > 0}
