"""When a batch is due, and the plan that makes storing it repeatable. Pure.

Before a batch of one partition is stored, its plan is written as the metadata of a Kafka offset
commit that moves nothing. Whoever reads the partition next, after whatever crash, finds the plan,
reads the same records again and stores the same rows with the same token: what is already there
is recognised by the token, what is missing is added. Only then does the offset move.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

MAX_RECORDS: Final = 10_000
"""Records of one partition in one batch, at most."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FEW_RECORDS: Final = 50
"""Up to so many waiting records are taken for a trickle, whose reader wants them at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One batch: the records `[start, end)` of a partition, and the time its rows carry."""

    topic: str
    partition: int
    start: int
    end: int
    loaded_at: datetime
    """UTC, whole milliseconds: part of the rows, so a repeated batch is the same to the byte."""

    @property
    def token(self) -> str:
        """Identity of the batch: `topic-partition-start-end@milliseconds of loaded_at`.

        The time tells it apart from a batch of the same offsets in a topic that was made anew:
        rows of that one must be found by their own identities, not passed over as a repetition.
        """
        at = (self.loaded_at - _EPOCH) // timedelta(milliseconds=1)
        return f"{self.topic}-{self.partition}-{self.start}-{self.end}@{at}"

    def metadata(self) -> str:
        """The plan as offset metadata, to be committed at offset `start`."""
        return json.dumps({"end": self.end, "loaded_at": self.loaded_at.isoformat()})


class PlanError(ValueError):
    """Offset metadata that is no plan of ours: another program commits to our group."""


def read_plan(topic: str, partition: int, offset: int, metadata: str) -> Plan | None:
    """The plan committed at `offset`, or `None` where the last batch was finished.

    Raises:
        PlanError: the metadata cannot be read; storing on without it could double rows.
    """
    if not metadata:
        return None
    try:
        found = json.loads(metadata)
        end, loaded_at = int(found["end"]), datetime.fromisoformat(found["loaded_at"])
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise PlanError(f"{topic}-{partition} at {offset}: {metadata!r} is no plan") from error
    if end <= offset or loaded_at.tzinfo is None:
        raise PlanError(f"{topic}-{partition} at {offset}: {metadata!r} is no plan")
    return Plan(
        topic=topic,
        partition=partition,
        start=offset,
        end=end,
        loaded_at=loaded_at.astimezone(UTC),
    )


class Due(StrEnum):
    """Why a batch is stored now, or not yet."""

    PLANNED = "planned"
    """A batch that an earlier process began is complete again."""
    FULL = "full"
    OLD = "old"
    """The first record has waited as long as any may."""
    FEW = "few"
    """A trickle: show it at once."""
    QUIET = "quiet"
    """A burst has ended."""
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long records may wait for company (seconds). Large batches keep the parts few."""

    few_s: float = 0.1
    """A trickle, so that records sent together stay together."""
    rest_s: float = 1.0
    """Between batches of a trickle: one posting shows at once, a slow stream once a second."""
    quiet_s: float = 2.5
    """Silence that ends a burst; a stream worker's pauses between batches are shorter."""
    old_s: float = 8.0


def when_due(
    *,
    records: int,
    waited_s: float,
    quiet_for_s: float,
    rested_s: float,
    before: int = 0,
    plan: Plan | None = None,
    position: int = 0,
    patience: Patience = Patience(),
) -> Due:
    """Whether the waiting records of a partition are to be stored now.

    Args:
        records: how many are waiting.
        waited_s: since the first of them came.
        quiet_for_s: since the last of them came.
        rested_s: since the last batch of this partition.
        before: how many records the last batch had. After a large one the first few of the next
            burst are no trickle: their company is on its way.
        plan: of a batch that was begun and not finished.
        position: offset after the last record read.
        patience: limits of waiting.
    """
    if plan is not None:
        return Due.PLANNED if position >= plan.end else Due.WAIT
    if records >= MAX_RECORDS:
        return Due.FULL
    if records == 0:
        return Due.WAIT
    if waited_s >= patience.old_s:
        return Due.OLD
    trickles = max(records, before) <= FEW_RECORDS
    if trickles and waited_s >= patience.few_s and rested_s >= patience.rest_s:
        return Due.FEW
    return Due.QUIET if quiet_for_s >= patience.quiet_s else Due.WAIT
