"""Certainty of a count: its interval and its grade. Pure."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import Final

METHOD: Final = "gamma-poisson/1"
_Z95: Final = 1.959964


def interval(count: int, dispersion: float) -> tuple[float, float]:
    """95 % interval of the expectation behind a count, Gamma–Poisson on the log scale.

    The posterior of λ under a Gamma(½, 0) prior has shape count + ½; its spread is widened by the
    dispersion: ln λ ± 1.96 √(φ / (count + ½)). A count of 0 has lower end 0 and,
    one-sided, the upper end of Poisson's rule of three, 3φ.
    """
    if count <= 0:
        return 0.0, 3.0 * dispersion
    spread = _Z95 * sqrt(dispersion / (count + 0.5))
    centre = log(count + 0.5)
    return exp(centre - spread), exp(centre + spread)


def grade(n: int, employers: int, observed: float) -> str:
    """Quality of a count, A to F, by its sample and by the share of its period that was seen.

    A: n ≥ 200, B: ≥ 50, C: ≥ 20, D: ≥ 10 with 3 employers, E: fewer, F: nothing or most days lost.
    One letter worse where anything is missing, two where more than 30 % are.
    """
    if n == 0 or observed < 0.4:
        return "F"
    bounds = ((200, "A"), (50, "B"), (20, "C"), (10, "D"))
    letter = next((name for bound, name in bounds if n >= bound), "E")
    if employers < 3:
        letter = "E"
    worse = 0 if observed == 1.0 else 1 if observed > 0.7 else 2
    return "ABCDEF"["ABCDEF".index(letter) + min(worse, 5 - "ABCDEF".index(letter))]
