"""`/v1` against the real warehouse: formats, pages, validators, views and refusals."""

from __future__ import annotations

import csv
import io
import json
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from config.settings import Settings
from tests.reading_stack import (
    DEPARTMENT,
    FIRST_ISSUE,
    NOW,
    PUBLIC_COUNTS,
    figures,
    filled,
    joined,
    read,
    reading_server,
)
from tests.served_dashboard import Answer, get
from warehouse.client import connect
from warehouse.history import write_observations

pytestmark = pytest.mark.integration
FORMATS = ("json", "jsonl", "csv", "xlsx", "parquet", "arrow")
ADDRESSES = (
    "/v1/series", "/v1/vacancies", "/v1/vacancies/records?since=2025", "/v1/forecasts",
    "/v1/indicators", "/v1/releases", "/v1/alerts", "/v1/alerts/a1", "/v1/scorecard",
    "/v1/sources", "/v1/strategy", "/v1/codelists",
    "/v1/codelists/provinces",
)  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with filled(tmp_path_factory.mktemp("reading")) as settings:
        yield settings


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with reading_server(settings) as url:
        yield url


def rows_of(answer: Answer, kind: str) -> tuple[list[str], list[list[Any]], dict[str, str]]:
    """Columns, rows and facts of an answer in any format."""
    if kind == "json":
        body = json.loads(answer.body)
        names = list(body["columns"])
        return names, [[row[name] for name in names] for row in body["data"]], body["about"]
    if kind == "jsonl":
        first, *rest = [json.loads(line) for line in answer.text.splitlines()]
        names = list(first["@columns"])
        return names, [[row[name] for name in names] for row in rest], first["@about"]
    if kind == "csv":
        lines = answer.text.removeprefix("\ufeff").split("\r\n")
        facts = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
        held = list(csv.reader(line for line in lines if line and not line.startswith("#")))
        return held[0][1:], [row[1:] for row in held[1:]], facts
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(answer.body))
        held = [list[Any](row) for row in book["Data"].iter_rows(values_only=True)]
        facts = {
            str(row[0]): str(row[1]) for row in book["About"].iter_rows(values_only=True) if row[0]
        }
        return held[0][1:], [row[1:] for row in held[1:]], facts
    buffer = pa.BufferReader(answer.body)
    table = pq.read_table(buffer) if kind == "parquet" else pa.ipc.open_stream(buffer).read_all()
    facts = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert all(b"meaning" in field.metadata for field in table.schema)
    return table.column_names, [list(row.values()) for row in table.to_pylist()], facts


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_comes_in_every_format_with_its_metadata_and_validators(
    url: str, path: str, kind: str
) -> None:
    address = url + joined(path, f"format={kind}&limit=50")
    answer = get(address, DEPARTMENT)
    assert answer.status == 200, answer.text
    names, rows, facts = rows_of(answer, kind)
    whole, same, _ = rows_of(get(url + joined(path, "limit=50"), DEPARTMENT), "json")
    assert (names, len(rows)) == (whole, len(same))
    assert facts["data_kind"] == "demonstration data"
    assert {"title", "licence", "citation", "methods", "publisher", "view"} <= facts.keys()
    tag = answer.headers["ETag"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    for known in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        assert get(address, {**DEPARTMENT, "If-None-Match": known}).status == 304
    assert get(address, {**DEPARTMENT, "If-None-Match": '"x"'}).status == 200
    modified = answer.headers.get("Last-Modified")
    if modified:
        assert get(address, {**DEPARTMENT, "If-Modified-Since": modified}).status == 304
    head = urllib.request.Request(address, method="HEAD", headers=DEPARTMENT)  # noqa: S310
    with urllib.request.urlopen(head, timeout=20) as told:  # noqa: S310
        assert (told.status, told.headers["ETag"], told.read()) == (200, tag, b"")


@pytest.mark.parametrize("kind", FORMATS)
def test_accept_names_a_format_too(url: str, kind: str) -> None:
    named = get(f"{url}/v1/indicators?format={kind}")
    asked = get(f"{url}/v1/indicators", {"Accept": named.headers["Content-Type"].split(";")[0]})
    assert asked.headers["Content-Type"] == named.headers["Content-Type"]
    assert get(f"{url}/v1/indicators", {"Accept": "image/png"}).status == 406


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/v1/series", 7), ("/v1/series?vintages=true", 11), ("/v1/series?province=LA-VT", 1),
        ("/v1/vacancies?by=province,occupation&grain=week&since=2025", 13),
        ("/v1/vacancies/records?since=2025", 37), ("/v1/vacancies?measure=open&since=2025", 9),
        ("/v1/codelists/isco08", 200),
    ],
)  # fmt: skip
def test_pages_put_together_are_the_whole(url: str, path: str, size: int) -> None:
    whole = read(url + joined(path, "limit=100000"), DEPARTMENT)
    pages: list[Any] = []
    body = read(url + joined(path, f"limit={size}"), DEPARTMENT)
    for _ in range(3 if size == 1 else 200):
        pages += body["data"]
        assert len(body["data"]) <= size
        if body["next"] is None:
            break
        body = read(url + joined(path, f"limit={size}&cursor={body['next']}"), DEPARTMENT)
        assert body["about"]["as_of"] == whole["about"]["as_of"]
    assert pages == whole["data"][: len(pages)]
    assert len(pages) == (3 if size == 1 else len(whole["data"]))


