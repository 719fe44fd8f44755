"""The fault table: one line a fault and stack, and the figures of all lines together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.report import Figure

TITLE: Final = "Faults under load"
"""Of the table to which each part adds its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the fault table. `recovery_p95_s`: until a further row is stored."""

    fault: str
    stack: str
    runs: int
    under_load: int
    """Of these, while records were still being published."""
    rows: int
    lost: int
    doubled: int
    unrecovered: int
    recovery_p95_s: float | None
    """`None`: the fault ends with its run, there is nothing to wait for."""
    late: int = 0
    """Of the unrecovered, those after which the work went on by itself, but later."""
    notices: int | None = None
    """Notifications decided while the fault was made; `None`: no early warning ran."""
    notices_lost: int | None = None
    double_notified: int | None = None


def combined(figures: Sequence[Figure], more: Mapping[str, Mapping[str, Any]]) -> list[Figure]:
    """Figures of all lines that parts gave, then those of parts that are about something else."""
    rows = [row for part in more.values() for row in part.get("tables", {}).get(TITLE, ())]
    whole = of_rows([Row(**row) for row in rows]) if rows else []
    names = {figure.key for figure in whole}
    return [*whole, *(figure for figure in figures if figure.key not in names)]


def of_rows(table: Sequence[Row]) -> list[Figure]:
    """What the lines come to."""
    waits = [row.recovery_p95_s for row in table if row.recovery_p95_s is not None]
    told = sum(row.notices or 0 for row in table)
    return [
        Figure(key="faults", value=len({row.fault for row in table}), about="kinds of faults"),
        Figure(key="runs", value=sum(row.runs for row in table),
               about="faults made, embedded and on Kafka; "
               f"{sum(row.under_load for row in table):,} of them while records came"),
        Figure(key="lost", value=sum(row.lost for row in table), goal="0",
               about="identities that were acknowledged and are in no table"),
        Figure(key="doubled", value=sum(row.doubled for row in table), goal="0",
               about="rows beyond one for each identity, and cells of roll-ups that differ"),
        Figure(key="double_notified", value=sum(row.double_notified or 0 for row in table),
               goal="0", about="notifications that a real mail server took more than once for one "
               f"decision and recipient, of {told:,} decided"),
        Figure(key="lost_notified", value=sum(row.notices_lost or 0 for row in table), goal="0",
               about="decisions to tell that no mail tells"),
        Figure(key="unrecovered", value=sum(row.unrecovered for row in table), goal="0",
               about="faults after which the work did not go on within two minutes, without hands"),
        Figure(key="recovered_late", value=sum(row.late for row in table), goal="0",
               about="of these, faults after which it went on by itself, but later than that"),
        Figure(key="recovery_p95_s", value=max(waits) if waits else None,
               about="until the work went on, p95 of the slowest line of the table"),
    ]  # fmt: skip
