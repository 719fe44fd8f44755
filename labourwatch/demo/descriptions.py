"""Bodies of postings: what the job is, what is asked, and whom to contact (invented persons)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from labourwatch.demo.draws import Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Sentences of one language; duties and education by ISCO-08 major group."""

    duties: dict[int, tuple[str, ...]]
    asked: tuple[str, ...]
    given: tuple[str, ...]
    intro: tuple[str, ...]
    education: dict[int, str]
    persons: tuple[str, ...]


@lru_cache(maxsize=2)
def phrases(language: str) -> Phrases:
    """The shipped phrases of a language (en or lo)."""
    text = files("labourwatch.demo").joinpath("data/phrases.yaml").read_text("utf-8")
    content = {name: part[language] for name, part in yaml.safe_load(text).items()}
    return Phrases(
        duties={group: tuple(lines) for group, lines in content["duties"].items()},
        asked=tuple(content["asked"]),
        given=tuple(content["given"]),
        intro=tuple(content["intro"]),
        education=content["education"],
        persons=tuple(content["persons"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A posting's text in parts; boards join them as their mark-up wants."""

    intro: str
    duties: tuple[str, ...]
    asked: tuple[str, ...]
    given: tuple[str, ...]
    contact: str


def write_body(
    *, isco1: int, english: bool, title: str, employer: str, years: int, facts: Draw, style: Draw
) -> Body:
    """The body in one language. Contacts are invented, present in most postings."""
    words = phrases("en" if english else "lo")
    duties, asked, given = words.duties[isco1], words.asked, words.given
    education = words.education[isco1]
    start, step = style.below(len(duties)), 1 + style.below(2)
    first = style.below(len(asked) - 4)
    gift = style.below(len(given) - 2)
    return Body(
        intro=style.pick(words.intro).format(title=title, employer=employer),
        duties=tuple(duties[(start + step * k) % len(duties)] for k in range(3 + style.below(2))),
        asked=(asked[0].format(years), asked[1].format(education), *asked[2 + first : 4 + first]),
        given=given[gift : gift + 1 + style.below(3)],
        contact=_contact(english, facts, style),
    )


def _contact(english: bool, facts: Draw, style: Draw) -> str:
    number = facts.below(10_000)
    person = facts.pick(phrases("en" if english else "lo").persons)
    with_name, with_mail, none = facts.chance(0.45), facts.chance(0.5), facts.chance(0.15)
    if none:
        return ""
    phone = style.pick(
        (
            f"020 5555 {number:04d}",
            f"+856 20 5555 {number:04d}",
            f"0205555{number:04d}",
            f"020-5555-{number:04d}",
        )
    )
    parts = [("Tel: " if english else "ໂທ: ") + phone]
    if with_mail:
        parts.append(("E-mail: " if english else "ອີເມວ: ") + f"hr{number}@jobs.example")
    if with_name:
        parts.insert(0, f"Contact: {person}" if english else f"ຕິດຕໍ່: {person}")
    if style.chance(0.2):
        parts.append(f"WhatsApp {phone}")
    return ", ".join(parts)
