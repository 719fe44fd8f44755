"""Vacancies and unemployed over the same groups: what every index of mismatch is made of. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, inf, isfinite
from typing import Final

from warehouse.series import Standing

Group = tuple[float | None, float | None]
"""Vacancies and unemployed of one group; `None` is not published, which is not 0."""

_SLACK: Final = 0.1
"""Groups may exceed a stated total by this share of it: totals are published rounded, or of another
vintage than the groups (Finland's exceed theirs by up to 1 %). Levels of a classification added
up together exceed it at least twofold."""


class SidesError(ValueError):
    """Figures that cannot be vacancies and unemployed of groups; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both sides, group by group, with the totals that shares are taken of."""

    vacancies: tuple[float, ...]
    unemployed: tuple[float, ...]
    vacancies_total: float
    """The sum of `vacancies`, or more where some of them are of no known group."""
    unemployed_total: float
    untold: int = 0
    """Groups left out because one of their sides is not published."""
    bunching: float | None = None
    """So many vacancies tell about shares what one would if each were drawn on its own; `None`:
    who posted them is not known, and they are taken as drawn one by one."""

    def __post_init__(self) -> None:
        if len(self.vacancies) != len(self.unemployed):
            raise SidesError("each group needs vacancies and unemployed")
        if self.bunching is not None and not 1.0 <= self.bunching < inf:
            raise SidesError(f"bunching: expected a finite number from 1, got {self.bunching}")
        for name in ("vacancies", "unemployed"):
            counts, total = getattr(self, name), getattr(self, f"{name}_total")
            if not all(isfinite(count) and count >= 0 for count in (*counts, total)):
                raise SidesError(f"{name}: expected finite numbers from 0, got {counts}, {total}")
            if fsum(counts) > total * (1 + _SLACK):
                raise SidesError(f"{name}: the groups' sum {fsum(counts):g} exceeds {total:g}")

    @property
    def standing(self) -> Standing:
        """Why no index can be told, or `ASSESSABLE`."""
        if not self.vacancies_total:
            return Standing.TOO_FEW
        return Standing.ASSESSABLE if self.unemployed_total else Standing.NO_SUPPLY

    @property
    def vacancies_worth(self) -> float:
        """Vacancies drawn one by one that would tell as much."""
        return self.vacancies_total / (self.bunching or 1.0)

    @property
    def vacancy_shares(self) -> tuple[float, ...]:
        """v/V of each group; V must not be 0."""
        return tuple(count / self.vacancies_total for count in self.vacancies)

    @property
    def unemployed_shares(self) -> tuple[float, ...]:
        """u/U of each group; U must not be 0."""
        return tuple(count / self.unemployed_total for count in self.unemployed)


def sides_of(
    groups: Iterable[Group],
    *,
    vacancies_total: float | None = None,
    unemployed_total: float | None = None,
    bunching: float | None = None,
) -> Sides:
    """Both sides of these groups.

    A group with one side not published is left out. Where the totals are stated they stay as
    they are: its pair counts as unmatched, and an index of what is matched is an upper bound.
    Where they are not, they are sums over the groups that are left: shares are among those.

    Raises:
        SidesError: a negative or infinite figure, or groups that exceed their total.
    """
    given = tuple(groups)
    known = [(v, u) for v, u in given if v is not None and u is not None]
    vacancies, unemployed = tuple(v for v, _ in known), tuple(u for _, u in known)
    return Sides(
        vacancies=vacancies,
        unemployed=unemployed,
        vacancies_total=fsum(vacancies) if vacancies_total is None else vacancies_total,
        unemployed_total=fsum(unemployed) if unemployed_total is None else unemployed_total,
        untold=len(given) - len(known),
        bunching=bunching,
    )
