"""Names of things in the reader's language: provinces, occupation groups, cells, alerts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dashboard.cube import GROUPS, PROVINCES
from dashboard.geography import provinces
from dashboard.language import Language
from dashboard.views import AlertView

SHORTAGE_AHEAD: Final = "shortage_within_12w"
"""The forecast of a shortage; other forecasts are of demand and say nothing of supply."""


def province_name(lang: Language, code: str) -> str:
    """A province, or "whole country" for "all", or "place unknown" for ""."""
    if code == "all":
        return lang.say("all_provinces")
    known = provinces().get(code)
    return known.name(lang.code) if known else lang.say("unknown_place")


def group_name(lang: Language, code: str) -> str:
    """An ISCO-08 major group, or "all occupations" for "all", or "not codable" for ""."""
    if code == "all":
        return lang.say("all_groups")
    return lang.say(f"isco1_{code}" if code in GROUPS else "isco1_none")


def cell_name(lang: Language, province: str, isco1: str) -> str:
    """A cell of province × major group; "all" on both axes is the whole country."""
    if isco1 == "all":
        return province_name(lang, province)
    if province == "all":
        return group_name(lang, isco1)
    return f"{province_name(lang, province)} · {group_name(lang, isco1)}"


def alert_cell(alert: AlertView) -> tuple[str, str]:
    """The cell of an alert in the form the cube takes: "all" where the alert names none."""
    province = alert.province if alert.province in PROVINCES else "all"
    return province, alert.isco1 if alert.isco1 in GROUPS else "all"


def alert_kind(lang: Language, alert: AlertView) -> str:
    """What kind of thing the alert says."""
    if alert.kind == "collection_fault":
        return lang.say("alert_fault")
    if alert.indicator == SHORTAGE_AHEAD:
        return lang.say("alert_shortage_ahead")
    if alert.kind != "labour":
        return lang.say(f"bulletin_alert_{alert.kind}")
    return lang.say("alert_rise" if alert.direction == "up" else "alert_fall")


def alert_heading(lang: Language, alert: AlertView) -> str:
    """One line that says what is happening and where."""
    cell = cell_name(lang, *alert_cell(alert))
    if alert.kind == "collection_fault" and alert.sources:
        cell = joined(alert.sources)
    return lang.say("alert_heading", what=alert_kind(lang, alert), cell=cell)


def coded_name(lang: Language, prefix: str, code: str) -> str:
    """The string under `prefix_code`; the code itself where the languages have no word for it."""
    key = f"{prefix}_{code}"
    return lang.say(key) if key in lang.strings else code.replace("_", " ")


def joined(names: Iterable[str]) -> str:
    """Names in a row."""
    return ", ".join(names)
