"""*Explore* against a real warehouse: the same figures as `/v1/series`, for each viewer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi import FastAPI

from config.settings import Settings
from dashboard.exploring.routes import explore_routes
from dashboard.push.problems import ProblemError, answer_problem
from dashboard.v1.reading import Reading
from dashboard.v1.routes import reading_routes
from dashboard.views import Snapshot
from tests.reading_stack import DEPARTMENT, NOW, Tokens, filled
from tests.served_dashboard import get, served

pytestmark = pytest.mark.integration
PAY = "indicator=wage_median&indicator2=wage_median&province2=LA-VT"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with (
        filled(tmp_path_factory.mktemp("explore")) as settings,
        served(application(settings)) as at,
    ):
        yield at


def application(settings: Settings) -> FastAPI:
    app = FastAPI()
    app.add_exception_handler(ProblemError, answer_problem)
    reading = Reading(settings, Tokens(), lambda: NOW)  # type: ignore[arg-type]
    app.include_router(reading_routes(reading))
    app.include_router(explore_routes(reading, Snapshot, demonstration=False))
    return app


def test_the_page_tells_what_the_interface_tells(url: str) -> None:
    page = get(f"{url}/en/explore?{PAY}")
    assert page.status == 200, page.text
    assert page.headers["cache-control"] == "private, no-store"
    links = {unescape(found) for found in re.findall(r'href="(/v1/series[^"]*csv)"', page.text)}
    told = [line.split(",") for link in sorted(links) for line in get(url + link).text.splitlines()
            if "wage_median," in line]  # fmt: skip
    assert len(links) == 2
    assert len(told) == 6, "the province is withheld from the public"
    for row in told:
        assert f"Newest: {float(row[8]) / 1e6:.2f}" in page.text
    assert "Nothing is told for this choice" in page.text


def test_departments_are_told_the_province_too(url: str) -> None:
    page = get(f"{url}/en/explore?{PAY}", DEPARTMENT)
    assert page.text.count('class="lines several"') == 1
    assert "Nothing is told" not in page.text
    assert get(f"{url}/explore?{PAY}", DEPARTMENT).status == 200


def test_an_earlier_moment_tells_earlier_figures(url: str) -> None:
    words = "indicator=flow&frequency=W"
    now = get(f"{url}/en/explore?{words}", DEPARTMENT).text
    then = get(f"{url}/en/explore?{words}&as_of=2026-11-20", DEPARTMENT).text
    before = get(f"{url}/en/explore?{words}&as_of=2020-01-01", DEPARTMENT).text
    newest = re.compile(r"Newest: (\d+) ")
    assert (newest.search(now)[1], newest.search(then)[1]) == ("22", "21")  # type: ignore[index]
    assert "may not have been published yet" in before


def test_the_pinned_address_leads_to_the_same_figures(url: str) -> None:
    page = get(f"{url}/en/explore?indicator=flow", DEPARTMENT).text
    pinned = unescape(re.findall(r'data-name="pinned"[^>]*>([^<]+)<', page)[0])
    assert "as_of=2026-11-24" in pinned
    again = get(url + pinned[pinned.index("/en/explore") :], DEPARTMENT).text
    tables = [re.findall(r"<tbody>.*?</tbody>", text, re.DOTALL)[0] for text in (page, again)]
    assert tables[0] == tables[1]


@pytest.mark.parametrize(
    "words",
    ["indicator=nothing", "province=LA-ZZ&indicator=flow", "indicator=flow&since=soon",
     "indicator=flow&as_of=x", "indicator=skill_share", "indicator=flow&frequency=Q",
     "indicator=%00%F0%9F%98%80&indicator2=%3Cscript%3E"],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_and_changes_nothing(url: str, words: str) -> None:
    page = get(f"{url}/en/explore?{words}")
    assert page.status == 422
    assert "cannot be read. Expected:" in page.text
    assert "<script>" not in page.text
