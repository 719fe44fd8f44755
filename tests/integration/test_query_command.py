"""`labourwatch query` gives what `/v1` gives, and says what went wrong."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from config.settings import Settings
from labourwatch.cli import app
from tests.reading_stack import DEPARTMENT, filled, reading_server
from tests.served_dashboard import get

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with filled(tmp_path_factory.mktemp("query"), vacancies=60) as settings:
        yield settings


@pytest.fixture(autouse=True)
def _here(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "VAR_DIR": str(tmp_path), "CLICKHOUSE_PORT": str(settings.clickhouse_port),
        "CLICKHOUSE_PASSWORD": settings.clickhouse_password.get_secret_value(),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"LABOURWATCH_{name}", value)


def run(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["query", *words], input=given)


def test_the_shell_and_rest_give_the_same(settings: Settings) -> None:
    words = ("series", "flow", "--province", "LA-VT", "--since", "2026-01", "--as-of", "2026-11-20")
    told = run(*words, "--format", "json")
    assert told.exit_code == 0, told.output
    asked = "indicator=flow&province=LA-VT&since=2026-01&as_of=2026-11-20&limit=1000"
    with reading_server(settings) as url:
        rest = json.loads(get(f"{url}/v1/series?{asked}", DEPARTMENT).body)
    assert json.loads(told.stdout)["data"] == rest["data"]
    assert rest["data"][0]["value"] == 10.0


def test_counts_go_to_a_file_whose_ending_says_its_format(tmp_path: Path) -> None:
    path = tmp_path / "counts.parquet"
    told = run("vacancies", "--by", "province", "--grain", "all", "--since", "2025", "--until",
               "2026", "-o", str(path))  # fmt: skip
    assert told.exit_code == 0, told.output
    assert sum(pq.read_table(path)["n"].to_pylist()) == 60
    assert [*tmp_path.glob("*.part")] == []
    single = run("vacancies", "--single", "--since", "2025", "--until", "2026", "--limit", "5")
    rows = [line for line in single.stdout.splitlines() if line.startswith("demonstration data")]
    assert len(rows) == 5


@pytest.mark.parametrize("what", ["forecasts", "indicators", "releases", "alerts", "sources",
                                  "codelists", "provinces"])  # fmt: skip
def test_lists_are_listed(what: str) -> None:
    told = run("list", what)
    assert told.exit_code == 0, told.output
    lines = [line for line in told.stdout.splitlines() if not line.startswith(("#", "\ufeff"))]
    assert next(csv.reader(lines))[0] == "data_kind"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("series", "nothing"), "indicator"), (("series", "--province", "VT"), "province"),
        (("series", "--format", "doc"), "format"), (("list", "nothing"), "provinces"),
        (("series", "--where", "x"), "name=value"), (("sql", "no-such-file"), "FILE"),
        (("saved", "nothing"), "no saved question"),
        (("vacancies", "--public", "--by", "district"), "public"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(words: tuple[str, ...], says: str) -> None:
    told = run(*words)
    assert told.exit_code == 1
    assert says in told.stderr


def test_the_public_view_can_be_looked_at() -> None:
    told = run("series", "flow", "--public", "--format", "json")
    body = json.loads(told.stdout)
    assert body["about"]["view"] == "public"
    assert body["data"] == []


def test_sql_is_asked_kept_and_noted(tmp_path: Path) -> None:
    asked = run("sql", "-", "--param", "n=2", "--format", "json", given="SELECT {n:UInt8} AS n;")
    assert json.loads(asked.stdout)["data"] == [{"n": 2}], asked.output
    refused = run("sql", "-", given="SELECT * FROM dead_letters")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("access_denied")
    file = tmp_path / "q.sql"
    file.write_text("SELECT toString({as_of:DateTime64(3)}) AS at", encoding="utf-8")
    kept = run("save", "moment", str(file), "--description", "why", "--as-of", "2026-11-25T04:00Z")
    assert "moment@1" in kept.stdout, kept.output
    told = run("saved", "moment", "--format", "json")
    assert json.loads(told.stdout)["data"] == [{"at": "2026-11-25 04:00:00.000"}]
    assert "moment@1" in run("saved").stdout
    runs = run("runs").stdout
    assert "access_denied" in runs
    assert "shell" in runs


def test_grants_for_a_real_server_are_printed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a-password\n", encoding="utf-8")
    told = run("grants", str(secret)).stdout
    assert "a-password" not in told
    assert "GRANT SELECT ON labourwatch.vacancies TO analyst_role;" in told
    assert "dead_letters" not in told
    assert "readonly = 1" in told
