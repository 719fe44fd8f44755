"""Names of what was chosen: indicators, series and their grain, in the reader's language. Pure."""

from __future__ import annotations

from typing import Final

from config.vocabulary import occupations
from dashboard.cube import GROUPS
from dashboard.exploring.choice import Line, listed
from dashboard.language import Language
from dashboard.wording import section_name, skill_name
from dashboard.words import province_name

FREQUENCIES: Final = ("W", "M", "D")


def indicator_name(lang: Language, code: str) -> str:
    """The indicator's name; the code of an unheard-of one."""
    row = listed().get(code)
    return code if row is None else row[f"name_{lang.code}"] or row["name_en"]


def occupation_name(lang: Language, code: str) -> str:
    """An ISCO-08 group of any depth."""
    if code in GROUPS:
        return lang.say(f"isco1_{code}")
    label = occupations().get(code)
    if label is None:
        return code
    return (label.name_lo if lang.code == "lo" else "") or label.name_en


def frequency_name(lang: Language, code: str) -> str:
    """How long a period is; the word itself where it is none."""
    return lang.say(f"frequency_{code.lower()}") if code in FREQUENCIES else code


def cell_parts(lang: Language, line: Line) -> list[str]:
    """What narrows a series; empty for the whole country."""
    return [
        *([province_name(lang, line.province)] if line.province else []),
        *([occupation_name(lang, line.occupation)] if line.occupation else []),
        *([section_name(lang, line.sector)] if line.sector else []),
        *([skill_name(lang, line.skill)] if line.skill else []),
    ]


def line_title(lang: Language, line: Line) -> str:
    """Number, indicator, cell and length of period, for example "1. New vacancies · …"."""
    cell = cell_parts(lang, line) or [lang.say("all_provinces")]
    named = (indicator_name(lang, line.indicator), *cell, frequency_name(lang, line.frequency))
    return f"{line.place}. {' · '.join(named)}"


def grain(lang: Language, line: Line) -> str:
    """What one figure of the series is of, along every dimension."""
    return lang.say(
        "explore_grain",
        period=frequency_name(lang, line.frequency),
        place=province_name(lang, line.province or "all"),
        work=occupation_name(lang, line.occupation) if line.occupation else lang.say("all_groups"),
        sector=section_name(lang, line.sector) if line.sector else lang.say("explore_all_sectors"),
        skill=skill_name(lang, line.skill) if line.skill else lang.say("explore_no_skill"),
    )