def test_figures_that_come_between_two_pages_change_neither(
    tmp_path: Any, settings: Settings
) -> None:
    with filled(tmp_path, vacancies=20) as own, reading_server(own) as url:
        whole = read(f"{url}/v1/series?limit=1000", DEPARTMENT)
        body = read(f"{url}/v1/series?limit=20", DEPARTMENT)
        pages = list(body["data"])
        client = connect(own)
        issued = NOW
        while body["next"]:
            issued += timedelta(seconds=1)
            write_observations(client, figures(issued, more=50.0))
            body = read(f"{url}/v1/series?limit=20&cursor={body['next']}", DEPARTMENT)
            pages += body["data"]
        client.close()
        assert pages == whole["data"]
        assert read(f"{url}/v1/series?limit=1", DEPARTMENT)["data"][0]["value"] == 60.0


def test_public_counts_that_are_decided_later_renew_the_answer(tmp_path: Any) -> None:
    with filled(tmp_path, vacancies=20) as own, reading_server(own) as url:
        path = f"{url}/v1/series?indicator=flow&frequency=W&occupation=_T&province=_T&limit=1"
        before = get(path)
        assert json.loads(before.body)["data"] == []
        client = connect(own)
        row = ("flow", "W", date(2026, 1, 5), "", "", "", NOW, "W1", 40, 5, 0, "")
        client.insert("public_counts", [row], column_names=PUBLIC_COUNTS)
        client.close()
        after = get(path, {"If-None-Match": before.headers["ETag"]})
        assert after.status == 200
        told = json.loads(after.body)
        assert (told["data"][0]["value"], told["about"]["as_of"][:10]) == (40.0, "2026-11-25")


def test_a_figure_is_told_with_all_that_is_needed_to_judge_it(url: str) -> None:
    asked = "/v1/series?indicator=flow&province=LA-VT&occupation=25&until=2026-W02"
    body = read(url + asked, DEPARTMENT)
    assert body["data"] == [
        {
            "indicator": "flow", "province": "LA-VT", "occupation": "25", "sector": "_T",
            "skill": "_T", "frequency": "W", "time_value": "2026-01-05", "value": 11.0,
            "lower": 5.0, "upper": 30.0, "n": 10, "n_at_least": False, "employers": 5,
            "unit": "vacancies", "step": None, "standing": "assessable", "hidden": "",
            "grade": "C", "answered_province": "", "answered_occupation": "",
            "issue": "2026-11-24T04:00:00+00:00", "release": "W1", "method": "gamma-poisson/1",
            "sources": ["alpha", "beta"],
        }
    ]  # fmt: skip


def test_as_of_gives_what_was_known_and_vintages_give_all(url: str) -> None:
    asked = "/v1/series?indicator=flow&province=_T&occupation=_T&since=2026-W02&until=2026-W02"
    then = f"&as_of={FIRST_ISSUE.isoformat().replace('+00:00', 'Z')}"
    assert [row["value"] for row in read(url + asked, DEPARTMENT)["data"]] == [11.0]
    assert [row["value"] for row in read(url + asked + then, DEPARTMENT)["data"]] == [10.0]
    both = read(url + asked + "&vintages=true", DEPARTMENT)["data"]
    assert [row["value"] for row in both] == [11.0, 10.0]


