"""Reads the past from the warehouse and lives it again on tracks: what another policy had sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from clickhouse_connect.driver.client import Client

from alerts.assessed import EVIDENCE, WEEKS
from alerts.coverage import Coverage, coverage_from
from alerts.indices.rules import RULES as WATCHED
from alerts.panel import LOOK_BACK_DAYS, Panel
from alerts.parameters import DetectorParameters
from alerts.silences import silences_from
from alerts.transition import Rules
from alerts.whatif.comparison import WhatIf, compare
from alerts.whatif.policy import Changes, Policy, changed, policy_of
from alerts.whatif.track import Known, Track, acknowledged_in
from warehouse.cuts import read_weeks
from warehouse.deeds import read_silences
from warehouse.first_issues import read_first_issues
from warehouse.health import run_days
from warehouse.history import AlertRecord
from warehouse.openings import read_openings
from warehouse.scorecard import read_score_facts
from warehouse.vintages import past_forecasts

_BEGINNING: Final = date(2000, 1, 1)
_CHUNK_DAYS: Final = 200


class NoPastError(ValueError):
    """Nothing has been observed in that time."""


def what_if(
    client: Client, changes: Changes, *, parameters: DetectorParameters, rules: Rules,
    since: date, until: date, now: datetime,
) -> WhatIf:  # fmt: skip
    """What another policy would have told, beside today's and what was told. Writes nothing.

    Args:
        client: reads only.
        changes: of the policy.
        parameters: of the service's detectors.
        rules: of the service's alerts.
        since: first day that counts; days before are lived too, so that detectors know the past.
        until: last day; days that are not complete yet are left out.
        now: what is stored by then is used.

    Raises:
        alerts.whatif.policy.ChangeFaultError: the policy cannot be changed so.
        NoPastError: nothing has been observed by then.
    """
    today = policy_of(parameters, rules)
    other = changed(today, changes)
    facts = read_score_facts(client, as_of=now)
    tracks = (Track(policy=today), Track(policy=other))
    live(client, tracks, facts.history, until=until, now=now)
    return compare(
        facts, tracks[0].history, tracks[1].history, changes=changes, since=since, until=until,
        as_of=now, budgets=(today.rules.budget, other.rules.budget),
    )  # fmt: skip


def live(
    client: Client, tracks: Sequence[Track], history: Sequence[AlertRecord], *, until: date,
    now: datetime,
) -> None:  # fmt: skip
    """Live every complete day from the first observed one through `until`, on all tracks.

    Raises:
        NoPastError: nothing has been observed by then.
    """
    coverage = coverage_by(client, now)
    complete, first = coverage.complete_through(), coverage.first_day
    if complete is None or first is None or first >= min(complete, until.toordinal()):
        raise NoPastError(f"nothing has been observed through {until}")
    known = _known(client, [track.policy for track in tracks], history, first, now)
    for panel, days in _panels(client, coverage, first + 1, min(complete, until.toordinal())):
        for day in days:
            for track in tracks:
                track.feed(day, panel, known)


def coverage_by(client: Client, now: datetime) -> Coverage:
    """Which source was visited on which day, as known by `now`."""
    days = run_days(client, since=_BEGINNING, as_of=now)
    return coverage_from((d.source_id, d.day.toordinal(), d.ok > 0) for d in days)


def _panels(
    client: Client, coverage: Coverage, first: int, through: int
) -> Iterator[tuple[Panel, range]]:
    """Stretches of days, each with what it and the days it looks back on showed."""
    for start in range(first, through + 1, _CHUNK_DAYS):
        last = min(start + _CHUNK_DAYS - 1, through)
        since = date.fromordinal(start - LOOK_BACK_DAYS)
        openings = read_openings(client, since=since, until=date.fromordinal(last))
        yield Panel(openings, coverage), range(start, last + 1)


def _known(
    client: Client, policies: Sequence[Policy], history: Sequence[AlertRecord], first: int,
    now: datetime,
) -> Known:  # fmt: skip
    marks = {
        name: min(policy.assessed[name].begins for policy in policies)
        for name in policies[0].assessed
    }
    since = date.fromordinal(first) - timedelta(weeks=WEEKS)
    begin = datetime.combine(date.fromordinal(first), now.timetz())
    least = min(policy.forecast for policy in policies)
    return Known(
        figures=read_weeks(client, marks=marks, beside=EVIDENCE, since=since, as_of=now),
        first_issues=read_first_issues(client, list(WATCHED), since=_BEGINNING, as_of=now),
        forecasts=past_forecasts(client, since=begin, until=now, least=least),
        silences=tuple(silences_from(read_silences(client, as_of=now))),
        acknowledged=acknowledged_in(history),
    )
