"""Count series under the count detector; sparse ones are answered by the sum above them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from alerts.calendar import holiday
from alerts.detectors import Change, CountDetector
from alerts.episode import Episode
from alerts.parameters import DetectorParameters
from alerts.series.found import Answer, Found, Method, Stage, Watched, severity_by_ratio
from alerts.series.table import Point, Series
from alerts.severity import Severity
from alerts.signal import Direction, measure

SPARSE: float = 0.5
"""Events a day below which one series alone is not answered (METHODS section 4)."""
RENEWED_DAYS = 21
"""A worsening so long after the last alarm of its episode is told as an alarm of its own."""
_STAGES = {
    Change.RISE: Stage.ALARM,
    Change.FALL: Stage.ALARM,
    Change.WORSENED: Stage.UPDATE,
    Change.RETURNED: Stage.OVER,
    Change.ABSORBED: Stage.OVER,
}


def watch_counts(one: Series, parameters: DetectorParameters, *, holidays: bool) -> Watched:
    """What the count detector finds in a daily series.

    Args:
        holidays: leave days that are holidays in Laos out; costs a few days of evidence a year
            where they are none.
    """
    detector = CountDetector(parameters)
    found = tuple(changes(one.name, one.points, detector, holidays=holidays))
    if len(one.points) <= parameters.minimum_history:
        answer = Answer.TOO_SHORT
    else:
        rate = sum(value for _, value in one.points) / len(one.points)
        answer = Answer.INSUFFICIENT if rate < SPARSE else Answer.WATCHED
    kept = found if answer is Answer.WATCHED else ()
    return Watched(series=one.name, answer=answer, points=len(one.points), found=kept)


def changes(
    name: str, points: Iterable[Point], detector: CountDetector, *, holidays: bool
) -> Iterator[Found]:
    """Alarms, and what became of them, strictly online.

    Args:
        name: of the series.
        points: counts, at least 0, by ascending day; a missing day was not observed.
        detector: feeds on them.
        holidays: leave Lao holidays out.
    """
    told = date.min
    for day, count in points:
        masked = holidays and _is_holiday(day)
        before = detector.episode
        step = detector.observe(day, count, 0.0 if masked else 1.0)
        episode = detector.episode or before
        if step.change is Change.SILENCE:
            yield _silence(name, day, detector)
            continue
        if step.change not in _STAGES or episode is None:
            continue
        stage = _STAGES[step.change]
        if stage is Stage.UPDATE and (day - told).days >= RENEWED_DAYS:
            stage = Stage.ALARM
        told = day if stage is Stage.ALARM else told
        yield _told(name, stage, day, episode, detector)


@lru_cache(maxsize=16_384)
def _is_holiday(day: date) -> bool:
    return holiday(day) is not None


def _told(name: str, stage: Stage, day: date, episode: Episode, detector: CountDetector) -> Found:
    size = measure(
        episode.observed, episode.expected, detector.expectation.dispersion, episode.weight
    )
    return Found(
        series=name,
        stage=stage,
        detected_on=day,
        onset_on=date.fromordinal(episode.onset),
        direction=Direction.UP if episode.up else Direction.DOWN,
        size=size.ratio,
        lower=size.lower,
        upper=size.upper,
        is_ratio=True,
        severity=severity_by_ratio(size.ratio, size.lower, size.upper),
        method=Method.COUNTS,
        score=episode.score / detector.threshold,
        evidence=f"{episode.observed:.0f} seen, {episode.expected:.0f} expected since the onset",
    )


def _silence(name: str, day: date, detector: CountDetector) -> Found:
    since = date.fromordinal(detector.silent_since)
    return Found(
        series=name, stage=Stage.SILENCE, detected_on=day, onset_on=since,
        direction=Direction.DOWN, size=0.0, lower=0.0, upper=0.0, is_ratio=True,
        severity=Severity.MINOR, method=Method.COUNTS, score=1.0,
        evidence=f"nothing since {since}: look at the collection first",
    )  # fmt: skip


def parents(series: Sequence[Series]) -> list[Series]:
    """Sums over all series, and over each group of the first key where there are several keys."""
    if len(series) < 2:
        return []
    groups: dict[str, list[Series]] = defaultdict(list)
    groups["(all)"] = list(series)
    if len(series[0].key) > 1:
        for one in series:
            groups[f"{one.key[0]} / (all)"].append(one)
    return [
        Series(name=name, key=(name,), points=_summed(members))
        for name, members in sorted(groups.items())
        if len(members) > 1 and (name == "(all)" or len(members) < len(series))
    ]


def _summed(members: Sequence[Series]) -> tuple[Point, ...]:
    total: dict[date, float] = defaultdict(float)
    seen: dict[date, int] = defaultdict(int)
    for one in members:
        for day, value in one.points:
            total[day] += value
            seen[day] += 1
    # A day on which part of the children is missing would look like a fall of the sum.
    return tuple((day, total[day]) for day in sorted(total) if seen[day] == len(members))


def with_zeros(series: Sequence[Series], step: int = 1) -> list[Series]:
    """Series of a table that never writes a zero but leaves days out: those days counted zero.

    Args:
        step: days from one date to the next; dates that do not keep it are left as they are.
    """
    if any(value == 0.0 for one in series for _, value in one.points):
        return list(series)
    days = sorted({day for one in series for day, _ in one.points})
    first, last = days[0], days[-1]
    if any((day - first).days % step for day in days):
        return list(series)
    span = [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]
    if sum(len(one.points) for one in series) > 0.95 * len(series) * len(span):
        return list(series)
    filled = []
    for one in series:
        known = dict(one.points)
        points = tuple((day, known.get(day, 0.0)) for day in span)
        filled.append(Series(name=one.name, key=one.key, points=points))
    return filled
