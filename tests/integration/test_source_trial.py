"""A source is tried out on a real site: politely, within bounds, and without any server of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import Settings
from scrapers.items import JobPosting, RunOutcome
from scrapers.side_by_side import lines_of
from scrapers.sources import Source
from scrapers.trial import try_listing, try_source
from scrapers.tried import Trial
from tests.integration.answers import html
from tests.tiny_site import TinySite, tiny_site

pytestmark = pytest.mark.integration
NOW = datetime(2026, 1, 6, 3, tzinfo=UTC)


async def trial_of(site: TinySite, folder: Path, adverts: int = 2) -> Trial:
    settings = Settings(var_dir=folder)
    return await try_source(site.source(), settings, adverts=adverts, clock=lambda: NOW)


async def test_a_few_adverts_are_read_and_shown_with_their_page(tmp_path: Path) -> None:
    async with tiny_site() as site:
        site.jobs = {str(number): f"Welder {number}" for number in range(20)}
        trial = await trial_of(site, tmp_path)
        asked = sum(count for path, count in site.asked.items() if path.startswith("/jobs/"))
    assert (trial.outcome, trial.listed, len(trial.adverts)) == (RunOutcome.OK, 20, 2)
    assert asked <= 2 + site.source().concurrency
    assert all(isinstance(advert.posting, JobPosting) for advert in trial.adverts)
    by_field = {line.field: line for line in lines_of(trial.adverts[0])}
    assert by_field["date_posted"].value == "2026-01-05"
    assert not (tmp_path / "httpcache").exists()


async def test_what_robots_txt_forbids_is_not_fetched_by_a_trial_either(tmp_path: Path) -> None:
    async with tiny_site() as site:
        site.jobs = {"1": "Welder"}
        site.robots = "User-agent: *\nDisallow: /\n"
        trial = await trial_of(site, tmp_path)
        assert set(site.asked) == {"/robots.txt"}
    assert trial.outcome is RunOutcome.REFUSED
    assert "robots.txt" in trial.detail


async def test_an_unreadable_advert_is_told_with_its_reason(tmp_path: Path) -> None:
    async with tiny_site() as site:
        site.jobs = {"1": ""}
        trial = await trial_of(site, tmp_path)
    (advert,) = trial.adverts
    assert not isinstance(advert.posting, JobPosting)
    assert advert.posting.reason in ("jsonld_invalid", "posting_not_found", "title_missing")


async def test_where_the_listing_tells_everything_it_stands_beside_the_fields(
    tmp_path: Path,
) -> None:
    rules = {"url": "a::attr(href)", "title": "a"}
    listing = {"url": "/list", "items": "li", "fields": rules}
    async with tiny_site() as site:
        site.special["/list"] = html("<p>All jobs</p><li><a href=/jobs/1>Welder</a> in Pakse</li>")
        source = site.source(kind="html_list", list=listing, detail=None)
        settings = Settings(var_dir=tmp_path)
        trial = await try_source(source, settings, adverts=2, clock=lambda: NOW)
    (advert,) = trial.adverts
    by_field = {line.field: line for line in lines_of(advert)}
    assert "Welder in Pakse" in by_field["title"].on_page


def test_a_saved_page_is_read_in_its_own_encoding(tmp_path: Path) -> None:
    source = Source.model_validate(
        {
            "id": "b", "name": "B", "kind": "html_list", "base_url": "https://b.example",
            "list": {"url": "/", "items": "li", "fields": {"title": "a"}},
        }
    )  # fmt: skip
    page = "<meta charset=windows-874><li><a>พนักงานขาย</a></li>".encode("cp874")
    (advert,) = try_listing(source, page, now=NOW)
    assert isinstance(advert.posting, JobPosting)
    assert advert.posting.title == "พนักงานขาย"
