"""Removal of personal data from free text, before anything is stored.

What is removed: telephone numbers, e-mail addresses, names of contact persons, and accounts on
messengers and social networks. What must survive: salaries, dates, numbers of openings, codes.
Each piece gives way to a placeholder, so that a reader sees that there was one. A second pass over
redacted text changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from streams.personal_patterns import ACCOUNT_RULE, EMAIL_RULE, NAME_RULE, PHONE, Rule
from streams.phones import phone_spans

Span = tuple[int, int]

# Removing one piece can join what stood around it. Every pass that finds something shortens the
# text or turns more of it into placeholders, so this bound is never met by text people write.
_MOST_PASSES: Final = 20
_SHORTEST: Final = 4
"""Shorter text holds no personal data that we could recognise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """Text without personal data, and how many pieces were removed."""

    text: str
    removed: int


def redact(text: str) -> Redacted:
    """`text` with a placeholder for each piece of personal data."""
    removed = 0
    if len(text) >= _SHORTEST:
        for _ in range(_MOST_PASSES):
            text, found = _one_pass(text)
            removed += found
            if not found:
                break
    return Redacted(text=text, removed=removed)


def redact_address(url: str) -> str:
    """A web address without e-mail addresses and accounts of persons.

    Rules for phones and names are left out: they would take the numbers of which ids are made.
    """
    for rule in (EMAIL_RULE, ACCOUNT_RULE):
        url, _ = _apply(rule, url)
    return url


def _one_pass(text: str) -> tuple[str, int]:
    text, emails = _apply(EMAIL_RULE, text)
    text, accounts = _apply(ACCOUNT_RULE, text)
    if phones := phone_spans(text):
        text = _cut(text, phones)
    text, names = _apply(NAME_RULE, text)
    return text, emails + accounts + len(phones) + names


def _apply(rule: Rule, text: str) -> tuple[str, int]:
    low = text.lower()
    if len(low) != len(text):  # a few letters grow when lowered: positions would no longer agree
        low = text
    spans = _windows(low, rule)
    if not spans:
        return text, 0
    pieces, found, start = [], 0, 0
    for begin, end in spans:
        replaced, count = rule.pattern.subn(
            lambda match: _kept(match) + rule.placeholder, text[begin:end]
        )
        pieces += [text[start:begin], replaced]
        found += count
        start = end
    return ("".join([*pieces, text[start:]]), found) if found else (text, 0)


def _kept(match: re.Match[str]) -> str:
    return next((lead for lead in match.groups() if lead is not None), "")


def _windows(low: str, rule: Rule) -> list[Span]:
    """Stretches of text around the rule's cues; ascending, merged where they touch."""
    stretches: list[Span] = []
    for cue in rule.ascii_cues if low.isascii() else rule.cues:
        at = low.find(cue)
        while at >= 0:
            stretches.append((max(0, at - rule.before), at + rule.after))
            at = low.find(cue, at + len(cue))
    return merged(stretches) if len(stretches) > 1 else stretches


def merged(spans: list[Span]) -> list[Span]:
    """The same stretches in ascending order, those that overlap or touch made one."""
    spans.sort()
    result = spans[:1]
    for begin, end in spans[1:]:
        last_begin, last_end = result[-1]
        if begin <= last_end:
            result[-1] = (last_begin, max(last_end, end))
        else:
            result.append((begin, end))
    return result


def _cut(text: str, spans: list[Span]) -> str:
    pieces, start = [], 0
    for begin, end in spans:
        pieces.append(text[start:begin])
        start = end
    return PHONE.join([*pieces, text[start:]])
