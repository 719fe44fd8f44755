"""Fill rate and applicants per vacancy, as an employment service reports them. Pure."""

from __future__ import annotations

from math import log
from typing import Final

from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.spread import count_mean, share
from warehouse.series import Standing

FILL_RATE: Final = "fill-rate/1"
APPLICANTS: Final = "applicants-per-vacancy/1"
FEWEST: Final = 5


def fill_rate(filled: int, notified: int, *, dispersion: float = 1.0) -> Estimated:
    """(filled + ½)/(notified + 1), the interval of Jeffreys' posterior.

    Raises:
        ValueError: more filled than notified, or a negative count.
    """
    if not 0 <= filled <= notified:
        raise ValueError(f"{filled} filled of {notified} notified")
    if notified < FEWEST:
        return untold(Standing.TOO_FEW, n=notified, method=FILL_RATE)
    hits, of = filled / dispersion, notified / dispersion
    lower, upper = share(hits, of)
    value = (hits + 0.5) / (of + 1)
    return Estimated(value=value, lower=lower, upper=upper, n=notified, method=FILL_RATE)


def applicants_per_vacancy(
    applicants: int, vacancies: int, *, dispersion: float = 1.0
) -> Estimated:
    """ln[(applicants + ½)/vacancies]; `dispersion` is the Fano factor of applicants in total.

    Raises:
        ValueError: a negative count.
    """
    if min(applicants, vacancies) < 0:
        raise ValueError(f"{applicants} applicants, {vacancies} vacancies")
    if vacancies < FEWEST:
        return untold(Standing.TOO_FEW, n=vacancies, method=APPLICANTS)
    lower, upper = (log(end / vacancies) for end in count_mean(applicants, dispersion))
    value = log((applicants + 0.5) / vacancies)
    return Estimated(
        value=value, lower=min(lower, value), upper=max(upper, value),
        n=vacancies, method=APPLICANTS,
    )  # fmt: skip
