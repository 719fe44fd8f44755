"""The warehouse's own history replayed as of a moment, and judged: reads only, writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from clickhouse_connect.driver.client import Client

from alerts.assessed import EVIDENCE, RULES, WEEKS
from alerts.calendar import end_of_day
from alerts.cells import parse_cell
from alerts.coverage import Coverage
from alerts.evaluate import Planted
from alerts.evaluation.comparison import Compared
from alerts.evaluation.scoring import UNSCORED_DAYS
from alerts.evaluation.simulator import Simulated
from alerts.forecasts.pressure import FIRES
from alerts.indices.rules import RULES as WATCHED
from alerts.indices.rules import due_on
from alerts.panel import Panel
from alerts.parameters import Density, DetectorParameters
from alerts.replays.injected import Plan, into_openings, planted_among
from alerts.replays.methods import side_by_side
from alerts.replays.series import seen_days, series_of
from alerts.replays.service import Judged, Lived, Span, judge_service
from alerts.scorecard.truth import comparable, planted_of
from alerts.transition import Rules
from alerts.whatif.past import NoPastError, coverage_by
from alerts.whatif.policy import Policy, policy_of
from alerts.whatif.track import Known, Track
from warehouse.cuts import read_weeks
from warehouse.first_issues import read_first_issues
from warehouse.history import AlertRecord
from warehouse.labour_events import read_labour_events
from warehouse.openings import Opening, read_openings, stored_late
from warehouse.vintages import past_forecasts, past_weeks

LATE_DAYS: Final = 7
"""A vacancy stored so long after it was first seen came with an archive."""
_EVENTS: Final = 8
"""Planted in one round, at most."""


class Knowledge(StrEnum):
    """From when on something counts as known."""

    STORED = "stored"
    """From the moment on which the warehouse stored it."""
    SEEN = "seen"
    """From the day on which a source showed it: for a past that came with archives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is replayed."""

    as_of: datetime
    """Nothing that was stored later is used."""
    knowledge: Knowledge = Knowledge.STORED
    until: date | None = None
    """Last day; None: the last complete one."""
    rounds: int = 3
    """How often events are planted."""
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The outcome."""

    asked: Asked
    span: Span
    vacancies: int
    late: int
    """Of these stored more than `LATE_DAYS` after they were first seen."""
    registered: Judged
    injected: Judged
    methods: Mapping[Density, Sequence[Compared]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """Everything that a way through the past needs."""

    openings: Sequence[Opening]
    coverage: Coverage
    known: Known
    events: tuple[Planted, ...]
    first: int
    last: int


def replay_past(
    client: Client, asked: Asked, *, parameters: DetectorParameters, rules: Rules
) -> Replayed:
    """Live the past as it was known, then again with planted events, and judge.

    Raises:
        NoPastError: nothing was observed by then, or it was all stored long after it was seen.
    """
    past, late, vacancies = _read(client, asked)
    policy = policy_of(parameters, rules)
    panel = Panel(past.openings, past.coverage)
    first = date.fromordinal(past.first)
    series = series_of(seen_days(panel, past.first, past.last), first, past.events)
    span = _span(series, past)
    real = Lived(history=_live(past, panel, policy), asked=past.events, known=past.events)
    rounds = [_injected(past, series, policy, (asked.seed, turn)) for turn in range(asked.rounds)]
    return Replayed(
        asked=asked, span=span, vacancies=vacancies, late=late,
        registered=judge_service("registered", [real], span),
        injected=judge_service("injected", rounds, span),
        methods=side_by_side(series, parameters, rounds=asked.rounds, seed=asked.seed),
    )  # fmt: skip


def _read(client: Client, asked: Asked) -> tuple[_Past, int, int]:
    coverage = coverage_by(client, asked.as_of)
    complete, begun = coverage.complete_through(), coverage.first_day
    if complete is None or begun is None:
        raise NoPastError(f"nothing was observed by {asked.as_of:%Y-%m-%d %H:%M} UTC")
    last = min(complete, (asked.until or date.max).toordinal())
    since, until = date.fromordinal(begun), date.fromordinal(last)
    stored = asked.knowledge is Knowledge.STORED
    late, every = stored_late(client, since=since, until=until, days=LATE_DAYS, as_of=asked.as_of)
    if stored and 2 * late > every:
        raise NoPastError(
            f"{late} of {every} vacancies were stored more than {LATE_DAYS} days after they were "
            "first seen: that past came with archives, so that nothing was known then; "
            "replay what was seen with --known seen"
        )
    past = _Past(
        openings=read_openings(
            client, since=since, until=until, as_of=asked.as_of, stored=stored
        ),
        coverage=coverage, known=_known(client, asked, since),
        events=_events(client, asked.as_of, until), first=begun + 1, last=last,
    )  # fmt: skip
    return past, late, every


def _known(client: Client, asked: Asked, first: date) -> Known:
    marks = {name: rule.begins for name, rule in RULES.items()}
    since, stored = first - timedelta(weeks=WEEKS), asked.knowledge is Knowledge.STORED
    read = past_weeks if stored else read_weeks
    return Known(
        figures=read(client, marks=marks, beside=EVIDENCE, since=since, as_of=asked.as_of),
        by_issue=stored,
        first_issues=[
            row
            for row in read_first_issues(client, list(WATCHED), since=since, as_of=asked.as_of)
            if not stored or row.issue <= end_of_day(due_on(row))
        ],
        forecasts=past_forecasts(
            client, since=end_of_day(first), until=asked.as_of, least=FIRES
        ),
    )  # fmt: skip


def _events(client: Client, as_of: datetime, until: date) -> tuple[Planted, ...]:
    """Registered events, ends that lie ahead cut to the last day."""
    events = [planted_of(e) for e in comparable(read_labour_events(client, as_of=as_of))]
    return tuple(replace(e, end=min(e.end, until)) for e in events if e.start <= until)


def _span(series: Sequence[Simulated], past: _Past) -> Span:
    answered = [parse_cell(s.name) for s in series if s.density is not Density.SPARSE]
    return Span(
        first=date.fromordinal(past.first + UNSCORED_DAYS), last=date.fromordinal(past.last),
        cells=len(answered), provinces=len({cell.province for cell in answered}),
    )  # fmt: skip


def _live(past: _Past, panel: Panel, policy: Policy) -> list[AlertRecord]:
    track = Track(policy=policy)
    for day in range(past.first, past.last + 1):
        track.feed(day, panel, past.known)
    return track.history


def _injected(
    past: _Past, series: Sequence[Simulated], policy: Policy, seed: tuple[int, int]
) -> Lived:
    cells = [parse_cell(s.name) for s in series if s.density is not Density.SPARSE]
    plan = Plan(
        cells=[cell for cell in cells if cell.province or cell.isco1],
        first=date.fromordinal(past.first), last=date.fromordinal(past.last), known=past.events,
    )  # fmt: skip
    events = planted_among(plan, _EVENTS, seed)
    panel = Panel(into_openings(past.openings, events, (*seed, 1)), past.coverage)
    history = _live(past, panel, policy)
    return Lived(history=history, asked=events, known=(*past.events, *events))
