"""No input crashes a reader, and what is known never depends on how it was stored."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from scrapers.codec import decode, encode
from scrapers.frontier import Known, Standing, reconcile
from scrapers.items import JobPosting
from scrapers.parsing.dates import parse_date, parse_moment
from scrapers.parsing.jobposting import jobposting_fields
from scrapers.parsing.jsonld import read_jsonld
from scrapers.parsing.page import PageError, parse_page, texts_at
from scrapers.parsing.posting import Refused, make_posting
from scrapers.parsing.relative_dates import DayOf, is_relative, read_day
from scrapers.parsing.repair import RepairError, repaired_json
from scrapers.parsing.rss import FeedError, item_fields, read_feed_page
from scrapers.parsing.sitemap import SitemapError, read_sitemap
from scrapers.parsing.text import clean_line, clean_lines, html_to_text
from scrapers.reading import UnreadableListing, read_detail, read_listing
from scrapers.sources import Source, SourceKind

NOT_CRAWLED = (SourceKind.FILE, SourceKind.DROP)
NOW = datetime(2026, 1, 10, 3, tzinfo=UTC)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
MARKUP = st.lists(
    st.sampled_from(
        ["<", ">", "</", "<p>", "<br/>", "<script>", "</script>", "<!--", "-->", "&amp;", "&#0;",
         "<i class='icon'>", "</i>", "'", '"', "\x00", "\ud800", " ", "\n", "ຄົນ", "a", "{", "}"]
    ),
    max_size=60,
).map("".join)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["@type", "@graph", "title", "name", "value", "address", "jobLocation", "baseSalary",
             "hiringOrganization", "identifier", "description", "skills", "minValue"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


def source(kind: str) -> Source:
    """A source of a kind."""
    fields = {"title": ["t", "label:Job|ວຽກ"], "url": "a"} if kind != "rss" else {}
    spec = {
        "url": "/",
        "items": "jobs" if kind != "html_list" else "div",
        "id_pattern": r"\d+",
        "fields": fields,
    }
    declared = {"id": "s", "name": "s", "kind": kind, "base_url": "https://a.example", "list": spec}
    return Source.model_validate(declared)


@given(MARKUP | ANY_TEXT)
def test_text_is_clean_and_cleaning_is_idempotent(markup: str) -> None:
    text = html_to_text(markup)
    text.encode()
    assert clean_lines(text) == text
    assert clean_line(clean_line(text)) == clean_line(text)


@given(ANY_TEXT | st.from_regex(r"[0-9/ :.TZ+-]{1,30}", fullmatch=True))
def test_dates_are_plausible_or_nothing(raw: str) -> None:
    day = parse_date(raw)
    assert day is None or 1990 <= day.year <= 2100
    moment = parse_moment(raw)
    assert moment is None or moment.tzinfo is not None


@given(JSON)
def test_any_jsonld_gives_texts(node: object) -> None:
    block = json.dumps(
        {"@type": "JobPosting", "x": node, **(node if isinstance(node, dict) else {})}
    )
    found = read_jsonld(f'<script type="application/ld+json">{block}</script>')
    for posting in found.postings:
        assert all(
            isinstance(value, str) and value for value in jobposting_fields(posting).values()
        )


@given(st.binary(max_size=300), st.sampled_from([k for k in SourceKind if k not in NOT_CRAWLED]))
def test_any_answer_is_read_or_refused_by_name(body: bytes, kind: str) -> None:
    text = body.decode("utf-8", "replace")
    with suppress(*UnreadableListing):
        read_listing(source(kind), body, text)
    assert isinstance(read_detail(source(kind), body, text, "https://a.example"), (dict, Refused))


@given(st.binary(max_size=200))
def test_feeds_and_sitemaps_never_crash(tail: bytes) -> None:
    with suppress(FeedError):
        for item in read_feed_page(b"<rss><channel><item>" + tail).items:
            item_fields(item, {})
    with suppress(SitemapError):
        read_sitemap(b"<urlset><url><loc>" + tail)


@given(MARKUP | ANY_TEXT | st.text("{}[]\":,'\\/* abc", max_size=80))
def test_json_is_repaired_or_refused_by_name(text: str) -> None:
    with suppress(RepairError):
        json.dumps(repaired_json(text))


@given(
    st.text("0123456789 /-.daysgoleftມື້ວານກ່ອນเดือนtháng年月日+", max_size=30), st.sampled_from(DayOf)
)
def test_days_are_near_or_stated_or_nothing(raw: str, of: DayOf) -> None:
    day = read_day(raw, of, order="dmy", seen_at=NOW)
    assert day is None or 1990 <= day.year <= 2100
    assert isinstance(is_relative(raw), bool)


@given(MARKUP)
def test_any_page_gives_texts_beside_labels(markup: str) -> None:
    with suppress(PageError):
        page = parse_page(f"<dl><dt>Job</dt><dd>{markup}")
        assert all(isinstance(text, str) for text in texts_at(page, "label:Job|a"))


FIELDS = st.dictionaries(
    st.sampled_from(["title", "description", "url", "hiring_organization", "date_posted", "id"]),
    MARKUP | ANY_TEXT,
)


@given(FIELDS, ANY_TEXT)
def test_a_posting_survives_the_wire_or_is_refused(fields: dict[str, str], key: str) -> None:
    made = make_posting(fields, source=source("rss"), posting_id=clean_line(key), fetched_at=NOW)
    if isinstance(made, JobPosting):
        assert decode(encode(made)) == made
    else:
        assert made.detail


KNOWN = st.builds(
    Known,
    standing=st.sampled_from(Standing),
    digest=st.just("d"),
    hiring_organization=st.just("e"),
    closes_on=st.none() | st.dates(date(2026, 1, 5), date(2026, 1, 15)),
    last_seen_at=st.just(NOW),
    misses=st.integers(0, 3),
)
IDS = st.sampled_from("abcdefgh")


@given(st.dictionaries(IDS, KNOWN), st.sets(IDS))
def test_a_listing_is_settled_by_one_reading(frontier: dict[str, Known], listed: set[str]) -> None:
    first = reconcile(frontier, listed, now=NOW, previous_run=None, unseen_runs=2)
    after = {**frontier, **first.changed}
    for gone in first.forgotten:
        after.pop(gone, None)
    assert all(frontier[w.posting_id].standing is Standing.OPEN for w in first.withdrawn)
    assert not set(first.forgotten) & listed
    again = reconcile(after, listed, now=NOW, previous_run=NOW, unseen_runs=2)
    assert not {w.posting_id for w in again.withdrawn} & {w.posting_id for w in first.withdrawn}
    assert msgspec.json.decode(msgspec.json.encode(after), type=dict[str, Known]) == after
