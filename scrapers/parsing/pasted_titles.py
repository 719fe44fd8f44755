"""Where the vacancies of a pasted advert begin, and what each is called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scrapers.parsing.pasted_lines import Line, is_contact, place_in, without_contacts
from scrapers.parsing.pasted_words import (
    CALL,
    CLOSING,
    COUNT,
    DEMANDS,
    EMPLOYER,
    ENOUGH,
    FOLLOWING,
    MONEY,
    NO_TITLE,
    NOT_A_JOB,
    URGENT,
    Label,
    is_plural,
)
from scrapers.parsing.text import clean_line

_LONGEST_TITLE: Final = 160
_LONGEST_ITEM: Final = 90
_LEADING: Final = re.compile(r"\s*(\d{1,3})\s+(?=[A-Za-z])")
_SPLIT: Final = re.compile(r"\s*[,，、;/]\s*")
_AND: Final = re.compile(r"\s*[,，、;/+]\s*|\s+(?:and|ແລະ|และ|và|和)\s+", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?<=\w{3})[.!?。！？]+(?:\s|$)")
_TAIL: Final = re.compile(r"\s[-–—@]\s([^-–—]{3,40})$")
_EDGES: Final = " -–—:,;.!|/[]"
_SHORT: Final = 40


class Found(StrEnum):
    """How a field was found."""

    TOLD = "told"
    """By the officer."""
    LABEL = "label"
    LIST = "list"
    """An item of a list of vacancies."""
    CALL = "call"
    """After words like "we are hiring"."""
    PATTERN = "pattern"
    FIRST_LINE = "first_line"


@dataclass(frozen=True, slots=True)
class Start:
    """Where a vacancy begins."""

    at: int
    title: str
    found: Found
    openings: str = ""


def starts_of(lines: Sequence[Line]) -> list[Start]:
    """By labels, else by lists, else by a call for applicants, else the first line."""
    explicit = [
        start
        for at, line in enumerate(lines)
        if line.label is Label.TITLE and line.value and not NO_TITLE.fullmatch(line.value)
        for start in _titles(at, line.value, Found.LABEL, several=is_plural(line.text))
    ]
    if explicit:
        return explicit
    listed = [start for items in _lists(lines) for start in _listed(lines, items)]
    if listed:
        return sorted(listed, key=lambda start: start.at)
    called = _called(lines)
    if called:
        return called
    if any(map(_tells_of_work, lines)):
        for at, line in enumerate(lines):
            if line.label is None and not is_contact(line) and not EMPLOYER.fullmatch(line.text):
                return _titles(at, line.text, Found.FIRST_LINE)
    return []


def _tells_of_work(line: Line) -> bool:
    return line.label is not None or any(
        pattern.search(line.text) for pattern in (CALL, MONEY, CLOSING, DEMANDS)
    )


def _titles(at: int, text: str, found: Found, *, several: bool = False) -> list[Start]:
    """The title in `text`; several where each part has its number, or the label says so."""
    text = MONEY.sub(" ", text)
    if found is Found.CALL:
        text = _SENTENCE.split(text)[0]
    each = [part for part in _AND.split(text) if part]
    parts = [part for part in _SPLIT.split(text) if part]
    chosen = [text]
    if len(each) > 1 and all(COUNT.search(part) or _LEADING.match(part) for part in each):
        chosen = each
    elif several and len(parts) > 1 and all(1 < len(part) <= _SHORT for part in parts):
        chosen = parts
    starts = (_start(at, part, found) for part in chosen)
    return [start for start in starts if start is not None]


def _start(at: int, text: str, found: Found) -> Start | None:
    """The vacancy that one phrase names; `None` where it names none."""
    plain = text
    count = COUNT.search(plain) or _LEADING.match(plain)
    openings = next(filter(None, count.groups()), "").lstrip("0") if count else ""
    if count:
        plain = f"{plain[: count.start()]} {plain[count.end() :]}"
    name = FOLLOWING.sub(" ", without_contacts(plain))
    if found in (Found.CALL, Found.FIRST_LINE):
        name = ENOUGH.split(name.strip(_EDGES))[0]
    elif tail := _TAIL.search(clean_line(name)):
        name = clean_line(name)[: tail.start()] if place_in(tail[1]) else name
    name = clean_line(name).strip(_EDGES)[:_LONGEST_TITLE]
    if name.count("(") != name.count(")"):
        name = clean_line(re.sub(r"[()]", " ", name))
    usable = any(sign.isalpha() for sign in name) and not NO_TITLE.fullmatch(name)
    return Start(at, name, found, openings) if usable else None


def _lists(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Positions of the items of every list of at least two: numbers that count up from 1 (with
    lines between them), or bullets that follow each other."""
    run: list[int] = []
    expected = 1
    for at, line in enumerate(lines):
        if line.marker.isdecimal():
            if int(line.marker) != expected and len(run) > 1:
                yield run
            if int(line.marker) != expected:
                run, expected = [], 1
            if int(line.marker) == expected:
                run, expected = [*run, at], expected + 1
    if len(run) > 1:
        yield run
    yield from _unmarked(lines)
    run = []
    for at, line in enumerate([*lines, Line(text="")]):
        if line.marker == "•" and not line.label:
            run.append(at)
            continue
        if line.marker == "•" and run:
            continue
        if len(run) > 1:
            yield run
        run = []


