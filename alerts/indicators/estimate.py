"""What every indicator's function answers: a value with its interval, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from warehouse.series import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimated:
    """One indicator of one cell. `value` is None exactly where `standing` says why."""

    value: float | None
    lower: float | None = None
    """Lower end of the 95 % interval."""
    upper: float | None = None
    n: int
    """Vacancies (closures, postings with pay…) behind it."""
    method: str
    """Name and version of the formula."""
    standing: Standing = Standing.ASSESSABLE

    def __post_init__(self) -> None:
        told = self.standing in (Standing.ASSESSABLE, Standing.ROLLED_UP)
        if told != (self.value is not None):
            raise ValueError(f"{self.method}: value {self.value} with {self.standing}")
        given = (self.value, self.lower, self.upper)
        if not all(number is None or isfinite(number) for number in given):
            raise ValueError(f"{self.method}: not finite: {given}")


def untold(standing: Standing, *, n: int, method: str) -> Estimated:
    """No figure, and why."""
    return Estimated(value=None, n=n, method=method, standing=standing)
