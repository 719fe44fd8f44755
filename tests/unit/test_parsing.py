"""Parsing of dates, text, JSON paths, JSON-LD, feeds, sitemaps and cards."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scrapers.items import JobPosting
from scrapers.parsing.dates import parse_date, parse_moment
from scrapers.parsing.fields import match_id, read_field
from scrapers.parsing.html_list import PageError, page_fields, read_cards
from scrapers.parsing.jobposting import jobposting_fields
from scrapers.parsing.json_paths import JsonError, decode_json, find_all, texts
from scrapers.parsing.jsonld import read_jsonld
from scrapers.parsing.microdata import read_microdata
from scrapers.parsing.posting import Refused, make_posting
from scrapers.parsing.rss import FeedError, item_fields, read_feed_page
from scrapers.parsing.sitemap import SitemapError, read_sitemap
from scrapers.parsing.text import clean_line, html_to_text
from scrapers.reading import read_advert
from scrapers.source_specs import FieldName, FieldRule
from scrapers.sources import Source, SourceKind


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2026-03-04", date(2026, 3, 4)),
        ("2026-03-04T23:30:00Z", date(2026, 3, 5)),
        ("2026-03-04T23:30:00+07:00", date(2026, 3, 4)),
        ("04/03/2026", date(2026, 3, 4)),
        ("4.3.26", date(2026, 3, 4)),
        ("08/09/2026 to 30/09/2026", date(2026, 9, 8)),
        ("1772582400000", date(2026, 3, 4)),
        ("Wed, 04 Mar 2026 10:00:00 +0700", date(2026, 3, 4)),
        ("4 March 2026", date(2026, 3, 4)),
        ("March 4th, 2026", date(2026, 3, 4)),
        ("ວັນທີ 4 ມີນາ 2026", date(2026, 3, 4)),
        ("໔/໓/໒໐໒໖", date(2026, 3, 4)),
        ("04/03/2569", date(2026, 3, 4)),
        ("31/02/2026", None),
        ("3 days ago", None),
        ("until filled", None),
        ("", None),
        ("9" * 13, None),
        ("04/03/1889", None),
    ],
)
def test_dates(raw: str, day: date | None) -> None:
    assert parse_date(raw) == day


def test_day_order_is_the_sources() -> None:
    assert parse_date("03/04/2026", "mdy") == date(2026, 3, 4)
    assert parse_date("2026/03/04", "mdy") == date(2026, 3, 4)


def test_a_moment_needs_a_zone() -> None:
    assert parse_moment("2026-03-04T10:00:00") is None
    assert parse_moment("2026-03-04T10:00:00+07:00") == datetime(2026, 3, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("5 < 6 and <b>7</b>", "5 < 6 and 7"),
        ("<script>x</script>y<!-- z -->", "y"),
        ("<script>never closed", ""),
        ('<i class="material-icons">location_on</i> Vientiane', "Vientiane"),
        ("<i>timer</i>2 days <i>urgent</i>", "2 days urgent"),
        ("<a title='x>y' href=z>link</a>", "link"),
        ("line\r\nline\x00 \ud800end", "line\nline end"),
        ("ຄົນຂັບລົດ\u200bເມ", "ຄົນຂັບລົດເມ"),
    ],
)
def test_html_becomes_text(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


def test_a_line_is_one_line() -> None:
    assert clean_line(" a \n\t b\u00a0c ") == "a b c"


@pytest.mark.parametrize("markup", ["<a " * 50_000, "<p" + " " * 100_000, "<!--" * 50_000])
def test_hostile_markup_ends(markup: str) -> None:
    assert isinstance(html_to_text(markup), str)


def test_json_paths() -> None:
    node = {"jobs": [{"id": 1, "tags": [{"name": "a"}, {"name": "b"}]}, {"id": 2.0}], "x:y": "z"}
    assert find_all(node, "jobs[].id") == [1, 2.0]
    assert texts(node, "jobs[].id") == ["1", "2"]
    assert texts(node, "jobs[0].tags[].name") == ["a", "b"]
    assert texts(node, "x:y") == ["z"]
    assert texts(node, "jobs[9].id") == texts(node, "nothing.here") == []
    assert find_all(node, "$") == [node]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b""])
def test_what_is_no_json_is_named(body: bytes) -> None:
    with pytest.raises(JsonError):
        decode_json(body)


@pytest.mark.parametrize(
    "body",
    [b'\xef\xbb\xbf{"a": 1}', b')]}\',\n{"a": 1}', b'cb({"a": 1});', b'/**/x.y_1({"a": 1})\n'],
)
def test_json_in_its_wrappings(body: bytes) -> None:
    assert decode_json(body) == {"a": 1}


def test_xml_after_warnings_and_in_other_encodings() -> None:
    assert len(read_feed_page(b"\n<b>Warning</b>: no memory in x.php\n" + RSS).items) == 1
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    wide = (
        f'<?xml version="1.0" encoding="UTF-16"?><urlset {space}><url><loc>https://x/1</loc></url>'
    )
    assert read_sitemap(f"{wide}</urlset>".encode("utf-16")).pages == (("https://x/1", ""),)


def test_sitemaps_as_text_and_in_robots() -> None:
    assert read_sitemap(b"https://x/1\nhttps://x/2\n").pages == (
        ("https://x/1", ""),
        ("https://x/2", ""),
    )
    named = read_sitemap(b"User-agent: *\nSitemap: https://x/s.xml\nsitemap:https://x/t.xml\n")
    assert named.sitemaps == ("https://x/s.xml", "https://x/t.xml")
    assert read_sitemap(b"User-agent: *\nDisallow: /a\n").sitemaps == ("/sitemap.xml",)


def test_field_rules() -> None:
    found = {"a": ["1"], "b": [""], "c": ["x to 9"]}

    def value(**rule: object) -> str:
        return read_field(FieldRule.model_validate(rule), lambda path: found.get(path, []))

    assert value(paths=["a", "b", "c"]) == "1\nx to 9"
    assert value(paths=["b", "a"], pick="first") == "1"
    assert value(paths=["a", "b"], template="{0} - {1}") == "1 -"
    assert value(paths=["b", "b"], template="{0} - {1}") == ""
    assert value(paths=["c"], pattern=r"to (\d)") == "9"
    assert value(paths=["c"], pattern=r"from (\d)") == ""


def test_an_advert_is_told_by_its_address() -> None:
    assert match_id(r"/jobs/(?P<id>\d+)-", "https://x/jobs/12-cook") == "12"
    assert match_id(r"/jobs/\d+", "https://x/about") == ""
    assert match_id("", "https://x/1") == "https://x/1"


def ld(*blocks: str) -> str:
    """A page of JSON-LD blocks."""
    return "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)


@pytest.mark.parametrize(
    "page",
    [
        ld('{"@type": "WebSite"}', '{"@type": "JobPosting", "title": "Cook"}'),
        ld('[{"@type": "Thing"}, {"@type": ["JobPosting", "Thing"], "title": "Cook"}]'),
        ld('{"@graph": [{"@type": "https://schema.org/JobPosting", "title": "Cook"}]}'),
        ld('{"@type": "JobPosting", "title": "Cook",}'),
        ld('{"@type": "JobPosting", "title": "Co\nok"}').replace("Co\nok", "Cook\n"),
        ld(
            "<!--\n{&quot;@type&quot;: &quot;JobPosting&quot;, &quot;title&quot;: &quot;Cook&quot;}"
        ),
        '<SCRIPT TYPE=\'application/ld+json\' id=x>{"@type":"JobPosting","title":"Cook"};</SCRIPT>',
    ],
)
def test_jsonld_in_any_shape(page: str) -> None:
    found = read_jsonld(page)
    assert [jobposting_fields(node)["title"] for node in found.postings] == ["Cook"]


@pytest.mark.parametrize("block", ['{"title": ', "[" * 50_000, "x" * 1_000_001])
def test_invalid_jsonld_is_reported(block: str) -> None:
    found = read_jsonld(ld(block, '{"@type": "JobPosting", "title": "Cook"}'))
    assert len(found.postings) == 1
    assert found.invalid[0].startswith("block 1: ")


def test_traps_of_a_real_board() -> None:
    place = dict.fromkeys(("streetAddress", "addressLocality", "addressCountry"), "Pakxe, Laos")
    fields = jobposting_fields(
        {
            "title": "Cook",
            "employmentType": "undefined",
            "jobLocation": {"address": {**place, "postalCode": "-"}},
            "baseSalary": {"currency": "GBP", "value": {"value": "Up to 45,000,000 LAK"}},
        }
    )
    assert fields["job_location"] == "Pakxe, Laos"
    assert fields["base_salary"] == "Up to 45,000,000 LAK"
    assert "employment_type" not in fields


def test_pay_in_numbers_keeps_its_currency_and_period() -> None:
    value = {"minValue": 5000000, "maxValue": 7000000.0, "unitText": "MONTH"}
    fields = jobposting_fields({"baseSalary": {"currency": "LAK", "value": value}})
    assert fields["base_salary"] == "5000000 - 7000000 LAK per month"


def test_microdata_where_there_is_no_jsonld() -> None:
    html = (
        '<div itemscope itemtype="https://schema.org/JobPosting"><h1 itemprop="title">Cook</h1>'
        '<span itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization">'
        '<b itemprop="name">Mekong</b></span></div>'
    )
    (node,) = read_microdata(html, "https://x/")
    assert jobposting_fields(node)["hiring_organization"] == "Mekong"


RSS = b"""<?xml version="1.0"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:job_listing="http://jobs"><channel><item><title>Cook</title><link>https://x/job/1</link>
 <guid>https://x/?p=1</guid><pubDate>Mon, 02 Mar 2026 10:00:00 +0000</pubDate>
 <content:encoded><![CDATA[<p>Rice</p>]]></content:encoded>
 <job_listing:company>Mekong</job_listing:company></item></channel></rss>"""


def test_rss_of_wp_job_manager() -> None:
    (item,) = read_feed_page(RSS).items
    fields = item_fields(item, {"id": FieldRule(paths=["guid"], pattern=r"p=(\d+)")})
    assert fields["id"] == "1"
    assert fields["hiring_organization"] == "Mekong"
    assert fields["description"] == "<p>Rice</p>"


def test_sitemaps_and_their_index() -> None:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    pages = f"<urlset {space}><url><loc> https://x/1 </loc><lastmod>2026</lastmod></url></urlset>"
    assert read_sitemap(pages.encode()).pages == (("https://x/1", "2026"),)
    index = f"<sitemapindex {space}><sitemap><loc>https://x/s</loc></sitemap></sitemapindex>"
    assert read_sitemap(index.encode()).sitemaps == ("https://x/s",)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"\x00\x01", b"plain"])
def test_what_is_no_feed_or_sitemap_is_named(body: bytes) -> None:
    with pytest.raises(FeedError):
        read_feed_page(body)
    with pytest.raises(SitemapError):
        read_sitemap(body)


def test_entities_are_not_expanded() -> None:
    head = b'<!DOCTYPE r [<!ENTITY a "xxxx">]>'
    bomb = head + b"<rss><channel><item><title>&a;</title></item></channel></rss>"
    assert all("xxxx" not in str(item.tags) for item in read_feed_page(bomb).items)


def test_cards() -> None:
    html = (
        '<div class="card"><a href="/jobs/7/">x</a><div class="t">Cook</div>'
        "<p><i>timer</i>2 days</p></div><div class='card'></div>"
    )
    rules: dict[FieldName, FieldRule] = {
        "url": FieldRule(paths=["a::attr(href)"]),
        "title": FieldRule(paths=[".t"]),
        "experience": FieldRule(paths=["p"]),
    }
    cards = read_cards(html, "div.card", rules)
    assert cards == [{"url": "/jobs/7/", "title": "Cook", "experience": "2 days"}]
    with pytest.raises(PageError):
        page_fields(html, {"title": FieldRule(paths=["div[["])})


def test_a_page_need_not_repeat_the_title_that_the_listing_told() -> None:
    board = Source.model_validate(
        {
            "id": "b", "name": "B", "kind": "html_list", "base_url": "https://b.example",
            "list": {"url": "/", "items": "li", "fields": {"title": "a"}},
            "detail": {"fields": {"base_salary": ".pay"}},
        }
    )  # fmt: skip
    page = '<h1>Welder</h1><p class="pay">5,000,000 LAK</p>'
    read = read_advert(board, page.encode(), page, "https://b.example/1", {"title": "Welder"})
    assert isinstance(read, dict)
    assert (read["title"], read["base_salary"]) == ("Welder", "5,000,000 LAK")
    unfit = read_advert(board, b"<p>gone</p>", "<p>gone</p>", "https://b.example/1", {"title": "W"})
    assert isinstance(unfit, Refused)


def test_mark_up_that_was_escaped_as_text_is_no_part_of_a_title() -> None:
    fields = {
        "title": "&lt;b&gt;Sous Chef&lt;/b&gt; R&amp;D",
        "job_location": "&lt;i&gt;Pakse&lt;/i&gt;",
    }
    board = Source(id="b", name="B", kind=SourceKind.FILE)
    posting = make_posting(
        fields, source=board, posting_id="1", fetched_at=datetime(2026, 11, 25, tzinfo=UTC)
    )
    assert isinstance(posting, JobPosting)
    assert (posting.title, posting.job_location_raw) == ("Sous Chef R&D", "Pakse")
