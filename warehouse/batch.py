"""A batch: what the records of a plan become, and which of it is already stored. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from config import topics
from scrapers.codec import CodecError, decode
from scrapers.items import DeadLetter, SourceRun, Stage, SupplyRecord
from streams.identity import identify
from streams.opinions import Correction, CorrectionDecision
from streams.records import VacancyUpdate
from warehouse.plan import Plan
from warehouse.rows import (
    Row,
    RowError,
    Rows,
    correction_rows,
    decision_rows,
    letter_rows,
    run_rows,
    supply_rows,
    update_rows,
)
from warehouse.tables import FED_TABLES, Table


class Received(Protocol):
    """A record as the broker delivers it."""

    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def timestamp(self) -> int:
        """Milliseconds since 1970."""
        ...


_READERS: Final[Mapping[str, tuple[type[Any], Callable[[Any], Rows]]]] = {
    topics.VACANCIES.name: (VacancyUpdate, update_rows),
    topics.SOURCE_RUNS.name: (SourceRun, run_rows),
    topics.SUPPLY.name: (SupplyRecord, supply_rows),
    topics.CORRECTIONS.name: (Correction, correction_rows),
    topics.CORRECTION_DECISIONS.name: (CorrectionDecision, decision_rows),
    topics.DEAD_LETTERS.name: (DeadLetter, letter_rows),
}
LOADED_TOPICS: Final = tuple(_READERS)
"""Names of the topics that are loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is to be stored of one plan's records."""

    plan: Plan
    rows: Mapping[Table, Sequence[Row]]
    """In the order of storing; no identity twice in a table, no table without rows."""
    letters: Sequence[DeadLetter]
    """Records that cannot be stored, to be published as dead letters first."""

    @property
    def size(self) -> int:
        """Number of rows over all tables."""
        return sum(len(rows) for rows in self.rows.values())

    def identities(self, table: Table) -> list[str]:
        """Identities of the table's rows, in order."""
        index = table.columns.index(table.identity)
        return [row[index] for row in self.rows[table]]

    def days(self, table: Table) -> tuple[Any, Any] | None:
        """Smallest and largest value of the table's `day` column, if it has one."""
        if not table.day:
            return None
        index = table.columns.index(table.day)
        values = [row[index] for row in self.rows[table]]
        return min(values), max(values)

    def without(self, known: Mapping[str, frozenset[str]]) -> Batch:
        """The batch less the rows whose identity is `known` (table name → identities)."""
        if not any(known.values()):
            return self
        left: dict[Table, Sequence[Row]] = {}
        for table, rows in self.rows.items():
            index, old = table.columns.index(table.identity), known.get(table.name, frozenset())
            if kept := [row for row in rows if row[index] not in old]:
                left[table] = kept
        return replace(self, rows=left)


def build_batch(plan: Plan, records: Sequence[Received]) -> Batch:
    """Rows and refusals of the records `[plan.start, plan.end)`; the same for the same input.

    A record that cannot be decoded or stored becomes a dead letter and harms no other. Of
    records that occur twice the first counts.
    """
    rows: dict[Table, dict[str, Row]] = {table: {} for table in FED_TABLES}
    letters: list[DeadLetter] = []
    places = {table: table.columns.index(table.identity) for table in FED_TABLES}
    for record in records:
        found, letter = _read(plan, record)
        if letter is not None:
            letters.append(letter)
        for table, row in found:
            rows[table].setdefault(row[places[table]], row)
    filled = {table: list(found.values()) for table, found in rows.items() if found}
    return Batch(plan=plan, rows=filled, letters=letters)


def _read(plan: Plan, record: Received) -> tuple[Rows, DeadLetter | None]:
    record_type, to_rows = _READERS[plan.topic]
    try:
        item = decode(record.value or b"", {record_type.__name__: record_type})
        return to_rows(item), None
    except CodecError as error:
        letter = _letter(plan, record, "undecodable", str(error))
    except RowError as error:
        letter = _letter(plan, record, error.reason.value, str(error))
    # Refusing a dead letter into its own topic would go round for ever: only its row is kept.
    return (letter_rows(letter), None) if plan.topic == topics.DEAD_LETTERS.name else ([], letter)


def _letter(plan: Plan, record: Received, reason: str, detail: str) -> DeadLetter:
    payload = record.value or b""
    return DeadLetter(
        letter_id=identify(Stage.LOAD.value, plan.topic, payload.decode("latin-1")),
        stage=Stage.LOAD,
        reason=reason,
        detail=detail,
        source_id="",
        posting_id="",
        topic=plan.topic,
        key=record.key or b"",
        payload=payload,
        event_time=datetime.fromtimestamp(max(record.timestamp, 0) / 1000, UTC),
        failed_at=plan.loaded_at,
    )
