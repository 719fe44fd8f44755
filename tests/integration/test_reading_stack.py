"""The reading interface within the whole dashboard: tokens of Redis, compression, parts away."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from scrapers.push.providers import Right
from tests.fixtures_redis import start_redis
from tests.push_stack import agreed, dashboard
from tests.reading_stack import filled, reading_server
from tests.served_dashboard import get
from warehouse.client import connect
from warehouse.door.profile import server_sql

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, str]]:
    folder = tmp_path_factory.mktemp("whole")
    with filled(folder, vacancies=40) as held, start_redis(folder / "redis") as redis_url:
        settings = held.model_copy(update={"redis_url": redis_url})
        with dashboard(settings) as url:
            yield settings, url


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_opens_what_its_agreement_covers(stack: tuple[Settings, str]) -> None:
    settings, url = stack
    reader = bearer(agreed(settings, "reader", rights=(Right.READ,)))
    pusher = bearer(agreed(settings, "pusher", rights=(Right.POSTINGS,)))
    seen = json.loads(get(url + "/v1/series?limit=1", reader).body)
    assert seen["about"]["view"] == "department"
    assert json.loads(get(url + "/v1/series?limit=1").body)["about"]["view"] == "public"
    assert get(url + "/v1/series", pusher).status == 403
    assert get(url + "/v1/saved", reader).status == 403
    assert get(url + "/v1/series", bearer("lw.reader." + "x" * 43)).status == 401


def test_a_token_is_held_to_its_requests_and_is_no_source(stack: tuple[Settings, str]) -> None:
    settings, url = stack
    told = {row["source_id"] for row in json.loads(get(url + "/v1/sources").body)["data"]}
    assert "pusher" in told
    assert "reader" not in told
    slow = agreed(settings, "slow", rights=(Right.READ,), requests_per_minute=2)
    codes = {get(url + "/v1/codelists", bearer(slow)).status for _ in range(5)}
    assert codes == {200, 429}


def test_answers_are_compressed_and_carry_the_headers_of_all_pages(
    stack: tuple[Settings, str],
) -> None:
    _, url = stack
    answer = get(url + "/v1/codelists/isco08?limit=500", {"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(answer.body))["data"]) == 500
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["ETag"].startswith("W/")
    paths = json.loads(get(url + "/api/openapi.json").body)["paths"]
    assert {"/v1/series", "/v1/sql", "/v1/postings"} <= paths.keys()


def test_without_its_parts_the_interface_says_so(tmp_path: Path) -> None:
    away = Settings(clickhouse_port=1, sources_dir=tmp_path)
    with reading_server(away) as url:
        for path in ("/v1/series", "/v1/vacancies", "/v1/releases"):
            answer = get(url + path)
            assert (answer.status, answer.headers["Retry-After"]) == (503, "15")
            assert answer.headers["Content-Type"] == "application/problem+json"
        assert get(url + "/v1/saved", bearer("analyst")).status == 503


def test_the_statements_for_a_real_server_are_what_the_engine_understands(
    stack: tuple[Settings, str],
) -> None:
    client = connect(stack[0])
    for statement in server_sql("labourwatch", "analyst", "0" * 64):
        assert client.query(f"EXPLAIN AST {statement}").result_rows, statement
    client.close()
