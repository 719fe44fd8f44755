"""Notes of crawls and deliveries in the reader's language, as the stages write them."""

from __future__ import annotations

import re

import pytest

from dashboard.elements import html
from dashboard.language import language
from dashboard.markup import to_html
from dashboard.source_words import noted
from scrapers.allowance import PostponedBy
from scrapers.items import RunOutcome
from scrapers.politeness import Obstacle, find_obstacle
from scrapers.report import Report, judge
from tests.factories_dashboard import NOW

LAO, ENGLISH = language("lo"), language("en")
LATIN = re.compile(r"\b(?!HTTP\b|UTC\b|robots\b|txt\b|csv\b|nations\b|Cloudflare\b)[A-Za-z]{2,}\b")


def said(detail: str, code: str = "lo") -> str:
    return to_html(html.Div(noted(language(code), detail)))


def listing(obstacle: Obstacle | None) -> str:
    assert obstacle is not None
    report = Report()
    report.listing_failed(obstacle)
    return judge(report, listed=0, open_before=0)[1]


def answered(status: int, body: bytes = b"", header: str = "") -> str:
    headers = {"cf-mitigated": header} if header else {}
    return listing(find_obstacle(status, headers, body, now=NOW))


DETAILS = [
    *(answered(status) for status in (302, 403, 404, 429, 500, 503)),
    answered(403, b"checking your browser"),
    answered(403, header="challenge"),
    *(f"put off: {why.value}" for why in PostponedBy),
    listing(Obstacle(outcome=RunOutcome.REFUSED, detail="Forbidden: robots.txt disallows /jobs")),
    listing(Obstacle(outcome=RunOutcome.FAILED, detail="Unreachable: robots.txt answers HTTP 503")),
    "not asked until 2026-11-30 08:15 UTC: HTTP 403: access refused",
    "listing: a log-in wall: a form that asks for a password; not passed",
    "adverts: HTTP 500; 3 adverts not read; 12 adverts disallowed by robots.txt",
    "empty listing where 1204 postings were open",
    "the crawl ended before the listing was read",
    "nations.csv: 20 rows, 1 refused; absence not counted, for not every row can be told",
    "no new file",
    "40 postings pushed",
]


@pytest.mark.parametrize("detail", DETAILS)
def test_lao_readers_are_told_in_lao(detail: str) -> None:
    text = re.sub(r"<[^>]+>", " ", said(detail))
    assert not LATIN.search(text.replace("/jobs", "")), text
    assert 'lang="en"' not in said(detail)


def test_counts_are_written_as_readers_write_them() -> None:
    assert "1.204" in said("empty listing where 1204 postings were open")
    assert "1,204" in said("empty listing where 1204 postings were open", "en")


def test_moments_are_told_in_the_time_of_here() -> None:
    told = said("not asked until 2026-11-30 20:15 UTC: HTTP 403: access refused", "en")
    assert "1 December 2026, 03:15" in told
    assert "2026-13-40 20:15 UTC" in said("not asked until 2026-13-40 20:15 UTC: HTTP 403", "en")


def test_what_no_pattern_knows_stays_and_is_marked_as_english() -> None:
    told = said("listing: JSONDecodeError: line 1; 3 adverts not read")
    assert '<span lang="en">JSONDecodeError: line 1</span>' in told
    assert "3 ປະກາດ" in told


def test_nothing_noted_is_nothing_said() -> None:
    assert noted(LAO, "") == []
    assert noted(ENGLISH, "") == []
