"""Pages of feeds say what their declarations say."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.feeds import Feed, feeds
from labourwatch.feed_pages import page_name, page_of, write_pages

SOURCES = Path(__file__).parents[2] / "docs" / "sources"


@pytest.mark.parametrize("feed", feeds().values(), ids=list(feeds()))
def test_the_page_is_what_the_declaration_gives(feed: Feed) -> None:
    held = (SOURCES / page_name(feed)).read_text(encoding="utf-8")
    assert held == page_of(feed), "write it anew: labourwatch registry pages docs/sources"
    for name in (*feed.measures, *feed.dimensions, *(feed.category.codes if feed.category else ())):
        assert f"| `{name}` |" in held


def test_pages_are_written(tmp_path: Path) -> None:
    assert {path.name for path in write_pages(tmp_path)} == {f"{name}.md" for name in feeds()}
    with pytest.raises(OSError, match="nowhere"):
        write_pages(tmp_path / "nowhere")


def test_every_example_says_whose_figures_it_has() -> None:
    for feed in feeds().values():
        assert feed.example_is == "invented" or feed.example_is.startswith("real: ")
