"""The whole service as a person runs it: a posting goes in, a row on the dashboard comes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from benchmarks.kills import kill_once
from benchmarks.spine import wait_filled
from benchmarks.stack import Stack, running, wait_until
from benchmarks.sums import check_sums
from warehouse.client import connect, fetch

pytestmark = pytest.mark.functional

REAL_POSTINGS = Path(__file__).parent.parent / "pages" / "hahu_jobs_esco_development.csv.gz"
SMALL = {
    "LABOURWATCH_SEED": "7",
    "LABOURWATCH_DEMO_DAYS": "60",
    "LABOURWATCH_DEMO_DAILY": "20",
}


def labourwatch(stack: Stack, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a sub-command against the running stack."""
    return subprocess.run(
        [sys.executable, "-m", "labourwatch", *words],
        env={**os.environ, "LABOURWATCH_VAR_DIR": str(stack.var_dir)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spine") / "var"


@pytest.fixture(scope="module")
def stack(state: Path) -> Iterator[Stack]:
    with running(state, SMALL) as started:
        wait_until(lambda: started.progress().phase != "", 240, "the crawler did not start")
        wait_filled(started)
        yield started


def test_served_is_stored_linked_or_refused(stack: Stack) -> None:
    wait_until(lambda: check_sums(stack).balanced, 60, "the sums do not balance", every=2)
    sums = check_sums(stack)
    assert sums.served > 1000
    assert sums.refused > 0
    assert sums.linked > 0


def test_every_part_is_healthy(stack: Stack) -> None:
    told = labourwatch(stack, "status")
    assert told.returncode == 0, told.stdout + told.stderr
    assert " no " not in told.stdout


def test_the_doctor_finds_nothing_wrong_with_a_running_stack(stack: Stack) -> None:
    told = labourwatch(stack, "doctor")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "✗" not in told.stdout


def test_a_new_posting_is_stored_with_its_codes(stack: Stack) -> None:
    body = {
        "board": min(stack.get(f"{stack.settings.demo_url}/totals")["boards"]),
        "title": "Accountant for the functional test",
        "employer": "Functional Testing Co",
        "description": "Keeps the books. Call 020 5555 1234 or write to hr@example.com.",
        "province": "LA-CH",
        "isco08": "2411",
    }
    added = stack.post(f"{stack.settings.demo_url}/vacancies", body)
    key = f"{added['source_id']}:{added['posting_id']}"

    def stored() -> list[tuple[str, str, str]]:
        with connect(stack.settings, readonly=True) as client:
            rows = fetch(
                client,
                """SELECT v.province, v.isco1, p.description FROM postings AS p
                  JOIN vacancies AS v ON p.vacancy_id = v.vacancy_id
                  WHERE p.posting_key = {key:String}""",
                key=key,
            )
        return [(row[0], row[1], row[2]) for row in rows]

    wait_until(lambda: bool(stored()), 60, "the posting was not stored")
    province, isco1, description = stored()[0]
    assert (province, isco1) == ("LA-CH", "2")
    assert "5555" not in description
    assert "hr@example.com" not in description


def test_dead_letters_are_listed_shown_and_sent_again(stack: Stack) -> None:
    listed = labourwatch(stack, "deadletters", "list", "--limit", "5")
    assert listed.returncode == 0, listed.stderr
    first = listed.stdout.splitlines()[1].split()[0]
    shown = labourwatch(stack, "deadletters", "show", first)
    assert "reason:" in shown.stdout
    assert labourwatch(stack, "deadletters", "show", "nothing").returncode == 1
    again = labourwatch(stack, "deadletters", "replay", first)
    assert again.returncode == 0, again.stderr
    assert labourwatch(stack, "deadletters", "replay").returncode == 1


def test_real_postings_from_a_file_are_taken_once(stack: Stack) -> None:
    first = labourwatch(stack, "ingest", str(REAL_POSTINGS), "--source", "hahu")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "253 rows" in first.stdout
    again = labourwatch(stack, "ingest", str(REAL_POSTINGS), "--source", "hahu")
    assert "0 accepted" in again.stdout

    def stored() -> int:
        with connect(stack.settings, readonly=True) as client:
            sql = "SELECT uniqExact(posting_key) FROM postings WHERE source_id = 'hahu'"
            return int(fetch(client, sql)[0][0])

    wait_until(lambda: stored() == 253, 60, "253 real postings are not stored")


def test_a_link_is_taken_back_and_made_again(stack: Stack) -> None:
    def asked(sql: str, **named: str) -> tuple[str, ...]:
        with connect(stack.settings, readonly=True) as client:
            return tuple(map(str, next(iter(fetch(client, sql, **named)), ())))

    copy, vacancy_id, original = asked(
        "SELECT c.posting_key, c.vacancy_id, o.posting_key FROM postings AS c"
        " JOIN postings AS o ON o.vacancy_id = c.vacancy_id AND o.role = 'original'"
        " WHERE c.role LIKE 'duplicate%' AND c.link_evidence LIKE 'employer=%'"
        " ORDER BY c.fetched_at DESC LIMIT 1"
    )
    newest = (
        "SELECT role_reason, vacancy_id FROM postings WHERE posting_key = {key:String}"
        " ORDER BY fetched_at DESC LIMIT 1"
    )

    def corrected(to: str) -> bool:
        return asked(newest, key=copy)[0] == to

    for words, reason in (
        (("unlink", copy), "unlinked_by_hand"),
        (("link", copy, original), "linked_by_hand"),
    ):
        told = labourwatch(stack, "vacancies", *words, "--why", "functional test")
        assert told.returncode == 0, told.stderr
        wait_until(partial(corrected, reason), 60, "nothing was corrected")
        assert (asked(newest, key=copy)[1] == vacancy_id) is (reason == "linked_by_hand")
    assert labourwatch(stack, "vacancies", "unlink", "no:such", "--why", "x").returncode == 1


@pytest.mark.parametrize("part", ["stream", "load", "warehouse"])
def test_a_killed_part_comes_back_and_nothing_is_lost(stack: Stack, part: str) -> None:
    assert kill_once(stack, part).seconds is not None
    wait_until(lambda: check_sums(stack).lost == 0, 90, "postings are lost", every=2)
    assert check_sums(stack).doubled == 0


def test_pages_and_exports_say_that_the_data_are_a_demonstration(stack: Stack) -> None:
    base = stack.settings.dashboard_url
    for path, words in (
        ("/en/", b"emonstration data"),
        ("/download/flow.csv", b"emonstration data"),
    ):
        with urllib.request.urlopen(base + path, timeout=30) as answer:  # noqa: S310
            assert words in answer.read(), path
    assert json.dumps(stack.get(f"{base}/api/summary"))


def test_a_second_stack_in_the_same_place_is_refused(stack: Stack) -> None:
    told = labourwatch(stack, "run", "--var", str(stack.var_dir))
    assert told.returncode == 1
    assert "already runs" in told.stderr
