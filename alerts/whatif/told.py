"""A what-if as Markdown for people and as plain values for programs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, Final

from alerts.scorecard.card import Card, whole
from alerts.scorecard.told import as_data as card_data
from alerts.scorecard.told import middle_text, share_text, table
from alerts.whatif.comparison import WhatIf

_LINES: Final[tuple[tuple[str, Callable[[Card], str]], ...]] = (
    ("alerts that fired", lambda card: str(whole(card).alerts)),
    ("of these told", lambda card: str(whole(card).told)),
    ("notifications charged to budgets", lambda card: str(sum(u.spent for u in card.budget))),
    ("alerts held back by budgets", lambda card: str(sum(u.held for u in card.budget))),
    ("precision, by verdicts", lambda card: share_text(whole(card).precision)),
    ("explained by a registered event", lambda card: share_text(whole(card).explained)),
    ("recall of registered events", lambda card: share_text(whole(card).recall)),
    ("found within 7 days", lambda card: share_text(whole(card).within_week)),
    ("days to the alert, median", lambda card: middle_text(whole(card).delay_days)),
    ("came back after their end", lambda card: share_text(whole(card).flapped)),
)
_COLUMNS: Final = ("recorded", "today's policy, replayed", "changed, replayed")


def markdown(found: WhatIf) -> Iterator[str]:
    """The answer's lines."""
    yield f"# What if: {found.changes.describe()}"
    yield ""
    yield (
        f"Alerts that first fired from {found.since} to {found.until}. *Recorded*: told, or in a "
        "live run would have been. *Replayed*: every day decided anew, in memory, as on that day, "
        "from the vacancies, figures and forecasts that are stored; what officers acknowledged and "
        "silenced is done again, and what nobody took on escalates. Nothing was written and nobody "
        "was told. Collection faults apart."
    )
    yield ""
    yield from table(
        ("what", *_COLUMNS),
        ((name, *(text(card) for card in found.cards)) for name, text in _LINES),
    )
    yield f"| escalated to a further level | {' | '.join(map(str, found.escalated))} |"
    months = list(found.by_month())
    if months:
        yield from ("", "## Told by province and month", "")
        yield from table(
            ("province", "month", *_COLUMNS),
            (
                (one.province, one.month, str(one.recorded), str(one.today), str(one.changed))
                for one in months
            ),
        )


def as_data(found: WhatIf) -> dict[str, Any]:
    """The answer as plain values."""
    return {
        "changes": asdict(found.changes),
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "by_month": [asdict(one) for one in found.by_month()],
        "recorded": card_data(found.recorded),
        "today": card_data(found.today),
        "changed": card_data(found.changed),
        "escalated": dict(zip(("recorded", "today", "changed"), found.escalated, strict=True)),
    }
