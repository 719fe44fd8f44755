"""SQL and saved questions over HTTP: answered with provenance, refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from config.settings import Settings
from tests.reading_stack import (
    ANALYST,
    DEPARTMENT,
    filled,
    post,
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


def test_sql_is_answered_to_analysts_with_provenance(url: str) -> None:
    body = {"sql": "SELECT count() AS n, {x:UInt8} AS x FROM vacancies", "parameters": {"x": 3}}
    told = json.loads(post(url + "/v1/sql", body, ANALYST).body)
    assert told["data"] == [{"n": 400, "x": 3}]
    assert told["about"]["asked_by"] == "analyst"
    assert told["about"]["sql"] == body["sql"]
    assert told["about"]["parameter x"] == "3"
    table = post(url + "/v1/sql", body, ANALYST, "text/csv")
    assert table.text.splitlines()[-1] == "demonstration data,400,3"
    assert post(url + "/v1/sql", body, DEPARTMENT).status == 403
    assert post(url + "/v1/sql", body, {}).status == 401
    runs = read(url + "/v1/runs", ANALYST)["data"]
    assert {(run["outcome"], run["rows"]) for run in runs} == {("answered", 1)}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"sql": "SELECT * FROM dead_letters"}, 403, "access_denied"),
        ({"sql": "SELECT * FROM url('http://x', CSV)"}, 403, "table_function_not_allowed"),
        ({"sql": "DROP TABLE vacancies"}, 422, "syntax"),
        ({"sql": "SELECT nothing"}, 422, "query_failed"),
        ({"sql": 1}, 422, "schema"), ({}, 422, "schema"), ({"sql": "", "x": 1}, 422, "schema"),
        (b"{", 422, "schema"),
    ],
)  # fmt: skip
def test_sql_that_is_refused_says_why(url: str, body: Any, status: int, code: str) -> None:
    answer = post(url + "/v1/sql", body, ANALYST)
    assert answer.status == status
    assert json.loads(answer.body)["type"] == f"urn:labourwatch:problem:{code}"


def test_saved_questions_are_kept_listed_shared_and_run(url: str) -> None:
    question = {
        "name": "by-province", "description": "vacancies as known then",
        "sql": "SELECT {low:UInt8} AS low, count() AS n FROM vacancies"
        " WHERE loaded_at <= {as_of:DateTime64(3)}",
        "parameters": {"low": 1}, "as_of": "2026-11-25T04:00:00Z",
    }  # fmt: skip
    kept = post(url + "/v1/saved", question, ANALYST)
    assert kept.status == 201, kept.text
    assert kept.headers["Location"] == "/v1/saved/by-province@1"
    listed = read(url + "/v1/saved", ANALYST)["data"]
    assert [(one["name"], one["version"], one["owner"]) for one in listed] == [
        ("by-province", 1, "analyst")
    ]
    shared = json.loads(kept.body)["query_id"]
    assert json.loads(get(url + f"/v1/saved/{shared}", ANALYST).body)["sql"] == question["sql"]
    told = read(url + f"/v1/saved/{shared}/result?param_low=9", ANALYST)
    assert told["data"] == [{"low": 9, "n": 400}]
    assert told["about"]["query"] == "by-province@1"
    assert told["about"]["parameter as_of"] == "2026-11-25 04:00:00.000"
    assert get(url + "/v1/saved/none", ANALYST).status == 404
    assert get(url + f"/v1/saved/{shared}/result?low=9", ANALYST).status == 422
    assert post(url + "/v1/saved", {**question, "name": "Ü"}, ANALYST).status == 422
