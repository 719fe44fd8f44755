"""The detector of indices on 154 real job-posting indices, and of months on 13 real ratios.

Parameters were set on every second series by name; all figures are of the others. Baselines get
the threshold that gives our rate of false alarms on the first half.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from alerts.series.columns import Wanted
from alerts.series.common import common_course
from alerts.series.found import Found, Stage
from alerts.series.index_detector import AMONG, DEFAULT, IndexParameters
from alerts.series.indexed import watch_index
from alerts.series.table import Frequency, Kind, Series
from alerts.severity import Severity
from alerts.signal import Direction
from benchmarks.index_baselines import BASELINES, alarms_of, calibrate
from benchmarks.index_definitions import by_definition, later
from benchmarks.index_truth import WITHIN, Alarm, Array, Judged, Truth, judge, truth_of
from benchmarks.report import Figure
from labourwatch.evaluating import read_series

_DATA: Final = Path(__file__).parent / "data"
_QUICK: Final = 12
_DRAWS: Final = 400
_GOALS: Final = {"covid": "1.0 within 7 d at ≤ .2", "boom": "≥ .75 within 6 weeks",
                 "downturn": "≥ .70 within 4 weeks"}  # fmt: skip
_STRICT: Final = 1.3
"""Thresholds times this give .2 false alarms a series-year on the half that set them."""
_SWEPT: Final = (0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3)
_MONTHLY: Final = {
    "gfc": (date(2008, 1, 1), date(2009, 3, 1), "down"),
    "covid": (date(2020, 3, 1), date(2020, 5, 1), "down"),
    "boom": (date(2021, 1, 1), date(2021, 8, 1), "up"),
}
"""Months in which an alarm finds the event: two after its known turn, the GFC's differing most."""
_TRUTHS: Final[dict[str, Truth]] = {}
"""Truth by series, which every method is judged by: worked out once."""


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Recall, delay and false alarms beside baselines; with `quick`, on twelve series."""
    table = read_series(_DATA / "indeed_indices.csv.gz", Wanted(), Kind.INDEX, Frequency.DAILY)
    names = sorted(table.series, key=lambda one: one.name)
    known, fresh = names[::2], names[1::2]
    if quick:
        known, fresh = list(islice(known, 0, None, 7))[:_QUICK], fresh[:: len(fresh) // _QUICK]
    own = _rate(map(_judged, known, _ours(known)))
    told, apart = _ours(fresh), _ours(fresh, parameters=DEFAULT)
    ours, alone = list(map(_judged, fresh, told)), list(map(_judged, fresh, apart))
    grave = list(map(_judged, fresh, _ours(fresh, Severity.SEVERE)))
    strict = list(map(_judged, fresh, _ours(fresh, parameters=AMONG.stricter(_STRICT))))
    theirs = _baselines(known, fresh, own)
    best = max(theirs, key=lambda name: _mean_recall(theirs[name]))
    advantage = _paired(ours, theirs[best], seed)
    figures = [*_figures(ours, grave), *_strict_figures(strict), *_monthly_figures()]
    figures.append(
        Figure(key="indices_best_baseline", about="best baseline on indices at our false alarms",
               value=f"{best}: mean recall {_mean_recall(theirs[best]):.2f} against "
                     f"{_mean_recall(ours):.2f}, difference {advantage[0]:+.2f} "
                     f"({advantage[1]:+.2f} to {advantage[2]:+.2f})")
    )  # fmt: skip
    methods = {"among the others": told, "each alone": apart}
    truths = [_truth(one.name, one) for one in fresh]
    judged = {"ours": ours, "ours, each series alone": alone, **theirs}
    more = {
        "tables": {
            "Real indices by what is taken for the onset": by_definition(
                truths, list(map(_logs, fresh)), methods
            ),
            "Real indices by time allowed, and by the calendar": later(truths, methods),
            "Real indices by strictness: thresholds of the service times": _curve(known, fresh),
        },
        "indices": {name: _summary(judged) for name, judged in judged.items()},
        "indices_by_kind": {
            kind: _summary(
                [j for one, j in zip(fresh, ours, strict=True) if one.name.startswith(kind)]
            )
            for kind in ("country", "region", "sector")
        },
        "indices_parameters_set_on": [one.name for one in known],
    }
    return figures, more


def _logs(one: Series) -> Array:
    return np.log([value for _, value in one.points])


def _ours(
    series: Sequence[Series], least: Severity = Severity.MINOR, parameters: IndexParameters = AMONG
) -> list[list[Alarm]]:
    """Alarms of each series, as of one table; with `DEFAULT`, of each by itself."""
    common = {} if parameters is DEFAULT else common_course(series)
    return [
        [
            (f.detected_on, 1 if f.direction is Direction.UP else -1)
            for f in watch_index(one, Frequency.DAILY, Kind.INDEX, parameters, common).found
            if f.stage is Stage.ALARM and f.severity.rank >= least.rank
        ]
        for one in series
    ]


def _curve(known: Sequence[Series], fresh: Sequence[Series]) -> list[dict[str, Any]]:
    """Recall of each event against false alarms, thresholds swept, on both halves."""
    return [
        {"thresholds times": factor, "half": half, "false a year": round(_rate(judged), 3)}
        | {event: round(_recall(judged, event), 3) for event in WITHIN}
        for half, series in (("the one that sets", known), ("the other", fresh))
        for factor in _SWEPT
        for judged in [list(map(_judged, series, _ours(series, parameters=AMONG.stricter(factor))))]
    ]


def _judged(one: Series, alarms: list[Alarm]) -> Judged:
    return judge(_truth(one.name, one), alarms)


def _truth(name: str, one: Series) -> Truth:
    if name not in _TRUTHS:
        _TRUTHS[name] = truth_of(one.points[0][0], _logs(one))
    return _TRUTHS[name]


def _baselines(
    known: Sequence[Series], fresh: Sequence[Series], wanted: float
) -> dict[str, list[Judged]]:
    outcomes = {}
    for name, score in BASELINES.items():
        scores = [score(_logs(one)) for one in known]

        def judged(threshold: float, scores: Sequence[Array] = tuple(scores)) -> float:
            return _rate(
                _judged(one, alarms_of(one.points[0][0], s, threshold))
                for one, s in zip(known, scores, strict=True)
            )

        threshold = calibrate(scores, judged, wanted)
        outcomes[name] = [
            _judged(one, alarms_of(one.points[0][0], score(_logs(one)), threshold)) for one in fresh
        ]
    return outcomes


def _rate(judged: Any) -> float:
    outcomes = list(judged)
    years = sum(j.years for j in outcomes)
    return sum(j.false for j in outcomes) / years if years else float("nan")


def _recall(judged: Sequence[Judged], event: str) -> float:
    delays = [j.delays[event] for j in judged if event in j.delays]
    return sum(d is not None for d in delays) / len(delays) if delays else float("nan")


def _mean_recall(judged: Sequence[Judged]) -> float:
    return float(np.nanmean([_recall(judged, event) for event in WITHIN]))


def _delay(judged: Sequence[Judged], event: str) -> float:
    delays = [d for j in judged if (d := j.delays.get(event)) is not None]
    return float(median(delays)) if delays else float("nan")


def _summary(judged: Sequence[Judged]) -> dict[str, float | None]:
    years = sum(j.years for j in judged)
    found: dict[str, float] = {f"{event}_recall": _recall(judged, event) for event in WITHIN}
    found |= {f"{event}_delay_days": _delay(judged, event) for event in WITHIN}
    found |= {
        "false_per_year": _rate(judged),
        "unannounced_per_year": sum(j.unannounced for j in judged) / years,
        "alarms_per_year": sum(j.alarms for j in judged) / years,
    }
    return {key: round(v, 3) if np.isfinite(v) else None for key, v in found.items()}


def _paired(
    ours: Sequence[Judged], theirs: Sequence[Judged], seed: int
) -> tuple[float, float, float]:
    """Difference of mean recalls; 95 % by resampling series, the same for both."""
    rng = np.random.default_rng(seed)
    n, values = len(ours), []
    for _ in range(_DRAWS):
        chosen = rng.integers(n, size=n)
        values.append(
            _mean_recall([ours[i] for i in chosen]) - _mean_recall([theirs[i] for i in chosen])
        )
    low, high = np.nanquantile(values, (0.025, 0.975))
    return _mean_recall(ours) - _mean_recall(theirs), float(low), float(high)


def _figures(ours: Sequence[Judged], grave: Sequence[Judged]) -> list[Figure]:
    figures = []
    for event, days in WITHIN.items():
        n = sum(event in j.delays for j in ours)
        figures.append(
            Figure(key=f"{event}_recall", value=_recall(ours, event), goal=_GOALS[event],
                   about=f"share of {n} series whose {event} was told within {days} days")
        )  # fmt: skip
    years = sum(j.years for j in ours)
    return [
        *figures,
        Figure(key="covid_delay_days", value=_delay(ours, "covid"), about="median, from 4 % down"),
        Figure(key="real_false_per_year", value=_rate(ours), goal="≤ .5",
               about="alarms without a move of 10 % their way within the quarter, a series-year"),
        Figure(key="real_unannounced_per_year", value=sum(j.unannounced for j in ours) / years,
               about="alarms outside the windows of the known events, a series-year"),
        Figure(key="real_severe_false_per_year", value=_rate(grave), goal="≤ .2",
               about="the first of these, of severe alarms only"),
        Figure(key="covid_recall_severe", value=_recall(grave, "covid"),
               about="share told as severe within 7 days"),
    ]  # fmt: skip


def _strict_figures(strict: Sequence[Judged]) -> list[Figure]:
    about = f"with thresholds times {_STRICT:g}"
    return [
        Figure(key="covid_recall_strict", value=_recall(strict, "covid"), goal="1.0",
               about=f"share told within 7 days {about}"),
        Figure(key="real_false_per_year_strict", value=_rate(strict), goal="≤ .2",
               about=f"false alarms a series-year {about}"),
    ]  # fmt: skip


def _monthly_figures() -> list[Figure]:
    table = read_series(_DATA / "us_industry_uv.csv.gz", Wanted(value="vacancies"), None, None)
    unemployed = read_series(
        _DATA / "us_industry_uv.csv.gz", Wanted(value="unemployed"), None, None
    )
    ratios = [_ratio(v, u) for v, u in zip(table.series, unemployed.series, strict=True)]
    found = {one.name: watch_index(one, Frequency.MONTHLY).found for one in ratios}
    recall = {
        event: sum(_told(found[one.name], *window) for one in ratios) / len(ratios)
        for event, window in _MONTHLY.items()
    }
    quiet = sum(_is_quiet(f) for one in ratios for f in found[one.name])
    years = sum(len(one.points) / 12.0 for one in ratios)
    about = f"share of {len(ratios)} industries (US tightness), alarm within the event's months"
    return [
        *(Figure(key=f"monthly_{event}_recall", value=value, about=about, goal="1.0")
          for event, value in recall.items()),
        Figure(key="monthly_false_per_year", value=quiet / years, goal="≤ .22",
               about="alarms outside 2008 to mid-2010 and 2020 to 2021, a series-year"),
    ]  # fmt: skip


def _ratio(vacancies: Series, unemployed: Series) -> Series:
    below = dict(unemployed.points)
    points = tuple((day, (v + 0.5) / (below[day] + 0.5)) for day, v in vacancies.points)
    return Series(name=vacancies.name, key=vacancies.key, points=points)


def _told(found: Sequence[Found], begin: date, end: date, direction: str) -> bool:
    return any(begin <= f.detected_on <= end and f.direction.value == direction for f in found)


def _is_quiet(found: Found) -> bool:
    day = found.detected_on
    crisis = date(2008, 1, 1) <= day <= date(2010, 6, 30)
    pandemic = date(2020, 3, 1) <= day <= date(2021, 12, 31)
    return found.stage is Stage.ALARM and not crisis and not pandemic
