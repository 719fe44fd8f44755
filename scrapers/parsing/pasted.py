"""An advert pasted from a chat, a page or an e-mail → the vacancies it tells of. Pure.

Nothing is certain in such texts: each field says how it was found, for a person to correct.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scrapers.parsing.dates import parse_date
from scrapers.parsing.pasted_lines import Line, is_contact, lines_of, place_in, without_contacts
from scrapers.parsing.pasted_titles import Found, Start, starts_of
from scrapers.parsing.pasted_words import CALL, CLOSING, EMPLOYER, MONEY, Label
from scrapers.parsing.text import clean_line

LONGEST: Final = 20_000
"""Characters of a pasted text."""
MOST_VACANCIES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedVacancy:
    """One vacancy as understood."""

    title: str
    fields: Mapping[str, str]
    """Raw fields besides the title, none empty; `description` without lines of contact."""
    found: Mapping[str, Found]
    """How each field, and the title, was found."""


@dataclass(slots=True)
class _Block:
    start: Start
    own: Line | None
    """The line that names the vacancy."""
    lines: list[Line]


def read_pasted(text: str, *, title: str = "", employer: str = "") -> tuple[PastedVacancy, ...]:
    """The vacancies of a text, in its order; none where no line could be a title.

    Args:
        title: told by the officer: then the whole text is of this one vacancy.
        employer: told by the officer, for all vacancies.
    """
    lines = list(lines_of(text[:LONGEST]))
    told = clean_line(title)
    starts = [Start(-1, told, Found.TOLD)] if told else starts_of(lines)
    if not starts:
        return ()
    head = lines[: max(0, starts[0].at)]
    blocks = _blocks(lines, starts)
    shared = [*head, *_footer(blocks)]
    return tuple(_vacancy(block, shared, clean_line(employer)) for block in blocks[:MOST_VACANCIES])


def _blocks(lines: Sequence[Line], starts: Sequence[Start]) -> list[_Block]:
    """Each start with the lines up to the next. Starts of one line share what follows it."""
    blocks = []
    for start in starts:
        ends = [other.at for other in starts if other.at > start.at]
        own = lines[start.at] if start.at >= 0 else None
        after = list(lines[start.at + 1 : min(ends, default=len(lines))])
        blocks.append(_Block(start, own, after))
    return blocks


def _footer(blocks: Sequence[_Block]) -> list[Line]:
    """What stands after the last vacancy for all of them, if anything does."""
    last = blocks[-1]
    others = [block for block in blocks if block.start.at != last.start.at]
    if not others:
        return []
    if not any(block.lines for block in others):
        return last.lines
    told = {line.label for block in others for line in block.lines}
    common = {Label.EMPLOYER, Label.CLOSES, Label.PLACE} - told
    return [line for line in last.lines if line.label in common]


def _vacancy(block: _Block, shared: Sequence[Line], employer: str) -> PastedVacancy:
    start = block.start
    lines = [line for line in (*block.lines, *shared) if not is_contact(line)]
    fields: dict[str, str] = {}
    found: dict[str, Found] = {"title": start.found}
    if employer:
        fields[Label.EMPLOYER], found[Label.EMPLOYER] = employer, Found.TOLD
    if start.openings:
        fields[Label.OPENINGS], found[Label.OPENINGS] = start.openings, start.found
    for label, value in _by_label(lines):
        if label not in fields:
            fields[label], found[label] = value, Found.LABEL
    own = [block.own.text] if block.own is not None else []
    for name, value in _by_pattern([*own, *(line.text for line in lines)]):
        if name not in fields:
            fields[name], found[name] = value, Found.PATTERN
    closes = parse_date(fields.get(Label.CLOSES, ""))
    fields[Label.CLOSES] = closes.isoformat() if closes else ""
    if start.found in (Found.CALL, Found.FIRST_LINE):
        own = [without_contacts(text) for text in own]
    described = "\n".join(dict.fromkeys([*own, *(line.text for line in lines)]))
    fields["description"] = described or start.title
    kept = {name: value for name, value in fields.items() if value}
    return PastedVacancy(
        title=start.title,
        fields=kept,
        found={name: how for name, how in found.items() if name == "title" or name in kept},
    )


def _by_label(lines: Sequence[Line]) -> Iterator[tuple[Label, str]]:
    """What labelled lines tell."""
    for line in lines:
        if line.label is None or line.label is Label.TITLE:
            continue
        value = line.value if line.label is Label.PAY else without_contacts(line.value)
        if line.label is Label.OPENINGS:
            number = re.search(r"\d{1,3}(?:\s*[-–~]\s*\d{1,3})?", value)
            value = number[0] if number else ""
        if line.label is Label.CLOSES and parse_date(line.value) is not None:
            value = line.value
        if value:
            yield line.label, value


def _by_pattern(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is told without a label."""
    for text in texts:
        if money := MONEY.search(text):
            yield Label.PAY, clean_line(money[0])
        for closing in CLOSING.finditer(text):
            if parse_date(closing["rest"]) is not None:
                yield Label.CLOSES, closing["rest"].strip()
        if employer := EMPLOYER.search(CALL.split(text)[0]):
            yield Label.EMPLOYER, without_contacts(employer[0])
        place = place_in(text)
        if place:
            yield Label.PLACE, place
