"""What a crawl or a delivery noted of itself, in the reader's language. Pure.

Notes are written in English where they arise, for logs and the warehouse. A clause that no pattern
knows stands as it was written, marked as English.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from dashboard.elements import Component, html
from dashboard.language import Language

_AHEAD: Final = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (r"listing: ", "listing"),
        (r"adverts: ", "adverts"),
        (r"put off: ", "put_off"),
        (r"not asked until (?P<moment>\d{4}-\d\d-\d\d \d\d:\d\d) UTC: ", "away"),
        (r"(?:Forbidden|Unreachable): ", ""),
        (r"(?P<name>\S+\.[A-Za-z0-9]{2,5}): ", "file"),
    )
)
"""What stands before a clause; "" says nothing to a reader."""
_CLAUSES: Final = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (r"HTTP (?P<code>\d+)", "http"),
        (r"HTTP (?P<code>\d+): too many requests", "busy"),
        (r"HTTP (?P<code>\d+): unavailable(?: on this day)?", "unavailable"),
        (r"HTTP (?P<code>\d+): access refused", "denied"),
        (r"HTTP (?P<code>\d+): a challenge page of an unknown service", "challenge_unknown"),
        (r"HTTP (?P<code>\d+): a challenge page of (?P<name>.+)", "challenge"),
        (r"not bypassed", "not_bypassed"),
        (r"a log-in wall: redirected to (?P<path>\S+)", "wall_redirect"),
        (r"a log-in wall: a form that asks for a password", "wall_form"),
        (r"not passed", "not_passed"),
        (r"robots\.txt disallows (?P<path>\S+)", "robots"),
        (r"robots\.txt answers HTTP (?P<code>\d+)", "robots_http"),
        (r"(?P<n>\d+) adverts disallowed by robots\.txt", "adverts_disallowed"),
        (r"(?P<n>\d+) adverts not read", "adverts_unread"),
        (r"(?P<name>\S+) is not a public address", "address"),
        (r"(?P<name>\S+): no such host.*", "no_host"),
        (r"outside the hours in which the source may be asked", "hours"),
        (r"the run's budget of requests is spent", "run_budget"),
        (r"the day's budget of requests is spent", "day_budget"),
        (r"the source asked us to leave", "turned_away"),
        (r"the crawl ended before the listing was read", "ended_early"),
        (r"empty listing where (?P<n>\d+) postings were open", "empty_listing"),
        (r"more than max_pages \((?P<n>\d+)\) pages", "pages"),
        (r"no new file", "no_file"),
        (r"(?P<n>\d+) rows, (?P<refused>\d+) refused", "rows"),
        (r"left out, being about persons: (?P<name>.+)", "persons"),
        (r"absence not counted, for not every row can be told", "doubtful"),
        (r"file (?P<name>.+)", "by_hand"),
        (r"(?P<n>\d+) postings pushed.*", "pushed"),
        (r"(?P<n>\d+) records of feed (?P<name>\S+) pushed", "pushed_feed"),
        (r"\w*Timeout\w*(?:: .*)?", "timeout"),
        (r"(?:Client)?Connect\w*Error(?:: .*)?|DownloadFailedError(?:: .*)?", "unreached"),
    )
)
_COUNTS: Final = frozenset({"n", "refused"})


def noted(lang: Language, detail: str) -> Component:
    """A note in the language of the page; what is not known stays English and says so."""
    parts: list[Component] = []
    for clause in detail.split("; ") if detail else ():
        said, rest = _ahead(lang, clause)
        parts += ["; "] if parts else []
        parts += [said] if said else []
        known = _clause(lang, rest)
        parts.append(html.Span(rest, lang="en") if known is None else known)
    return parts


def _ahead(lang: Language, clause: str) -> tuple[str, str]:
    """What stands before a clause, in words, and the clause itself."""
    said, rest = [], clause
    while (found := _first_ahead(rest)) is not None:
        match, key = found
        said += [lang.say(f"noted_{key}", **_written(lang, match))] if key else []
        rest = rest[match.end() :]
    return "".join(f"{each}: " for each in said), rest


def _first_ahead(text: str) -> tuple[re.Match[str], str] | None:
    known = ((pattern.match(text), key) for pattern, key in _AHEAD)
    return next(((match, key) for match, key in known if match), None)


def _clause(lang: Language, clause: str) -> str | None:
    for pattern, key in _CLAUSES:
        match = pattern.fullmatch(clause)
        if match:
            return lang.say(f"noted_{key}", **_written(lang, match))
    return None


def _written(lang: Language, match: re.Match[str]) -> dict[str, str]:
    """What a pattern found, as readers write it: counts with their separators, moments of here."""
    found = match.groupdict()
    found |= {name: lang.number(int(found[name])) for name in _COUNTS & set(found)}
    if "moment" in found:
        try:
            at = datetime.strptime(found["moment"], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
            found["moment"] = lang.moment(at)
        except ValueError:  # no day of any calendar: it stands as it was written
            found["moment"] += " UTC"
    return found
