"""The page for owners of sites: exact, in both languages, without any script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from protego import Protego

from config.settings import Settings
from dashboard.app import create_app
from dashboard.crawler_page import facts_of
from scrapers.robots import PRODUCT_TOKEN, stated_delay
from scrapers.scrapy_settings import user_agent
from tests.served_dashboard import get, served
from tests.unit.test_dashboard_app import Seeded

BOARD = """\
name: Wat & Sons <jobs>
kind: rss
base_url: https://board.example
list: {url: /feed}
schedule_s: 21600
legal_basis: agreement of 2026-01-01
contact: owner@board.example
owner: Wat
enabled: true
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("sources")
    (folder / "board.yaml").write_text(BOARD)
    (folder / "off.yaml").write_text(BOARD.replace("true", "false").replace("Wat", "Off"))
    return Settings(redis_url="redis://127.0.0.1:1/0", sources_dir=folder)


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with served(create_app(settings, Seeded(), lambda *_: True)) as address:
        yield address


@pytest.mark.parametrize(("path", "code"), [("/crawler", "lo"), ("/en/crawler", "en")])
def test_the_page_tells_who_asks_and_how_to_opt_out(
    url: str, path: str, code: str, settings: Settings
) -> None:
    text = get(url + path).text
    assert f'<html lang="{code}">' in text
    assert user_agent(settings) in text
    assert settings.contact_email in text
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    rules = re.findall(r"<pre[^>]*><code>(User-agent.*?)</code></pre>", text, re.DOTALL)
    assert len(rules) == 2
    closed, narrowed = (Protego.parse(rule) for rule in rules)
    assert not closed.can_fetch("https://board.example/jobs/1", PRODUCT_TOKEN)
    assert narrowed.can_fetch("https://board.example/jobs/1", PRODUCT_TOKEN)
    assert not narrowed.can_fetch("https://board.example/members/1", PRODUCT_TOKEN)
    assert stated_delay(narrowed) == 20
    assert narrowed.visit_time(PRODUCT_TOKEN) is not None


def test_sources_that_are_read_stand_there_with_their_basis(url: str) -> None:
    text = get(f"{url}/en/crawler").text
    assert "Wat &amp; Sons &lt;jobs&gt;" in text
    assert "agreement of 2026-01-01" in text
    assert "every 6 hours" in text
    assert "Off &amp; Sons" not in text
    assert "board.example" in text


def test_a_wrong_source_file_does_not_take_the_page_down(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("name: [")
    assert facts_of(Settings(sources_dir=tmp_path)).declared == []


@pytest.mark.parametrize(("page", "link"), [("/", "/crawler"), ("/en/sources", "/en/crawler")])
def test_every_page_leads_there(url: str, page: str, link: str) -> None:
    assert f'href="{link}"' in get(url + page).text.split("<footer")[1]