def _unmarked(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Short lines that follow each other: each with its number, or below a label without value."""
    run: list[int] = []
    headed = False
    for at, line in enumerate([*lines, Line(text="", marker="end")]):
        plain = not line.marker and line.label is None and len(line.text) <= _SHORT + _SHORT // 2
        if plain and not is_contact(line) and (headed or COUNT.search(line.text)):
            run.append(at)
            continue
        if len(run) > 1:
            yield run
        run, headed = [], line.label is Label.TITLE and not line.value


def _listed(lines: Sequence[Line], items: Sequence[int]) -> list[Start]:
    """The vacancies of a list; none where it lists something else."""
    heading = lines[items[0] - 1] if items[0] else Line(text="")
    texts = [lines[at].text for at in items]
    calls = heading.label is Label.TITLE or bool(CALL.search(heading.text))
    if DEMANDS.search(heading.text) and not calls:
        return []
    plain = [
        lines[at].label in (None, Label.TITLE) and len(lines[at].text) <= _LONGEST_ITEM
        for at in items
    ]
    demands = sum(bool(NOT_A_JOB.match(text) or DEMANDS.search(text)) for text in texts)
    counted = sum(bool(COUNT.search(text)) for text in texts)
    if sum(plain) * 2 <= len(items) or demands * 2 >= len(items):
        return []
    if not calls and counted * 2 < len(items):
        return []
    return [
        start
        for at, text in zip(items, texts, strict=True)
        if not is_contact(lines[at]) and not NOT_A_JOB.match(text) and lines[at].label is None
        for start in _titles(at, text, Found.LIST)
    ]


def _called(lines: Sequence[Line]) -> list[Start]:
    """What follows the first call for applicants that names something."""
    for at, line in enumerate(lines):
        if line.label is not None or is_contact(line):
            continue
        call = CALL.search(line.text)
        if call is None:
            continue
        rest = line.text[call.end() :]
        rest = rest[URGENT.match(rest).end() :]  # type: ignore[union-attr]  # matches "" too
        wanted = COUNT.sub(" ", rest)
        if NO_TITLE.fullmatch(FOLLOWING.sub(" ", wanted)):
            before = line.text[: call.start()].strip(" -–—:,;.!")
            if at == 0 and before and len(before) <= 60 and not EMPLOYER.search(before):
                return _titles(at, before, Found.CALL)  # "Cook wanted"
            continue
        return _titles(at, rest, Found.CALL)
    return []
