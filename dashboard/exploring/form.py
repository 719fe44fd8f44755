"""What the form of *Explore* offers. Pure: values for the template `explore.html`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from config.vocabulary import industries, occupations, provinces
from dashboard.cube import GROUPS
from dashboard.exploring.choice import MOST, Choice, Line, listed
from dashboard.exploring.naming import (
    FREQUENCIES,
    frequency_name,
    indicator_name,
    line_title,
    occupation_name,
)
from dashboard.language import Language
from dashboard.wording import section_name, skill_name
from dashboard.words import province_name
from warehouse.disclosure.records import View
from warehouse.published import ReleaseRow

Option = tuple[str, str]
SHOWN_KINDS: Final = ("weekly", "monthly")
"""Daily releases are many: the moment of one can be written into the address."""


def form_values(
    lang: Language, choice: Choice, *, view: View, skills: Iterable[str],
    releases: Sequence[ReleaseRow],
) -> dict[str, Any]:  # fmt: skip
    """Everything that the template is given.

    Args:
        lang: of the page.
        choice: what is chosen now.
        view: departments may choose days and occupations of any depth.
        skills: those that figures are published of.
        releases: the newest first.
    """
    return {
        "lines": [_line(lang, place, choice.line(place)) for place in range(1, MOST + 1)],
        "options": _options(lang, view),
        "occupations": _occupations(lang) if view is View.DEPARTMENT else [],
        "skills": sorted({skill_name(lang, code) for code in skills}),
        "choice": choice,
        "vintages": vintages(lang, releases, choice.as_of),
    }


def _line(lang: Language, place: int, line: Line | None) -> dict[str, Any]:
    held = line or Line(place=place, indicator="")
    return {
        "place": place,
        "end": "" if place == 1 else str(place),
        "title": line_title(lang, line) if line else "",
        "indicator": held.indicator,
        "province": held.province,
        "occupation": held.occupation,
        "sector": held.sector,
        "skill": skill_name(lang, held.skill) if held.skill else "",
        "frequency": held.frequency,
    }


def _options(lang: Language, view: View) -> dict[str, list[Option]]:
    """Choices of each field of a series; the first is the total."""
    lengths = FREQUENCIES if view is View.DEPARTMENT else FREQUENCIES[:2]
    sections = [code for code in industries() if len(code) == 1]
    return {
        "indicator": [(code, indicator_name(lang, code)) for code in listed()],
        "province": [("", province_name(lang, "all")),
                     *((code, province_name(lang, code)) for code in provinces())],
        "occupation": [("", lang.say("all_groups")),
                       *((code, occupation_name(lang, code)) for code in GROUPS)],
        "sector": [("", lang.say("explore_all_sectors")),
                   *((code, section_name(lang, code)) for code in sections)],
        "frequency": [("", lang.say("explore_own_frequency")),
                      *((code, frequency_name(lang, code)) for code in lengths)],
    }  # fmt: skip


def _occupations(lang: Language) -> list[Option]:
    return [(code, occupation_name(lang, code)) for code in occupations()]


def vintages(lang: Language, releases: Sequence[ReleaseRow], chosen: str) -> list[Option]:
    """Moments that can be gone back to: now, every release, and the one of the address."""
    found = {"": lang.say("explore_now")}
    for one in releases:
        if one.kind in SHOWN_KINDS:
            found.setdefault(written(one.issue), _release(lang, one))
    if chosen:
        found.setdefault(chosen, chosen)
    return list(found.items())


def _release(lang: Language, one: ReleaseRow) -> str:
    return lang.say(
        "explore_release", release=one.release_id, moment=lang.moment(one.issue),
        kind=lang.say(f"release_{one.kind}"),
    )  # fmt: skip


def written(moment: datetime) -> str:
    """A moment as `/v1` takes it, to the millisecond that covers it."""
    up = moment.astimezone(UTC) + timedelta(microseconds=-moment.microsecond % 1000)
    return f"{up:%Y-%m-%dT%H:%M:%S}.{up.microsecond // 1000:03d}Z"
