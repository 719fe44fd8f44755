"""Records of one partition that wait to be stored."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from warehouse.plan import Due, Plan, when_due

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiokafka import ConsumerRecord


BURST_S: Final = 10.0
"""After so long a silence a burst is over, and what comes next may be a trickle again."""


@dataclass(slots=True)
class Lane:
    """The waiting records in order, and the batch begun with them. Times are monotonic seconds."""

    next_offset: int
    plan: Plan | None
    records: list[ConsumerRecord[bytes, bytes]] = field(default_factory=list)
    first_at: float = 0.0
    last_at: float = 0.0
    loaded_at: float = -math.inf
    loaded: int = 0
    """Records of the last batch."""

    def add(self, records: Sequence[ConsumerRecord[bytes, bytes]], now: float) -> None:
        """Let records wait; they follow those already there."""
        if not self.records:
            self.first_at = now
        self.last_at = now
        self.records.extend(records)

    def due(self, position: int, now: float) -> Due:
        """Whether to store now; `position` is the offset after the last record read."""
        return when_due(
            records=len(self.records),
            waited_s=now - self.first_at,
            quiet_for_s=now - self.last_at,
            rested_s=now - self.loaded_at,
            before=self.loaded if now - self.loaded_at < BURST_S else 0,
            plan=self.plan,
            position=position,
        )

    def take(self, plan: Plan, now: float) -> list[ConsumerRecord[bytes, bytes]]:
        """Remove and return the records of `plan`."""
        taken = [record for record in self.records if record.offset < plan.end]
        self.records = self.records[len(taken) :]
        self.next_offset, self.first_at, self.loaded_at = plan.end, now, now
        self.loaded = len(taken)
        return taken
