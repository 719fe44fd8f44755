"""The interface keeps what its OpenAPI description says, for questions nobody thought of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboard.v1 import limiting
from tests.reading_stack import ANALYST, application, filled
from tests.served_dashboard import get, served

pytestmark = pytest.mark.integration
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with filled(tmp_path_factory.mktemp("schema"), vacancies=60) as found:
        yield application(found)


OPERATIONS = [
    ("GET", "/v1/series"), ("GET", "/v1/vacancies"), ("GET", "/v1/vacancies/records"),
    ("GET", "/v1/forecasts"), ("GET", "/v1/indicators"), ("GET", "/v1/releases"),
    ("GET", "/v1/alerts"), ("GET", "/v1/alerts/{alert_id}"), ("GET", "/v1/scorecard"),
    ("GET", "/v1/sources"), ("GET", "/v1/strategy"), ("GET", "/v1/codelists"),
    ("GET", "/v1/codelists/{name}"),
    ("POST", "/v1/sql"), ("GET", "/v1/saved"),
    ("POST", "/v1/saved"), ("GET", "/v1/saved/{reference}"),
    ("GET", "/v1/saved/{reference}/result"), ("GET", "/v1/runs"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_answers_are_as_described(app: FastAPI, method: str, path: str) -> None:
    operation = schemathesis.openapi.from_asgi("/openapi.json", app)[path][method]

    @settings(
        max_examples=6, deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def answers(case: schemathesis.Case[Any]) -> None:
        # A copy: schemathesis writes into what it is given, and the token is every test's.
        case.call_and_validate(checks=CHECKS, headers=dict(ANALYST))

    answers()


def test_the_description_is_openapi_3_1_and_whole(app: FastAPI) -> None:
    said = app.openapi()
    assert said["openapi"].startswith("3.1")
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), (method, path)
            assert operation["responses"], (method, path)
            for parameter in operation.get("parameters", []):
                assert parameter.get("description") or parameter["in"] == "path", (path, parameter)
    held = {(method.upper(), path) for path, each in said["paths"].items() for method in each}
    assert held == set(OPERATIONS)


def test_an_address_without_a_token_is_held_back(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(app) as url:
        codes = [get(url + "/v1/codelists").status for _ in range(limiting.PER_MINUTE + 1)]
        assert codes[-1] == 429
        last = get(url + "/v1/codelists")
        assert int(last.headers["Retry-After"]) > 0
        assert get(url + "/v1/codelists", ANALYST).status == 200
