"""Pushes over real HTTP, through the real broker and Redis."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from config.settings import Settings
from config.topics import DEAD_LETTERS, POSTINGS, SOURCE_RUNS, SUPPLY
from scrapers.items import JobPosting, LetterForm, PostingWithdrawn, Stage
from scrapers.reread import reread
from tests.fixtures_broker import start_broker
from tests.fixtures_redis import start_redis
from tests.push_stack import Pusher, agreed, dashboard
from tests.topic_reader import records

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    make = tmp_path_factory.mktemp
    with start_broker(make("broker")) as bootstrap, start_redis(make("redis")) as redis_url:
        yield Settings(
            var_dir=make("var"),
            sources_dir=make("sources"),
            broker_url=f"kafka://{bootstrap}",
            redis_url=redis_url,
        )


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with dashboard(settings) as address:
        yield address


def pusher(settings: Settings, url: str, name: str, **changes: Any) -> Pusher:
    return Pusher(url, agreed(settings, name, **changes))


def of(settings: Settings, topic: Any, source: str) -> list[Any]:
    found = asyncio.run(records(settings.bootstrap_servers, topic))
    return [record for record in found if record.source_id == source]


def posting(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"P{number}",
        "title": f"Driver {number}",
        "hiring_organization": "Mekong Logistics",
        "date_posted": "2026-11-20",
        **changes,
    }


def counts(receipt: dict[str, Any]) -> tuple[int, ...]:
    names = ("accepted", "updated", "unchanged", "refused", "withdrawn")
    return tuple(receipt[name] for name in names)


def test_new_unchanged_changed_and_bad_records_are_told_apart(settings: Settings, url: str) -> None:
    me = pusher(settings, url, "apart")
    bad = {"id": "P3", "title": ["no"], "date_posted": "soon"}
    first = me.postings(posting(1), posting(2, employer_size=3), bad)
    assert counts(first) == (2, 0, 0, 1, 0)
    assert {(e["index"], e["id"], e["field"]) for e in first["errors"]} == {
        (2, "P3", "title"),
        (2, "P3", "date_posted"),
    }
    assert first["remarks"] == [
        {"index": 1, "id": "P2", "field": "employer_size", "remark": "not used"}
    ]
    again = me.postings(posting(1), posting(2, title="Senior driver"), bad)
    assert counts(again) == (0, 1, 1, 1, 0)
    taken = of(settings, POSTINGS, "apart")
    assert [(one.posting_id, one.title) for one in taken] == [
        ("P1", "Driver 1"),
        ("P2", "Driver 2"),
        ("P2", "Senior driver"),
    ]
    runs = of(settings, SOURCE_RUNS, "apart")
    assert [(run.outcome, run.published, run.refused) for run in runs] == [
        ("ok", 2, 1),
        ("ok", 1, 1),
    ]


def test_json_ld_lines_and_gzip_are_taken(settings: Settings, url: str) -> None:
    me = pusher(settings, url, "shapes", province_default="LA-SV")
    linked = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "x"},
            {
                "@type": "JobPosting",
                "identifier": {"@type": "PropertyValue", "value": "L1"},
                "title": "Electrician",
                "hiringOrganization": {"name": "EDL"},
                "baseSalary": {
                    "@type": "MonetaryAmount",
                    "currency": "LAK",
                    "value": {"minValue": 3000000, "maxValue": 4000000, "unitText": "MONTH"},
                },
                "validThrough": "2026-12-31",
            },
        ],
    }
    answer = me.send("/v1/postings", linked, kind="application/ld+json")
    assert answer.status == 202, answer.text
    text = json.dumps(posting(2)) + "\n{broken\n" + json.dumps(posting(3)) + "\n"
    answer = me.send(
        "/v1/postings",
        gzip.compress(text.encode()),
        kind="application/x-ndjson",
        headers={"Content-Encoding": "gzip"},
    )
    receipt = json.loads(answer.body)
    assert counts(receipt) == (2, 0, 0, 1, 0)
    assert receipt["errors"][0]["index"] == 1
    taken = {one.posting_id: one for one in of(settings, POSTINGS, "shapes")}
    assert taken["L1"].base_salary_raw == "3000000 - 4000000 LAK per month"
    assert taken["P2"].job_location_raw == "Savannakhet"


def test_withdrawals_singly_and_by_a_complete_push(settings: Settings, url: str) -> None:
    me = pusher(settings, url, "gone")
    me.postings(*(posting(number) for number in range(6)))
    assert me.postings(withdrawn=["P0", "never"])["remarks"] == [
        {"index": 1, "id": "never", "field": "withdrawn", "remark": "not known"}
    ]
    assert me.send("/v1/postings/P1", None, method="DELETE", kind="").status == 202
    assert me.postings(withdrawn=["P0"])["withdrawn"] == 0
    assert counts(me.postings(posting(9), complete=True, listed=["P2", "P3"])) == (1, 0, 0, 0, 2)
    gone = [r for r in of(settings, POSTINGS, "gone") if isinstance(r, PostingWithdrawn)]
    assert [(r.posting_id, r.reason) for r in gone] == [
        ("P0", "told"), ("P1", "told"), ("P4", "unseen"), ("P5", "unseen"),
    ]  # fmt: skip
    assert counts(me.postings(posting(0), posting(4))) == (2, 0, 0, 0, 0)


def test_a_complete_push_that_would_empty_the_source_must_be_meant(
    settings: Settings, url: str
) -> None:
    me = pusher(settings, url, "empty")
    me.postings(*(posting(number) for number in range(40)))
    answer = me.send("/v1/postings", {"postings": [], "complete": True})
    assert answer.status == 409
    assert json.loads(answer.body)["withdrawn"] == 40
    assert me.postings(complete=True, confirmed=True)["withdrawn"] == 40


def test_a_key_gives_its_receipt_again_and_takes_no_other_body(
    settings: Settings, url: str
) -> None:
    me = pusher(settings, url, "keys")
    body, key = {"postings": [posting(1)]}, {"Idempotency-Key": "a-1"}
    first = me.send("/v1/postings", body, headers=key)
    again = me.send("/v1/postings", body, headers=key)
    assert json.loads(first.body) == json.loads(again.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert me.send("/v1/postings", {"postings": [posting(2)]}, headers=key).status == 422
    shown = me.send(first.headers["Location"], None, method="GET", kind="")
    assert json.loads(shown.body) == json.loads(first.body)
    other = pusher(settings, url, "keys-other")
    assert other.send(first.headers["Location"], None, method="GET", kind="").status == 404


def test_two_dashboards_at_once_publish_each_posting_once(settings: Settings, url: str) -> None:
    token = agreed(settings, "two")
    with dashboard(settings) as second, ThreadPoolExecutor(8) as threads:
        pushers = [Pusher(url, token), Pusher(second, token)]
        work = [
            threads.submit(pushers[turn % 2].postings, *(posting(n) for n in range(20)))
            for turn in range(16)
        ]
        receipts = [one.result() for one in work]
    assert sum(receipt["accepted"] for receipt in receipts) == 20
    assert sum(receipt["unchanged"] for receipt in receipts) == 15 * 20
    assert len(of(settings, POSTINGS, "two")) == 20


def test_personal_data_never_reach_a_topic(settings: Settings, url: str) -> None:
    me = pusher(settings, url, "private")
    contact = "Call 020 5555 1234 or hr@example.com"
    me.postings(posting(1, description=contact), {"id": "P2", "title": "", "description": contact})
    [kept] = of(settings, POSTINGS, "private")
    [letter] = of(settings, DEAD_LETTERS, "private")
    for text in (kept.description, letter.payload.decode()):
        assert "5555" not in text
        assert "hr@example" not in text


def test_a_refused_record_is_a_letter_that_can_be_read_again(settings: Settings, url: str) -> None:
    me = pusher(settings, url, "letters")
    me.postings({"id": "P1", "title": "12345"})
    [letter] = of(settings, DEAD_LETTERS, "letters")
    assert (letter.stage, letter.reason, letter.posting_id) == (
        Stage.PUSH,
        "title_without_letters",
        "P1",
    )
    assert letter.origin is not None
    assert letter.origin.form is LetterForm.PUSHED
    done = asyncio.run(reread(settings, [letter]))
    assert [reason for _, reason, _ in done.refused] == ["title_without_letters"]


def test_supply_is_taken_revised_and_refused_by_row(settings: Settings, url: str) -> None:
    me = pusher(settings, url, "supplier")

    def push(*rows: dict[str, Any]) -> dict[str, Any]:
        return dict(json.loads(me.send("/v1/supply", {"feed": "ess", "records": rows}).body))

    row = {"period": "2026-08", "measure": "jobseekers_registered", "province": "LA-VT"}
    first = push({**row, "value": 381}, {**row, "value": 3, "province": "LA-QQQ"})
    assert counts(first) == (1, 0, 0, 1, 0)
    assert (first["errors"][0]["index"], first["errors"][0]["field"]) == (1, "province")
    assert push({**row, "value": 381})["unchanged"] == 1
    assert push({**row, "value": 390})["updated"] == 1
    assert push({**row, "value": 381})["updated"] == 1
    taken = of(settings, SUPPLY, "supplier")
    assert [(one.system, one.count) for one in taken] == [("ess", 381), ("ess", 390), ("ess", 381)]
    assert len({one.record_id for one in taken}) == 3
    [letter] = of(settings, DEAD_LETTERS, "supplier")
    assert (letter.stage, letter.origin.form) == (Stage.PUSH, LetterForm.SUPPLY)
    text = json.dumps({**row, "period": "2026-09", "value": 7}) + "\n[1]\nx\n"
    answer = me.send("/v1/supply?feed=ess", text.encode(), kind="application/x-ndjson")
    assert counts(json.loads(answer.body)) == (1, 0, 0, 2, 0)


def test_supply_of_persons_or_no_feed_is_refused_whole(settings: Settings, url: str) -> None:
    me = pusher(settings, url, "persons")
    row = {"period": "2026-08", "measure": "jobseekers_registered", "value": 1, "full_name": "x"}
    answer = me.send("/v1/supply", {"feed": "ess", "records": [row]})
    assert answer.status == 422
    assert "persons" in json.loads(answer.body)["detail"]
    assert me.send("/v1/supply", {"feed": "no-feed", "records": [row]}).status == 422
    assert of(settings, SUPPLY, "persons") == []


def test_kept_texts_are_plain(settings: Settings, url: str) -> None:
    me = pusher(settings, url, "hostile")
    me.postings(
        posting(1, title="<script>alert(1)</script>=cmd|' /C calc'!A0", url="https://a.b/c")
    )
    [kept] = of(settings, POSTINGS, "hostile")
    assert isinstance(kept, JobPosting)
    assert "<" not in kept.title
    assert me.postings(posting(2, url="javascript:alert(1)"))["refused"] == 1
