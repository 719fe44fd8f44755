"""All figures of a period: which indicators a release has, and the figures made of the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from alerts.releases.advertised import advertised_figures
from alerts.releases.counts import flow, stock
from alerts.releases.demand import LOOK_BACK_DAYS
from alerts.releases.evidence import Evidence
from alerts.releases.figure import Figure, observation
from alerts.releases.foreseen import foreseen_figures
from alerts.releases.pay import pay_figures, skill_figures
from alerts.releases.plan import FREQUENCY, Kind, Period
from alerts.releases.shortage import week_figures
from alerts.releases.structure import structure_figures
from alerts.releases.supply import filling_figures, mismatch_figures
from warehouse.series import Observation

Calculation = Callable[[Evidence, Period], Sequence[Figure]]
CONTENTS: Final[Mapping[Kind, tuple[Calculation, ...]]] = {
    Kind.DAILY: (flow, stock),
    Kind.WEEKLY: (flow, stock, week_figures, foreseen_figures),
    Kind.MONTHLY: (
        flow, stock, advertised_figures, pay_figures, skill_figures, mismatch_figures,
        filling_figures, structure_figures,
    ),
}  # fmt: skip


def look_back(period: Period) -> date:
    """First day of flow that the period's figures need."""
    return period.last - timedelta(days=LOOK_BACK_DAYS - 1)


def observations(
    evidence: Evidence, period: Period, *, issue: datetime, release_id: str
) -> list[Observation]:
    """Every figure of the period, in a fixed order; the same evidence gives the same figures."""
    made = [
        observation(figure, frequency=FREQUENCY[period.kind], issue=issue, release_id=release_id)
        for calculation in CONTENTS[period.kind]
        for figure in calculation(evidence, period)
    ]
    return sorted(made, key=lambda o: (o.series, o.time_value))
