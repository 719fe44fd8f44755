"""schema.org JobPosting in every shape, and JSON with the mistakes of sites."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scrapers.adverts import read_detail
from scrapers.parsing.jobposting import choose_posting, jobposting_fields
from scrapers.parsing.jsonld import find_postings, read_jsonld
from scrapers.parsing.microdata import read_microdata
from scrapers.parsing.posting import Refusal, Refused
from scrapers.parsing.repair import RepairError, repaired_json
from scrapers.sources import Source

COOK = {"@type": "JobPosting", "title": "Cook", "hiringOrganization": {"name": "Mekong"}}


def fields_of(value: Any) -> list[dict[str, str]]:
    return [jobposting_fields(node) for node in find_postings(value)]


@pytest.mark.parametrize(
    "value",
    [
        [{"@type": "Thing"}, [COOK]],
        {"@graph": [{"@type": "WebPage", "mainEntity": COOK}]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": COOK}]},
        {"@type": "Organization", "anything": {"deep": [{"down": COOK}]}},
        {"@graph": [{**COOK, "hiringOrganization": {"@id": "#o"}},
                    {"@id": "#o", "name": "Mekong"}]},
        {"name": "Mekong", "@reverse": {"hiringOrganization": {"@type": "JobPosting",
                                                               "title": "Cook"}}},
        {**COOK, "@type": "jobPosting"},
        {"@type": "schema:JobPosting", "schema:title": "Cook",
         "schema:hiringOrganization": {"schema:name": "Mekong"}},
        [{"@type": ["http://schema.org/JobPosting"],
          "http://schema.org/title": [{"@value": "Cook"}],
          "http://schema.org/hiringOrganization": [{"http://schema.org/name": [{"@value": "Mekong"}]
                                                    }]}],
        [COOK, {"@graph": [COOK]}],
        {"@graph": [{"@id": "#j"}, {"@id": "#j", **COOK}, {"about": {"@id": "#j"}}]},
    ],
)  # fmt: skip
def test_a_posting_is_found_once_with_its_employer(value: Any) -> None:
    assert [(f["title"], f["hiring_organization"]) for f in fields_of(value)] == [
        ("Cook", "Mekong")
    ]


def test_references_that_go_round_end() -> None:
    loop = {"@id": "#a", "@type": "JobPosting", "title": "Cook", "about": {"@id": "#a"}}
    assert [f["title"] for f in fields_of(loop)] == ["Cook"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('{"@type": "JobPosting", /* a */ "title": "Cook", // b\n}', "Cook"),
        ("{'@type': 'JobPosting', 'title': 'Cook'}", "Cook"),
        ('{"@type": "JobPosting", "title": "The "best" Cook", "url": "/1"}', 'The "best" Cook'),
        ('{"@type": "JobPosting", "title": "Cook", "hiringOrganization": {"name": "M"}', "Cook"),
        ('{"@type": "JobPosting" "title": "Cook"}', "Cook"),
        ('{"@type": "JobPosting", "title": "Co\x01ok\t"}', "Co\x01ok"),
        ('{"@type": "JobPosting", "title": "Cook \\d"}', "Cook \\d"),
        ("/*<![CDATA[*/{\"@type\": \"JobPosting\", \"title\": \"Cook\"}/*]]>*/", "Cook"),
        ('{"@type": "WebSite"}{"@type": "JobPosting", "title": "Cook"}', "Cook"),
        ("{&quot;@type&quot;: &quot;JobPosting&quot;, &quot;title&quot;: &quot;Cook&quot;,}",
         "Cook"),
    ],
)  # fmt: skip
def test_mistakes_are_repaired(text: str, title: str) -> None:
    (node,) = read_jsonld(f'<script type="application/ld+json">{text}</script>').postings
    assert jobposting_fields(node)["title"] == title


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "JobPosting", "title": "Cook", "description": "We look for',
        '{"@type": "JobPosting", "title": "',
        '{"@type": "JobPosting", "title":',
        '{"a": 1, "some words of <b>prose</b>, and": "x" y}',
        "not json at all",
        "[" * 5000,
        "x" * 1_000_001,
        '{"a": "' + 'b "c" ' * 30_000 + '"}',
        "",
    ],
)
def test_what_is_cut_off_or_torn_is_refused(text: str) -> None:
    with pytest.raises(RepairError):
        repaired_json(text)


def test_of_several_postings_the_one_of_the_page_is_taken() -> None:
    nodes = [{**COOK, "title": t, "url": f"https://x/jobs/{n}"} for n, t in enumerate("abc")]
    chosen = choose_posting(nodes, "https://x/jobs/2", {})
    assert chosen is not None
    assert chosen["title"] == "c"
    named = [{**COOK, "title": t, "identifier": n} for n, t in enumerate("abc")]
    by_id = choose_posting(named, "https://x/j", {"id": "1"})
    assert by_id is not None
    assert by_id["title"] == "b"
    by_title = choose_posting(named, "https://x/j", {"title": "c"})
    assert by_title is not None
    assert by_title["title"] == "c"
    assert choose_posting([], "https://x", {}) is None


@pytest.mark.parametrize(
    ("salary", "text"),
    [
        ({"currency": "LAK", "value": {"minValue": 0, "maxValue": 5e6, "unitText": "MONTH"}},
         "5000000 LAK per month"),
        ({"currency": "USD", "value": 450, "unitText": "MON"}, "450 USD per month"),
        ({"currency": "GBP", "value": {"value": "Up to 45,000,000 LAK"}}, "Up to 45,000,000 LAK"),
        ({"@type": "PriceSpecification", "price": "300", "priceCurrency": "USD"}, "300 USD"),
        ({"currency": "LAK", "value": [{"value": 3000000, "unitText": "DAY"}]},
         "3000000 LAK per day"),
        ({"currency": "LAK", "value": {"value": 0}}, None),
        ({"currency": "LAK", "value": {"value": [2000000, 3000000], "unitText": "per month"}},
         "2000000 - 3000000 LAK per month"),
        ({"currency": "USD", "duration": "P1Y", "median": 9000}, "9000 USD per year"),
        ("Negotiable", "Negotiable"),
        (3000000, "3000000 LAK"),
    ],
)  # fmt: skip
def test_pay(salary: Any, text: str | None) -> None:
    node = {"title": "Cook", "baseSalary": salary, "salaryCurrency": "LAK"}
    if isinstance(salary, dict):
        del node["salaryCurrency"]
    assert jobposting_fields(node).get("base_salary", "").replace(
        "Negotiable LAK", "Negotiable"
    ) == (text or "")


def test_places_that_repeat_themselves() -> None:
    address = {"addressLocality": "Pakse", "addressRegion": "Champasak", "addressCountry": "Laos"}
    two = [{"address": address}, {"address": {**address, "streetAddress": "Pakse, Laos"}}]
    found = jobposting_fields({"title": "Cook", "jobLocation": two})["job_location"]
    assert found == "Pakse, Champasak, Laos; Pakse, Laos, Champasak"
    remote = {"jobLocationType": "TELECOMMUTE", "applicantLocationRequirements": {"name": "Laos"}}
    assert jobposting_fields(remote)["job_location"] == "Laos"


def test_a_place_may_be_mere_text_of_a_language() -> None:
    for place in ({"@value": "Pakse"}, {"address": {"@value": "Pakse", "@language": "en"}}):
        fields = jobposting_fields({"title": "Cook", "jobLocation": [place]})
        assert fields["job_location"] == "Pakse"


def test_rdfa_with_times_in_attributes() -> None:
    html = (
        '<div vocab="https://schema.org/" typeof="JobPosting"><b property="title">Cook</b>'
        '<time datetime="2026-03-04" property="datePosted">four days ago</time>'
        '<time property="validThrough" content="2026-04-04" datetime="2030-01-01">x</time></div>'
    )
    (node,) = read_microdata(html, "https://x/")
    fields = jobposting_fields(node)
    assert (fields["date_posted"], fields["valid_through"]) == ("2026-03-04", "2026-04-04")


def advert(**detail: Any) -> Source:
    spec = {"url": "/", "items": "div", "fields": {"title": "b"}}
    declared = {"id": "s", "name": "s", "kind": "html_list", "base_url": "https://a.example"}
    return Source.model_validate({**declared, "list": spec, "detail": detail})


def read(source: Source, html: str, **listed: str) -> Any:
    return read_detail(source, html.encode(), html, "https://a.example/1", listed)


def test_rules_may_win_over_careless_structured_data() -> None:
    html = f'<h1>Head cook</h1><script type="application/ld+json">{json.dumps(COOK)}</script>'
    assert read(advert(fields={"title": "h1"}), html)["title"] == "Cook"
    assert read(advert(fields={"title": "h1"}, prefer="fields"), html)["title"] == "Head cook"
    assert read(advert(structured=False, fields={"title": "h1"}), html) == {"title": "Head cook"}


def test_json_may_answer_for_a_page_and_a_page_for_json() -> None:
    source = advert(root="data", fields={"title": "t"})
    assert read(source, '{"data": {"t": "Cook"}}') == {"title": "Cook"}
    found = read(source, "{")
    assert isinstance(found, Refused)
    assert found.reason is Refusal.PAGE_UNREADABLE
    ld = read(advert(), json.dumps(COOK))
    assert ld["hiring_organization"] == "Mekong"


def test_the_script_and_the_page_together() -> None:
    source = advert(
        script="DATA", root="job",
        fields={"title": "t", "job_location": "label:Place", "base_salary": "css:b",
                "employment_type": {"value": "Full time"}},
    )  # fmt: skip
    html = "<p>Place: Pakse</p><b>3 million</b><script>DATA = {job: {t: 'Cook'}}</script>"
    assert read(source, html) == {
        "title": "Cook", "job_location": "Pakse", "base_salary": "3 million",
        "employment_type": "Full time",
    }  # fmt: skip
    missing = read(source, "<p>Place: Pakse</p>")
    assert isinstance(missing, Refused)
    assert missing.reason is Refusal.PAGE_UNREADABLE
