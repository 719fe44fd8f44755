"""Lifetimes of vacancies against planted truth, with and without an outage of a source.

`measure` simulates boards whose vacancies have known times advertised, lets the service's crawl
run, frontier and register see them by schedule, and compares the median it tells with the true
one; beside it, what simpler ways of counting would have told from the same crawls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median
from typing import Any, Final

import numpy as np

from alerts.durations import Duration, duration
from alerts.survival import kaplan_meier
from alerts.survival import median as median_of
from benchmarks.lifetimes_demo import of_the_demonstration
from benchmarks.lifetimes_market import Plan, moment, true_mean_60, true_median
from benchmarks.lifetimes_watch import observe
from benchmarks.report import Figure
from warehouse.spells import DAY_MS, History, Spell, spells_of

_OUTAGE: Final = (70.0, 77.0)
_RESAMPLES: Final = 2000
_QUICK: Final = ("calm", "outage", "outage_not_frozen")
_SHORT: Final = ("calm", "outage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One simulated observation: what the service told, and what simpler ways would have."""

    told: Duration
    reposts: int
    simpler: dict[str, float | None]
    """Medians in days; `None` where a curve does not reach one half."""


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures of the lifetimes and, by law and circumstance, the details behind them."""
    repeats, vacancies = size = (4, 300) if quick else (40, 600)
    laws = ("lognormal",) if quick else ("lognormal", "weibull")
    details = {
        law: {
            name: _summary(trials, law, seed)
            for name, trials in _circumstances(law, seed, size, quick).items()
        }
        for law in laws
    }
    calm, outage = details["lognormal"]["calm"], details["lognormal"]["outage"]
    unfrozen = details["lognormal"]["outage_not_frozen"]
    at = f"{repeats} simulated observations of {vacancies} vacancies"
    figures = [
        Figure(
            key="duration_bias_days", value=calm["bias_days"], goal="near 0",
            about=f"told minus true median time advertised, mean of {at}; "
            f"95 % interval {_shown(calm['bias_interval'])}; truth {calm['true_median']:.1f} days",
        ),
        Figure(
            key="duration_bias_with_outage_days", value=outage["bias_days"], goal="near 0",
            about="the same with one of three boards out for 7 days; "
            f"95 % interval {_shown(outage['bias_interval'])}",
        ),
        Figure(
            key="duration_coverage", value=calm["coverage"], goal="0.95",
            about="share of observations whose 95 % interval of the median holds the truth; "
            f"mean of 60 days {calm['mean_60_coverage']:.2f}",
        ),
        Figure(
            key="duration_mean60_bias_days", value=calm["mean_60_bias_days"], goal="near 0",
            about="told minus true mean of the first 60 days",
        ),
        Figure(
            key="duration_naive_closed_only_bias_days", value=calm["simpler"]["closed_only"],
            about="median of the closed ones, dated by detection, minus true median",
        ),
        Figure(
            key="duration_naive_detection_day_bias_days", value=calm["simpler"]["detection_day"],
            about="Kaplan–Meier from first sight to the day of detection, minus true median",
        ),
        Figure(
            key="duration_naive_not_frozen_bias_days", value=unfrozen["bias_days"],
            about="our estimate if failed crawls counted as empty listings, minus true median; "
            f"re-posts made up by it: {unfrozen['reposts'] / max(outage['reposts'], 1):.1f} times "
            "the true ones",
        ),
    ]  # fmt: skip
    if quick:
        return figures, details
    demonstration = asyncio.run(of_the_demonstration(seed))
    told = demonstration["median"]
    figures.append(
        Figure(
            key="duration_bias_demonstration_days", goal="near 0",
            value=round(told["value"] - demonstration["true_median"], 3),
            about="the same for the demonstration's market, its pages and duplicates; 95 % "
            f"interval of the median {told['lower']:.1f} to {told['upper']:.1f}, "
            f"truth {demonstration['true_median']:.1f} days, {demonstration['n']} spells",
        )
    )  # fmt: skip
    return figures, {**details, "demonstration": demonstration}


def _shown(interval: Sequence[float]) -> str:
    return f"{interval[0]:+.2f} to {interval[1]:+.2f}"


def _circumstances(
    law: str, seed: int, size: tuple[int, int], quick: bool
) -> dict[str, list[Trial]]:
    repeats, vacancies = size
    calm = Plan(vacancies=vacancies, law=law)
    plans = {
        "calm": calm,
        "outage": replace(calm, outage=_OUTAGE),
        "outage_not_frozen": replace(calm, outage=_OUTAGE, frozen=False),
        "outage_of_all": replace(calm, outage=_OUTAGE, out=("dated", "renewing", "slow")),
        "first_weeks": replace(calm, days=45),
    }
    return {
        name: [_trial([seed, number], plan) for number in range(repeats)]
        for name, plan in plans.items()
        if name in (_SHORT if law == "weibull" else plans if not quick else _QUICK)
    }


def _trial(seed: Sequence[int], plan: Plan) -> Trial:
    seen = asyncio.run(observe(seed, plan))
    histories, watches = seen.histories(), seen.watches()
    spells = [spell for history in histories for spell in spells_of(history, watches)]
    return Trial(
        told=duration(spells),
        simpler={
            "closed_only": _closed_only(histories),
            "detection_day": _detection_day(histories, plan),
            "ignoring_truncation": duration(map(_entered_at_once, spells)).median.value,
        },
        reposts=sum(spell.number > 0 for spell in spells),
    )


def _closed_only(histories: Sequence[History]) -> float:
    """Median over what has closed, from first sight to the crawl that withdrew it."""
    return median(end - begun for begun, end in _sighted(histories) if end is not None)


def _detection_day(histories: Sequence[History], plan: Plan) -> float | None:
    """Open ones are censored at the end, but closings are dated by the crawl that withdrew."""
    over = moment(plan.days).timestamp() / 86_400
    pairs = list(_sighted(histories))
    lasted = [(over if end is None else end) - begun for begun, end in pairs]
    curve = kaplan_meier([0.0] * len(pairs), lasted, [end is not None for _, end in pairs])
    return median_of(curve).value


def _sighted(histories: Sequence[History]) -> Iterable[tuple[float, float | None]]:
    """First sight and detected end of each spell, in days since 1970."""
    for history in histories:
        changes = sorted(history.changes, key=lambda change: (change.at, -change.stock))
        for place, change in enumerate(changes):
            if change.stock > 0:
                after = changes[place + 1].at / DAY_MS if place + 1 < len(changes) else None
                yield change.at / DAY_MS, after


def _entered_at_once(spell: Spell) -> Spell:
    """The spell as if it had been watched from its beginning."""
    return replace(spell, entered_at=spell.started_after or spell.started_before)


def _summary(trials: Sequence[Trial], law: str, seed: int) -> dict[str, Any]:
    truth, truth_60 = true_median(law, seed), true_mean_60(law, seed)
    medians = [trial.told.median for trial in trials]
    means = [trial.told.mean_60 for trial in trials]
    errors = [m.value - truth for m in medians if m.value is not None]
    errors_60 = [m.value - truth_60 for m in means if m.value is not None]
    return {
        "true_median": round(truth, 2),
        "bias_days": round(mean(errors), 3),
        "bias_interval": _bootstrap(errors, seed),
        "error_sd_days": round(float(np.std(errors)), 3),
        "coverage": _covered(medians, truth),
        "true_mean_60": round(truth_60, 2),
        "mean_60_bias_days": round(mean(errors_60), 3),
        "mean_60_coverage": _covered(means, truth_60),
        "n": round(mean(trial.told.n for trial in trials), 1),
        "ends": round(mean(trial.told.ends for trial in trials), 1),
        "not_assessable": sum(m.value is None for m in medians),
        "reposts": round(mean(trial.reposts for trial in trials), 1),
        "simpler": {
            name: _mean_error([trial.simpler[name] for trial in trials], truth)
            for name in ("closed_only", "detection_day", "ignoring_truncation")
        },
    }


def _mean_error(told: Sequence[float | None], truth: float) -> float | None:
    known = [value for value in told if value is not None]
    return round(mean(known) - truth, 3) if known else None


def _covered(estimates: Sequence[Any], truth: float) -> float:
    held: Callable[[Any], bool] = lambda e: (  # noqa: E731
        (e.lower is None or e.lower <= truth) and (e.upper is None or truth <= e.upper)
    )
    return round(float(mean(map(held, estimates))), 3)


def _bootstrap(errors: Sequence[float], seed: int) -> tuple[float, float]:
    """95 % interval of the mean error, by resampling whole observations."""
    rng = np.random.default_rng([seed, 11])
    drawn = rng.choice(errors, size=(_RESAMPLES, len(errors))).mean(axis=1)
    lower, upper = np.quantile(drawn, (0.025, 0.975))
    return round(float(lower), 3), round(float(upper), 3)