def test_occupations_are_asked_at_any_level_and_below(url: str) -> None:
    found = read(url + "/v1/series?occupation=2*&limit=1000", DEPARTMENT)["data"]
    assert {row["occupation"] for row in found} == {"2", "25"}
    exact = read(url + "/v1/series?occupation=2,_T&limit=1000", DEPARTMENT)["data"]
    assert {row["occupation"] for row in exact} == {"2", "_T"}


def test_free_counts_add_up_over_any_dimension(url: str) -> None:
    asked = "/v1/vacancies?grain=all&since=2025&until=2026&limit=100000"
    total = read(url + asked, DEPARTMENT)["data"][0]["n"]
    assert total == 400
    for by in ("province", "occupation&digits=4", "sector", "source", "province,occupation"):
        cells = read(url + asked + f"&by={by}", DEPARTMENT)["data"]
        assert sum(row["n"] for row in cells) == total
        assert all(row["lower"] <= row["n"] <= row["upper"] and row["method"] for row in cells)
    one = read(url + asked + "&province=LA-VT&occupation=2", DEPARTMENT)["data"][0]
    both = read(url + asked + "&by=province,occupation", DEPARTMENT)["data"]
    assert one["n"] == sum(
        row["n"] for row in both if (row["province"], row["occupation"]) == ("LA-VT", "2")
    )


def test_open_vacancies_add_up_and_follow_the_events(url: str, settings: Settings) -> None:
    asked = "/v1/vacancies?measure=open&grain=week&since=2025-10&until=2025-12&limit=100000"
    nation = {row["time_value"]: row["value"] for row in read(url + asked, DEPARTMENT)["data"]}
    assert len(nation) > 3
    for by in ("province", "occupation&digits=4", "sector", "source", "province,occupation"):
        cells = read(url + asked + f"&by={by}", DEPARTMENT)["data"]
        for day, level in nation.items():
            assert sum(row["value"] for row in cells if row["time_value"] == day) == level
    client = connect(settings)
    for day, level in nation.items():
        summed = client.query(
            "SELECT sum(stock) FROM vacancy_events WHERE event_date <= {day:Date}", {"day": day}
        ).result_rows[0][0]
        assert summed == level
    client.close()
    assert get(url + asked + "&by=district", DEPARTMENT).status == 422


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/series?nothing=1", "nothing"), ("/v1/series?province=LA-ZZ", "province"),
        ("/v1/series?occupation=99999", "occupation"), ("/v1/series?sector=ZZ", "sector"),
        ("/v1/series?skill=x", "skill"), ("/v1/series?indicator=x", "indicator"),
        ("/v1/series?since=2026-13", "since"), ("/v1/series?until=2026-W60", "until"),
        ("/v1/series?as_of=2026-01-01T00:00:00", "as_of"), ("/v1/series?limit=0", "limit"),
        ("/v1/series?limit=1e3", "limit"), ("/v1/series?cursor=abc", "cursor"),
        ("/v1/series?format=doc", "format"), ("/v1/series?vintages=yes", "vintages"),
        ("/v1/vacancies?grain=hour", "grain"), ("/v1/vacancies?since=2027&until=2026", "since"),
        ("/v1/series?since=2027&until=2026", "since"),
        ("/v1/strategy?since=2027&until=2026", "since"),
        ("/v1/alerts?since=x", "since"), ("/v1/releases?kind=yearly", "kind"),
        ("/v1/series?province=" + ",".join(map(str, range(60))), "province"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_told_what_was_expected(url: str, path: str, field: str) -> None:
    answer = get(url + path)
    assert answer.status == 422
    problem = json.loads(answer.body)
    assert problem["field"] == field
    assert problem["expected"]
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_cursor_of_another_question_is_refused(url: str) -> None:
    cursor = read(url + "/v1/series?limit=2", DEPARTMENT)["next"]
    other = get(url + f"/v1/series?limit=2&indicator=flow&cursor={cursor}", DEPARTMENT)
    assert other.status == 422
    assert get(url + f"/v1/series?limit=5&cursor={cursor}", DEPARTMENT).status == 200
