"""Simulated cells of known truth, one world per indicator, for the coverage of intervals.

Every world draws its truth from a range as wide as Lao cells may differ, then data of about n
units: vacancies in bunches by employer (a large one among them), weeks that are alike, surveys
with the errors of a labour force survey, spells that are censored and entered late. What the
service estimates from data (dispersion, correlation, the prior) is estimated here as well.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from typing import Final

import numpy as np

from alerts.durations import FEWEST_CLOSURES
from alerts.indicators.duration import mean_duration, median_duration, relative_duration
from alerts.indicators.estimate import Estimated
from alerts.indicators.filling import applicants_per_vacancy, fill_rate
from alerts.indicators.growth import WEEKS, YEAR, growth, inflation
from alerts.indicators.mismatch import sahin, turnover, turnover_of, unmatched
from alerts.indicators.pay import Pay, median_pay
from alerts.indicators.pooling import Cell, pooled_rate, weights
from alerts.indicators.reposts import Closed, prior_of, repost_rate
from alerts.indicators.sides import Sides, sides_of
from alerts.indicators.tightness import Side, Supply, tightness
from alerts.indicators.wages import Offer, wage_growth
from warehouse.spells import DAY_MS, Spell, SpellStatus

Rng = np.random.Generator
Trial = tuple[Estimated, float]
"""What was told, and the truth."""
World = Callable[[Rng, int], Trial]
_BUNCH: Final = 0.6
"""Chance that a bunch ends with this vacancy: sizes are geometric, mean 1.7, variance/mean 2.3."""
FANO: Final = (2 - _BUNCH) / _BUNCH
_SD: Final = 0.5
"""Of the log of true rates around what is expected of them."""


def bunched(rng: Rng, mean: float | np.ndarray, size: int | tuple[int, ...] = 1) -> np.ndarray:
    """Counts of this mean whose vacancies come in geometric bunches; `mean` spreads over `size`."""
    bunches = rng.poisson(mean * _BUNCH, size=size)
    extra = rng.negative_binomial(np.maximum(bunches, 1), _BUNCH)
    return np.where(bunches > 0, bunches + extra, 0)


def pooled(rng: Rng, n: int) -> Trial:
    """One cell of sixty over 13 weeks; κ from all, the Fano factor from their weeks."""
    rates = rng.gamma(4.0, n / WEEKS / 4.0, size=60)
    weekly = bunched(rng, rates[:, None], (60, WEEKS))
    fano = inflation(weekly.tolist())
    cells = [Cell(count=int(c), weeks=WEEKS, expected=n / WEEKS) for c in weekly.sum(axis=1)]
    return pooled_rate(cells[0], weights(cells, dispersion=fano), dispersion=fano), float(rates[0])


def tight(rng: Rng, n: int) -> Trial:
    """A stock in bunches against a survey with a relative error of 25 % at 20 in sample."""
    mean, people = n * exp(rng.normal(0, _SD)), 20.0 * n * exp(rng.normal(0, 1))
    others, jobless = mean * rng.uniform(4, 40), people * rng.uniform(4, 40)
    seen = int(bunched(rng, mean)[0])
    rest = int(bunched(rng, others)[0])
    cell, nation = (_surveyed(rng, each) for each in (people, people + jobless))
    truth = log((mean + 0.5) / (people + 0.5))
    truth -= log((mean + others + 0.5) / (people + jobless + 0.5))
    fano = inflation(bunched(rng, mean, (10, 52)).tolist(), weeks=1)
    sides = Side(open_now=seen, supply=cell), Side(open_now=seen + rest, supply=nation)
    return tightness(*sides, dispersion=fano), truth


def _surveyed(rng: Rng, people: float) -> Supply:
    error = min(0.3, 0.25 * (400 / (people + 100)) ** 0.5)
    seen = people * exp(rng.normal(0, error))
    return Supply(people=seen, error=error * seen)


def reposted(rng: Rng, n: int) -> Trial:
    """One cell of sixty; the prior is estimated over all."""
    shares = rng.beta(3, 10, size=60)
    cells = [Closed(reposted=int(rng.binomial(n, p)), closed=n) for p in shares]
    return repost_rate(cells[0], prior_of(cells)), float(shares[0])


def filled(rng: Rng, n: int) -> Trial:
    share = float(rng.beta(2, 2))
    return fill_rate(int(rng.binomial(n, share)), n), share


def applied(rng: Rng, n: int) -> Trial:
    """Applicants differ between vacancies (negative binomial); the Fano factor is estimated over
    the vacancies of thirty cells."""
    mean = 4 * exp(rng.normal(0, 0.5))
    others = [rng.negative_binomial(2, 2 / (2 + mean), size=max(n, 30)).tolist() for _ in range(9)]
    fano = inflation(others, weeks=1)
    seen = int(rng.negative_binomial(2, 2 / (2 + mean), size=n).sum())
    return applicants_per_vacancy(seen, n, dispersion=fano), log(mean)


def grown(rng: Rng, n: int) -> Trial:
    """65 weeks, about n vacancies in the last 13, in bunches and with correlated weeks."""
    now, before = (n / WEEKS * exp(rng.normal(0, 0.4)) for _ in range(2))
    rates = np.full((13, YEAR + WEEKS), before)
    rates[0, YEAR:] = now
    own, *cells = weeks_of(rng, rates).tolist()
    found = growth(own, inflated=inflation(cells))
    return found, log((now + 0.5) / (before + 0.5))


def weeks_of(rng: Rng, rates: np.ndarray) -> np.ndarray:
    """Cells × weeks: autoregressive log rates (0.5 from week to week, spread 0.2) about `rates`."""
    wave = np.zeros(rates.shape)
    steps = rng.normal(0, 0.2 * 0.75**0.5, size=rates.shape)
    for week in range(1, rates.shape[1]):
        wave[:, week] = 0.5 * wave[:, week - 1] + steps[:, week]
    return bunched(rng, rates * np.exp(wave - 0.02), rates.shape)


def paid(rng: Rng, n: int) -> Trial:
    """Log-normal pay, a third of it between employers; the largest one posts a quarter."""
    employers = np.where(rng.random(n) < 0.25, 1, rng.integers(2, 3 * n + 2, size=n))
    effects = rng.normal(0, (1 / 3) ** 0.5, size=3 * n + 2)
    noise = rng.normal(0, (2 / 3) ** 0.5, size=n)
    values = np.exp(15 + 0.5 * (effects[employers] + noise))
    pays = [Pay(lower=v, upper=v, employer=int(e)) for v, e in zip(values, employers, strict=True)]
    return median_pay(pays, correlation=1 / 3), exp(15)


def risen(rng: Rng, n: int) -> Trial:
    """n postings over both periods; occupations, sources and employers differ in pay."""
    rate, jobs = rng.normal(0.05, 0.1), rng.integers(0, 3, size=n)
    sources, employers = rng.integers(0, 2, size=n), rng.integers(1, n, size=n)
    now = rng.permutation(n) % 2 == 0
    pay = 15 + rng.normal(0, 0.4, 3)[jobs] + rng.normal(0, 0.1, 2)[sources] + rate * now
    pay = pay + rng.normal(0, 0.15, n)[employers] + rng.standard_t(4, size=n) * 0.25
    offers = [
        Offer(
            pay=exp(pay[i]), now=bool(now[i]), occupation=str(jobs[i]), source=str(sources[i]),
            employer=int(employers[i]),
        )
        for i in range(n)
    ]  # fmt: skip
    return wage_growth(offers, None, seed=int(rng.integers(2**31))), rate


def spells(rng: Rng, ends: int, scale: float) -> list[Spell]:
    """Log-normal times advertised, watched until `ends` of them ended: a third is entered late, a
    fifth is censored at random, ends are known to a day."""
    made: list[Spell] = []
    closed = 0
    while closed < ends:
        days = float(rng.lognormal(log(scale), 0.8))
        entry = float(rng.uniform(0, 20)) if rng.random() < 1 / 3 else 0.0
        until = float(rng.exponential(4 * scale)) + entry
        if days <= entry:
            continue
        made.append(spell_of(len(made), entry, days, until))
        closed += made[-1].ended_before is not None
    return made


def spell_of(number: int, entry: float, days: float, until: float) -> Spell:
    ended = days <= until
    crawl = float(int(days)) if ended else until
    return Spell(
        vacancy_id=str(number), number=0, province="LA-VT", isco08="2512", source_id="a",
        started_after=0, started_before=0, entered_at=int(entry * DAY_MS),
        ended_after=int(max(crawl, entry) * DAY_MS),
        ended_before=int((crawl + 1) * DAY_MS) if ended else None,
        status=SpellStatus.CLOSED if ended else SpellStatus.OPEN,
    )  # fmt: skip


def _true_mean_60(scale: float) -> float:
    """∫₀⁶⁰ S(t) dt of the log-normal, by the trapezoid rule."""
    from scipy.stats import lognorm

    times = np.linspace(0, 60, 601)
    return float(np.trapezoid(lognorm.sf(times, 0.8, scale=scale), times))


def lasted_median(rng: Rng, n: int) -> Trial:
    scale = 18 * exp(rng.normal(0, 0.2))
    return median_duration(spells(rng, n, scale), fewest=FEWEST_CLOSURES), scale


def lasted_mean(rng: Rng, n: int) -> Trial:
    scale = 18 * exp(rng.normal(0, 0.2))
    return mean_duration(spells(rng, n, scale), fewest=FEWEST_CLOSURES), _true_mean_60(scale)


def lasted_relative(rng: Rng, n: int) -> Trial:
    """A tenth of the nation; the rest of it lasts 18 days at the median."""
    scale = 18 * exp(rng.normal(0, 0.2))
    own, rest = spells(rng, n, scale), spells(rng, min(9 * n, 300), 18)
    share = len(own) / (len(own) + len(rest))
    mine = _true_mean_60(scale)
    nation = share * mine + (1 - share) * _true_mean_60(18)
    return relative_duration(own, [*own, *rest]), log(mine / nation)


def _sides(rng: Rng, n: int) -> tuple[Sides, Sides]:
    common = rng.dirichlet(np.full(8, 2.0))
    p, q = (rng.dirichlet(common * 8 * 5.0) for _ in range(2))
    drawn = rng.multinomial(n, p), rng.multinomial(20 * n, q)
    truth = Sides(
        vacancies=tuple(p), unemployed=tuple(q), vacancies_total=1.0, unemployed_total=1.0
    )
    return sides_of([(float(v), float(u)) for v, u in zip(*drawn, strict=True)]), truth


def mismatch_worlds(drawn: Callable[[Rng, int], tuple[Sides, Sides]]) -> dict[str, World]:
    """Şahin's index and turnover, of sides as seen and in truth."""

    def matched(rng: Rng, n: int) -> Trial:
        seen, truth = drawn(rng, n)
        return sahin(seen, seed=int(rng.integers(2**31))), unmatched(truth)

    def turned(rng: Rng, n: int) -> Trial:
        seen, truth = drawn(rng, n)
        return turnover(seen, seed=int(rng.integers(2**31))), turnover_of(truth)

    return {"mismatch_sahin": matched, "mismatch_turnover": turned}


WORLDS: Final[dict[str, World]] = {
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
