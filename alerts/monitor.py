"""The whole watch in memory: detectors of every cell, alerts, and one day after another.

Pure: counts come in as a `Panel`, the present as an argument, and decisions go out. State is
exported as plain values and continues exactly where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from alerts.alert import Alert, State, alert_key
from alerts.calendar import end_of_day, holiday
from alerts.cells import NATION, Cell, Share, contributors, depth
from alerts.detectors import Change, CountDetector, Step, Treatment
from alerts.discovery import discoveries, evidence_of
from alerts.escalation import escalate
from alerts.explain import excesses
from alerts.findings import Finding, find, silence
from alerts.indices.watch import IndexWatch
from alerts.lifecycle import Decision, Situation, budget_key, is_charged, settle
from alerts.panel import Panel
from alerts.parameters import DetectorParameters
from alerts.signal import FLOW, Signal
from alerts.silences import Silence
from alerts.transition import DEFAULT_RULES, Rules, reclassify, transition
from alerts.volumes import Volumes

_FINEST = 2
"""Depth of a province's group: cells of which there are many."""


@dataclass(slots=True, kw_only=True)
class Monitor:
    """State of the watch. `feed` days in order."""

    parameters: DetectorParameters
    rules: Rules = DEFAULT_RULES
    fed_through: int = 0
    """Ordinal of the last day fed; 0 before the first."""
    established: frozenset[str] = frozenset()
    detectors: dict[Cell, CountDetector] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    """Latest alert by key, resolved ones until they can no longer be reopened."""
    budget: dict[str, int] = field(default_factory=dict)
    shares: dict[str, tuple[Share, ...]] = field(default_factory=dict)
    excess: dict[str, float] = field(default_factory=dict)
    volumes: Volumes = field(default_factory=Volumes)
    """Which source shows fewer or more than the others do: for operators."""
    indices: IndexWatch = field(default_factory=IndexWatch)
    """Published indicators: fed from outside, kept with the rest."""
    silences: tuple[Silence, ...] = ()
    """Those in force; set from outside before days are fed, and never part of the snapshot."""

    def feed(
        self, day: int, panel: Panel, wall: datetime, further: Sequence[Signal] = ()
    ) -> tuple[list[Decision], list[Signal]]:  # fmt: skip
        """Take in one complete day: decisions worth recording, and signals worth keeping.

        Args:
            day: ordinal; the day after the last fed one, or any first day.
            panel: openings of the day and of `LOOK_BACK_DAYS` before it.
            wall: the present, which decides what is history.
            further: the day's signals that are not of counts.
        """
        self._follow_sources(day, panel)
        weight = self._weights()
        self.volumes.follow(day, panel, weight)
        steps = self._observe(day, panel, weight)
        signals = []
        held, fresh = self._held(), set[str]()
        for cell, step, finding in steps:
            known = None if finding is None else self._open_alert(cell, finding)
            if finding is not None and known is None and cell in held:
                continue
            signal = self._signal(day, panel, cell, step, finding, weight, known)
            if signal is not None:
                signals.append(signal)
                if known is None:
                    fresh.add(signal.signal_id)
        signals += [each for each in further if not each.is_over or self._stands(each)]
        decisions = self._decide(day, panel, signals, wall, weight)
        self.fed_through = day
        kept = [s for s in signals if s.detected_on == s.day or s.signal_id in fresh or s.is_over]
        return decisions, kept

    # -- counts ----------------------------------------------------------------------------------

    def _weights(self) -> Callable[[int], float]:
        nation = self.detectors.get(NATION)
        profile = [1.0] * 7 if nation is None else nation.expectation.weekday_f

        def weight(day: int) -> float:
            masked = holiday(date.fromordinal(day)) is not None
            return 0.0 if masked else profile[(day - 1) % 7]

        return weight

    def _follow_sources(self, day: int, panel: Panel) -> None:
        """Re-scale every cell when a source joins the comparison or leaves it for good."""
        now = panel.on(day).established
        if self.established and now != self.established and now:
            factors = panel.visible_shares(day, now, self.established, self.detectors)
            for cell, detector in self.detectors.items():
                detector.rescale(max(factors[cell], 0.05))
        self.established = now

    def _observe(
        self, day: int, panel: Panel, weight: Callable[[int], float]
    ) -> list[tuple[Cell, Step, Finding | None]]:
        counts = panel.counts(day)
        for cell in counts:
            if cell not in self.detectors:
                self.detectors[cell] = CountDetector(self.parameters)
        exposures = panel.exposures(day, self.detectors)
        on, today = date.fromordinal(day), weight(day)
        steps: list[tuple[Cell, Step, Finding | None]] = []
        for cell in sorted(self.detectors):
            detector = self.detectors[cell]
            seen = 1.0 if exposures is None else exposures[cell]
            shaped = float(today > 0.0) if cell == NATION else today
            before = detector.episode
            step = detector.observe(on, float(counts[cell]), seen * shaped)
            episode = detector.episode or before
            if episode is not None and step.treatment is not Treatment.QUARANTINED:
                steps.append((cell, step, find(detector, episode, step)))
            elif detector.quarantined or step.change is Change.SPOKE:
                steps.append((cell, step, None))
        return steps

    # -- signals ---------------------------------------------------------------------------------

    def _signal(
        self,
        day: int,
        panel: Panel,
        cell: Cell,
        step: Step,
        finding: Finding | None,
        weight: Callable[[int], float],
        known: Alert | None,
    ) -> Signal | None:
        if finding is None:
            return silence(self.detectors[cell], cell, day, step)
        suspects = self.volumes.suspects(cell, finding.direction)
        return finding.signal(panel, cell, day, weight, known, suspects)

    def _held(self) -> set[Cell]:
        """Finest cells whose change is not yet sure enough among so many (`alerts.discovery`)."""
        open_, watched = {}, 0
        for cell, detector in self.detectors.items():
            if depth(cell) < _FINEST:
                continue
            watched += 1
            episode = detector.episode
            if episode is not None:
                open_[cell] = evidence_of(episode, detector.expectation.dispersion)
        return open_.keys() - discoveries(open_, watched)

    def _stands(self, signal: Signal) -> bool:
        alert = self.alerts.get(alert_key(signal))
        return alert is not None and alert.is_open

    def _open_alert(self, cell: Cell, finding: Finding) -> Alert | None:
        for alert in self.alerts.values():
            same = alert.cell == cell and alert.direction is finding.direction
            if same and alert.is_open and alert.indicator == FLOW:
                return alert
        return None

    # -- alerts ----------------------------------------------------------------------------------

    def _decide(
        self,
        day: int,
        panel: Panel,
        signals: list[Signal],
        wall: datetime,
        weight: Callable[[int], float],
    ) -> list[Decision]:
        at = end_of_day(date.fromordinal(day))
        by_key = {alert_key(signal): signal for signal in signals}
        decisions = [*self._reclassified(signals, at)]
        for key in sorted({*by_key, *(k for k, a in self.alerts.items() if a.is_open)}):
            before, signal = self.alerts.get(key), by_key.get(key)
            if (before is None or not before.is_open) and (signal is None or signal.is_over):
                continue
            alert, reason = transition(before, signal, at, self.rules)
            decisions.append(Decision(previous=before, alert=alert, reason=reason, at=at))
        for decision in decisions:
            self.alerts[decision.alert.key] = decision.alert
            self._explain(decision, day, panel, weight)
        decisions.sort(key=lambda d: (depth(d.alert.cell), d.alert.key))
        settled = [self._settle(decision, wall) for decision in decisions]
        self._forget(at)
        return [decision for decision in settled if decision.is_change]

    def _reclassified(self, signals: list[Signal], at: datetime) -> list[Decision]:
        """Alerts whose change is now taken to be of the other kind."""
        decisions = []
        for signal in signals:
            for alert in list(self.alerts.values()):
                same = alert.cell == signal.cell and alert.direction is signal.direction
                same = same and alert.indicator == signal.indicator
                if same and alert.is_open and alert.kind is not signal.classification:
                    over, reason = reclassify(alert, at)
                    self.alerts[over.key] = over
                    decisions.append(Decision(previous=alert, alert=over, reason=reason, at=at))
        return decisions

    def _explain(
        self, decision: Decision, day: int, panel: Panel, weight: Callable[[int], float]
    ) -> None:
        alert = decision.alert
        fresh = decision.previous is None or decision.previous.state is not alert.state
        broad = alert.indicator == FLOW and depth(alert.cell) < 2
        if not broad or alert.state is not State.FIRING or not fresh:
            return
        onset = alert.onset_on.toordinal()
        found = excesses(panel, alert.cell, onset, day, weight)
        sign = alert.direction.sign
        self.shares[alert.alert_id] = contributors(alert.cell, found, sign)
        self.excess[alert.alert_id] = sign * found.get(alert.cell, 0.0)

    def escalate(self, now: datetime) -> list[Decision]:
        """Raise what was told and not acknowledged in time, at wall time `now`."""
        situation = self._situation(now)
        found = [escalate(self.alerts[key], situation) for key in sorted(self.alerts)]
        raised = [decision for decision in found if decision is not None]
        self.alerts.update((decision.alert.key, decision.alert) for decision in raised)
        return raised

    def _situation(self, wall: datetime) -> Situation:
        return Situation(
            wall=wall, alerts=self.alerts, shares=self.shares, excess=self.excess,
            budget=self.budget, rules=self.rules, silences=self.silences,
        )  # fmt: skip

    def _settle(self, decision: Decision, wall: datetime) -> Decision:
        settled = settle(decision, self._situation(wall))
        self.alerts[settled.alert.key] = settled.alert
        if settled.tell and is_charged(settled):
            key = budget_key(settled.alert, settled.at)
            self.budget[key] = self.budget.get(key, 0) + 1
        return settled

    def _forget(self, at: datetime) -> None:
        """Drop resolved alerts that can't come back; their history is in the warehouse."""
        for key, alert in list(self.alerts.items()):
            if not alert.is_open and at - alert.changed_at > self.rules.reopen_within:
                del self.alerts[key]
                self.shares.pop(alert.alert_id, None)
                self.excess.pop(alert.alert_id, None)
