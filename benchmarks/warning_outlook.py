"""Is P(shortage within 12 weeks) what it says? Against simulated markets, beside simpler answers.

Percentiles are frozen on one market and used on another. In truth a shortage comes if the true
components score 2 or more 4, 8 or 12 weeks ahead, by the percentiles of true ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from alerts.forecasts.course import Course, course_of
from alerts.forecasts.replay import replay
from alerts.forecasts.shortage import MARKS, Counted, shortage_within
from alerts.forecasts.weekly import AHEADS, YEAR
from alerts.indicators.shortage import SHORTAGE_FROM, Component, Cuts, cuts_of, points, shortage
from alerts.indicators.shrinking import dispersed, shrunk
from benchmarks.report import Figure
from benchmarks.shortage_paths import PAST, Moving, moving
from benchmarks.warning_shortage import Case, brier, by_density, calibration_error, reliability

_CELLS: Final = {False: 150, True: 48}
_MARKETS: Final = {False: 8, True: 1}
_YEAR: Final = 2026
_TOLD_FROM: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One cell that could be assessed."""

    case: Case
    """`unshrunk` holds P(shortage) of today, said of the weeks to come."""
    short_now: bool
    covered: bool
    """Whether the range of P spans more than nothing."""


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Brier score beside baselines, calibration, precision of what would be told."""
    rng = np.random.default_rng([seed, 12])
    found: list[Outlook] = []
    for number in range(_MARKETS[quick]):
        found += outlooks_of(moving(rng, 3 * _CELLS[False]), moving(rng, _CELLS[quick]), number)
    table = reliability([each.case for each in found])
    return _figures(found), {"tables": {"Reliability of P(shortage within 12 weeks)": table}}


def outlooks_of(frozen: Moving, now: Moving, seed: int) -> list[Outlook]:
    """Every cell of `now` that can be assessed, by the percentiles of `frozen`."""
    drawn = {n: _cuts(list(dispersed(each).values())) for n, each in frozen.measured.items()}
    true = {n: _cuts([float(v) for v in each[:, 0]]) for n, each in frozen.truth.items()}
    values = {name: shrunk(each) for name, each in now.measured.items()}
    counted = Counted(age_days=now.age_days, drift=now.drift)
    nation, found = _course(now.weekly.sum(axis=0)), []
    for cell, density in enumerate(now.density):
        parts = {name: each[cell] for name, each in values.items() if cell in each}
        today = shortage(parts, drawn, n=20, seed=seed)
        if today.probability.value is None:
            continue
        told = shortage_within(
            parts, drawn, cell=_course(now.weekly[cell]), nation=nation, counted=counted, n=20,
            seed=seed,
        )  # fmt: skip
        if told.value is None:
            continue
        case = Case(
            density=density, probability=told.value, unshrunk=today.probability.value,
            over=(today.score.value or 0.0) >= SHORTAGE_FROM,
            short=any(_is_short(now, true, list(parts), cell, mark) for mark in MARKS),
        )  # fmt: skip
        found.append(
            Outlook(
                case=case, short_now=_is_short(now, true, list(parts), cell, 0),
                covered=(told.upper or 0.0) > (told.lower or 0.0),
            )
        )  # fmt: skip
    return found


def _cuts(values: Sequence[float]) -> Cuts:
    cuts = cuts_of(values, _YEAR)
    if cuts is None:
        raise ValueError(f"{len(values)} cells are too few for percentiles")
    return cuts


def _course(weekly: np.ndarray) -> Course | None:
    values = [float(n) for n in weekly]
    phases = [week % YEAR for week in range(PAST)]
    done = replay(phases, values, period=YEAR, aheads=AHEADS)
    return course_of(values, done.forecaster.forecasts(), MARKS)


def _is_short(
    now: Moving, true: dict[Component, Cuts], told: Sequence[Component], cell: int, week: int
) -> bool:
    scored = [points(name, float(now.truth[name][cell, week]), true[name]) for name in told]
    return sum(scored) / len(scored) >= SHORTAGE_FROM


def _figures(found: Sequence[Outlook]) -> list[Figure]:
    cases = [each.case for each in found]
    truths = [case.short for case in cases]
    rate = float(np.mean(truths))
    sure = [case.short for case in cases if case.probability >= _TOLD_FROM]
    fresh = [each.case for each in found if each.case.unshrunk < 0.5]
    arrives = [case.short for case in fresh]
    about = f"of {len(cases)} cells of simulated markets that move"
    return [
        Figure(key="shortage_12w_brier", value=brier([c.probability for c in cases], truths),
               about=f"P(shortage within 12 weeks): mean squared error {about}",
               goal="below its baselines"),
        Figure(key="shortage_12w_brier_base_rate", value=brier([rate] * len(cases), truths),
               about="baseline: the share of cells that come to be short, said of every cell"),
        Figure(key="shortage_12w_brier_today", value=brier([c.unshrunk for c in cases], truths),
               about="baseline: today's P(shortage), as if nothing moved"),
        Figure(key="shortage_12w_calibration_error", value=calibration_error(cases),
               about="mean |P − share that comes to be short| over tenths of P"),
        Figure(key="shortage_12w_fresh_brier",
               value=brier([c.probability for c in fresh], arrives) if fresh else 0.0,
               about=f"the same of {len(fresh)} cells whose P(shortage) is below 0.5 today; base "
               f"rate {brier([float(np.mean(arrives))] * len(fresh), arrives):.3f}, today's P "
               f"{brier([c.unshrunk for c in fresh], arrives):.3f}"),
        Figure(key="shortage_12w_precision", value=float(np.mean(sure)) if sure else 0.0,
               about=f"of {len(sure)} cells with P ≥ {_TOLD_FROM}, those that came to be short",
               goal="at least 0.8"),
        *by_density(cases, "shortage_12w_"),
    ]  # fmt: skip
