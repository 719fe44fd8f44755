"""A figure on its way into a release: computed, rolled up where too thin, graded, dated. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from alerts.indicators.counting import grade
from alerts.indicators.estimate import Estimated
from alerts.releases.cells import NATION, NOTHING, Place, Sample
from warehouse.series import Frequency, Observation, SeriesKey, Standing

LEAST_OBSERVED: Final = 0.7
"""Share of a period below which its figures are not told: as if two of seven days were missing."""
DIGITS: Final = 10
"""Significant digits of a published figure."""
_THIN: Final = frozenset({Standing.TOO_FEW, Standing.DOES_NOT_CONVERGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of one cell before it is published."""

    indicator: str
    place: Place
    time_value: date
    estimated: Estimated
    sample: Sample
    observed: float = 1.0
    """Share of the period that was seen (`Evidence.observed`)."""
    skill: str = ""
    answered: Place | None = None
    """The coarser cell that the figure is of, where its own is too thin."""


def levels_above(place: Place) -> tuple[Place, ...]:
    """Cells that may answer for `place`, the nearest first: the finer place comes before."""
    wider = [Place(place.province), Place("", place.isco1, place.isic), NATION]
    return tuple(dict.fromkeys(p for p in wider if p != place))


def rolled_up(figures: Iterable[Figure]) -> Iterator[Figure]:
    """The figures of one indicator and day, thin ones answered by the nearest cell that can.

    Only provinces and major groups are rolled up to: an answer names the two.
    """
    held = list(figures)
    told = {f.place: f for f in held if f.estimated.value is not None}
    for figure in held:
        above = [p for p in levels_above(figure.place) if not p.isic]
        answer = next((told[p] for p in above if p in told), None)
        if figure.estimated.standing in _THIN and answer is not None:
            estimated = replace(answer.estimated, standing=Standing.ROLLED_UP)
            yield replace(
                figure, estimated=estimated, sample=answer.sample, answered=answer.place,
                observed=answer.observed,
            )  # fmt: skip
        else:
            yield figure


def observation(
    figure: Figure, *, frequency: Frequency, issue: datetime, release_id: str
) -> Observation:
    """The figure as it is published."""
    estimated, sample, place = figure.estimated, figure.sample, figure.place
    told = estimated.value is not None
    answered = figure.answered or Place()
    return Observation(
        series=SeriesKey(
            indicator=figure.indicator, province=place.province, occupation=place.isco1,
            industry=place.isic, skill=figure.skill, frequency=frequency,
        ),
        time_value=figure.time_value,
        issue=issue,
        value=_told(estimated.value),
        n=max(estimated.n, 0),
        employers=sample.employers,
        lower=_told(estimated.lower),
        upper=_told(estimated.upper),
        grade=grade(estimated.n, sample.employers, figure.observed) if told else "",
        method=estimated.method,
        top_share=_told(sample.top_share),
        standing=estimated.standing,
        answered_province=answered.province,
        answered_occupation=answered.isco1,
        sources=sample.sources,
        release_id=release_id,
    )  # fmt: skip


def _told(number: float | None) -> float | None:
    """To ten significant digits: beyond them the order of additions may differ between machines."""
    return None if number is None else float(f"{number:.{DIGITS}g}")


def by_place(
    indicator: str,
    time_value: date,
    samples: Mapping[Place, Sample],
    places: Iterable[Place],
    estimate: Callable[[Place], Estimated],
    observed: float = 1.0,
) -> list[Figure]:
    """One figure for each place."""
    return [
        Figure(
            indicator=indicator, place=place, time_value=time_value, estimated=estimate(place),
            sample=samples.get(place, NOTHING), observed=observed,
        )
        for place in places
    ]  # fmt: skip
