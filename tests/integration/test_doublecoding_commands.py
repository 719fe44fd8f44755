"""`labourwatch doublecoding` from the draw to the evaluation set, over real services."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config import topics
from labourwatch.classify_columns import columns_of
from labourwatch.cli import app
from labourwatch.doublecoding import COLUMNS
from scrapers.push.providers import Right
from streams.opinions import CorrectedField, Correction, CorrectionMode
from tests.coding_stack import CodingStack, coding_stack
from tests.factories_opinions import a_correction
from tests.push_stack import agreed
from warehouse.double_coding import SampleItem, sample_items, sampled_posting

pytestmark = pytest.mark.integration
OFFICERS = ["--coder", "anna", "--coder", "boun", "--adjudicator", "chan"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodingStack]:
    with coding_stack(tmp_path_factory.mktemp("commands")) as running:
        yield running


@pytest.fixture(autouse=True)
def _environment(stack: CodingStack, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = stack.settings
    for name, value in {
        "VAR_DIR": settings.var_dir,
        "REDIS_URL": settings.redis_url,
        "BROKER_URL": settings.broker_url,
        "CLICKHOUSE_HOST": settings.clickhouse_host,
        "CLICKHOUSE_PORT": settings.clickhouse_port,
        "CLICKHOUSE_PASSWORD": settings.clickhouse_password.get_secret_value(),
    }.items():
        monkeypatch.setenv(f"LABOURWATCH_{name}", str(value))


def told(words: Sequence[str], status: int = 0) -> str:
    answer = CliRunner().invoke(app, ["doublecoding", *words])
    assert answer.exit_code == status, answer.output
    return answer.output


def said(stack: CodingStack, item: SampleItem, officer: str, code: str, at: int) -> Correction:
    posting = sampled_posting(stack.client, item)
    assert posting is not None
    return replace(
        a_correction(vacancy_id=item.vacancy_id),
        posting=posting,
        field=CorrectedField.ISCO08,
        before="",
        after=code,
        officer=officer,
        mode=CorrectionMode.DOUBLE_CODING,
        corrected_at=datetime.now(UTC) + timedelta(seconds=at),
    )


def test_from_the_draw_to_the_evaluation_set(stack: CodingStack, tmp_path: Path) -> None:
    assert "may not correct" in told(["sample", "--size", "6", *OFFICERS], 1)
    for name in ("anna", "boun", "chan"):
        agreed(stack.settings, name, rights=(Right.CORRECT,))
    twice = ["--coder", "anna", "--coder", "anna", "--adjudicator", "chan"]
    assert "three different accounts" in told(["sample", *twice], 1)
    assert "expected --coder twice" in told(["sample", "--coder", "a", "--adjudicator", "c"], 1)
    assert "expected a day" in told(["sample", *OFFICERS, "--since", "May"], 1)
    drawn = told(["sample", "--size", "6", "--seed", "3", *OFFICERS])
    items = sample_items(stack.client)
    assert len(items) == 6
    assert items[0].sample_id in drawn
    assert "nothing is coded by two officers yet" in told(["agreement"])
    codes = [("2411", "2411"), ("2411", "3313"), ("5223", "5221"), ("7411", "7411"), ("", "")]
    opinions = [
        said(stack, item, officer, code, number)
        for number, (item, pair) in enumerate(zip(items, codes))  # noqa: B905 - one is left
        for officer, code in zip(("anna", "boun"), pair, strict=True)
    ]
    opinions.append(said(stack, items[1], "chan", "3313", 99))
    stack.load(topics.CORRECTIONS, opinions, 0)
    table = told(["agreement", items[0].sample_id])
    assert "6 vacancies, coded 5 and 5, 2 differ, 4 settled" in table
    rows = json.loads(told(["agreement", "--json"]))
    by_level = {row["level"]: row for row in rows if row["language"] == "all"}
    assert by_level[4]["items"] == 5
    assert by_level[4]["percent"]["lower"] <= by_level[4]["percent"]["value"] <= 1
    assert by_level[1]["percent"]["value"] >= by_level[4]["percent"]["value"]
    assert "no sample" in told(["agreement", "nothing"], 1)
    target = tmp_path / "set.csv"
    assert "4 vacancies" in told(["export", str(target)])
    assert "exists" in told(["export", str(target)], 1).lower()
    with target.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert tuple(found[0]) == COLUMNS
    settled = {row["id"]: (row["isco08"], row["adjudicated"]) for row in found}
    assert settled[items[1].vacancy_id] == ("3313", "yes")
    assert settled[items[4].vacancy_id] == ("", "no")
    assert "anna" not in target.read_text(encoding="utf-8")
    fields = columns_of(COLUMNS, {}, ["isco08"]).fields
    assert {"title", "description"} <= set(fields.values())
    assert not {"first_code", "second_code", "coder_isco08"} & set(fields)


def test_the_rest_can_be_drawn_and_then_nothing(stack: CodingStack) -> None:
    agreed(stack.settings, "anna", rights=(Right.CORRECT,))
    told(["sample", "--size", "5000", *OFFICERS])
    assert "no vacancy opened from" in told(["sample", *OFFICERS], 1)
