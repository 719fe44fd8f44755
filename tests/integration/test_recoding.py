"""A correction on its way: command's record, broker, stream worker, loader, warehouse."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.topics import CORRECTION_DECISIONS, CORRECTIONS, POSTINGS
from labourwatch.recoding import export_csv, listing, revoke_corrections, send_corrections
from scrapers.codec import encode
from streams.opinions import CorrectedField, CorrectionMode, Standing
from tests.factories_opinions import a_decision
from tests.factories_streams import START, a_posting
from tests.fixtures_broker import REPOSITORY
from tests.integration.loading_stack import LoadingStack, loading_stack
from warehouse.histories import read_histories
from warehouse.opinions import (
    CorrectionFaultError,
    correction_of,
    read_doubts,
    stored_vacancy,
)

pytestmark = pytest.mark.integration

DAY = timedelta(days=1)
CELL = "isco1 = '{}' AND province = 'LA-VT'"
ISCO = "SELECT max(toUInt32OrZero(toString(isco08))) FROM vacancies_current"


class Worker:
    """The stream worker as a process that can be killed and started again."""

    def __init__(self, stack: LoadingStack) -> None:
        self.stack = stack
        self.start()

    def start(self) -> None:
        settings, directory = self.stack.settings, self.stack.directory
        with (directory / "stream.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable, "-m", "tests.stream_worker",
                    settings.bootstrap_servers, settings.redis_url, str(directory),
                ],
                cwd=REPOSITORY, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    with loading_stack(tmp_path_factory.mktemp("recoding")) as stack:
        stack.start_loader()
        worker = Worker(stack)
        yield worker
        worker.kill()


@pytest.fixture(scope="module")
def stack(worker: Worker) -> LoadingStack:
    return worker.stack


def test_a_correction_moves_counts_and_can_be_taken_back(
    stack: LoadingStack, tmp_path: Path
) -> None:
    settings, client = stack.settings, stack.client()
    stack.publish(POSTINGS.name, [(b"acme", encode(a_posting()))])
    assert stack.wait_for(ISCO, 2411) == 2411
    ((vacancy_id,),) = client.query("SELECT vacancy_id FROM vacancies").result_rows
    vacancy = stored_vacancy(client, vacancy_id[:10])
    assert vacancy is not None
    assert vacancy.values[CorrectedField.ISCO08] == "2411"
    with pytest.raises(CorrectionFaultError, match="expected an ISCO-08 unit group"):
        asyncio.run(_send(stack, vacancy_id, {"isco08": "9"}))

    asyncio.run(_send(stack, vacancy_id, {"isco08": "3313"}))
    assert stack.wait_for(ISCO, 3313) == 3313
    sums = "SELECT sum(flow), sum(stock_delta) FROM rollup_daily WHERE "
    stack.wait_for(f"SELECT sum(flow) FROM rollup_daily WHERE {CELL.format(3)}", 1)
    assert client.query(sums + CELL.format(3)).result_rows == [(1, 1)]
    assert client.query(sums + CELL.format(2)).result_rows == [(0, 0)]
    assert client.query(sums + "1").result_rows == [(1, 1)]
    stack.wait_for("SELECT count() FROM corrections", 1)
    assert "2411 → 3313" in listing(settings, limit=5)[0]
    _check_history(stack, vacancy_id)

    (correction_id,) = client.query("SELECT correction_id FROM corrections").result_rows[0]
    asyncio.run(
        revoke_corrections(
            settings, [correction_id[:9]], officer="chief", why="by mistake", at=START + 7 * DAY
        )
    )
    stack.wait_for(f"SELECT sum(flow) FROM rollup_daily WHERE {CELL.format(2)}", 1)
    assert client.query(sums + CELL.format(2)).result_rows == [(1, 1)]
    assert client.query(sums + CELL.format(3)).result_rows == [(0, 0)]
    stack.wait_for("SELECT count() FROM corrections", 2)
    assert export_csv(settings, tmp_path / "all.csv") == 2
    assert "by mistake" in (tmp_path / "all.csv").read_text(encoding="utf-8")
    with pytest.raises(FileExistsError):
        export_csv(settings, tmp_path / "all.csv")


def test_a_blind_second_code_is_kept_and_changes_nothing(stack: LoadingStack) -> None:
    client = stack.client()
    stack.publish(POSTINGS.name, [(b"sun", encode(a_posting(posting_id="2", title="Waiter")))])
    stack.wait_for("SELECT count() FROM vacancies WHERE title = 'Waiter'", 1)
    ((vacancy_id,),) = client.query(
        "SELECT vacancy_id FROM vacancies WHERE title = 'Waiter'"
    ).result_rows
    vacancy = stored_vacancy(client, vacancy_id)
    assert vacancy is not None
    blind = correction_of(
        vacancy, CorrectedField.ISCO08, "5131", officer="o2", why="", at=START + 6 * DAY,
        mode=CorrectionMode.DOUBLE_CODING,
    )  # fmt: skip
    stack.publish(CORRECTIONS.name, [(b"x", encode(blind))])
    stack.wait_for("SELECT count() FROM corrections WHERE mode = 'double_coding'", 1)
    rows = client.query(
        "SELECT count() FROM vacancies WHERE title = 'Waiter' AND isco08 = '2411'"
    ).result_rows
    assert rows == [(1,)]


def test_what_is_learned_codes_the_next_advert_and_survives_a_kill(
    stack: LoadingStack, worker: Worker
) -> None:
    client = stack.client()
    first = a_posting(posting_id="3", title="Boat pilot", hiring_organization="Ferry one")
    stack.publish(POSTINGS.name, [(b"ferry one", encode(first))])
    counted = "SELECT count() FROM vacancies WHERE title = 'Boat pilot' AND isco08 = '{}'"
    stack.wait_for(counted.format("2411"), 1)
    ((vacancy_id,),) = client.query(
        "SELECT vacancy_id FROM vacancies WHERE title = 'Boat pilot'"
    ).result_rows
    asyncio.run(_send(stack, vacancy_id, {"isco08": "8350"}))
    stack.wait_for("SELECT count() FROM correction_decisions WHERE standing = 'learned'", 1)
    stack.wait_for(counted.format("8350"), 1)
    worker.kill()
    worker.start()
    second = a_posting(posting_id="4", title="URGENT: boat pilot", hiring_organization="Ferry two")
    stack.publish(POSTINGS.name, [(b"ferry two", encode(second))])
    stack.wait_for("SELECT count() FROM vacancies WHERE isco08_reason = 'learned_same_title'", 1)
    ((version, code),) = client.query(
        "SELECT coder_version, isco08 FROM vacancies WHERE isco08_reason = 'learned_same_title'"
    ).result_rows
    assert code == "8350"
    assert version.startswith("double-1+")
    states = client.query(
        "SELECT DISTINCT learner_state FROM correction_decisions WHERE vacancy_id = {v:String}",
        parameters={"v": vacancy_id},
    ).result_rows
    assert states == [(version.partition("+")[2],)]


def test_an_account_in_doubt_is_read_as_a_period_that_revocations_end(
    stack: LoadingStack,
) -> None:
    client = stack.client()
    blocked = a_decision(officer="officer-9", standing=Standing.BLOCKED, reason="many_conflicts")
    stack.publish(CORRECTION_DECISIONS.name, [(b"d", encode(blocked))])
    doubted = "SELECT count() FROM correction_decisions WHERE officer = 'officer-9'"
    stack.wait_for(doubted, 1)
    (doubt,) = read_doubts(client)
    assert (doubt.source_id, doubt.kind, doubt.to_at) == ("officer-9", "corrections", None)
    assert (doubt.reason, doubt.evidence) == ("many_conflicts", "1 / 1")
    revoked = a_decision(
        officer="officer-9", decision_id="d2", standing=Standing.REVOKED, reason="revoked",
        decided_at=blocked.decided_at + DAY,
    )  # fmt: skip
    stack.publish(CORRECTION_DECISIONS.name, [(b"d", encode(revoked))])
    stack.wait_for(doubted, 2)
    (doubt,) = read_doubts(client)
    assert (doubt.to_at, doubt.reason) == (blocked.decided_at + DAY, "revoked")


async def _send(stack: LoadingStack, vacancy_id: str, values: dict[str, str]) -> None:
    await send_corrections(
        stack.settings, vacancy_id, values, officer="o1", why="keeps books", at=START + 6 * DAY
    )


def _check_history(stack: LoadingStack, vacancy_id: str) -> None:
    """A vacancy that was moved is one spell, in the cell where it stands now."""
    bounds: dict[str, Any] = {"since": date(1970, 1, 1), "until": date(2149, 6, 6)}
    (history,) = read_histories(stack.client(), **bounds, occupation="33")
    assert (history.vacancy_id, history.isco08) == (vacancy_id, "3313")
    assert [change.stock for change in history.changes] == [1]
    assert list(read_histories(stack.client(), **bounds, occupation="24")) == []
