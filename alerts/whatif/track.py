"""The past lived once more under a policy, in memory: nothing is written and nobody is told.

Each day is decided as on that day: the present is the day's end, so that nothing counts as history.
What officers acknowledged and silenced then is done again, where the alert stands; what nobody took
on is escalated at the end of the day on which it is due.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from alerts.alert import Alert, Reason
from alerts.assessed import signals_on
from alerts.calendar import end_of_day, local_day
from alerts.forecasts.pressure import FRESH, forecasts_on
from alerts.indices.watch import waiting_from
from alerts.monitor import Monitor
from alerts.outbox import history_of
from alerts.panel import Panel
from alerts.signal import Signal
from alerts.silences import Silence, in_force
from alerts.transition import acknowledge
from alerts.whatif.policy import Policy
from warehouse.forecasts import ForecastRow
from warehouse.history import AlertRecord
from warehouse.series import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the past knew besides counts."""

    figures: Sequence[Observation] = ()
    """Published weekly ones, of cells that ever reached a mark."""
    by_issue: bool = False
    """`figures` holds every issue, oldest first: a figure is known from its issue on."""
    first_issues: Sequence[Observation] = ()
    """Of the published indicators that are watched for shifts."""
    forecasts: Sequence[ForecastRow] = ()
    """Every vintage, oldest first."""
    silences: tuple[Silence, ...] = ()
    acknowledged: Mapping[date, Sequence[AlertRecord]] = field(default_factory=dict)
    """By local day, the alerts that an officer took on."""

    def figures_on(self, day: date) -> Sequence[Observation]:
        """Figures as they stood at the end of a day; without `by_issue` all of them."""
        if not self.by_issue:
            return self.figures
        end = end_of_day(day)
        known = (row for row in self.figures if row.issue <= end)
        return list({(row.series, row.time_value): row for row in known}.values())

    def forecasts_on(self, day: date) -> list[ForecastRow]:
        """The newest fresh vintage of each cell and horizon by the end of a day."""
        held: dict[tuple[str, str, int], ForecastRow] = {}
        for row in self.forecasts:
            made = local_day(row.made_at)
            if made <= day and (day - made).days < FRESH:
                held[row.province, row.occupation, row.ahead] = row
        return list(held.values())


@dataclass(slots=True)
class Track:
    """One policy's way through the past. `feed` days in order."""

    policy: Policy
    monitor: Monitor = field(init=False)
    history: list[AlertRecord] = field(default_factory=list)
    """Every transition so far, as it would have been recorded, oldest first."""
    waiting: deque[Observation] | None = field(default=None, init=False)
    """Published figures that were not fed yet."""

    def __post_init__(self) -> None:
        self.monitor = Monitor(parameters=self.policy.parameters, rules=self.policy.rules)

    def feed(self, day: int, panel: Panel, known: Known) -> None:
        """Live one complete day."""
        on = date.fromordinal(day)
        wall = end_of_day(on)
        self.monitor.silences = in_force(known.silences, wall)
        decisions, _ = self.monitor.feed(day, panel, wall, self._further(on, known))
        self.history += history_of(decisions, [], wall + _RECORDED).alerts
        for row in known.acknowledged.get(on, ()):
            self._take_on(row)
        self.history += history_of(self.monitor.escalate(wall), [], wall + _RECORDED).alerts

    def _further(self, on: date, known: Known) -> list[Signal]:
        if self.waiting is None:
            self.waiting = waiting_from(known.first_issues)
        return [
            *self.monitor.indices.on(on, self.waiting),
            *signals_on(on, known.figures_on(on), self.policy.assessed),
            *forecasts_on(on, known.forecasts_on(on), self.policy.forecast),
        ]

    def _take_on(self, row: AlertRecord) -> None:
        for key, alert in self.monitor.alerts.items():
            if is_same(alert, row) and alert.is_open:
                self.monitor.alerts[key], _ = acknowledge(alert, row.at)


_RECORDED: Final = timedelta(seconds=1)


def is_same(alert: Alert, row: AlertRecord) -> bool:
    """Whether they are about the same thing: cell, direction, kind and indicator."""
    return (alert.cell.province, alert.cell.isco1, alert.direction, alert.kind) == (
        row.province, row.isco1, row.direction, row.kind,
    ) and alert.indicator == row.indicator  # fmt: skip


def acknowledged_in(history: Sequence[AlertRecord]) -> dict[date, list[AlertRecord]]:
    """By local day, the transitions by which officers took alerts on."""
    found: dict[date, list[AlertRecord]] = {}
    for row in history:
        if row.reason == Reason.ACKNOWLEDGED:
            found.setdefault(local_day(row.at), []).append(row)
    return found
