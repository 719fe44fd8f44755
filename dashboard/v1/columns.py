"""Columns of every answer, with their meanings. Data."""

from __future__ import annotations

from typing import Final

from dashboard.v1.tables import Column, Kind


def _columns(*described: tuple[str, Kind, str]) -> tuple[Column, ...]:
    return tuple(Column(name=name, kind=kind, meaning=says) for name, kind, says in described)


_CELL: Final = _columns(
    ("province", Kind.TEXT, "ISO 3166-2:LA; _T: the nation; _U: not known"),
    ("occupation", Kind.TEXT, "ISCO-08, 1 to 4 digits; _T: all; _U: not codable"),
    ("sector", Kind.TEXT, "ISIC Rev. 4 section; _T: all; _U: not known"),
)
_UNCERTAIN: Final = _columns(
    ("value", Kind.NUMBER, "the figure; empty: not told, for the reason in hidden or standing"),
    ("lower", Kind.NUMBER, "lower end of the 95 % interval"),
    ("upper", Kind.NUMBER, "upper end of the 95 % interval"),
    ("n", Kind.WHOLE, "vacancies (closures, postings with pay…) behind the figure"),
)

SERIES: Final = (
    *_columns(("indicator", Kind.TEXT, "code of /v1/indicators")),
    *_CELL,
    *_columns(
        ("skill", Kind.TEXT, "skill or group of skills; _T: none in particular"),
        ("frequency", Kind.TEXT, "D, W (Monday to Sunday) or M"),
        ("time_value", Kind.DAY, "first day of the period that the figure describes"),
    ),
    *_UNCERTAIN,
    *_columns(
        ("n_at_least", Kind.TRUTH, "n is the lower end of a band, not a count"),
        ("employers", Kind.WHOLE, "employers behind the figure; the public: at least so many"),
        ("unit", Kind.TEXT, "unit of value"),
        ("step", Kind.NUMBER, "what value is rounded to; empty: not rounded"),
        ("standing", Kind.TEXT, "whether the figure can be told: warehouse.series.Standing"),
        ("hidden", Kind.TEXT, "why it is withheld by the release rules; empty: it is not"),
        ("grade", Kind.TEXT, "quality A to F; empty: not graded"),
        ("answered_province", Kind.TEXT, "with standing rolled_up: province that it is of"),
        ("answered_occupation", Kind.TEXT, "with standing rolled_up: occupation that it is of"),
        ("issue", Kind.MOMENT, "when the figure was published (UTC)"),
        ("release", Kind.TEXT, "release it was published with; empty: outside releases"),
        ("method", Kind.TEXT, "name and version of the formula"),
        ("sources", Kind.TEXTS, "sources that it rests on"),
    ),
)
FORECASTS: Final = (
    *_CELL,
    *_columns(
        ("target_week", Kind.DAY, "Monday of the week that is forecast"),
        ("ahead", Kind.WHOLE, "weeks from the last known week to it"),
        ("value", Kind.NUMBER, "new vacancies forecast for that week"),
        ("lower_80", Kind.NUMBER, "lower end of the 80 % interval"),
        ("upper_80", Kind.NUMBER, "upper end of the 80 % interval"),
        ("lower_95", Kind.NUMBER, "lower end of the 95 % interval"),
        ("upper_95", Kind.NUMBER, "upper end of the 95 % interval"),
        ("usual_upper", Kind.NUMBER, "nine in ten weeks of the last year had no more"),
        ("chance_above", Kind.NUMBER, "probability of more than usual_upper"),
        ("n", Kind.WHOLE, "vacancies of the last half-year"),
        ("n_at_least", Kind.TRUTH, "n is the lower end of a band, not a count"),
        ("step", Kind.NUMBER, "what value is rounded to; empty: not rounded"),
        ("weeks", Kind.WHOLE, "weeks that it rests on"),
        ("last_week", Kind.DAY, "Monday of the last week that it knows"),
        ("scored", Kind.WHOLE, "earlier forecasts of the series that the scores are of"),
        ("relative_mae", Kind.NUMBER, "their error over that of the naive forecast"),
        ("mase", Kind.NUMBER, "their error over that of the seasonal naive forecast"),
        ("pinball", Kind.NUMBER, "departments: their mean pinball loss over five quantiles"),
        ("coverage_80", Kind.NUMBER, "share of outcomes within the 80 % interval"),
        ("coverage_95", Kind.NUMBER, "share of outcomes within the 95 % interval"),
        ("method", Kind.TEXT, "name and version of the method"),
        ("issue", Kind.MOMENT, "when it was published (UTC)"),
        ("release", Kind.TEXT, "weekly release that it was made with"),
    ),
)
COUNTS: Final = (
    *_columns(
        ("measure", Kind.TEXT, "new: opened in the period; open: open at its end"),
        ("frequency", Kind.TEXT, "D, W, M, or A: the whole time asked for"),
        ("time_value", Kind.DAY, "first day of the period; of open ones the last"),
    ),
    *_CELL,
    *_columns(
        ("district", Kind.TEXT, "P-code; _T: all; _U: not known"),
        ("skill", Kind.TEXT, "skill; _T: none in particular"),
        ("source", Kind.TEXT, "source; _T: all"),
        ("language", Kind.TEXT, "BCP 47; _T: all"),
    ),
    *_UNCERTAIN,
    *_columns(
        ("openings", Kind.WHOLE, "places to be filled"),
        ("employers", Kind.WHOLE, "employers with a name"),
        ("top_share", Kind.NUMBER, "share of n that the largest employer holds"),
        ("step", Kind.NUMBER, "what value is rounded to; empty: not rounded"),
        ("standing", Kind.TEXT, "whether the figure can be told: warehouse.series.Standing"),
        ("hidden", Kind.TEXT, "why it is withheld by the release rules; empty: it is not"),
        ("grade", Kind.TEXT, "quality A to F; empty: not graded"),
        ("issue", Kind.MOMENT, "when it was published; of free counts the moment as of which"),
        ("release", Kind.TEXT, "release it was published with; empty: outside releases"),
        ("method", Kind.TEXT, "name and version of the formula"),
        ("sources", Kind.TEXTS, "sources that it rests on"),
    ),
)
VACANCIES: Final = _columns(
    ("vacancy_id", Kind.TEXT, "identity"),
    ("opened_on", Kind.DAY, "first day (Asia/Vientiane)"),
    ("title", Kind.TEXT, "as advertised, redacted"),
    ("employer", Kind.TEXT, "as advertised; never a person"),
    ("province", Kind.TEXT, "ISO 3166-2:LA; empty: unknown"),
    ("district", Kind.TEXT, "P-code; empty: unknown"),
    ("isco08", Kind.TEXT, "ISCO-08, 4 digits; empty: not codable"),
    ("isco08_probability", Kind.NUMBER, "of the code, 0 to 1"),
    ("isco08_reason", Kind.TEXT, "the evidence behind it"),
    ("isic", Kind.TEXT, "ISIC Rev. 4 section, or empty"),
    ("pay_lower_lak", Kind.NUMBER, "kip a month"),
    ("pay_upper_lak", Kind.NUMBER, "kip a month"),
    ("education", Kind.TEXT, "ISCED 2011 (0 to 8), lowest level asked for"),
    ("experience_months", Kind.WHOLE, "shortest experience asked for; empty: not said"),
    ("employment_type", Kind.TEXT, "schema.org term, or empty"),
    ("skills", Kind.TEXTS, "codes of skills"),
    ("openings", Kind.WHOLE, "places to be filled"),
    ("language", Kind.TEXT, "of the advert, BCP 47"),
    ("source_id", Kind.TEXT, "source that showed it"),
    ("coder_version", Kind.TEXT, "what coded it"),
    ("loaded_at", Kind.MOMENT, "when the warehouse stored this version (UTC)"),
)
INDICATORS: Final = _columns(
    ("code", Kind.TEXT, "what the parameter indicator takes"),
    ("name_en", Kind.TEXT, "English name"),
    ("name_lo", Kind.TEXT, "Lao name"),
    ("unit", Kind.TEXT, "unit of the value"),
    ("frequency", Kind.TEXT, "W: weekly; M: monthly"),
    ("rule", Kind.TEXT, "class of the release rules"),
    ("method", Kind.TEXT, "name of the formula; docs/methods.md describes it"),
)
RELEASES: Final = _columns(
    ("release", Kind.TEXT, "identity: kind, period and revision"),
    ("kind", Kind.TEXT, "daily, weekly or monthly"),
    ("status", Kind.TEXT, "provisional or final"),
    ("period_start", Kind.DAY, "first day described"),
    ("period_end", Kind.DAY, "last day described"),
    ("revision", Kind.WHOLE, "0: the first of its period"),
    ("cutoff", Kind.MOMENT, "what was stored by then was used (UTC)"),
    ("issue", Kind.MOMENT, "when it was published (UTC)"),
    ("methods", Kind.TEXTS, "names and versions of the formulas used"),
    ("figures", Kind.WHOLE, "number of figures"),
    ("digest", Kind.TEXT, "SHA-256 of the canonical file of the release"),
    ("supersedes", Kind.TEXT, "release that it revises, or empty"),
    ("note", Kind.TEXT, "why it was revised"),
)
ALERTS: Final = _columns(
    ("alert_id", Kind.TEXT, "identity"),
    ("at", Kind.MOMENT, "event time of the transition (UTC)"),
    ("recorded_at", Kind.MOMENT, "when it was noted (UTC)"),
    ("state", Kind.TEXT, "state after the transition"),
    ("previous_state", Kind.TEXT, "state before"),
    ("reason", Kind.TEXT, "why it changed"),
    ("kind", Kind.TEXT, "what is warned of"),
    ("indicator", Kind.TEXT, "indicator that it is about"),
    ("severity", Kind.TEXT, "how grave it is"),
    ("direction", Kind.TEXT, "up or down"),
    ("province", Kind.TEXT, "ISO 3166-2:LA; _T: the nation"),
    ("occupation", Kind.TEXT, "ISCO-08 major group; _T: all"),
    ("onset_on", Kind.DAY, "day on which the change is taken to have begun"),
    ("observed", Kind.NUMBER, "departments: what was counted"),
    ("expected", Kind.NUMBER, "departments: what was expected"),
    ("ratio", Kind.NUMBER, "departments: observed / expected"),
    ("ratio_lower", Kind.NUMBER, "departments: lower end of its 95 % interval"),
    ("ratio_upper", Kind.NUMBER, "departments: upper end of its 95 % interval"),
    ("probability", Kind.NUMBER, "departments: of what is warned of"),
    ("n", Kind.WHOLE, "departments: vacancies behind it"),
    ("hidden", Kind.TEXT, "why figures are withheld; empty: they are not"),
    ("sources", Kind.TEXTS, "sources that it rests on"),
    ("notified", Kind.TRUTH, "whether somebody was told"),
)
SCORECARD: Final = _columns(
    ("by", Kind.TEXT, "what alerts are grouped by: all, province, kind, severity, month or both"),
    ("province", Kind.TEXT, "ISO 3166-2:LA; _T: the nation's alerts; empty: every province"),
    ("kind", Kind.TEXT, "kind of alert; empty: every kind but collection faults"),
    ("severity", Kind.TEXT, "minor, moderate or severe; empty: every one"),
    ("month", Kind.TEXT, "month in which the alert first fired or the event began; empty: all"),
    ("measure", Kind.TEXT, "what is measured: docs/methods.md, section 8, scorecard"),
    ("value", Kind.NUMBER, "the figure; empty: not assessable"),
    ("lower", Kind.NUMBER, "lower end of the 95 % interval of a share or median"),
    ("upper", Kind.NUMBER, "upper end"),
    ("hits", Kind.WHOLE, "of a share: cases that count"),
    ("n", Kind.WHOLE, "cases behind the figure; of a budget: the budget"),
    ("standing", Kind.TEXT, "assessable or not_assessable: fewer than five cases"),
)
STRATEGY: Final = _columns(
    ("number", Kind.TEXT, "as the strategy numbers it; impact indicators are I1 to I5"),
    ("on_day", Kind.DAY, "day that it was found for, or that an entered value holds for"),
    ("origin", Kind.TEXT, "computed, measured (by a check), used (from own use), entered"),
    ("value", Kind.NUMBER, "the figure; empty: not assessable, or of invented data"),
    ("lower", Kind.NUMBER, "lower end of the 95 % interval"),
    ("upper", Kind.NUMBER, "upper end"),
    ("n", Kind.WHOLE, "systems, months, vacancies verified or requests; the public: at least"),
    ("invented", Kind.NUMBER, "what a demonstration found instead: counts for nothing"),
    ("unit", Kind.TEXT, "share, count, seconds or per_year"),
    ("period_start", Kind.DAY, "first day described; empty: as of the day"),
    ("period_end", Kind.DAY, "last day described"),
    ("method", Kind.TEXT, "name and version of the formula"),
    ("source", Kind.TEXT, "what it rests on"),
    ("issue", Kind.MOMENT, "when it was kept or entered (UTC)"),
)
SOURCES: Final = _columns(
    ("source_id", Kind.TEXT, "identity"),
    ("name", Kind.TEXT, "for people"),
    ("kind", Kind.TEXT, "shape of the source"),
    ("enabled", Kind.TRUTH, "whether it is collected"),
    ("why_not", Kind.TEXT, "why it is not collected"),
    ("legal_basis", Kind.TEXT, "agreement or law that collection rests on"),
    ("licence", Kind.TEXT, "terms of its content"),
    ("owner", Kind.TEXT, "who answers for the data"),
    ("address", Kind.TEXT, "where it is on the web"),
    ("language", Kind.TEXT, "BCP 47"),
    ("last_run_at", Kind.MOMENT, "end of its last crawl (UTC)"),
    ("last_outcome", Kind.TEXT, "how that ended"),
    ("last_ok_at", Kind.MOMENT, "end of its last crawl that read the listing (UTC)"),
    ("runs", Kind.WHOLE, "crawls so far"),
    ("failed", Kind.WHOLE, "of which failed"),
    ("health", Kind.TEXT, "of the period it is in, else of its last measured crawl"),
    ("since", Kind.MOMENT, "beginning of that period (UTC)"),
)
CODES: Final = _columns(
    ("code", Kind.TEXT, "what parameters take"),
    ("name_en", Kind.TEXT, "English name"),
    ("name_lo", Kind.TEXT, "Lao name, or empty"),
    ("parent", Kind.TEXT, "code above, or empty"),
    ("reviewed", Kind.TRUTH, "whether a Lao speaker has checked the Lao name"),
)
LISTS: Final = _columns(
    ("list", Kind.TEXT, "name in /v1/codelists/{list}"),
    ("title", Kind.TEXT, "what it lists"),
    ("codes", Kind.WHOLE, "how many"),
)
SAVED: Final = _columns(
    ("query_id", Kind.TEXT, "identity of this version: what is shared"),
    ("name", Kind.TEXT, "name"),
    ("version", Kind.WHOLE, "the highest is current"),
    ("owner", Kind.TEXT, "account that may change it"),
    ("description", Kind.TEXT, "what the question is for"),
    ("sql", Kind.TEXT, "the statement"),
    ("as_of", Kind.MOMENT, "pinned moment; empty: the moment of asking"),
    ("saved_at", Kind.MOMENT, "when (UTC)"),
)
RUNS: Final = _columns(
    ("run_id", Kind.TEXT, "identity"),
    ("at", Kind.MOMENT, "when (UTC)"),
    ("asker", Kind.TEXT, "account"),
    ("way", Kind.TEXT, "rest or shell"),
    ("query_id", Kind.TEXT, "saved question, or empty"),
    ("sql", Kind.TEXT, "the statement"),
    ("outcome", Kind.TEXT, "answered, failed, or why it was refused"),
    ("rows", Kind.WHOLE, "of the answer"),
    ("elapsed_ms", Kind.WHOLE, "time taken"),
)
