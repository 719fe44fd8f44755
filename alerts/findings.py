"""From a detector's episode to a signal with size, evidence and classification."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from alerts.alert import Alert, State
from alerts.calendar import end_of_day
from alerts.cells import Cell
from alerts.detectors import Change, CountDetector, Step
from alerts.episode import Episode
from alerts.faults import Verdict, judge
from alerts.grounds import Ground, Why
from alerts.panel import Evidence, Panel
from alerts.parameters import Density, density_of
from alerts.signal import (
    Classification,
    Direction,
    Phase,
    Signal,
    Size,
    direction_of,
    measure,
    phase_of,
)

_EVIDENCE_DAYS = 42
_BEFORE_A_FALL = 28
"""A fall leaves little to look at: the four weeks before it are evidence too."""
_JUDGED_AGAIN = (7, 14)
"""Days after detection on which the classification is looked at once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A detector's episode on one day."""

    episode: Episode
    direction: Direction
    phase: Phase
    change: Change
    size: Size
    dispersion: float

    @property
    def is_sparse(self) -> bool:
        """Too few vacancies a day to speak for itself: the parent answers."""
        return density_of(self.episode.reference) is Density.SPARSE

    def signal(
        self,
        panel: Panel,
        cell: Cell,
        day: int,
        weight: Callable[[int], float],
        known: Alert | None,
        suspects: Mapping[str, int] = MappingProxyType({}),
    ) -> Signal | None:
        """The signal of the day, or None where evidence is insufficient by density.

        Args:
            panel: openings of the day and before.
            cell: where.
            day: ordinal.
            weight: relative exposure of a day.
            known: the alert that stands, if one does.
            suspects: sources that changed alone in the same direction, with the first day.
        """
        if self.is_sparse and known is None:
            return None
        verdict, evidence = self._known(known)
        if verdict is None or self._is_due(day):
            verdict = judge(panel, cell, self.episode.onset, day, self.dispersion, weight, suspects)
        if evidence is None or self.change is not Change.NONE:
            evidence = self._evidence(panel, cell, day)
        return Signal(
            cell=cell,
            direction=self.direction,
            phase=self.phase,
            onset_on=date.fromordinal(self.episode.onset),
            detected_on=date.fromordinal(self.episode.detected),
            day=date.fromordinal(day),
            event_time=end_of_day(date.fromordinal(day)),
            size=self.size,
            score=self.episode.score,
            n=evidence.n,
            employers=evidence.employers,
            sources=(verdict.suspect,) if verdict.suspect else evidence.sources,
            evidence_days=day - self.episode.onset + 1,
            classification=verdict.classification,
            detail=verdict.detail,
            why=verdict.why,
            industry=evidence.industry,
        )

    def _is_due(self, day: int) -> bool:
        again = day - self.episode.detected in _JUDGED_AGAIN
        return again or self.change is Change.WORSENED

    def _known(self, alert: Alert | None) -> tuple[Verdict | None, Evidence | None]:
        if alert is None:
            return None, None
        fault = alert.kind is Classification.COLLECTION_FAULT
        suspect = alert.sources[0] if fault and len(alert.sources) == 1 else ""
        verdict = Verdict(
            classification=alert.kind, detail=alert.detail, suspect=suspect, why=alert.why
        )
        if alert.state is State.PENDING:
            return verdict, None
        evidence = Evidence(
            n=alert.n, employers=alert.employers, sources=alert.sources,
            days=alert.evidence_days, industry=alert.industry,
        )  # fmt: skip
        return verdict, evidence

    def _evidence(self, panel: Panel, cell: Cell, day: int) -> Evidence:
        first = max(self.episode.onset, day - _EVIDENCE_DAYS + 1)
        if self.direction is Direction.DOWN:
            first = min(first, self.episode.onset - _BEFORE_A_FALL)
        return panel.evidence(cell, first, day)


def find(detector: CountDetector, episode: Episode, step: Step) -> Finding:
    """The episode as it stands after `step`."""
    dispersion = detector.expectation.dispersion
    return Finding(
        episode=episode,
        direction=direction_of(episode),
        phase=phase_of(step.change),
        change=step.change,
        size=measure(episode.observed, episode.expected, dispersion, episode.weight),
        dispersion=dispersion,
    )


def silence(detector: CountDetector, cell: Cell, day: int, step: Step) -> Signal | None:
    """A run of zeros that no fall explains, in a cell dense enough to be sure: a fault."""
    if detector.density not in (Density.AGGREGATE, Density.DENSE):
        return None
    expected = step.expected * (day - detector.silent_since + 1)
    onset = date.fromordinal(detector.silent_since)
    return Signal(
        cell=cell,
        direction=Direction.DOWN,
        phase=Phase.RETURNED if step.change is Change.SPOKE else Phase.ACTIVE,
        onset_on=onset,
        detected_on=onset,
        day=date.fromordinal(day),
        event_time=end_of_day(date.fromordinal(day)),
        size=measure(0.0, expected, detector.expectation.dispersion, detector.expectation.a),
        score=0.0,
        n=0,
        employers=0,
        sources=(),
        evidence_days=day - detector.silent_since + 1,
        classification=Classification.COLLECTION_FAULT,
        detail="no vacancy at all, where even a steep fall would leave some",
        why=Why(ground=Ground.SILENCE),
    )
