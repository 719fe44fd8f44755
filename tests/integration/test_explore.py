"""*Explore* against a real warehouse: the same figures as `/v1/series`, for each viewer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

from config.settings import Settings
from dashboard.accounts.records import Role, Viewer
from dashboard.accounts.visiting import Visit
from dashboard.exploring.routes import explore_routes
from dashboard.push.problems import ProblemError, answer_problem
from dashboard.v1 import series
from dashboard.v1.answers import Asking
from dashboard.v1.reading import Reading
from dashboard.v1.routes import reading_routes
from dashboard.views import Snapshot
from tests.reading_stack import DEPARTMENT, NOW, Tokens, filled
from tests.served_dashboard import get, served
from warehouse.disclosure.records import View
from warehouse.series import Standing

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


OFFICE = Viewer(name="vt-1", role=Role.PROVINCIAL, province="LA-VT")
ELSEWHERE = Viewer(name="ch-1", role=Role.PROVINCIAL, province="LA-CH")


@pytest.fixture
def as_office(monkeypatch: pytest.MonkeyPatch) -> Callable[[Viewer], None]:
    """Be somebody of an office from now on."""

    def enter(viewer: Viewer) -> None:
        for module in ("dashboard.exploring.routes", "dashboard.v1.reading"):
            monkeypatch.setattr(f"{module}.present", lambda: Visit(viewer=viewer))

    return enter


def test_an_office_is_told_its_own_province_and_no_other(
    url: str, as_office: Callable[[Viewer], None]
) -> None:
    as_office(OFFICE)
    page = get(f"{url}/en/explore?{PAY}").text
    assert "Nothing is told for this choice" not in page
    assert "Newest: 3.51" in page
    as_office(ELSEWHERE)
    page = get(f"{url}/en/explore?{PAY}").text
    assert "Newest: 3.51" not in page
    assert "Nothing is told for this choice" in page


def test_an_office_reads_the_files_behind_its_page(
    url: str, as_office: Callable[[Viewer], None]
) -> None:
    asked = f"{url}/v1/series?indicator=wage_median&province="
    for viewer, of_own in ((OFFICE, 6), (ELSEWHERE, 0)):
        as_office(viewer)
        assert get(f"{asked}LA-VT&format=csv").text.count("3512345") == of_own
        assert get(f"{asked}_T&format=csv").text.count("3512345") == 0, "rounded, as for everybody"


def test_what_the_nation_answers_for_a_province_is_not_the_offices() -> None:
    asking = Asking(client=None, view=View.DEPARTMENT, house=None, now=NOW, path="", page=9,  # type: ignore[arg-type]
                    own="LA-VT")  # fmt: skip
    for standing, answered, told in (
        (Standing.ASSESSABLE, "", True), (Standing.ROLLED_UP, "LA-VT", True),
        (Standing.ROLLED_UP, "", False),
    ):  # fmt: skip
        one = SimpleNamespace(standing=standing, answered_province=answered)
        assert series._is_for(asking, one) is told  # type: ignore[arg-type]
        assert series._is_for(replace(asking, own=""), one), "departments are told"  # type: ignore[arg-type]
