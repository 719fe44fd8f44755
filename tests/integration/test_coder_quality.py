"""Confusion matrices in the warehouse: the latest of each sample, and what officers coded twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from labourwatch.corrected import Question, corrected_lines
from streams.classify.confusion import Confusion, Pair
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from warehouse.coder_quality import double_coded, read_confusion, read_measured, write_confusions

pytestmark = pytest.mark.integration
AT = datetime(2026, 11, 2, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        running_warehouse(tmp_path_factory.mktemp("quality")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        yield client


def matrix(right: int, wrong: int) -> Confusion:
    return Confusion(
        coder_version="x-1",
        scheme="isco08",
        digits=1,
        language="lo",
        counts={("2", "2"): right, ("2", "3"): wrong},
    )


def test_the_latest_measurement_of_each_sample_counts(client: Client) -> None:
    for _ in range(2):  # again: changes nothing
        write_confusions(client, [matrix(5, 5)], sample="a.csv", measured_at=AT)
    write_confusions(client, [matrix(8, 2)], sample="a.csv", measured_at=AT + DAY)
    write_confusions(client, [matrix(1, 1)], sample="b.csv", measured_at=AT)
    asked: dict[str, Any] = {
        "coder_version": "x-1",
        "scheme": "isco08",
        "digits": 1,
        "language": "lo",
    }
    now = read_confusion(client, **asked)
    assert now is not None
    assert now.counts == {("2", "2"): 9, ("2", "3"): 3}
    then = read_confusion(client, **asked, as_of=AT)
    assert then is not None
    assert then.counts == {("2", "2"): 6, ("2", "3"): 6}
    assert read_confusion(client, **{**asked, "digits": 4}) is None
    told = {(m.sample, m.postings, m.right) for m in read_measured(client)}
    assert told == {("a.csv", 10, 8), ("b.csv", 2, 1)}


def test_counts_of_a_time_are_corrected_by_language(client: Client) -> None:
    opened = date(2026, 10, 5)
    said = [("lo", "2411")] * 30 + [("lo", "3313")] * 70 + [("en", "2411")] * 50
    client.insert(
        "vacancies",
        [[f"c-{n}", f"c{n}", c, lang, "y-1", opened] for n, (lang, c) in enumerate(said)],
        column_names=[
            "record_id",
            "vacancy_id",
            "isco08",
            "language",
            "coder_version",
            "opened_on",
        ],
    )
    asked = Question(coder_version="y-1", digits=1, since=opened, until=opened)
    before = "\n".join(corrected_lines(client, asked))
    assert "150 vacancies" in before
    assert "not corrected: not measured" in before
    cells = {("2", "2"): 60, ("2", "3"): 40, ("3", "3"): 100}
    measured = Confusion(coder_version="y-1", scheme="isco08", digits=1, language="", counts=cells)
    lao = replace(measured, language="lo")
    write_confusions(client, [measured, lao], sample="c.csv", measured_at=AT)
    after = "\n".join(corrected_lines(client, asked))
    # No matrix of English alone: all are corrected by the common one, 80 / 0.6.
    assert "80 as coded  133 corrected (105 to 150)" in after


def test_two_officers_must_agree(client: Client) -> None:
    client.insert(
        "vacancies",
        [[f"r-{v}", v, "2411", "lo", "x-1"] for v in ("v1", "v2", "v3")],
        column_names=["record_id", "vacancy_id", "isco08", "language", "coder_version"],
    )
    said = [
        ("c1", "v1", "2412", "one", AT, "double_coding", ""),
        ("c2", "v1", "2412", "two", AT, "double_coding", ""),
        ("c3", "v2", "2411", "one", AT, "double_coding", ""),
        ("c4", "v2", "3313", "two", AT, "double_coding", ""),
        ("c5", "v3", "2411", "one", AT, "double_coding", ""),
        ("c6", "v3", "2411", "two", AT, "double_coding", ""),
        ("c7", "v3", "", "two", AT, "revocation", "c6"),
        ("c8", "v2", "2411", "two", AT, "correction", ""),
    ]
    client.insert(
        "corrections",
        [[i, v, "isco08", after, who, at, mode, r] for i, v, after, who, at, mode, r in said],
        column_names=[
            "correction_id",
            "vacancy_id",
            "field",
            "after",
            "officer",
            "corrected_at",
            "mode",
            "revokes",
        ],
    )
    found = double_coded(client, coder_version="x-1", scheme="isco08")
    assert found == [Pair(truth="2412", said="2411", language="lo")]
