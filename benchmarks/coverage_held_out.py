"""Worlds that do not match the models behind the intervals: no choice was made by looking at them.

The first family (`benchmarks/coverage_worlds.py`) is near what the formulas assume, and choices
were made by it. Here employers post by a Pareto law, campaigns fill single weeks, rates are
log-normal or of two kinds, surveys err by Student's t and misstate how much, adverts expire, pay is
skewed and more or less alike within employers than the service believes.
"""

from __future__ import annotations

from collections import Counter
from math import exp, log
from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr
from scipy.stats import weibull_min

from alerts.durations import FEWEST_CLOSURES
from alerts.indicators.bunching import bunching
from alerts.indicators.duration import mean_duration, median_duration, relative_duration
from alerts.indicators.filling import applicants_per_vacancy, fill_rate
from alerts.indicators.growth import WEEKS, YEAR, growth, inflation
from alerts.indicators.pay import Pay, median_pay
from alerts.indicators.pooling import Cell, pooled_rate, weights
from alerts.indicators.reposts import Closed, prior_of, repost_rate
from alerts.indicators.sides import Sides, sides_of
from alerts.indicators.tightness import Side, Supply, tightness
from alerts.indicators.wages import Offer, wage_growth
from benchmarks.coverage_worlds import Rng, Trial, World, mismatch_worlds, spell_of
from warehouse.spells import Spell

_TAIL: Final = 2.2
"""P(an employer posts at least j at once) = j to the power −2.2."""
_LARGEST: Final = 40
_MEAN_SIZE: Final = float((np.arange(1, _LARGEST + 1) ** -_TAIL).sum())
_CAMPAIGN: Final = (0.1, 3.0)
"""Share of weeks with a campaign, and what it multiplies the rate by."""
_BELIEVED_CORRELATION: Final = 0.3
"""Of pay within employers, as the releases set it by judgement."""
_OFTEN_EXPIRED: Final = ((0.7, 4.0, 1.0), (0.3, 0.8, 0.4))
"""Kinds of adverts: share, Weibull shape, scale as a multiple of the usual time."""


