"""How long vacancies are advertised and whether they come again. Pure but for the evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

from alerts.indicators.duration import mean_duration, median_duration
from alerts.indicators.estimate import Estimated
from alerts.indicators.reposts import Closed, prior_of, repost_rate
from alerts.releases.cells import Place, Sample, places_of
from alerts.releases.counts import places
from alerts.releases.evidence import Evidence
from alerts.releases.figure import Figure, by_place, rolled_up
from alerts.releases.plan import Kind, Period
from warehouse.spells import DAY_MS, Spell

COHORT_DAYS: Final = 182
"""Vacancies opened in the half-year up to the period's end are looked at."""
REPOST_DAYS: Final = 90
DURATION: Final = "duration_median"
MEAN_60: Final = "duration_mean_60"
REPOSTS: Final = "repost_rate"


def advertised_figures(evidence: Evidence, period: Period) -> list[Figure]:
    """Median and restricted mean of the time advertised, and the re-post rate, of every cell."""
    first = period.last - timedelta(days=COHORT_DAYS - 1)
    began = first - timedelta(days=REPOST_DAYS + 31)
    spells = evidence.spells(began, period.last)
    employers = evidence.employers(began, period.last)
    recent = [spell for spell in spells if _day(spell.entered_at) >= first]
    held, cells = _by_cell(recent), places(Kind.DAILY)
    behind = _behind(recent, employers)
    found: list[Figure] = []
    for indicator, of in ((DURATION, median_duration), (MEAN_60, mean_duration)):
        estimate = partial(_estimate, of, held)
        found += rolled_up(by_place(indicator, period.first, behind, cells, estimate))
    return found + _reposts(spells, employers, period, cells)


def _estimate(
    of: Callable[[Sequence[Spell]], Estimated], held: Mapping[Place, list[Spell]], place: Place
) -> Estimated:
    return of(held.get(place, []))


def _reposts(
    spells: Sequence[Spell], employers: Mapping[str, int], period: Period, cells: Sequence[Place]
) -> list[Figure]:
    """Of vacancies closed in the half-year that ended 90 days before: those advertised again."""
    closed = _closed(spells, period.last - timedelta(days=REPOST_DAYS))
    counts: dict[Place, list[int]] = defaultdict(lambda: [0, 0])
    for spell, again in closed:
        for place in _places(spell):
            counts[place][0] += again
            counts[place][1] += 1
    told = {place: Closed(reposted=n[0], closed=n[1]) for place, n in counts.items()}
    prior = prior_of([told[place] for place in sorted(told) if place.province and place.isco1])
    behind = _behind([spell for spell, _ in closed], employers)
    nothing = Closed(reposted=0, closed=0)
    return list(
        rolled_up(
            by_place(
                REPOSTS, period.first, behind, cells,
                lambda place: repost_rate(told.get(place, nothing), prior),
            )
        )
    )  # fmt: skip


def _closed(spells: Sequence[Spell], until: date) -> list[tuple[Spell, bool]]:
    """Spells that ended in the cohort up to `until`, and whether the next began within 90 days."""
    since = until - timedelta(days=COHORT_DAYS - 1)
    following = {(spell.vacancy_id, spell.number): spell for spell in spells}
    found = []
    for spell in spells:
        if spell.ended_before is None or not since <= _day(spell.ended_before) <= until:
            continue
        after = following.get((spell.vacancy_id, spell.number + 1))
        again = after is not None and after.entered_at - spell.ended_before <= REPOST_DAYS * DAY_MS
        found.append((spell, again))
    return found


def _by_cell(spells: Iterable[Spell]) -> Mapping[Place, list[Spell]]:
    found: dict[Place, list[Spell]] = defaultdict(list)
    for spell in spells:
        for place in _places(spell):
            found[place].append(spell)
    return found


def _behind(spells: Iterable[Spell], employers: Mapping[str, int]) -> dict[Place, Sample]:
    """Employers and sources of the spells that ended, which are what a duration rests on."""
    found: dict[Place, Sample] = defaultdict(Sample)
    for spell in spells:
        if spell.ended_before is None:
            continue
        employer = employers.get(spell.vacancy_id, 0)
        for place in _places(spell):
            sample = found[place]
            sample.n += 1
            sample.by_source[spell.source_id] += 1
            if employer:
                sample.by_employer[employer] += 1
    return dict(found)


def _places(spell: Spell) -> tuple[Place, ...]:
    return places_of(spell.province, spell.isco08[:1], "")


def _day(at: int) -> date:
    return datetime.fromtimestamp(at / 1000, UTC).date()
