"""What a stranger, a careless or a hostile provider sends, over real HTTP."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from redis.asyncio import Redis

from config.settings import Settings
from config.topics import POSTINGS
from dashboard.push.bodies import LARGEST_CONTENT
from scrapers.push.providers import ProviderStore, Right, new_token, with_token
from tests.crawl_stack import crawl_settings
from tests.fixtures_redis import start_redis
from tests.push_stack import NOW, Pusher, agreed, dashboard
from tests.served_dashboard import Answer
from tests.topic_reader import records

pytestmark = pytest.mark.integration
GOOD = {"postings": [{"id": "1", "title": "Cook"}]}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with crawl_settings(tmp_path_factory) as settings:
        yield settings


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with dashboard(settings) as address:
        yield address


@pytest.fixture(scope="module")
def me(settings: Settings, url: str) -> Pusher:
    return Pusher(url, agreed(settings, "careless"))


def problem(answer: Answer) -> str:
    """The machine name of a problem, whose form is checked."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = json.loads(answer.body)
    assert body["status"] == answer.status
    assert body["title"]
    assert body["detail"]
    return str(body["type"].rpartition(":")[2])


def test_strangers_are_told_401(settings: Settings, url: str) -> None:
    token = agreed(settings, "known")
    secret = token.rpartition(".")[2]
    for wrong, code in (
        ("", "token_missing"),
        ("abc", "token_malformed"),
        (f"lw.nobody.{secret}", "token_unknown"),
        (f"lw.known.{'A' * 43}", "token_unknown"),
        (token + "x", "token_malformed"),
    ):
        answer = Pusher(url, wrong).send("/v1/postings", GOOD)
        assert (answer.status, problem(answer)) == (401, code)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_revoked_and_replaced_tokens_open_nothing(settings: Settings, url: str) -> None:
    old = agreed(settings, "rotated")
    fresh = new_token("rotated")

    async def change(*, revoke: bool) -> None:
        async with Redis.from_url(settings.redis_url) as client:
            store = ProviderStore(client)
            held = await store.get("rotated")
            assert held is not None
            made = with_token(held, fresh, NOW, timedelta(0))
            await store.put(replace(made, revoked_at=NOW) if revoke else made)

    assert Pusher(url, old).send("/v1/postings", GOOD).status == 202
    asyncio.run(change(revoke=False))
    assert problem(Pusher(url, old).send("/v1/postings", GOOD)) == "token_unknown"
    assert Pusher(url, fresh).send("/v1/postings", GOOD).status == 202
    asyncio.run(change(revoke=True))
    assert problem(Pusher(url, fresh).send("/v1/postings", GOOD)) == "token_revoked"


def test_rights_and_feeds_are_those_of_the_agreement(settings: Settings, url: str) -> None:
    limited = Pusher(url, agreed(settings, "limited", rights=(Right.SUPPLY,), feeds=("ess",)))
    assert limited.send("/v1/postings", GOOD).status == 403
    assert limited.send("/v1/supply", {"feed": "epd", "records": [{}]}).status == 403
    assert limited.send("/v1/supply", {"records": []}).status == 422


def test_nobody_writes_into_another_source(settings: Settings, url: str) -> None:
    spoof = Pusher(url, agreed(settings, "spoofer"))
    posting = {"id": "other:1", "title": "Cook", "source_id": "victim", "sourceId": "victim"}
    receipt = spoof.postings(posting)
    assert receipt["accepted"] == 1
    assert spoof.send("/v1/postings", {**GOOD, "source_id": "victim"}).status == 422
    found = asyncio.run(records(settings.bootstrap_servers, POSTINGS))
    assert "victim" not in {one.source_id for one in found}


