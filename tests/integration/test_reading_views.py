"""What the public, departments and nobody may read over HTTP."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator

import pytest

from config.settings import Settings
from tests.reading_stack import (
    DEPARTMENT,
    PUSHER,
    filled,
    read,
    reading_server,
)
from tests.served_dashboard import get

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with filled(tmp_path_factory.mktemp("reading")) as settings:
        yield settings


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with reading_server(settings) as url:
        yield url


def test_the_public_gets_what_the_release_rules_let_through(url: str) -> None:
    told = read(url + "/v1/series?indicator=wage_median&limit=100")["data"]
    nation = [row for row in told if row["province"] == "_T"]
    assert len(nation) == len(told) == 6
    assert {row["hidden"] for row in nation} == {""}
    assert all(row["value"] % row["step"] == 0 and row["n_at_least"] for row in nation)
    tables = read(url + "/v1/vacancies?grain=month&since=2026&until=2026&by=occupation")["data"]
    assert {(row["occupation"], row["value"], row["step"]) for row in tables} == {("2", 120, 5)}
    withheld = read(url + "/v1/vacancies?grain=month&since=2026&until=2026&province=LA-VT")["data"]
    assert {(row["value"], row["n"], row["hidden"]) for row in withheld} == {
        (None, None, "confidential")
    }
    assert read(url + "/v1/series?indicator=flow&limit=1000")["data"] == []


def test_a_forecast_is_told_where_the_counts_that_it_rests_on_are(url: str) -> None:
    inside = read(url + "/v1/forecasts?limit=100", DEPARTMENT)
    assert len(inside["data"]) == 8
    assert {(row["value"], row["n"], row["pinball"]) for row in inside["data"]} == {
        (41.3, 987, 3.21)
    }
    told = read(url + "/v1/forecasts?limit=100")
    assert [(row["province"], row["occupation"], row["ahead"]) for row in told["data"]] == [
        ("_T", "_T", 4), ("_T", "_T", 12)
    ]  # fmt: skip
    first = told["data"][0]
    names = ("value", "lower_80", "upper_80", "lower_95", "upper_95", "usual_upper", "step", "n")
    assert [first[name] for name in names] == [40, 30, 55, 25, 65, 55, 5, 500]
    assert (first["n_at_least"], first["pinball"], first["relative_mae"]) == (True, None, 0.91)
    assert first["chance_above"] == pytest.approx(0.07)
    assert "As of 2026-11-23T04:00:00.000Z" in told["about"]["citation"]


def test_forecasts_are_as_of_a_moment_and_by_cell(url: str) -> None:
    assert read(url + "/v1/forecasts?as_of=2026-11-22", DEPARTMENT)["data"] == []
    asked = "/v1/forecasts?province=LA-VT&occupation=2&until=2026-12-31"
    assert [row["ahead"] for row in read(url + asked, DEPARTMENT)["data"]] == [4]
    assert read(url + asked)["data"] == []
    page = read(url + "/v1/forecasts?limit=5", DEPARTMENT)
    rest = read(url + f"/v1/forecasts?limit=5&cursor={page['next']}", DEPARTMENT)
    assert len(page["data"]) + len(rest["data"]) == 8
    assert rest["next"] is None


def test_no_page_of_the_public_ends_at_a_withheld_cell(url: str) -> None:
    body = read(url + "/v1/series?limit=1")
    pages = list(body["data"])
    while body["next"]:
        assert len(body["data"]) == 1
        body = read(url + f"/v1/series?limit=1&cursor={body['next']}")
        pages += body["data"]
    assert pages == read(url + "/v1/series?limit=1000")["data"]
    assert {row["hidden"] for row in pages} == {""}


@pytest.mark.parametrize(
    "path",
    [
        "/v1/vacancies/records", "/v1/vacancies?by=district", "/v1/vacancies?skill=LA-S001",
        "/v1/vacancies?occupation=25", "/v1/vacancies?source=alpha", "/v1/vacancies?digits=4",
        "/download/vacancies.csv", "/v1/vacancies?by=language",
    ],
)  # fmt: skip
def test_what_is_for_departments_needs_a_token(url: str, path: str) -> None:
    refused = get(url + path)
    assert refused.status == 401
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "Bearer" in refused.headers["WWW-Authenticate"]
    assert get(url + path, PUSHER).status == 403
    assert get(url + path, {"Authorization": "Bearer nobody"}).status == 401
    assert get(url + path, DEPARTMENT).status == 200


def test_alerts_are_told_to_all_and_their_figures_to_departments(url: str) -> None:
    public = read(url + "/v1/alerts")["data"]
    assert [(row["state"], row["observed"], row["n"]) for row in public] == [("firing", None, None)]
    assert [row["n"] for row in read(url + "/v1/alerts", DEPARTMENT)["data"]] == [12]
    history = read(url + "/v1/alerts/a1")["data"]
    assert [row["state"] for row in history] == ["firing", "pending"]
    assert read(url + "/v1/alerts?state=resolved")["data"] == []


def test_sources_say_what_they_rest_on(url: str) -> None:
    told = {row["source_id"]: row for row in read(url + "/v1/sources")["data"]}
    assert told["pusher"]["legal_basis"] == "agreement of 2026-11-01"
    assert told["reliefweb-laos"]["legal_basis"]


def test_the_public_may_be_read_from_any_page_and_tokens_may_not(url: str) -> None:
    assert get(url + "/v1/indicators").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in get(url + "/v1/indicators", DEPARTMENT).headers
    ask = urllib.request.Request(url + "/v1/series", method="OPTIONS")  # noqa: S310
    with urllib.request.urlopen(ask, timeout=20) as told:  # noqa: S310
        assert "Authorization" not in told.headers["Access-Control-Allow-Headers"]
    assert get(url + "/v1/nothing").status == 404


def test_downloads_of_earlier_versions_are_views_of_the_same(url: str) -> None:
    flow = get(url + "/download/flow.csv")
    assert flow.text.removeprefix("\ufeff").startswith("# title:")
    assert "# data_kind: demonstration data" in flow.text
    single = get(url + "/download/vacancies.csv", DEPARTMENT)
    assert 'filename="vacancy-records.csv"' in single.headers["Content-Disposition"]
