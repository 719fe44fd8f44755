"""A scorecard as Markdown for people and as plain values for programs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, Final

from alerts.scorecard.budgets import BudgetUse
from alerts.scorecard.card import Card, Row, Score, whole
from alerts.scorecard.measures import LEAST, Middle, Share

_GROUPS: Final = (
    ("province", "By province"), ("month", "By month"), ("kind", "By kind"),
    ("severity", "By severity"), ("province_month", "By province and month"),
)  # fmt: skip
_COLUMNS: Final = (
    "group", "fired", "told", "right", "unsure", "judged", "detected ≤7 d", "notified ≤1 d",
    "acted ≤7 d", "came back", "events", "found", "delay (days)",
)  # fmt: skip
_HEAD: Final = (
    "Alerts by the day on which they first fired, events by their first day. *Told*: somebody was "
    "told, or in a live run would have been (history from before the service started). Shares "
    "with Jeffreys' 95 % interval, medians with the interval of order statistics; fewer than "
    f"{LEAST} cases are counted, not assessed."
)


def markdown(card: Card) -> Iterator[str]:
    """The card's lines."""
    yield "# Scorecard of alerts"
    yield ""
    yield f"{card.since} to {card.until}, as known at {card.as_of:%Y-%m-%d %H:%M} UTC."
    yield ""
    yield _HEAD
    yield ""
    yield from _lines_of_whole(whole(card))
    if card.not_comparable:
        yield ""
        yield f"{card.not_comparable} events of one industry are left out: no alert names one."
    if card.too_early:
        yield ""
        yield (
            f"{card.too_early} events are left out: when they began, the watch had not begun or "
            "did not know enough of the past."
        )
    for by, title in _GROUPS:
        rows = [row for row in card.rows if row.by == by]
        if rows:
            yield from ("", f"## {title}", "")
            yield from table(_COLUMNS, (_cells(row) for row in rows))
    if card.budget:
        yield from ("", "## Budget", "")
        yield from table(
            ("province", "month", "told", "of", "held back"), (_use(u) for u in card.budget)
        )


def as_data(card: Card) -> dict[str, Any]:
    """The card as plain values; days and moments as text."""
    return {
        "since": card.since.isoformat(),
        "until": card.until.isoformat(),
        "as_of": card.as_of.isoformat(),
        "least": LEAST,
        "not_comparable": card.not_comparable,
        "too_early": card.too_early,
        "rows": [asdict(row) for row in card.rows],
        "budget": [asdict(use) for use in card.budget],
    }


def _lines_of_whole(score: Score) -> Iterator[str]:
    yield from table(
        ("what", "figure"),
        (
            ("alerts that fired", str(score.alerts)),
            ("of these told", f"{score.told}, {score.notified} of them to somebody"),
            ("precision: right of those judged", share_text(score.precision)),
            ("judged unsure", str(score.unsure)),
            ("alerts with a verdict, of those somebody was told of", share_text(score.judged)),
            ("explained by a registered event", share_text(score.explained)),
            ("detected within 7 days of the estimated onset", share_text(score.detected)),
            ("notified within 1 day of detection", share_text(score.sent)),
            ("acted on within 7 days of notification", share_text(score.acted)),
            ("hours to acknowledgement, median", middle_text(score.acknowledged_hours)),
            ("came back after their end", share_text(score.flapped)),
            ("registered events", str(score.events)),
            ("recall: events found", share_text(score.recall)),
            ("events found within 7 days", share_text(score.within_week)),
            ("days from an event's beginning to its alert, median", middle_text(score.delay_days)),
        ),
    )


def share_text(share: Share) -> str:
    """A share with its interval and its cases."""
    cases = f"{share.hits} of {share.of}"
    if share.value is None or share.lower is None or share.upper is None:
        return f"not assessable ({cases})" if share.of else "not assessable (no case)"
    return f"{share.value:.2f} ({share.lower:.2f} to {share.upper:.2f}), {cases}"


def middle_text(middle: Middle) -> str:
    """A median with its interval and how many values it is of."""
    if middle.value is None:
        return f"not assessable (n = {middle.n})"
    if middle.lower is None or middle.upper is None:
        return f"{middle.value:.1f} (no interval), n = {middle.n}"
    return f"{middle.value:.1f} ({middle.lower:.1f} to {middle.upper:.1f}), n = {middle.n}"


def _cells(row: Row) -> tuple[str, ...]:
    s = row.score
    group = " ".join(text for text in (row.province, row.kind, row.severity, row.month) if text)
    shares = (s.judged, s.detected, s.sent, s.acted, s.flapped)
    judged, *rest = (_short(share) for share in shares)
    return (
        group, str(s.alerts), str(s.told), _short(s.precision), str(s.unsure), judged, *rest,
        str(s.events), _short(s.recall),
        "–" if s.delay_days.value is None else f"{s.delay_days.value:.0f} (n = {s.delay_days.n})",
    )  # fmt: skip


def _short(share: Share) -> str:
    if share.value is None:
        return f"– ({share.hits}/{share.of})" if share.of else "–"
    return f"{share.value:.2f} ({share.lower:.2f}–{share.upper:.2f})"


def _use(use: BudgetUse) -> tuple[str, ...]:
    return use.province, use.month, str(use.spent), str(use.budget), str(use.held)


def table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table of Markdown, line by line."""
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
