"""What is planted in the simulated market: labour shocks and collection faults, from a seed.

A plan is drawn once for a history of given length. Cells are chosen by their density (expected
vacancies a day), so that every density class holds events; the newest still run at the anchor.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from labourwatch.demo.draws import generator
from labourwatch.demo.labour import Labour


class EventKind(StrEnum):
    """Kinds of planted event; the last three are faults of collection, not of the market."""

    STEP = "step"
    RAMP = "ramp"
    COLLAPSE = "collapse"
    NATIONAL_COLLAPSE = "national_collapse"
    OUTAGE = "outage"
    NEW_PORTAL = "new_portal"
    DUPLICATE_FLOOD = "duplicate_flood"


FAULTS = frozenset({EventKind.OUTAGE, EventKind.NEW_PORTAL, EventKind.DUPLICATE_FLOOD})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedEvent:
    """One planted thing. Days are market days; `end` is the last affected day.

    `factor` multiplies the expected number of vacancies (for a ramp: reached after `RAMP_DAYS`);
    for a flood it is the number of copies of each posting; for an outage 0.
    """

    event_id: str
    kind: EventKind
    province: str = ""
    isco1: int = 0
    start: int
    end: int
    factor: float
    density: float = 0.0
    """Expected vacancies a day in the cell without the event."""
    boards: tuple[int, ...] = ()

    @property
    def is_fault(self) -> bool:
        """Whether it is a fault of collection rather than a change of the labour market."""
        return self.kind in FAULTS

    def factor_on(self, day: int) -> float:
        """Multiplier of the cell's expectation on `day`; 1 outside the event."""
        if self.is_fault or not self.start <= day <= self.end:
            return 1.0
        if self.kind is EventKind.RAMP:
            return 1 + (self.factor - 1) * min(1.0, (day - self.start + 1) / RAMP_DAYS)
        return self.factor


RAMP_DAYS = 28
# Kind, density class, factor, start and length as shares of the history; length None: still on at
# the anchor, with start counted in days before it.
_SHOCKS: tuple[tuple[EventKind, str, float, float, float | None], ...] = (
    (EventKind.STEP, "dense", 2.0, 0.45, 0.12),
    (EventKind.STEP, "dense", 2.2, 40, None),
    (EventKind.COLLAPSE, "dense", 0.3, 0.62, 0.12),
    (EventKind.STEP, "medium", 2.5, 0.40, 0.14),
    (EventKind.STEP, "medium", 3.0, 26, None),
    (EventKind.RAMP, "medium", 2.5, 0.52, 0.17),
    (EventKind.RAMP, "dense", 2.5, 50, None),
    (EventKind.COLLAPSE, "medium", 0.3, 0.70, 0.14),
    (EventKind.COLLAPSE, "dense", 0.3, 30, None),
    (EventKind.STEP, "sparse", 3.0, 0.57, 0.15),
    (EventKind.RAMP, "sparse", 3.0, 0.66, 0.17),
    (EventKind.STEP, "medium", 3.0, 0.75, 0.10),
)
# Expected vacancies a day at the standard mean of 215 a day.
_DENSITY = {"dense": (2.6, 99.0), "medium": (0.9, 2.6), "sparse": (0.25, 0.9)}
STANDARD_MEAN = 215.0


def plan(
    seed: int, *, history_days: int, mean_per_day: float, labour: Labour
) -> list[PlantedEvent]:
    """Everything planted in a history of `history_days`, ordered by start.

    Days scale with the history, so that short histories (tests, quick benchmarks) hold the same
    events; a history under 60 days holds none.
    """
    if history_days < 60:
        return []
    rng = generator(seed, -1, "events")
    share = labour.cell_share()
    events = [
        *_shocks(rng, share, history_days, mean_per_day, labour),
        *_faults(history_days),
    ]
    events.append(
        PlantedEvent(
            event_id="national-collapse-7",
            kind=EventKind.NATIONAL_COLLAPSE,
            isco1=7,
            start=int(history_days * 0.80),
            end=int(history_days * 0.88),
            factor=0.4,
            density=float(share[:, 6].sum() * mean_per_day),
        )
    )
    return sorted(events, key=lambda e: (e.start, e.event_id))


def _shocks(
    rng: np.random.Generator,
    share: NDArray[np.float64],
    days: int,
    mean: float,
    labour: Labour,
) -> list[PlantedEvent]:
    taken: set[tuple[int, int]] = {(p, 6) for p in range(share.shape[0])}  # the national collapse
    shocks = []
    for number, (kind, density, factor, start, length) in enumerate(_SHOCKS, 1):
        low, high = _DENSITY[density]
        cells = np.argwhere((share * STANDARD_MEAN >= low) & (share * STANDARD_MEAN < high))
        free = [(int(p), int(m)) for p, m in cells if (int(p), int(m)) not in taken]
        province, major = free[int(rng.integers(len(free)))]
        taken.add((province, major))
        first = (
            int(days * start) if length is not None else max(1, days - round(start * days / 420))
        )
        last = first + int(days * length) if length is not None else days + 30
        iso = labour.provinces[province].iso
        shocks.append(
            PlantedEvent(
                event_id=f"shock-{number:02d}-{iso}-{major + 1}",
                kind=kind,
                province=iso,
                isco1=major + 1,
                start=first,
                end=last,
                factor=factor,
                density=float(share[province, major] * mean),
            )
        )
    return shocks


def _faults(days: int) -> list[PlantedEvent]:
    def at(share: float) -> int:
        return int(days * share)

    def fault(
        name: str, kind: EventKind, board: int, start: int, length: int, factor: float
    ) -> PlantedEvent:
        lasting = length if length > days else max(2, round(length * days / 420))
        return PlantedEvent(
            event_id=name,
            kind=kind,
            start=start,
            end=start + lasting - 1,
            factor=factor,
            boards=(board,),
        )

    return [
        fault("outage-1", EventKind.OUTAGE, 1, at(0.48), 10, 0.0),
        fault("outage-2", EventKind.OUTAGE, 0, at(0.73), 3, 0.0),
        fault("outage-3", EventKind.OUTAGE, 2, at(0.93), 6, 0.0),
        fault("new-portal", EventKind.NEW_PORTAL, 5, at(0.595), 10_000, 0.0),
        fault("duplicate-flood", EventKind.DUPLICATE_FLOOD, 2, at(0.84), 4, 8.0),
    ]
