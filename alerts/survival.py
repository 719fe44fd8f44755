"""The product-limit estimator with delayed entry, and what is read off its curve. Pure.

Kaplan and Meier (1958); delayed entry as in Klein and Moeschberger (2003), section 4.6: a subject
counts as at risk from its entry on. Variances are Greenwood's. Weights allow an event that is
known as an interval to be spread over it. Times are in days.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, stdtrit

Floats = NDArray[np.float64]
_Z95: Final = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A survival curve: a step function that falls at `times`."""

    times: Floats
    """Distinct times of events, rising."""
    survival: Floats
    """Share still open just after each of `times`."""
    hazard: Floats
    """Share of those at risk that ended at each time."""
    at_risk: Floats
    """Weight of those at risk just before each time."""
    followed_until: float
    """The longest time over which anyone was followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure in days with its 95 % interval; `None`: beyond what the data reach."""

    value: float | None
    lower: float | None
    upper: float | None


def kaplan_meier(
    entry: ArrayLike, leave: ArrayLike, ended: ArrayLike, weight: ArrayLike | None = None
) -> Curve:
    """The curve of subjects at risk in (`entry`, `leave`], which there `ended` or were censored.

    Subjects that leave no later than they enter were never at risk and count for nothing.
    """
    start, stop = np.asarray(entry, dtype=float), np.asarray(leave, dtype=float)
    gone = np.asarray(ended, dtype=bool)
    mass = np.ones(len(stop)) if weight is None else np.asarray(weight, dtype=float)
    kept = (stop > start) & (mass > 0)
    start, stop, gone, mass = start[kept], stop[kept], gone[kept], mass[kept]
    times, place = np.unique(stop[gone], return_inverse=True)
    events = np.bincount(place, weights=mass[gone], minlength=len(times))
    at_risk = _mass_from(stop, mass, times) - _mass_from(start, mass, times)
    hazard = np.minimum(events / at_risk, 1.0)
    hazard[hazard > 1 - 1e-9] = 1.0
    return Curve(
        times=times,
        survival=np.cumprod(1 - hazard),
        hazard=hazard,
        at_risk=at_risk,
        followed_until=float(stop.max(initial=0.0)),
    )


def _mass_from(moments: Floats, mass: Floats, times: Floats) -> Floats:
    """Mass of those whose moment is at or after each of `times`."""
    order = np.argsort(moments, kind="stable")
    upto = np.concatenate([[0.0], np.cumsum(mass[order])])
    return np.asarray(upto[-1] - upto[np.searchsorted(moments[order], times, side="left")])


def greenwood(curve: Curve) -> Floats:
    """Σ d / (r (r − d)) up to each time: the variance of ln S; infinite once S is 0."""
    with np.errstate(divide="ignore"):
        return np.cumsum(curve.hazard / (curve.at_risk * (1 - curve.hazard)))


def median(curve: Curve) -> Estimate:
    """The time by which half have ended, its interval by inverting log–log bands.

    Brookmeyer and Crowley (1982), with the log–log transformation of Kalbfleisch and Prentice.
    """
    lower, upper = _bands(curve)
    return Estimate(
        value=_first_at_most(curve.times, curve.survival),
        lower=_first_at_most(curve.times, lower),
        upper=_first_at_most(curve.times, upper),
    )


def _first_at_most(times: Floats, band: Floats, level: float = 0.5) -> float | None:
    found = np.flatnonzero(band <= level + 1e-12)
    return float(times[found[0]]) if len(found) else None


def _bands(curve: Curve) -> tuple[Floats, Floats]:
    inside = (curve.survival > 0) & (curve.survival < 1)
    lower, upper = curve.survival.copy(), curve.survival.copy()
    logs = np.log(curve.survival[inside])
    spread = np.exp(_Z95 * np.sqrt(greenwood(curve)[inside]) / np.abs(logs))
    lower[inside], upper[inside] = np.exp(logs * spread), np.exp(logs / spread)
    return lower, upper


def restricted_mean(curve: Curve, horizon: float) -> Estimate:
    """Mean time up to `horizon`: the area under the curve, with its interval.

    Variance: Σ A(t)² d / (r (r − d)), A(t) the area from t to the horizon (Klein and Moeschberger
    2003, section 4.5), times m/(m − 1) with m events (Kaplan and Meier 1958), and Student's t on
    m − 1 degrees of freedom, on the logit scale of the share of the horizon: with few events
    the normal interval on the log scale holds the truth too seldom.

    Nothing is given where nobody was followed to the horizon and some were
    still open when the last was lost from sight.
    """
    last = float(curve.survival[-1]) if len(curve.survival) else 1.0
    if curve.followed_until < horizon and last > 0:
        return Estimate(value=None, lower=None, upper=None)
    before = curve.times < horizon
    edges = np.concatenate([[0.0], curve.times[before], [horizon]])
    heights = np.concatenate([[1.0], curve.survival[before]])
    areas = heights * np.diff(edges)
    value = float(areas.sum())
    ahead = value - np.cumsum(areas)[:-1]
    hazard, at_risk = curve.hazard[before], curve.at_risk[before]
    open_still = hazard < 1
    terms = ahead[open_still] ** 2 * hazard[open_still]
    variance = float((terms / (at_risk[open_still] * (1 - hazard[open_still]))).sum())
    if value <= 0:
        return Estimate(value=0.0, lower=0.0, upper=0.0)
    lower, upper = _within(value / horizon, sqrt(variance) / horizon, _events(curve))
    return Estimate(value=value, lower=lower * horizon, upper=upper * horizon)


def _events(curve: Curve) -> float:
    return float((curve.hazard * curve.at_risk).sum())


def _within(part: float, error: float, events: float) -> tuple[float, float]:
    """Interval of a share of the horizon on the logit scale; all of it where nothing is sure."""
    if part >= 1 or error <= 0:
        return part, part
    if events <= 1.5:
        return 0.0, 1.0
    wide = stdtrit(events - 1, 0.975) * sqrt(events / (events - 1))
    spread = float(wide) * error / (part * (1 - part))
    centre = log(part / (1 - part))
    return float(expit(centre - spread)), float(expit(centre + spread))
