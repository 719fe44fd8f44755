"""The interval of a public count, made of what the public is told and of nothing else. Pure."""

from __future__ import annotations

from math import ceil, floor, sqrt

from warehouse.disclosure.rules import ROUNDING, span

_Z: float = 1.959964


def count_interval(value: int, step: int, *, revised: bool, drawn: bool) -> tuple[int, int]:
    """95 % interval around a count that was rounded to `value`.

    Byar's approximation of the exact Poisson limits (Breslow and Day 1987, p. 69), taken at the
    ends of what rounding leaves open. A function of the published value alone: limits of the exact
    count would tell more of it than its rounding does.

    Args:
        value: as published.
        step: it is a multiple of.
        revised: the first value and the revision were rounded each.
        drawn: the count is one draw of a rate (new vacancies); else it is the whole itself.
    """
    least, most = span(value, step)
    slack = ROUNDING // 2 if revised else 0
    least, most = max(0, least - slack), most + slack
    if not drawn:
        return least, most
    return floor(_lower(least)), ceil(_upper(most))


def _lower(n: int) -> float:
    return n * max(0.0, 1 - 1 / (9 * n) - _Z / (3 * sqrt(n))) ** 3 if n else 0.0


def _upper(n: int) -> float:
    m = n + 1
    return float(m * (1 - 1 / (9 * m) + _Z / (3 * sqrt(m))) ** 3)
