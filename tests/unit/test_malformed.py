"""No malformed input crashes or vanishes: the corpus of the benchmark, and what was found by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.collection_malformed import inputs, try_input
from benchmarks.malformed.hand_made import hand_made
from benchmarks.malformed.readers import end_of
from benchmarks.malformed.valid import READERS, document, page
from scrapers.parsing.html_list import read_cards
from scrapers.parsing.json_paths import json_fields
from scrapers.parsing.jsonld import read_jsonld
from scrapers.parsing.page import PageError, parse_page
from scrapers.parsing.repair import RepairError, repaired_json
from scrapers.parsing.scripts import script_json
from scrapers.parsing.xml_feed import read_xml_items
from scrapers.source_files import SourceError, load_source
from scrapers.source_specs import FieldRule

_SMALL = 20_000


@pytest.mark.parametrize("reader", READERS)
def test_what_is_well_formed_is_taken(reader: str) -> None:
    ended = end_of(reader, document(reader))
    assert ended.accepted
    assert not ended.refused


@pytest.mark.parametrize("reader", READERS)
def test_what_is_malformed_ends_with_a_reason(reader: str) -> None:
    mine = [made for made in hand_made() if made[0] == reader and len(made[2]) <= _SMALL]
    assert mine
    tried = [try_input(*made) for made in mine]
    assert [one for one in tried if not one.handled] == []


def test_the_corpus_is_the_same_for_the_same_seed_and_reaches_every_reader() -> None:
    first, again = (list(inputs(7, quick=True)) for _ in range(2))
    assert first == again
    assert {reader for reader, _, _ in first} == set(READERS)


def test_an_input_that_crashes_is_told_as_unhandled(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(reader: str, content: bytes) -> None:
        raise KeyError(reader)

    monkeypatch.setattr("benchmarks.collection_malformed.end_of", crash)
    assert not try_input("csv", "any", b"").handled


def test_numbers_and_half_characters_that_json_allows_do_not_end_a_crawl() -> None:
    with pytest.raises(RepairError, match="digits"):
        repaired_json('{"a": ' + "9" * 5_000 + "}")
    assert repaired_json(r'{"a": "x\ud800y \ud83d\ude00"}') == {"a": "x\ufffdy \U0001f600"}
    found = script_json(parse_page('<script id="s">{"t": "\\ud800a"} x</script>'), "s")
    fields = json_fields(found, {"title": FieldRule(paths=["t"])})
    assert fields["title"].encode() == "\ufffda".encode()


def test_scripts_without_end_are_read_once_and_the_last_is_told() -> None:
    opening = '<script type="application/ld+json">'
    found = read_jsonld(opening + json.dumps({"@type": "JobPosting", "title": "Cook"}))
    assert [node["title"] for node in found.postings] == ["Cook"]
    # Quadratic before: a minute and more.
    assert read_jsonld(opening * 50_000).invalid == (
        f"block 1: {(50_000 - 1) * len(opening)} characters, more than 1000000",
    )


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ('<div class="job"><h2>a' * 50, "cards in cards"),
        ('<p class="job">a</p>' * 6_000, "6000 cards"),
        ("<div " + " ".join(f'a{i}="x y"' for i in range(2_000)) + ">", "2001 attributes"),
    ],
)
def test_hostile_pages_are_refused_before_they_take_hours(html: str, reason: str) -> None:
    with pytest.raises(PageError, match=reason):
        read_cards(html, ".job", {})


def test_pages_with_long_values_and_side_by_side_cards_are_read() -> None:
    value = json.dumps({"props": ["word"] * 20_000}).replace('"', "&quot;")
    cards = '<div class="job"><h2>a</h2></div>' * 1_000
    html = f'<div id="app" data-page="{value}">{cards}</div>'
    assert len(read_cards(html, ".job", {"title": FieldRule(paths=["h2::text"])})) == 1_000


def test_an_undeclared_prefix_is_a_name_like_any_other() -> None:
    found = read_xml_items(b"<source><job><q:title>Cook</q:title></job></source>", "job")
    assert "Cook" in json.dumps(found)


def test_a_source_nested_beyond_reading_names_its_file(tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text("[" * 3_000)
    with pytest.raises(SourceError, match=r"deep\.yaml:1: not YAML as expected: nested"):
        load_source(path)


def test_pages_of_jsonld_with_a_hostile_block_keep_the_good_one() -> None:
    good = json.dumps({"@type": "JobPosting", "title": "Cook"})
    html = page("[" * 100_000) + page(good)
    found = read_jsonld(html)
    assert [node["title"] for node in found.postings] == ["Cook"]
    assert len(found.invalid) == 1
