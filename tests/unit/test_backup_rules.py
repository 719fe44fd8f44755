"""Which paths belong in a backup, and which backups are kept: decisions without any I/O."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labourwatch.backup.chosen import Choice, belongs, choose
from labourwatch.backup.keeping import Rule, Why, judge

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "choice"),
    [
        ("stack.env", Choice.COPY),
        ("demo/live.jsonl", Choice.COPY),
        ("drops/jobs/inbox/a.csv", Choice.COPY),
        ("a-part-of-tomorrow/state", Choice.COPY),
        ("broker/topics.json", Choice.COPY),
        ("broker/logs/postings/0/00000000000000000000.log", Choice.LINK),
        ("redis/appendonlydir/appendonly.aof.1.incr.aof", Choice.LINK),
        ("warehouse/store/store/fbd/u/202611_1_1_0/data.bin", Choice.LINK),
        ("warehouse/store/store/fbd/u/tmp_insert_202611_1_1_0/data.bin", Choice.UNFINISHED),
        ("redis/temp-rewriteaof-77.aof", Choice.UNFINISHED),
        ("warehouse/server/users.xml", Choice.MADE_AGAIN),
        ("warehouse/owner.lock", Choice.MADE_AGAIN),
        ("supervisor.sock", Choice.MADE_AGAIN),
        ("log/load.log", Choice.MADE_AGAIN),
        ("logbook", Choice.COPY),
        ("mail/1.eml", Choice.OUTSIDE),
    ],
)
def test_what_belongs_in_a_backup(path: str, choice: Choice) -> None:
    assert choose(path) is choice
    assert belongs(choice) is (choice in {Choice.COPY, Choice.LINK})


def test_a_week_of_hourly_backups_is_thinned_to_days() -> None:
    made = {f"{hour:03}": NOON - timedelta(hours=hour) for hour in range(7 * 24)}
    kept = {
        k: why for k, why in judge(made, Rule(last=3, daily=5, weekly=2)).items() if why != "over"
    }
    assert list(kept.values()).count(Why.NEWEST) == 3
    assert {"000", "001", "002"} <= kept.keys()
    days = {made[name].date() for name in kept}
    assert len(days) >= 5
    assert len(kept) <= 3 + 5 + 2


def test_a_service_that_stood_still_loses_nothing_it_has() -> None:
    made = {"old": NOON - timedelta(days=400), "new": NOON}
    assert Why.OVER not in judge(made, Rule(last=1, daily=2, weekly=0)).values()


@settings(max_examples=60, deadline=None)
@given(
    hours=st.sets(st.integers(0, 24 * 90), min_size=1, max_size=60),
    last=st.integers(0, 4), daily=st.integers(0, 8), weekly=st.integers(0, 5),
)  # fmt: skip
def test_what_is_kept_is_bounded_stable_and_holds_the_newest(
    hours: set[int], last: int, daily: int, weekly: int
) -> None:
    made = {str(hour): NOON - timedelta(hours=hour) for hour in hours}
    rule = Rule(last=last, daily=daily, weekly=weekly)
    judged = judge(made, rule)
    kept = {name: made[name] for name, why in judged.items() if why is not Why.OVER}
    assert judged.keys() == made.keys()
    assert str(min(hours)) in kept
    assert len(kept) <= max(last, 1) + daily + weekly
    # Judging again what was kept removes nothing more.
    assert Why.OVER not in judge(kept, rule).values()
