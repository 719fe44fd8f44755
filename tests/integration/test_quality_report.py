"""The quality report of a release: the same bytes for ever, whatever is stored later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from alerts.quality_round import check_day
from config.settings import Settings
from tests.factories_warehouse import FIRST_DAY, updates
from tests.integration.warehouse_tables import batch_of, fresh_schema, running_warehouse
from warehouse.quality.accompanying import (
    UnknownReleaseError,
    accompany,
    read_release,
    report_on,
)
from warehouse.quality.forms import as_html, as_json, as_markdown
from warehouse.quality.records import Verdict
from warehouse.quality.report import Language, Report, headings
from warehouse.quality.results import read_results
from warehouse.store import Store

pytestmark = pytest.mark.integration
END = FIRST_DAY + timedelta(days=6)
CUTOFF = datetime.combine(END + timedelta(days=2), datetime.min.time(), UTC)
LATER = CUTOFF + timedelta(days=9)
RELEASE = "W2025-W40.0"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_warehouse(tmp_path_factory.mktemp("report")) as running:
        yield running


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    with fresh_schema(settings) as (client, _):
        Store(client).write(batch_of(updates(5, 900), loaded_at=CUTOFF - timedelta(hours=1)))
        client.insert(
            "releases",
            [(RELEASE, "weekly", "final", FIRST_DAY, END, 0, CUTOFF, CUTOFF, 12, "ab" * 32)],
            column_names=("release_id", "kind", "status", "period_start", "period_end",
                          "revision", "cutoff", "issue", "figures", "digest"),
        )  # fmt: skip
        yield client


def told(client: Client, language: Language = "en") -> Report:
    return report_on(
        client, release_id=RELEASE, as_of=LATER, language=language, demonstration=False
    )


def test_a_report_is_the_same_for_ever(client: Client) -> None:
    before = told(client)
    assert before.verdicts[Verdict.PASS] > 10
    more = [replace(u, record_id=f"{u.record_id}x") for u in updates(6, 300)]
    Store(client).write(batch_of(more, start=50_000, loaded_at=LATER))
    for form in (as_markdown, as_json, as_html):
        assert form(told(client)) == form(before)


def test_what_was_measured_at_the_issue_is_told_again(client: Client) -> None:
    kept = accompany(client, RELEASE, computed_at=CUTOFF + timedelta(minutes=1))
    assert {result.release_id for result in kept} == {RELEASE}
    report = told(client)
    found = [line.result for section in report.sections for line in section.lines]
    assert sorted(found, key=repr) == sorted(kept, key=repr)
    rollup = next(r for r in found if r.check_id == "rollups_equal_raw")
    assert (rollup.verdict, rollup.value) == (Verdict.PASS, 0)


def test_every_number_has_its_n_source_method_and_vintage(client: Client) -> None:
    content = json.loads(as_json(told(client)))
    assert content["release"]["release_id"] == RELEASE
    checks = [check for section in content["sections"] for check in section["checks"]]
    assert len(checks) > 30
    for check in checks:
        assert check["sources"]
        assert check["method"].startswith(check["check_id"])
        assert check["as_of"] == CUTOFF.isoformat()
        assert isinstance(check["n"], int)
        if check["unit"] == "share" and check["value"] is not None:
            assert check["lower"] <= check["value"] <= check["upper"]


def test_the_report_speaks_both_languages_and_escapes(client: Client) -> None:
    english, lao = as_markdown(told(client)), as_markdown(told(client, "lo"))
    assert "## 13 Accuracy and reliability" in english
    assert "## 13 ຄວາມຖືກຕ້ອງ" in lao
    assert english.count("\n|") == lao.count("\n|")
    numbers = list(headings().headings)
    assert numbers == sorted(numbers, key=int)
    page = as_html(told(client, "lo"))
    assert "<html lang=lo>" in page
    assert "<script" not in page


def test_an_unknown_release_is_refused(client: Client) -> None:
    with pytest.raises(UnknownReleaseError, match="no release 'W1'"):
        read_release(client, "W1")


def test_a_day_is_checked_once(client: Client) -> None:
    assert check_day(client, END, CUTOFF) > 30
    assert check_day(client, END, CUTOFF + timedelta(days=1)) == 0
    assert {result.computed_at for result in read_results(client)} == {CUTOFF}
    assert check_day(client, END + timedelta(days=1), CUTOFF + timedelta(days=1)) > 30