def posted(rng: Rng, mean: float | np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """Counts of this mean whose vacancies come by employers, few of them large."""
    employers = rng.poisson(mean / _MEAN_SIZE, size=size).ravel()
    sizes = np.minimum(rng.random(int(employers.sum())) ** (-1 / _TAIL), _LARGEST).astype(int)
    owner = np.repeat(np.arange(len(employers)), employers)
    counts = np.bincount(owner, weights=sizes, minlength=len(employers))
    return counts.astype(int).reshape(size)


def campaigns(rng: Rng, rates: np.ndarray) -> np.ndarray:
    """Cells × weeks of mean `rates`, some weeks with a campaign."""
    share, times = _CAMPAIGN
    factor = np.where(rng.random(rates.shape) < share, times, 1.0) / (1 + share * (times - 1))
    return posted(rng, rates * factor, rates.shape)


def pooled(rng: Rng, n: int) -> Trial:
    """Log-normal rates, a third of them campaigns."""
    rates = n / WEEKS * np.exp(rng.normal(-0.245, 0.7, size=60))
    weekly = campaigns(rng, np.repeat(rates[:, None], WEEKS, axis=1))
    fano = inflation(weekly.tolist())
    cells = [Cell(count=int(c), weeks=WEEKS, expected=n / WEEKS) for c in weekly.sum(axis=1)]
    return pooled_rate(cells[0], weights(cells, dispersion=fano), dispersion=fano), float(rates[0])


def tight(rng: Rng, n: int) -> Trial:
    """Surveys err by Student's t with 4 degrees, and state their error a fifth wrong."""
    mean, people = n * exp(rng.normal(0, 0.5)), 20.0 * n * exp(rng.normal(0, 1))
    others, jobless = mean * rng.uniform(4, 40), people * rng.uniform(4, 40)
    seen, rest = (int(posted(rng, each, (1,))[0]) for each in (mean, others))
    cell, nation = (_surveyed(rng, each) for each in (people, people + jobless))
    truth = log((mean + 0.5) / (people + 0.5))
    truth -= log((mean + others + 0.5) / (people + jobless + 0.5))
    fano = inflation(posted(rng, mean, (10, 52)).tolist(), weeks=1)
    sides = Side(open_now=seen, supply=cell), Side(open_now=seen + rest, supply=nation)
    return tightness(*sides, dispersion=fano), truth


def _surveyed(rng: Rng, people: float) -> Supply:
    error = min(0.3, 0.25 * (400 / (people + 100)) ** 0.5)
    seen = people * exp(error * rng.standard_t(4) / 2**0.5)
    return Supply(people=seen, error=error * seen * exp(rng.normal(0, 0.2)))


def reposted(rng: Rng, n: int) -> Trial:
    """Cells of two kinds: almost none re-posted, or half."""
    shares = np.where(rng.random(60) < 0.7, 0.05, 0.5)
    cells = [Closed(reposted=int(rng.binomial(n, p)), closed=n) for p in shares]
    return repost_rate(cells[0], prior_of(cells)), float(shares[0])


def filled(rng: Rng, n: int) -> Trial:
    """Shares near 0."""
    share = float(rng.beta(0.6, 5))
    return fill_rate(int(rng.binomial(n, share)), n), share


def applied(rng: Rng, n: int) -> Trial:
    """Log-normal between vacancies (variance (e − 1) × mean²), cells of unlike means."""
    mean = 4 * exp(rng.normal(0, 0.5))
    means = mean * np.exp(rng.normal(0, 0.3, size=10))
    means[0] = mean
    vacancies = [n, *[max(n, 30)] * 9]
    cells = [
        rng.poisson(each * np.exp(rng.normal(-0.5, 1, size=many))).tolist()
        for each, many in zip(means, vacancies, strict=True)
    ]
    fano = inflation(cells[1:], weeks=1)
    return applicants_per_vacancy(sum(cells[0]), n, dispersion=fano), log(mean)


def grown(rng: Rng, n: int) -> Trial:
    """Employers by a Pareto law, campaigns, cells as unlike in size as 1 to 7."""
    now, before = (n / WEEKS * exp(rng.normal(0, 0.6)) for _ in range(2))
    sizes = np.concatenate([[1.0], np.exp(rng.normal(0, 0.5, size=12))])
    rates = np.repeat(before * sizes[:, None], YEAR + WEEKS, axis=1)
    rates[0, YEAR:] = now
    own, *cells = campaigns(rng, rates).tolist()
    return growth(own, inflated=inflation(cells)), log((now + 0.5) / (before + 0.5))


def _employers(rng: Rng, n: int) -> np.ndarray:
    """Of n postings, numbered from 1: sizes by a Pareto law, in an order of chance."""
    sizes = np.minimum(rng.random(n) ** (-1 / _TAIL), _LARGEST).astype(int)
    return rng.permutation(np.repeat(np.arange(1, n + 1), sizes)[:n])


def paid(rng: Rng, n: int) -> Trial:
    """Exponential log pay above a floor; alike within employers by 0 to 0.8, not known."""
    alike, employers = rng.uniform(0, 0.8), _employers(rng, n)
    normal = alike**0.5 * rng.normal(size=n + 1)[employers]
    normal = normal + (1 - alike) ** 0.5 * rng.normal(size=n)
    values = np.exp(14.5 - 0.6 * np.log(ndtr(-normal)))
    pays = [Pay(lower=v, upper=v, employer=int(e)) for v, e in zip(values, employers, strict=True)]
    return median_pay(pays, correlation=_BELIEVED_CORRELATION), exp(14.5 + 0.6 * log(2))


def risen(rng: Rng, n: int) -> Trial:
    """Skewed pay, its spread unlike by occupation, large employers, growth of any size."""
    rate, jobs = rng.normal(0, 0.4), rng.integers(0, 5, size=n)
    sources, employers = rng.integers(0, 3, size=n), _employers(rng, n)
    now = rng.permutation(n) % 3 == 0
    pay = 15 + rng.normal(0, 0.6, 5)[jobs] + rng.normal(0, 0.2, 3)[sources] + rate * now
    pay = pay + rng.normal(0, 0.25, n + 1)[employers]
    pay = pay + (0.15 + 0.1 * jobs) * rng.exponential(size=n)
    offers = [
        Offer(
            pay=exp(pay[i]), now=bool(now[i]), occupation=str(jobs[i]), source=str(sources[i]),
            employer=int(employers[i]),
        )
        for i in range(n)
    ]  # fmt: skip
    return wage_growth(offers, None, seed=int(rng.integers(2**31))), rate


def _survivors(time: float | np.ndarray, usual: float) -> np.ndarray:
    parts = [
        share * weibull_min.sf(time, shape, scale=scale * usual)
        for share, shape, scale in _OFTEN_EXPIRED
    ]
    return np.asarray(sum(parts))


def _spells(rng: Rng, ends: int, usual: float) -> list[Spell]:
    """Most expire after about the usual time; watched for a time of even chance."""
    made: list[Spell] = []
    closed = 0
    while closed < ends:
        _, shape, scale = _OFTEN_EXPIRED[int(rng.random() < _OFTEN_EXPIRED[1][0])]
        days = float(rng.weibull(shape)) * scale * usual
        entry = float(rng.exponential(10)) if rng.random() < 1 / 3 else 0.0
        if days <= entry:
            continue
        made.append(spell_of(len(made), entry, days, entry + float(rng.uniform(0, 4 * usual))))
        closed += made[-1].ended_before is not None
    return made


def _median(usual: float) -> float:
    return float(brentq(lambda time: float(_survivors(time, usual)) - 0.5, 1e-6, 10 * usual))


def _mean_60(usual: float) -> float:
    times = np.linspace(0, 60, 601)
    return float(np.trapezoid(_survivors(times, usual), times))


def lasted_median(rng: Rng, n: int) -> Trial:
    usual = 25 * exp(rng.normal(0, 0.4))
    return median_duration(_spells(rng, n, usual), fewest=FEWEST_CLOSURES), _median(usual)


def lasted_mean(rng: Rng, n: int) -> Trial:
    usual = 25 * exp(rng.normal(0, 0.4))
    return mean_duration(_spells(rng, n, usual), fewest=FEWEST_CLOSURES), _mean_60(usual)


def lasted_relative(rng: Rng, n: int) -> Trial:
    usual = 25 * exp(rng.normal(0, 0.4))
    own, rest = _spells(rng, n, usual), _spells(rng, min(9 * n, 300), 25)
    share = len(own) / (len(own) + len(rest))
    mine = _mean_60(usual)
    nation = share * mine + (1 - share) * _mean_60(25)
    return relative_duration(own, [*own, *rest]), log(mine / nation)


def _sides(rng: Rng, n: int) -> tuple[Sides, Sides]:
    """Twelve groups by Zipf's law, both sides log-normal around it; employers post in one group.

    As releases do, the service sees who posted what.
    """
    common = -np.log(np.arange(1, 13))
    raw = np.exp(common + rng.normal(0, 0.6, size=(2, 12)))
    p, q = raw / raw.sum(axis=1, keepdims=True)
    employers = _employers(rng, n)
    groups = rng.choice(12, size=n + 1, p=p)[employers]
    drawn = np.bincount(groups, minlength=12), rng.multinomial(20 * n, q)
    truth = Sides(
        vacancies=tuple(p), unemployed=tuple(q), vacancies_total=1.0, unemployed_total=1.0
    )
    counts = [Counter(employers[groups == group].tolist()) for group in range(12)]
    pairs = [(float(v), float(u)) for v, u in zip(*drawn, strict=True)]
    return sides_of(pairs, bunching=bunching(counts, float(n))), truth


HELD_OUT: Final[dict[str, World]] = {
    "pooled_rate": pooled,
    "tightness": tight,
    "duration_median": lasted_median,
    "duration_mean_60": lasted_mean,
    "duration_relative": lasted_relative,
    "repost_rate": reposted,
    "growth": grown,
    "wage_median": paid,
    "wage_growth": risen,
    "fill_rate": filled,
    "applicants": applied,
    **mismatch_worlds(_sides),
}
