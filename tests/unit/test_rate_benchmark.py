"""The judge of programs, the script that we are compared with, and the arithmetic of scale."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.rate_judge import Truth, judge
from benchmarks.rate_peer import code_frame, fields_of, run_script
from benchmarks.rate_stack import together
from benchmarks.scale_model import Costs, Limit, Machine, exceeded, first_bottleneck, predicted, use
from benchmarks.scale_sizes import MEASURED, SIZES, rows

PAGE = Path(__file__).parents[2] / "docs" / "operations" / "scale.md"
ROUND = Costs(
    stream_ms=4, load_ms=1, warehouse_ms=2, broker_ms=0.5, redis_ms=0.5, crawl_ms=2,
    topic_bytes=5_000, register_bytes=1_000, table_bytes=500, answer_ms_per_million=100,
)  # fmt: skip
TRUTHS = [
    Truth(posting=posting, vacancy=vacancy, isco1=code)
    for posting, vacancy, code in (
        ("a1", "A", "2"), ("b1", "B", "5"), ("a2", "A", "2"), ("c1", "C", "9"), ("b2", "B", "5"),
    )
]  # fmt: skip


def test_a_program_that_makes_the_truth_is_right() -> None:
    made = {truth.posting: truth.vacancy for truth in TRUTHS}
    judged = judge(TRUTHS, made, {"A": "2", "B": "5", "C": "9"})
    assert (judged.vacancies, judged.counted, judged.duplicates, judged.found) == (3, 3, 2, 2)
    assert (judged.joined_wrongly, judged.missing) == (0, 0)
    assert judged.duplicates_found == judged.right_of_all == 1
    assert judged.count_error == 0


def test_a_missed_duplicate_counts_a_vacancy_too_many() -> None:
    made = {"a1": "x", "b1": "y", "a2": "z", "c1": "w", "b2": "y"}
    judged = judge(TRUTHS, made, {})
    assert (judged.duplicates, judged.found, judged.counted) == (2, 1, 4)
    assert judged.count_error == pytest.approx(1 / 3)
    assert (judged.coded, judged.coded_right) == (0, 0)


def test_joining_everything_finds_duplicates_and_is_told_wrong() -> None:
    judged = judge(TRUTHS, dict.fromkeys((t.posting for t in TRUTHS), "one"), {"one": "5"})
    assert judged.duplicates_found == 1
    assert judged.joined_wrongly == 2
    assert judged.count_error == pytest.approx(-2 / 3)
    assert (judged.coded, judged.coded_right) == (3, 1)


def test_a_posting_that_is_nowhere_is_missing_and_not_found() -> None:
    judged = judge(TRUTHS, {"a1": "x", "c1": "w"}, {})
    assert (judged.missing, judged.found, judged.counted) == (3, 0, 2)


def test_a_later_posting_may_be_joined_with_any_earlier_of_its_vacancy() -> None:
    truths = [Truth(posting=p, vacancy="A", isco1="1") for p in ("p", "q", "r")]
    assert judge(truths, {"p": "x", "q": "y", "r": "y"}, {}).found == 1


def test_nothing_judged_is_nothing_wrong() -> None:
    judged = judge([], {}, {})
    assert (judged.duplicates_found, judged.count_error, judged.right_of_all) == (1, 0, 1)


def test_the_script_codes_by_the_first_pattern_and_leaves_the_rest_empty() -> None:
    frame = pd.DataFrame(
        {
            "employer": ["Mekong Co., Ltd", "MEKONG co. ltd", "Other"],
            "title": ["Truck  driver", "truck driver!", "Astrologer"],
            "place": ["Pakse", "Champasak", "the moon"],
        }
    )
    coded = code_frame(frame)
    assert list(coded["isco1"]) == ["8", "8", ""]
    assert list(coded["province"]) == ["LA-CH", "LA-CH", ""]
    assert coded["dedup"][0] == coded["dedup"][1] != coded["dedup"][2]


def test_the_script_drops_duplicates_across_its_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.rate_peer._DEBIAN", tmp_path / "none")
    common = {"hiring_organization": "Mekong", "job_location_raw": "Pakse", "description": "x"}
    titles = ("Driver", "Cook", "driver", "DRIVER!")
    payloads = [
        (f"p{n}", json.dumps({"record": {**common, "title": title}}).encode())
        for n, title in enumerate(titles)
    ]
    outcome = run_script(payloads, tmp_path, each=2)
    assert outcome.database.startswith("SQLite")
    assert outcome.made["p0"] == outcome.made["p2"] == outcome.made["p3"] != outcome.made["p1"]
    assert sorted(outcome.codes.values()) == ["5", "8"]


def test_fields_come_out_of_the_envelope() -> None:
    assert fields_of(b'{"type": "JobPosting", "v": 1, "record": {"title": "Cook"}}') == {
        "title": "Cook"
    }


def test_workers_are_summed_as_one_part() -> None:
    parts = {"stream-0": 1.0, "stream-1": 2.5, "load": 1.0}
    assert together(parts) == {"stream": 3.5, "load": 1.0}


def test_processor_time_is_that_of_the_busiest_hour() -> None:
    used = use(ROUND, Machine(cores=2, workers=1), per_day=900_000, stored=0)
    # 180,000 postings in the hour: 720 s of the stream, 180 of the loader, 1,800 of all parts.
    assert used[Limit.STREAM] == pytest.approx(0.2)
    assert used[Limit.LOADER] == pytest.approx(0.05)
    assert used[Limit.CORES] == pytest.approx(0.25)


def test_workers_beyond_the_cores_help_nothing() -> None:
    two = use(ROUND, Machine(cores=2, workers=2), per_day=9e5, stored=0)[Limit.STREAM]
    four = use(ROUND, Machine(cores=2, workers=4), per_day=9e5, stored=0)[Limit.STREAM]
    assert two == four == pytest.approx(0.1)


def test_register_and_topics_forget_and_tables_do_not() -> None:
    machine = Machine(redis_bytes=1.5e8, broker_bytes=3.5e7, warehouse_bytes=1e9)
    short = use(ROUND, machine, per_day=1_000, stored=1_000)
    long = use(ROUND, machine, per_day=1_000, stored=10_000_000)
    assert short[Limit.REGISTER] == pytest.approx(1e6 / 1.5e8)
    assert long[Limit.REGISTER] == pytest.approx(1.0)  # 150 days of 1,000
    assert long[Limit.TOPICS] == pytest.approx(1.0)  # seven days
    assert long[Limit.TABLES] == pytest.approx(5.0)


def test_questions_grow_with_vacancies_and_shrink_with_shards() -> None:
    one = use(ROUND, Machine(), per_day=1, stored=1e8)[Limit.QUESTIONS]
    assert one == pytest.approx(7.7)
    assert use(ROUND, Machine(shards=7), per_day=1, stored=1e8)[Limit.QUESTIONS] == one / 7


def test_courtesy_counts_sources() -> None:
    used = use(ROUND, Machine(sources=10, requests_per_s=0.5), per_day=432_000, stored=0)
    assert used[Limit.COURTESY] == pytest.approx(1.0)


def test_the_first_bottleneck_is_the_most_used() -> None:
    shares = {Limit.STREAM: 0.2, Limit.TABLES: 3.0, Limit.TOPICS: 1.0, Limit.COURTESY: 1.5}
    assert first_bottleneck(shares) is Limit.TABLES
    assert exceeded(shares) == [Limit.TABLES, Limit.COURTESY]


def test_a_prediction_leaves_the_crawler_out() -> None:
    made = predicted(ROUND, 1_000)
    assert made == {"cpu_s": 8.0, "topics": 5e6, "redis": 1e6, "warehouse": 5e5}
    assert predicted(replace(ROUND, crawl_ms=99), 1_000) == made


def test_sizes_reach_from_300_a_day_to_a_billion_stored() -> None:
    assert SIZES[0].per_day == 300
    assert max(size.per_day for size in SIZES) == 300_000
    assert max(size.stored for size in SIZES) == 1e9


def test_after_the_change_that_is_named_no_limit_is_exceeded() -> None:
    for size in SIZES:
        used = use(MEASURED, size.changed, per_day=size.per_day, stored=size.stored)
        assert exceeded(used) == [], size


def test_the_page_tells_what_the_model_computes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [row for row in rows() if row not in page] == []
    assert len(re.findall(r"^\| [\d,]+ \| [\d,]+ \|", page, re.MULTILINE)) == len(rows())
