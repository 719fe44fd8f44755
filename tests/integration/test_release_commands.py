"""The command of releases, and a figure that somebody changed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from clickhouse_connect.driver.client import Client
from typer.testing import CliRunner

from alerts.releases.issuing import file_of, make, next_revision
from alerts.releases.plan import Kind, period_named, schedule
from benchmarks.simulated_register import register, store
from config.settings import Settings
from labourwatch.cli import app
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from warehouse.published import ReleaseRow

pytestmark = pytest.mark.integration
FIRST = date(2026, 6, 1)
WEEK = period_named("W2026-W26")
TIMING = schedule().releases[Kind.WEEKLY]
CUTOFF = datetime(2026, 6, 30, 23, tzinfo=UTC)
LATER = datetime(2026, 7, 10, 23, tzinfo=UTC)


@dataclass(frozen=True)
class Published:
    """A warehouse in which a week was published before its late rows came, and revised after."""

    settings: Settings
    client: Client
    first: ReleaseRow
    file: bytes
    second: ReleaseRow


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    with (
        running_warehouse(tmp_path_factory.mktemp("releases")) as running,
        fresh_schema(running) as (client, database),
    ):
        client.database = database
        settings = running.model_copy(update={"clickhouse_database": database})
        days = list(register(7, first=FIRST, days=32, per_day=25.0, until=LATER.date()))
        for day in days:
            if day.on < CUTOFF.date():
                store(client, day)
        first, _ = make(client, WEEK, TIMING, cutoff=CUTOFF, issue=CUTOFF)
        file = file_of(client, first)
        for day in days:
            if CUTOFF.date() < day.on < LATER.date():
                store(client, day)
        number, before = next_revision(client, WEEK)
        second, _ = make(
            client, WEEK, TIMING, cutoff=LATER, issue=LATER, revision=number, supersedes=before,
            note="late postings",
        )  # fmt: skip
        yield Published(settings, client, first, file, second)


@pytest.fixture
def run(published: Published, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr("labourwatch.cli_release.running", lambda: published.settings)
    return CliRunner()


def test_the_command_lists_shows_and_verifies(run: CliRunner) -> None:
    listed = run.invoke(app, ["release", "list"]).output
    assert "W2026-W26.0" in listed
    assert "W2026-W26.1" in listed
    assert "late postings" in run.invoke(app, ["release", "show", "W2026-W26.1"]).output
    verified = run.invoke(app, ["release", "verify"])
    assert verified.exit_code == 0, verified.output
    assert verified.output.count("same") == 2
    assert "issue 2: 1 figures" in run.invoke(app, ["release", "revisions", "flow"]).output


def test_the_command_writes_the_file_that_was_published(
    run: CliRunner, published: Published, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("file") / "release.csv"
    assert run.invoke(app, ["release", "file", "W2026-W26.0", "--out", str(path)]).exit_code == 0
    assert path.read_bytes() == published.file
    assert run.invoke(app, ["release", "file", "W2026-W26.0"]).stdout_bytes == published.file


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["show", "W2020-W01.0"], "no release 'W2020-W01.0'; the newest is W2026-W26.1"),
        (["make", "W2026-W26"], "say --why it is revised"),
        (["make", "Q2026-1"], "expected a period such as"),
        (["make", "W2099-W01"], "W2099-W01 is not over"),
        (["revisions", "flow", "--frequency", "Y"], "expected D, W or M"),
    ],
)
def test_the_command_refuses_with_what_was_expected(
    run: CliRunner, words: list[str], message: str
) -> None:
    refused = run.invoke(app, ["release", *words])
    assert refused.exit_code == 1
    assert message in refused.output


def test_a_figure_changed_afterwards_is_found_out(published: Published, run: CliRunner) -> None:
    client = published.client
    client.command("ALTER TABLE observations UPDATE n = n + 1 WHERE indicator = 'flow'"
                   " AND release_id = 'W2026-W26.1' SETTINGS mutations_sync = 1")  # fmt: skip
    verified = run.invoke(app, ["release", "verify", "W2026-W26.1"])
    assert verified.exit_code == 1
    assert "DIFFERS" in verified.output
