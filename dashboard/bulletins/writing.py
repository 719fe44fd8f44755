"""Figures as a reader writes them, and sentences made of them. Pure."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from alerts.releases.plan import Kind
from dashboard.bulletins.records import Contents
from dashboard.language import Language
from dashboard.wording import unit_of
from dashboard.words import group_name, province_name
from warehouse.disclosure.alerts import ToldAlert
from warehouse.disclosure.records import Hidden, Released
from warehouse.forecasts import ForecastRow
from warehouse.series import Standing

NONE: Final = "–"
_LIKELY: Final = 0.8
"""Probability from which a shortage is called probable: docs/methods.md."""


def amount(lang: Language, unit: str, value: float) -> str:
    """A value with its unit: log ratios and shares as percentages, probabilities within 1 to 99."""
    if unit == "ln ratio":
        return lang.percent(math.expm1(value), sign=True)
    if unit == "probability":
        return lang.percent(min(max(value, 0.01), 0.99))
    if unit == "share":
        return lang.percent(value)
    if unit == "days":
        return lang.say("bulletin_days", count=lang.number(value))
    return lang.number(value, {"score": 1, "index": 2}.get(unit, 0))


def told(lang: Language, one: Released | None) -> str:
    """A figure, or why there is none. Never 0 instead."""
    if one is None:
        return lang.say("bulletin_no_figure")
    if one.value is None:
        return lang.say(f"bulletin_{reason(one)}")
    return amount(lang, unit_of(one.series.indicator), one.value)


def reason(one: Released) -> str:
    """Why a figure is not told, by the end of a key of the strings."""
    if one.hidden in {Hidden.NOT_DECIDED, Hidden.NOT_FINAL}:
        return "not_yet"
    if one.hidden is Hidden.TOO_SHORT or one.standing is Standing.TOO_SHORT:
        return "too_short"
    if one.standing is Standing.NO_SUPPLY:
        return "no_supply"
    if one.standing is Standing.NOT_OBSERVED:
        return "not_observed"
    return "too_few"


def between(lang: Language, one: Released | None) -> str:
    """The ends of the 95 % interval, or a dash."""
    if one is None or one.value is None or one.lower is None or one.upper is None:
        return NONE
    unit = unit_of(one.series.indicator)
    lower, upper = (amount(lang, unit, end) for end in (one.lower, one.upper))
    return lang.say("bulletin_between", lower=lower, upper=upper)


def basis(lang: Language, one: Released | None) -> str:
    """The sample behind a figure."""
    if one is None or one.n is None:
        return NONE
    count = lang.number(one.n)
    return lang.say("bulletin_at_least", count=count) if one.n_at_least else count


def where(lang: Language, place: str) -> str:
    """The place in words; "" is the nation."""
    return province_name(lang, place or "all")


def title(lang: Language, said: Contents) -> str:
    """What the bulletin is about: place and days."""
    place, release = where(lang, said.place), said.release
    if said.kind is Kind.MONTHLY:
        month = lang.month_and_year(release.period_start)
        return lang.say("bulletin_monthly_title", place=place, month=month)
    days = {"first": lang.day(release.period_start), "last": lang.day(release.period_end)}
    return lang.say("bulletin_weekly_title", place=place, **days)


def in_short(lang: Language, said: Contents) -> list[str]:
    """The bulletin in a few sentences, each with its uncertainty or with why nothing is said."""
    lines = [_flow_sentence(lang, said), _growth_sentence(lang, said)]
    if said.kind is Kind.WEEKLY:
        lines.append(_shortage_sentence(lang, said))
    else:
        lines.append(_pay_sentence(lang, said))
    lines.append(_alert_sentence(lang, said))
    lines += [forecast_sentence(lang, row) for row in said.forecasts[:1]]
    return [line for line in lines if line]


def _flow_sentence(lang: Language, said: Contents) -> str:
    now, before = said.here.get("flow"), said.before.get("flow")
    if now is None or now.value is None:
        return lang.say("bulletin_flow_hidden", why=told(lang, now))
    key = "bulletin_flow_before" if before and before.value is not None else "bulletin_flow"
    values = {"count": told(lang, now), "interval": between(lang, now)}
    if key == "bulletin_flow_before":
        values["before"] = told(lang, before)
    return lang.say(key, **values)


def _growth_sentence(lang: Language, said: Contents) -> str:
    name = "growth" if said.kind is Kind.WEEKLY else "wage_growth"
    one = said.here.get(name)
    if one is None or one.value is None:
        return lang.say(f"bulletin_{name}_hidden", why=told(lang, one))
    unclear = one.lower is not None and one.upper is not None and one.lower <= 0 <= one.upper
    key = f"bulletin_{name}_unclear" if unclear else f"bulletin_{name}"
    return lang.say(key, change=told(lang, one), interval=between(lang, one))


def _pay_sentence(lang: Language, said: Contents) -> str:
    one = said.here.get("wage_median")
    if one is None or one.value is None:
        return lang.say("bulletin_pay_hidden", why=told(lang, one))
    values = {"pay": told(lang, one), "interval": between(lang, one), "n": basis(lang, one)}
    return lang.say("bulletin_pay", **values)


def _shortage_sentence(lang: Language, said: Contents) -> str:
    """Groups with a probable shortage by name, and how many cannot be assessed."""
    chances = {c: held.get("shortage_probability") for c, held in sorted(said.groups.items())}
    known = {c: one.value for c, one in chances.items() if one and one.value is not None}
    if not known:
        return lang.say("bulletin_shortage_unknown")
    short = [group_name(lang, code) for code, value in known.items() if value >= _LIKELY]
    counts = {"known": lang.number(len(known)), "all": lang.number(len(said.groups))}
    if not short:
        return lang.say("bulletin_shortage_none", **counts)
    return lang.say("bulletin_shortage", groups=", ".join(short), **counts)


def _alert_sentence(lang: Language, said: Contents) -> str:
    if not said.alerts:
        return lang.say("bulletin_alerts_none")
    count = lang.number(len(said.alerts))
    return lang.say("bulletin_alerts", count=count, opened=lang.number(said.opened))


def forecast_sentence(lang: Language, row: ForecastRow) -> str:
    """A forecast with its interval, and how often its forerunners' intervals were right."""
    return lang.say(
        "bulletin_forecast",
        weeks=lang.number(row.ahead),
        count=lang.number(row.value),
        lower=lang.number(row.lower_80),
        upper=lang.number(row.upper_80),
    )


def alert_line(lang: Language, alert: ToldAlert) -> tuple[str, str, str, str]:
    """An alert as a line of a table: what and where, since when, size, state."""
    group = alert.isco1 or "all"
    what = lang.say(f"bulletin_alert_{_kind(alert)}")
    cell = f"{where(lang, alert.province)} · {group_name(lang, group)}"
    size = NONE
    if alert.ratio is not None and alert.ratio_lower is not None and alert.ratio_upper is not None:
        ends = (alert.ratio, alert.ratio_lower, alert.ratio_upper)
        size = lang.say("bulletin_times", **dict(zip(
            ("ratio", "lower", "upper"), (lang.number(end, 1) for end in ends), strict=True
        )))  # fmt: skip
    return f"{what}: {cell}", lang.short_day(alert.onset_on), size, lang.say(f"state_{alert.state}")


def _kind(alert: ToldAlert) -> str:
    if alert.kind == "labour":
        return "rise" if alert.direction == "up" else "fall"
    return alert.kind


def period_word(lang: Language, day: date, kind: Kind) -> str:
    """The label of one period on an axis or in a table."""
    return lang.short_day(day) if kind is Kind.WEEKLY else lang.month_and_year(day)