def test_sizes_kinds_and_encodings_have_limits(me: Pusher) -> None:
    bomb = gzip.compress(b" " * (LARGEST_CONTENT + 10))
    cases: list[tuple[Any, str, dict[str, str], int]] = [
        (b"x" * 5_000_001, "application/json", {}, 413),
        (bomb, "application/json", {"Content-Encoding": "gzip"}, 413),
        (b"\x1f\x8bnonsense", "application/json", {"Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"{}")[:-4], "application/json", {"Content-Encoding": "gzip"}, 400),
        (zlib.compress(b"{}"), "application/json", {"Content-Encoding": "deflate"}, 415),
        (b"<a/>", "text/xml", {}, 415),
        (b"a=1", "application/x-www-form-urlencoded", {}, 415),
        (b"{}", "", {"Content-Type": ""}, 415),
        (b"[" * 100_000, "application/json", {}, 400),
        (b'{"postings": [\xff]}', "application/json", {}, 400),
        (b'{"postings": 3}', "application/json", {}, 422),
        (b'{"postings": []}', "application/json", {}, 422),
        (b'"text"', "application/json", {}, 422),
        (json.dumps({"postings": [{}] * 1001}).encode(), "application/json", {}, 422),
        (b"{}\n" * 1001, "application/x-ndjson", {}, 422),
        (b'{"postings": [], "complete": "yes"}', "application/json", {}, 422),
        (GOOD, "application/json", {"Idempotency-Key": "x" * 300}, 422),
    ]
    for body, kind, headers, status in cases:
        answer = me.send("/v1/postings", body, kind=kind, headers=headers)
        assert answer.status == status, (kind, headers, answer.text)
        problem(answer)


def test_a_record_nested_too_deeply_is_refused_alone(me: Pusher) -> None:
    deep: Any = "x"
    for _ in range(60):
        deep = {"a": [deep]}
    receipt = me.postings({"id": "d", "title": "Deep", "industry": deep}, {"id": "e", "title": "E"})
    assert (receipt["accepted"], receipt["refused"]) == (1, 1)
    receipt = me.postings({"id": "n", "title": "N", "base_salary": {"value": 10**400}})
    assert receipt["refused"] == 1


def test_too_many_requests_or_records_wait(settings: Settings, url: str) -> None:
    slow = Pusher(url, agreed(settings, "slow", requests_per_minute=2))
    answers = [slow.send("/v1/postings", GOOD) for _ in range(5)]
    assert {answer.status for answer in answers} == {202, 429}
    told = next(answer for answer in answers if answer.status == 429)
    assert problem(told) == "too_many"
    assert 1 <= int(told.headers["Retry-After"]) <= 60
    few = Pusher(url, agreed(settings, "few", records_per_day=3))
    many = {"postings": [{"id": str(n), "title": "Cook"} for n in range(4)]}
    assert few.send("/v1/postings", many).status == 429
    assert few.send("/v1/postings", GOOD).status == 202


def test_addresses_that_are_none_answer_with_a_problem(me: Pusher) -> None:
    for path, method in (
        ("/v1/postings", "GET"),
        ("/v1/nothing", "POST"),
        ("/v1/receipts/x", "GET"),
    ):
        assert me.send(path, None, method=method, kind="").status in (404, 405)


def test_a_store_or_broker_that_is_away_is_503_and_pages_stay(tmp_path_factory: Any) -> None:
    with start_redis(tmp_path_factory.mktemp("redis")) as redis_url:
        settings = Settings(broker_url="kafka://127.0.0.1:1", redis_url=redis_url)
        with dashboard(settings) as url:
            answer = Pusher(url, agreed(settings, "early")).send("/v1/postings", GOOD)
            assert (answer.status, problem(answer)) == (503, "not_delivered")
            assert int(answer.headers["Retry-After"]) > 0
    with dashboard(Settings(redis_url="redis://127.0.0.1:1/0")) as url:
        answer = Pusher(url, new_token("x")).send("/v1/postings", GOOD)
        assert (answer.status, problem(answer)) == (503, "not_delivered")


TEXTS = st.fixed_dictionaries(
    {"text": st.text(max_size=60) | st.just("Position: Cook")},
    optional={
        "title": st.text(max_size=9) | st.integers(),
        "seen_on": st.sampled_from(("2026-11-01", "x", None, 3)),
        "province": st.sampled_from(("LA-VT", "", "x")),
        "preview": st.booleans(),
        "vacancies": st.lists(st.dictionaries(st.sampled_from(("title", "x")), st.text())),
    },
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ("id", "title", "hiring_organization", "jobLocation", "base_salary", "value",
                 "@type", "address", "name", "date_posted", "totalJobOpenings", "identifier",
                 "measure")
            )
            | st.text(max_size=8),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)  # fmt: skip
ROWS = st.dictionaries(
    st.sampled_from(("period", "measure", "value", "province", "occupation", "sex")),
    JSON | st.sampled_from(("2026-08", "jobseekers_registered", "LA-VT", "f", 3, "1,000", 1e300)),
)
BODIES = st.binary(max_size=200) | st.builds(
    lambda value: json.dumps(value).encode(),
    JSON
    | TEXTS
    | st.fixed_dictionaries(
        {}, optional={"postings": st.lists(JSON, max_size=5), "withdrawn": JSON, "complete": JSON}
    )
    | st.fixed_dictionaries(
        {"records": st.lists(JSON | ROWS, max_size=5), "feed": st.just("ess") | JSON}
    ),
)


@profile(max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    body=BODIES,
    kind=st.sampled_from(("application/json", "application/ld+json", "application/x-ndjson")),
    path=st.sampled_from(("/v1/postings", "/v1/supply", "/v1/postings/text")),
)
def test_no_body_is_a_failure_of_ours(me: Pusher, body: bytes, kind: str, path: str) -> None:
    answer = me.send(path, body, kind=kind)
    assert answer.status in (200, 202, 400, 409, 413, 415, 422), answer.text
    if answer.status > 202:
        problem(answer)


@profile(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    values=st.dictionaries(
        st.sampled_from(
            ("step", "code", "ticket", "text", "title", "seen_on", "province", "v0-title",
             "v0-keep", "v1-keep", "v0-valid_through", "v99-x")
        ),
        st.sampled_from(("preview", "publish", "back", "", "2026-11-01", "Position: Cook"))
        | st.text(),
    ),
    known=st.booleans(),
)  # fmt: skip
def test_no_form_is_a_failure_of_ours(me: Pusher, values: dict[str, str], known: bool) -> None:
    sent = {**values, **({"code": me.token} if known else {})}
    body = urlencode(sent, errors="replace").encode()
    answer = me.send("/en/submit", body, kind="application/x-www-form-urlencoded")
    assert answer.status in (200, 401, 413, 422), answer.text
    assert "<h1" in answer.text
    assert me.token not in answer.text


def test_the_interface_describes_every_push_with_an_example(me: Pusher) -> None:
    told = json.loads(me.send("/api/openapi.json", None, method="GET", kind="").body)
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for path in ("/v1/postings", "/v1/supply", "/v1/postings/text"):
        operation = told["paths"][path]["post"]
        assert operation["security"] == [{"token": []}]
        assert {"202", "401", "403", "413", "422", "429", "503"} <= set(operation["responses"])
        for body in operation["requestBody"]["content"].values():
            assert "example" in body or "examples" in body
    assert "get" in told["paths"]["/v1/receipts/{receipt_id}"]
    assert "delete" in told["paths"]["/v1/postings/{posting_id}"]


def test_the_examples_of_the_interface_are_taken(settings: Settings, url: str) -> None:
    told = json.loads(Pusher(url, "").send("/api/openapi.json", None, method="GET", kind="").body)
    example = Pusher(url, agreed(settings, "example"))
    for path in ("/v1/postings", "/v1/supply", "/v1/postings/text"):
        for kind, body in told["paths"][path]["post"]["requestBody"]["content"].items():
            values = [one["value"] for one in body.get("examples", {}).values()]
            for value in values or [body["example"]]:
                query = "?feed=ess" if path == "/v1/supply" and "ndjson" in kind else ""
                answer = example.send(path + query, value, kind=kind)
                assert answer.status in (200, 202), (path, kind, answer.text)
                assert json.loads(answer.body).get("errors", []) == []
