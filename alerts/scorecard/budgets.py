"""How much of each province's budget of alerts was used, and what it held back. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from alerts.alert import Hold, Reason
from alerts.calendar import local_day
from alerts.evaluate import notes_of
from alerts.transition import TOLD_AT_END
from warehouse.history import AlertRecord

_FREE: Final = frozenset({*TOLD_AT_END, Reason.ESCALATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetUse:
    """One province (or the nation) in one month."""

    province: str
    month: str
    spent: int
    """Notifications charged: neither ends nor escalations."""
    budget: int
    held: int
    """Alerts that the budget held back."""


def budget_use(
    history: Iterable[AlertRecord], *, since: date, until: date, budget: int
) -> Iterator[BudgetUse]:
    """Every province and month in which something was told or held back, in order."""
    spent: Counter[tuple[str, str]] = Counter()
    held: dict[tuple[str, str], set[str]] = {}
    for row in history:
        if not since <= local_day(row.at - timedelta(seconds=1)) <= until:
            continue
        key = (row.province or "nation", f"{row.at:%Y-%m}")
        if row.notified and row.reason not in _FREE:
            spent[key] += 1
        if notes_of(row).get("not told") == Hold.BUDGET_SPENT:
            held.setdefault(key, set()).add(row.alert_id)
    for province, month in sorted({*spent, *held}):
        yield BudgetUse(
            province=province, month=month, spent=spent[province, month], budget=budget,
            held=len(held.get((province, month), ())),
        )  # fmt: skip
