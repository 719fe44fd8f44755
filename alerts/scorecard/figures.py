"""A scorecard as single figures, one a row: how data are handed on. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

from alerts.scorecard.card import Card, Row, Score
from alerts.scorecard.measures import Middle, Share

GROUPS: Final = ("all", "province", "kind", "severity", "month", "province_month")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFigure:
    """One figure of one group; `value` is None where it is not assessable."""

    by: str
    province: str
    kind: str
    severity: str
    month: str
    measure: str
    value: float | None
    lower: float | None
    upper: float | None
    hits: int | None
    """Of a share: cases that count; of a budget: what was spent or held back."""
    n: int
    """Cases behind it; of a budget: the budget."""


def figures_of(card: Card) -> Iterator[ScoreFigure]:
    """Every figure, group by group, budgets last."""
    for row in card.rows:
        for field in fields(Score):
            yield _figure(row, field.name, getattr(row.score, field.name))
    for use in card.budget:
        for measure, count in (("budget_spent", use.spent), ("budget_held", use.held)):
            yield ScoreFigure(
                by="province_month", province=use.province, kind="", severity="",
                month=use.month, measure=measure, value=float(count), lower=None, upper=None,
                hits=count, n=use.budget,
            )  # fmt: skip


def _figure(row: Row, measure: str, held: int | Share | Middle) -> ScoreFigure:
    group = {name: getattr(row, name) for name in ("by", "province", "kind", "severity", "month")}
    if isinstance(held, int):
        return ScoreFigure(
            **group, measure=measure, value=float(held), lower=None, upper=None, hits=None, n=held
        )
    hits, n = (held.hits, held.of) if isinstance(held, Share) else (None, held.n)
    return ScoreFigure(
        **group, measure=measure, value=held.value, lower=held.lower, upper=held.upper,
        hits=hits, n=n,
    )  # fmt: skip
