"""An alert in plain words: what, where, how sure, since when, on what evidence, what it is not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from alerts.alert import Alert, Reason
from alerts.calendar import LAO_TIME
from alerts.cells import parse_cell
from alerts.notify.clean import clean
from alerts.notify.figures import figure_of, plainly
from alerts.notify.kinds import COLOURS, FORECASTS, counts_vacancies, family, kind_of
from alerts.notify.names import cell_name, group_name, indicator_name, province_name
from alerts.notify.numbers import chance, compared, number, ratio
from alerts.outbox import Message
from alerts.signal import Classification, Direction
from alerts.transition import TOLD_AT_END

TEMPLATES: Final = Path(__file__).parent / "templates"
_EXPECTED: Final = "#9aa5b1"
_VERY, _FAIRLY = 0.9, 0.75
_HORIZON: Final = timedelta(weeks=12)
"""How far a forecast of a shortage reaches, from the week that it was last made of."""
_SAID_OF: Final = {
    Reason.REPEATED: "again",
    Reason.WORSENED: "stronger",
    Reason.REOPENED: "back",
}


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
    lead: str
    """The first sentence: alone it tells enough."""
    where: str
    what: str
    sure: str
    since: str
    evidence: str
    not_this: str
    severity: str
    closing: str
    checks: tuple[str, ...]
    cells: tuple[str, ...]
    figures: tuple[str, ...]
    bars: tuple[Bar, ...]
    chart_alt: str
    link: str
    over: bool
    points_note: str
    """What points of figures mean; "" where there are none."""

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Labelled statements in reading order."""
        said = self.words
        if self.over:
            return (
                (said["what_was_label"], self.what),
                (said["since_label"], self.since),
                (said["evidence_label"], self.evidence),
                (said["not_label"], self.not_this),
            )
        return (
            (said["what_label"], self.what),
            (said["sure_label"], self.sure),
            (said["severity_label"], self.severity),
            (said["since_label"], self.since),
            (said["evidence_label"], self.evidence),
            (said["not_label"], self.not_this),
        )


def put(message: Message, language: str, base_url: str) -> Telling:
    """The message in a language; `base_url` is the dashboard's address."""
    alert, said, kind = message.alert, words(language), kind_of(message.alert)
    over = message.reason in TOLD_AT_END
    closing = _closing(alert, message.reason, said) if over else ""
    values = values_of(alert, said)
    return Telling(
        words=said,
        heading=_heading(said, kind, message.reason, values),
        lead=f"{values['place']}: {closing}" if over else _lead(message, said, kind, values),
        where=_where(alert.cell.key, said),
        what=_what(said, kind, values),
        sure=_sure(alert, said, kind),
        since=_since(said, kind, alert, values),
        evidence=_evidence(alert, said, kind),
        not_this=said[f"not_{family(kind)}"],
        severity=said["severities" if over else "severity_says"][alert.severity.value],
        closing=closing,
        checks=() if over else tuple(said[f"check_{family(kind)}"]),
        cells=tuple(_where(key, said) for key in alert.contributors),
        figures=tuple(figure_of(one, said) for one in alert.components),
        bars=_bars(alert, said, kind) if counts_vacancies(kind) else (),
        chart_alt=said["chart_alt"].format(where=_where(alert.cell.key, said), **values),
        link=link_to(alert.alert_id, language, base_url),
        over=over,
        points_note=said["points_note"] if any(c.points for c in alert.components) else "",
    )


def _closing(alert: Alert, reason: Reason, said: dict[str, Any]) -> str:
    """Why it is over; what was a probability has no usual level that could be back."""
    below = reason is Reason.RETURNED and alert.probability is not None
    return str(said["resolved_below" if below else f"resolved_{reason.value}"])


def _lead(message: Message, said: dict[str, Any], kind: str, values: dict[str, str]) -> str:
    """The first sentence; of an escalation, first why it comes to this reader."""
    lead = str(said[f"lead_{kind}"].format(**values))
    if message.reason is not Reason.ESCALATED:
        return lead
    told = message.alert.told_at
    day = message.alert.detected_on if told is None else told.astimezone(LAO_TIME).date()
    return str(said["escalated_lead"].format(told=f"{day:%d/%m/%Y}", lead=lead))


def link_to(alert_id: str, language: str, base_url: str) -> str:
    """The page of an alert."""
    return f"{base_url}{'' if language == 'lo' else f'/{language}'}/alerts/{alert_id}"


def values_of(alert: Alert, said: dict[str, Any]) -> dict[str, str]:
    """What phrases have blanks for."""
    language = said["language"]
    return {
        "place": province_name(alert.cell.province, language)
        if alert.cell.province
        else said["nation"],
        "group": group_name(alert.cell.isco1, language) if alert.cell.isco1 else said["all_groups"],
        "indicator": indicator_name(alert.indicator, language),
        "observed": _level(alert, alert.observed, said),
        "expected": _level(alert, alert.expected, said),
        "ratio": ratio(alert.ratio, language),
        "comparison": compared(alert.ratio, said["comparison"], language),
        "chance": chance(alert.probability),
        "onset": f"{alert.onset_on:%d/%m/%Y}",
        "sources": _sources(alert),
    }


