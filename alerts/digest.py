"""What an office reads once a week: what fires, what ended, what was held back or not assessable.

Pure. A digest is of one route and, where the route names provinces, of one of them; it holds the
alerts that go this way, told or not, and never collection faults.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b

from alerts.alert import Alert, Hold, State
from alerts.calendar import end_of_day, local_day, week_start
from alerts.releases.plan import DigestTiming
from alerts.routing import NATION, Route, choose
from alerts.signal import Classification
from warehouse.series import Observation, Standing

_TOLD = frozenset({Standing.ASSESSABLE, Standing.ROLLED_UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who reads one digest."""

    route: Route
    area: str
    """ISO 3166-2:LA; `nation`: alerts of the whole country; "": all that the route is told."""

    def name(self, week: date) -> str:
        """The same for the same digest, however often it is sent."""
        named = blake2b(self.route.name.encode(), digest_size=4).hexdigest()
        year, number, _ = week.isocalendar()
        return f"digest.{named}.{self.area or 'all'}.{year}-W{number:02d}"

    def reads(self, alert: Alert, routes: Sequence[Route]) -> bool:
        """Whether the alert is among what it is told."""
        here = self.area in ("", alert.cell.province or NATION)
        fault = alert.kind is Classification.COLLECTION_FAULT
        return here and not fault and choose(routes, alert) is self.route


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One week of one audience."""

    audience: Audience
    week: date
    """Its Monday."""
    open: tuple[Alert, ...]
    """Firing or acknowledged, the gravest first; not those held back."""
    ended: tuple[Alert, ...]
    held: tuple[Alert, ...]
    """Open, and never told because the month's number was reached."""
    cells: int
    """Occupation groups that the week's release speaks of; 0: there is no such release."""
    unassessed: Mapping[Standing, int]
    """Of these, by reason, those of which a shortage cannot be judged."""

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.week + timedelta(days=6)


def audiences(routes: Iterable[Route]) -> Iterator[Audience]:
    """Everybody who reads digests: by e-mail, and of more than collection faults."""
    for route in routes:
        if "email" in route.channels and route.kind != Classification.COLLECTION_FAULT:
            for area in route.provinces or ("",):
                yield Audience(route=route, area=area)


def due_week(now: datetime, timing: DigestTiming) -> date | None:
    """Monday of the week whose digest is to be out by now; None where that is too long ago."""
    today = local_day(now)
    week = week_start(today - timedelta(days=7))
    for _ in range(3):
        at = timing.moment(week + timedelta(days=6))
        if at <= now:
            return week if now - at < timedelta(days=timing.catch_up_days) else None
        week -= timedelta(days=7)
    return None


def digest_of(
    audience: Audience, week: date, alerts: Iterable[Alert], routes: Sequence[Route],
    assessed: Iterable[Observation],
) -> Digest:  # fmt: skip
    """The digest of a week.

    Args:
        audience: who reads it.
        week: Monday.
        alerts: those that stand now or were resolved lately.
        routes: all, in order.
        assessed: the week's published P(shortage), of any cells.
    """
    ours = sorted(
        (alert for alert in alerts if audience.reads(alert, routes)),
        key=_order,
    )
    begins, ends = end_of_day(week - timedelta(days=1)), end_of_day(week + timedelta(days=6))
    standing = [a for a in ours if a.state in (State.FIRING, State.ACKNOWLEDGED)]
    held = [a for a in standing if a.hold is Hold.BUDGET_SPENT and not a.tellings]
    cells = [row for row in assessed if _is_of(row, audience.area)]
    return Digest(
        audience=audience, week=week,
        open=tuple(a for a in standing if a not in held and a.tellings),
        ended=tuple(
            a for a in ours
            if a.state is State.RESOLVED and a.tellings and begins < a.changed_at <= ends
        ),
        held=tuple(held), cells=len(cells),
        unassessed=Counter(row.standing for row in cells if row.standing not in _TOLD),
    )  # fmt: skip


def _order(alert: Alert) -> tuple[int, bool, date, str]:
    """The gravest first, what is there before what may come, the oldest before the newest."""
    foreseen = alert.kind is Classification.FORECAST
    return -alert.severity.rank, foreseen, alert.onset_on, alert.key


def _is_of(row: Observation, area: str) -> bool:
    key = row.series
    if key.industry or not key.occupation:
        return False
    return key.province == ("" if area in ("", NATION) else area)
