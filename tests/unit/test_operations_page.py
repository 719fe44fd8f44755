"""*Operations*: what is said of parts, lag, freshness, messages and use; no I/O."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config.topics import BEATING
from dashboard.language import CODES, language
from dashboard.markup import to_html
from dashboard.operating.facts import Facts, Store, Warehouse
from dashboard.operating.page import operations, standing, summary
from warehouse.bulletins import BulletinHead
from warehouse.disclosure.records import View
from warehouse.health import SourceHealth
from warehouse.marks import LastHealth
from warehouse.published import ReleaseRow
from warehouse.register import RefusalCount
from warehouse.usage import Audience, UsageDay

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
EN = language("en")


def used(day: date, median: float) -> UsageDay:
    return UsageDay(
        day=day, route="/v1/series", audience=Audience.PUBLIC, requests=40, failed=1,
        median_ms=median, p95_ms=3 * median, visitors=7,
    )  # fmt: skip


def warehouse() -> Warehouse:
    return Warehouse(
        loaded_at=NOW - timedelta(minutes=2),
        sources=[
            SourceHealth(
                source_id="alpha", last_run_at=NOW, last_outcome="ok", last_detail="",
                last_ok_at=NOW, runs=124, failed=3, published=777_777, refused=5, withdrawn=1,
            )
        ],
        measured={
            "alpha": LastHealth(
                source_id="alpha", finished_at=NOW, verdict="healthy", reasons=(), before=(),
                after=(),
            )
        },
        refused=[RefusalCount(stage="normalise", reason="title_missing", count=212, latest=NOW)],
        releases=[
            ReleaseRow(
                release_id="W2026-W47.0", kind="weekly", status="final", period_start=DAY,
                period_end=DAY, revision=0, cutoff=NOW, issue=NOW, figures=1234, digest="",
                supersedes="", note="",
            )
        ],
        bulletins=[
            BulletinHead(
                bulletin_id="W2026-W47.0.LA.public.lo", release_id="W2026-W47.0", kind="weekly",
                period_start=DAY, period_end=DAY, place="", view=View.PUBLIC, language="lo",
                made_at=NOW, title="t", digest="d",
            )
        ],
        tables=[("postings", 5 * 2**20), ("vacancies", 2**20)],
        usage=[used(DAY, 80.0), used(DAY - timedelta(days=1), 120.0)],
    )  # fmt: skip


def store(**changes: object) -> Store:
    held = Store(
        beating=dict.fromkeys(BEATING, True), phase="live", fed_through=DAY, letters=(),
        attempts={}, memory=2**21,
    )  # fmt: skip
    return replace(held, **changes)  # type: ignore[arg-type]


def facts(**changes: object) -> Facts:
    held = Facts(
        at=NOW, store=store(), warehouse=warehouse(), waiting={"postings": 12}, trouble=None,
        free_bytes=2**33,
    )  # fmt: skip
    return replace(held, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", CODES)
def test_everything_is_on_the_page(code: str) -> None:
    lang = language(code)
    text = to_html(operations(lang, facts()))
    for held in ("alpha", "W2026-W47.0.LA.public.lo", "/v1/series", "postings"):
        assert held in text
    assert lang.say("ops_well") in text
    assert lang.number(8192, 1) in text
    assert lang.say("score_of", hits="3", of="124") in text
    assert lang.number(80) in text, "requests of both days"
    assert lang.number(120) in text, "the slower day"


def test_no_figures_of_the_market_are_on_it() -> None:
    assert "777,777" not in to_html(operations(EN, facts()))


def test_what_does_not_answer_is_named_and_hides_nothing_else() -> None:
    down = facts(store=None, faults=("ConnectionError: refused <here>",))
    assert standing(down) == {
        "redis": False, "broker": True, "warehouse": True, "dashboard": True
    }  # fmt: skip
    text = to_html(operations(EN, down))
    assert "Not at work: State store (Redis)." in text
    assert "refused &lt;here&gt;" in text
    assert "alpha" in text
    nothing = facts(store=None, warehouse=None, waiting=None, trouble="not read yet")
    assert set(standing(nothing).values()) == {False}
    assert EN.say("ops_no_broker") in to_html(operations(EN, nothing))


def test_a_part_without_a_heartbeat_and_a_stale_register_are_said() -> None:
    silent = store(beating={**dict.fromkeys(BEATING, True), "crawl": False})
    old = replace(warehouse(), loaded_at=NOW - timedelta(minutes=90))
    said = summary(EN, facts(store=silent, warehouse=old))
    assert said == "Not at work: Crawler. The register has not grown for 90 minutes."
    empty = replace(warehouse(), loaded_at=None)
    assert "still empty" in summary(EN, facts(warehouse=empty))


def test_sizes_that_are_not_told_are_not_zero() -> None:
    text = to_html(operations(EN, facts(warehouse=replace(warehouse(), tables=None))))
    assert EN.say("ops_no_sizes") in text
    assert EN.say("ops_clickhouse") not in text


@pytest.mark.parametrize("code", CODES)
def test_machine_names_stand_beside_words_and_rare_addresses_in_a_fold(code: str) -> None:
    lang = language(code)
    asked = [replace(used(DAY, 80.0), route=f"/page-{at}", requests=100 - at) for at in range(20)]
    text = to_html(operations(lang, facts(warehouse=replace(warehouse(), usage=asked))))
    shown, _, folded = text.partition(lang.say("ops_usage_more", count=lang.number(8)))
    assert "/page-11" in shown
    assert "/page-12" in folded
    assert re.search(rf"{lang.say('topic_postings')} <code[^>]*>postings</code>", text)