def _level(alert: Alert, value: float, said: dict[str, Any]) -> str:
    if counts_vacancies(kind_of(alert)) or kind_of(alert) == "forecast_pressure":
        return number(value, said["language"])
    return plainly(value, alert.indicator, said)


def told_as(said: dict[str, Any], what: str, reason: Reason) -> str:
    """A heading with what kind of telling it is: first, reminder, stronger, over."""
    if reason in TOLD_AT_END:
        return str(said["over"].format(what=what))
    key = _SAID_OF.get(reason, reason.value if reason.value in said else "")
    return str(said[key].format(what=what)) if key else what


def _heading(said: dict[str, Any], kind: str, reason: Reason, values: dict[str, str]) -> str:
    return told_as(said, said[kind].format(**values), reason)


def _what(said: dict[str, Any], kind: str, values: dict[str, str]) -> str:
    key = "what" if counts_vacancies(kind) else f"what_{family(kind)}"
    return str(said[key].format(**values))


def _since(said: dict[str, Any], kind: str, alert: Alert, values: dict[str, str]) -> str:
    """When it began and was noticed; of a forecast, when it was made and until when it holds."""
    key = f"since_{kind}" if kind in FORECASTS else "since"
    until = alert.seen_at.astimezone(LAO_TIME).date() + _HORIZON
    return str(
        said[key].format(
            onset=values["onset"], detected=f"{alert.detected_on:%d/%m/%Y}",
            until=f"{until:%d/%m/%Y}",
        )
    )  # fmt: skip


def _where(key: str, said: dict[str, Any]) -> str:
    return cell_name(parse_cell(key), said["language"], said["nation"], said["all_groups"])


def _sure(alert: Alert, said: dict[str, Any], kind: str) -> str:
    if kind == "fault":
        return str(said["sure_fault"])
    grades = said["grades"]
    if alert.probability is not None:
        p = alert.probability
        grade = "very" if p >= _VERY else "fairly" if p >= _FAIRLY else "weak"
        key = "sure_forecast" if kind == "forecast" else "sure_chance"
        return str(said[key].format(grade=grades[grade], chance=chance(p)))
    if not counts_vacancies(kind) and family(kind) != "indicator":
        return str(said["sure_none"])
    language = said["language"]
    return str(
        said["sure"].format(
            grade=grades[_grade_of_size(alert)],
            lower=ratio(alert.ratio_lower, language),
            upper=ratio(alert.ratio_upper, language),
        )
    )


def _grade_of_size(alert: Alert) -> str:
    """By the end of the interval that lies nearer to "no change"."""
    up = alert.direction is Direction.UP
    near = alert.ratio_lower if up else 1.0 / max(alert.ratio_upper, 1e-9)
    return "very" if near >= 1.25 else "fairly" if near > 1.0 else "weak"


def _evidence(alert: Alert, said: dict[str, Any], kind: str) -> str:
    if kind == "forecast_pressure":
        return str(said["evidence_half_year"].format(n=alert.n))
    parts = [said["evidence_count"].format(n=alert.n)]
    if alert.employers:
        parts.append(said["evidence_employers"].format(employers=alert.employers))
    if alert.sources:
        parts.append(
            said["evidence_sources"].format(
                source_count=len(alert.sources), sources=_sources(alert)
            )
        )
    return f"{', '.join(parts)}. {_check(alert, said, kind)}".strip()


def _check(alert: Alert, said: dict[str, Any], kind: str) -> str:
    grounds, why = said["grounds"], alert.why
    if alert.kind is Classification.COLLECTION_FAULT:
        named = grounds["unnamed" if why is None else why.ground.value]
        source = clean(why.source) if why is not None else ""
        return str(said["fault_why"].format(why=named.format(source=source)))
    if kind not in ("rise", "fall"):
        return ""
    if why is None:  # of an alert that was stored before grounds were
        return _sentence(grounds["survives"]) if alert.detail.startswith("survives") else ""
    return _sentence(grounds[why.ground.value].format(source=clean(why.source)))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _sources(alert: Alert) -> str:
    return ", ".join(clean(source) for source in alert.sources) or "–"


def _bars(alert: Alert, said: dict[str, Any], kind: str) -> tuple[Bar, ...]:
    top = max(alert.observed, alert.expected, 1.0)
    pairs = (
        (said["observed_label"], alert.observed, COLOURS[kind]),
        (said["expected_label"], alert.expected, _EXPECTED),
    )
    return tuple(
        Bar(
            label=label,
            value=number(value, said["language"]),
            width=round(100 * value / top, 1),
            colour=colour,
        )
        for label, value, colour in pairs
    )
