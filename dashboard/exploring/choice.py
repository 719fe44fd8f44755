"""What a reader of *Explore* has chosen: words of its address ↔ up to four series. Pure.

The words are those of `/v1/series`; those of the second to fourth series end in 2, 3 or 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlencode

from config.skills import skill_groups, skills
from config.vocabulary import read_table
from dashboard.v1.asked import TOTAL
from dashboard.v1.refusing import AskedError

MOST: Final = 4
PER_SERIES: Final = ("indicator", "province", "occupation", "sector", "skill", "frequency")
SHARED: Final = ("since", "until", "as_of")
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One series as it was chosen; "" is the total of a dimension."""

    place: int
    """1 to 4, on the page and in the address."""
    indicator: str
    province: str = ""
    occupation: str = ""
    sector: str = ""
    skill: str = ""
    """Code, or a name as it was typed where it is of no skill."""
    frequency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Everything that the address says."""

    lines: tuple[Line, ...]
    since: str = ""
    until: str = ""
    as_of: str = ""
    """As written; "" is now."""

    def line(self, place: int) -> Line | None:
        """The series at a place; `None` where it is free."""
        return next((line for line in self.lines if line.place == place), None)


@cache
def listed() -> Mapping[str, Mapping[str, str]]:
    """Rows of the table of indicators by code."""
    return {row["code"]: row for row in read_table("codelists", "indicators.csv")}


def chosen(words: Mapping[str, str]) -> Choice:
    """What an address asks for; new vacancies of the nation where it asks for nothing."""
    lines = tuple(
        line for line in (_line(words, place) for place in range(1, MOST + 1)) if line is not None
    )
    shared = {name: words.get(name, "").strip()[:_LONGEST] for name in SHARED}
    return Choice(lines=lines or (Line(place=1, indicator="flow", frequency="W"),), **shared)


def _line(words: Mapping[str, str], place: int) -> Line | None:
    end = "" if place == 1 else str(place)
    given = {name: words.get(f"{name}{end}", "").strip()[:_LONGEST] for name in PER_SERIES}
    if not given["indicator"]:
        return None
    given = {name: "" if word == TOTAL else word for name, word in given.items()}
    own = listed().get(given["indicator"], {}).get("frequency", "")
    return Line(
        place=place,
        **given | {"skill": skill_code(given["skill"]), "frequency": given["frequency"] or own},
    )


def skill_code(word: str) -> str:
    """The code of a skill by its code or name in either language; otherwise the word itself."""
    if not word or word in skills() or word in skill_groups():
        return word
    return _by_name().get(word.casefold(), word)


@cache
def _by_name() -> Mapping[str, str]:
    named = {label.casefold(): code for code, (label, _) in skill_groups().items()}
    for code, one in skills().items():
        named |= {name.casefold(): code for name in (one.name_en, one.name_lo) if name}
    return named


def question(choice: Choice, line: Line) -> dict[str, str]:
    """The words by which `/v1/series` is asked for a series.

    Raises:
        AskedError: an indicator of skills without a skill.
    """
    if listed().get(line.indicator, {}).get("code") == "skill_share" and not line.skill:
        raise AskedError("skill", "the name or code of a skill")
    words = {
        "indicator": line.indicator, "province": line.province or TOTAL,
        "occupation": line.occupation or TOTAL, "sector": line.sector or TOTAL,
        "skill": line.skill or TOTAL, "frequency": line.frequency,
        "since": choice.since, "until": choice.until, "as_of": choice.as_of,
    }  # fmt: skip
    return {name: word for name, word in words.items() if word}


def query(choice: Choice, *, as_of: str | None = None) -> str:
    """The query of the address that leads here, without what it need not say.

    Args:
        choice: what it says.
        as_of: a moment to pin instead of the chosen one.
    """
    words: dict[str, str] = {}
    for line in choice.lines:
        end = "" if line.place == 1 else str(line.place)
        words |= {f"{name}{end}": getattr(line, name) for name in PER_SERIES}
    words |= {"since": choice.since, "until": choice.until}
    words["as_of"] = choice.as_of if as_of is None else as_of
    return urlencode({name: word for name, word in words.items() if word})
