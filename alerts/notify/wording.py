"""An alert in plain words: what, where, how sure, since when, on what evidence, what it is not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from alerts.alert import Alert, Reason
from alerts.cells import parse_cell
from alerts.notify.names import cell_name
from alerts.outbox import Message
from alerts.signal import Classification, Direction
from alerts.transition import TOLD_AT_END

TEMPLATES: Final = Path(__file__).parent / "templates"
COLOURS: Final = {"rise": "#b45309", "fall": "#1d4ed8", "fault": "#6b7280"}
_EXPECTED: Final = "#9aa5b1"


@cache
def words(language: str) -> dict[str, Any]:
    """All phrases of a language.

    Raises:
        FileNotFoundError: there is no such language.
    """
    found: dict[str, Any] = json.loads((TEMPLATES / f"{language}.json").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of the picture; `width` in per cent of the room."""

    label: str
    value: str
    width: float
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A message in one language, ready for a template."""

    words: dict[str, Any]
    heading: str
    where: str
    what: str
    sure: str
    since: str
    evidence: str
    not_this: str
    closing: str
    checks: tuple[str, ...]
    cells: tuple[str, ...]
    bars: tuple[Bar, ...]
    link: str

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Labelled statements in reading order."""
        said = self.words
        return (
            (said["what_label"], self.what),
            (said["sure_label"], self.sure),
            (said["since_label"], self.since),
            (said["evidence_label"], self.evidence),
            (said["not_label"], self.not_this),
        )


def kind_of(alert: Alert) -> str:
    """`rise`, `fall` or `fault`: the key of an alert's phrases."""
    if alert.kind is Classification.COLLECTION_FAULT:
        return "fault"
    return "rise" if alert.direction is Direction.UP else "fall"


def put(message: Message, language: str, base_url: str) -> Telling:
    """The message in a language; `base_url` is the dashboard's address."""
    alert, said, kind = message.alert, words(language), kind_of(message.alert)
    over = message.reason in TOLD_AT_END
    prefix = "" if language == "lo" else f"/{language}"
    return Telling(
        words=said,
        heading=_heading(said, kind, message.reason),
        where=_where(alert.cell.key, said),
        what=said["what"].format(
            observed=_number(alert.observed),
            expected=_number(alert.expected),
            ratio=_ratio(alert.ratio),
        ),
        sure=said["sure"].format(lower=_ratio(alert.ratio_lower), upper=_ratio(alert.ratio_upper)),
        since=said["since"].format(
            onset=f"{alert.onset_on:%d/%m/%Y}", detected=f"{alert.detected_on:%d/%m/%Y}"
        ),
        evidence=_evidence(alert, said, kind),
        not_this=said[f"not_{kind}"],
        closing=said[f"resolved_{message.reason.value}"] if over else "",
        checks=() if over else tuple(said[f"check_{kind}"]),
        cells=tuple(_where(key, said) for key in alert.contributors),
        bars=_bars(alert, said, kind),
        link=f"{base_url}{prefix}/alerts/{alert.alert_id}",
    )


def _heading(said: dict[str, Any], kind: str, reason: Reason) -> str:
    what = str(said[kind])
    if reason in TOLD_AT_END:
        return str(said["over"].format(what=what))
    return str(said["again"].format(what=what)) if reason is Reason.REPEATED else what


def _where(key: str, said: dict[str, Any]) -> str:
    return cell_name(parse_cell(key), said["language"], said["nation"], said["all_groups"])


def _evidence(alert: Alert, said: dict[str, Any], kind: str) -> str:
    check = said["fault_why"].format(why=alert.detail) if kind == "fault" else said["survives"]
    if kind != "fault" and not alert.detail.startswith("survives"):
        check = alert.detail
    return str(
        said["evidence"].format(
            n=alert.n,
            employers=alert.employers,
            source_count=len(alert.sources),
            sources=", ".join(alert.sources) or "–",
            check=check.rstrip("."),
        )
    )


def _bars(alert: Alert, said: dict[str, Any], kind: str) -> tuple[Bar, ...]:
    top = max(alert.observed, alert.expected, 1.0)
    pairs = (
        (said["observed_label"], alert.observed, COLOURS[kind]),
        (said["expected_label"], alert.expected, _EXPECTED),
    )
    return tuple(
        Bar(label=label, value=_number(value), width=round(100 * value / top, 1), colour=colour)
        for label, value, colour in pairs
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _ratio(value: float) -> str:
    return f"{value:.1f}" if value >= 0.95 else f"{value:.2f}"
