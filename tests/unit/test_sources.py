"""Source files: what they may say, and how a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.parsing.columns import ColumnError, TableKind, map_columns
from scrapers.source_files import SourceError, load_source, load_sources

GOOD = """\
name: A board
kind: rss
base_url: https://a.example
list: {url: /feed}
"""


def test_the_shipped_sources_are_valid_and_off() -> None:
    sources = load_sources(Path(__file__).parents[2] / "config" / "sources")
    assert {"cvconnect", "jobs108", "myworld-careers"} <= {source.id for source in sources}
    assert not any(source.enabled for source in sources)
    assert all(source.disabled_reason for source in sources)


def test_defaults(tmp_path: Path) -> None:
    path = tmp_path / "a-board.yaml"
    path.write_text(GOOD)
    source = load_source(path)
    assert (source.id, source.hosts, source.unseen_runs) == ("a-board", frozenset(["a.example"]), 2)
    assert not source.lists_everything, "a feed without pages carries the latest items only"
    assert source.lifetime_days == 60


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "rate: 0\n", ":5: rate: Input should be greater than 0"),
        (GOOD + "titel: x\n", ":5: titel: no such field"),
        (GOOD + "enabled: true\n", "enabled: needs legal_basis"),
        (GOOD.replace("rss", "gopher"), ":2: kind: Input should be"),
        (GOOD.replace("/feed", "/f, id_pattern: '('"), ":4: list.id_pattern: not a regular"),
        (GOOD.replace("https://a.example", "ftp://a"), "base_url: expected an http"),
        (GOOD.replace("list: {url: /feed}\n", ""), "list: a source of kind rss needs"),
        (GOOD + "id: other\n", ":5: id: expected 'board'"),
        ("- 1\n", ":1: expected a mapping"),
        ("a: [\n", "not YAML"),
    ],
)
def test_mistakes_name_file_line_field_and_expectation(
    tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "board.yaml"
    path.write_text(text)
    with pytest.raises(SourceError) as caught:
        load_source(path)
    assert str(caught.value).startswith(str(path))
    assert told in str(caught.value)


def test_columns_are_found_by_their_names() -> None:
    columns = ["jobTitle", "company_name", "Closing Date", "notes", "description"]
    assert map_columns(columns, TableKind.POSTINGS) == {
        "jobTitle": "title",
        "company_name": "hiring_organization",
        "Closing Date": "valid_through",
        "description": "description",
    }
    assert map_columns(["x"], TableKind.POSTINGS, {"x": "title"}) == {"x": "title"}
    for told in ({}, {"y": "title"}, {"x": "headline"}):
        with pytest.raises(ColumnError):
            map_columns(["x"], TableKind.POSTINGS, told)
