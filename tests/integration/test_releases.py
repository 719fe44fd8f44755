"""Releases through the real warehouse: published once, given again byte by byte, revised openly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import clickhouse_connect
import pytest
import redis
from clickhouse_connect.driver.client import Client

from alerts.coverage import Coverage, coverage_from
from alerts.releases import issuing
from alerts.releases.canonical import digest_of
from alerts.releases.issuing import file_of, make, next_revision, verify
from alerts.releases.office import PLAN, SETTLING, ReleaseOffice
from alerts.releases.plan import Kind, Period, Schedule, period_of, schedule
from benchmarks.simulated_register import SOURCES, register, store
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import start_warehouse
from warehouse.cuts import read_cuts, read_weeks
from warehouse.migrate import migrate
from warehouse.published import ReleaseRow, releases
from warehouse.releases import observations_of, release_named, revisions, write_release
from warehouse.series import Frequency, Observation, SeriesKey, Standing

FIRST = date(2026, 8, 1)
LAST = date(2026, 10, 31)
NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)
WEEKLY = schedule().releases[Kind.WEEKLY]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, str]]:
    with start_warehouse(tmp_path_factory.mktemp("releases")) as reached:
        yield reached


@pytest.fixture(scope="module")
def filled(server: tuple[str, int, str]) -> Client:
    host, port, secret = server
    client = clickhouse_connect.get_client(
        host=host, port=port, password=secret, autogenerate_session_id=False, tz_mode="aware"
    )
    migrate(client, database="labourwatch", now=NOW)
    client.database = "labourwatch"
    whole: dict[str, list[dict[str, object]]] = {}
    for day in register(5, first=FIRST, days=92, per_day=6.0, until=date(2026, 11, 20)):
        for table, rows in day.rows.items():
            whole.setdefault(table, []).extend(rows)
    from benchmarks.simulated_register import Day

    store(client, Day(on=LAST, rows=whole))
    return client


def visits() -> Coverage:
    days = range(FIRST.toordinal(), LAST.toordinal() + 2)
    return coverage_from((source, day, True) for source in SOURCES for day in days)


def week(day: date) -> Period:
    return period_of(Kind.WEEKLY, day)


def test_a_release_is_given_again_byte_by_byte_from_both_sides(filled: Client) -> None:
    period = week(date(2026, 10, 14))
    row, figures = make(filled, period, WEEKLY, cutoff=NOW, issue=NOW)
    assert row.release_id == "W2026-W42.0"
    assert row.figures == len(figures) > 600
    assert release_named(filled, row.release_id) == row
    again = verify(filled, row, recompute=True)
    assert again.same
    assert digest_of(file_of(filled, row)) == row.digest
    nation = next(f for f in figures if f.series == SeriesKey(indicator="flow"))
    assert (
        nation.value
        == filled.query(
            "SELECT sum(flow) FROM vacancy_events WHERE event_date BETWEEN {a:Date} AND {b:Date}"
            " AND loaded_at <= {c:DateTime64(3)}",
            parameters={"a": period.first, "b": period.last, "c": NOW},
        ).result_rows[0][0]
    )
    assert nation.lower is not None
    assert nation.upper is not None
    assert nation.lower < (nation.value or 0) < nation.upper
    assert set(nation.sources) == set(SOURCES)


def test_the_same_release_made_again_is_published_once(filled: Client) -> None:
    period = week(date(2026, 10, 7))
    first, figures = make(filled, period, WEEKLY, cutoff=NOW, issue=NOW)
    second, _ = make(filled, period, WEEKLY, cutoff=NOW, issue=NOW)
    assert first == second
    assert len(observations_of(filled, first)) == len(figures)
    ((stored, distinct),) = filled.query(
        "SELECT count(), uniqExact(indicator, province, occupation, industry, time_value)"
        " FROM observations WHERE release_id = {id:String}",
        parameters={"id": first.release_id},
    ).result_rows
    assert stored == distinct == len(figures)


def test_a_revision_says_what_it_supersedes_and_leaves_the_first_as_it_was(filled: Client) -> None:
    period = week(date(2026, 9, 16))
    early = datetime(2026, 9, 24, tzinfo=UTC)
    first, _ = make(filled, period, WEEKLY, cutoff=early, issue=early)
    number, before = next_revision(filled, period)
    later, _ = make(
        filled, period, WEEKLY, cutoff=NOW, issue=NOW, revision=number, supersedes=before,
        note="late postings",
    )  # fmt: skip
    assert (later.release_id, later.supersedes) == ("W2026-W38.1", first.release_id)
    assert later.digest != first.digest
    assert verify(filled, first, recompute=True).same
    assert verify(filled, later, recompute=True).same
    issues = revisions(filled, SeriesKey(indicator="flow"), since=period.first)
    held = [row for row in issues if row.time_value == period.first]
    assert [row.release_id for row in held] == [first.release_id, later.release_id]
    seen = revisions(filled, SeriesKey(indicator="flow"), since=period.first, as_of=early)
    assert [row.release_id for row in seen if row.time_value == period.first] == ["W2026-W38.0"]


def test_percentiles_are_frozen_with_the_first_release_that_uses_them(filled: Client) -> None:
    first, figures = make(filled, week(date(2026, 10, 21)), WEEKLY, cutoff=NOW, issue=NOW)
    held = read_cuts(filled, year=2026, before=NOW + timedelta(seconds=1))
    assert {cuts.component for cuts in held} >= {"tightness", "duration"}
    later = NOW + timedelta(days=1)
    second, _ = make(filled, week(date(2026, 9, 23)), WEEKLY, cutoff=later, issue=later)
    assert read_cuts(filled, year=2026, before=later + timedelta(seconds=1)) == held
    assert verify(filled, first, recompute=True).same
    assert verify(filled, second, recompute=True).same
    kinds = {f.series.indicator for f in figures}
    assert kinds >= {
        "shortage_score", "shortage_probability", "shortage_within_12w", "surplus_risk",
    }  # fmt: skip
    told = [f for f in figures if f.series.indicator == "shortage_probability"]
    assert len(told) == 18 * 10 + 18 + 10
    assert all((f.value is None) == (f.standing is not Standing.ASSESSABLE) for f in told)


def test_weeks_are_read_of_the_cells_that_reached_a_mark(filled: Client) -> None:
    make(filled, week(date(2026, 10, 21)), WEEKLY, cutoff=NOW, issue=NOW)

    def read(mark: float, as_of: datetime) -> set[tuple[str, str, str]]:
        rows = read_weeks(
            filled, marks={"tightness": mark}, beside=["flow"], since=FIRST, as_of=as_of
        )
        assert all(row.standing is Standing.ASSESSABLE for row in rows)
        return {(r.series.indicator, r.series.province, r.series.occupation) for r in rows}

    found = read(-9.0, NOW)
    assert {indicator for indicator, _, _ in found} == {"tightness", "flow"}
    assert {key[1:] for key in found if key[0] == "tightness"} >= {
        key[1:] for key in found if key[0] == "flow"
    }
    assert read(99.0, NOW) == set()
    assert read(-9.0, datetime(2026, 9, 1, tzinfo=UTC)) == set()


def test_a_thin_cell_is_answered_by_a_coarser_one_that_it_names(filled: Client) -> None:
    month = Period(kind=Kind.MONTHLY, first=date(2026, 10, 1), last=LAST)
    row, figures = make(filled, month, schedule().releases[Kind.MONTHLY], cutoff=NOW, issue=NOW)
    rolled = [f for f in figures if f.standing is Standing.ROLLED_UP]
    assert rolled
    for figure in rolled:
        assert figure.value is not None
        assert (figure.answered_province, figure.answered_occupation) != (
            figure.series.province, figure.series.occupation,
        )  # fmt: skip
    kinds = {f.series.indicator for f in figures}
    assert kinds >= {
        "flow", "stock", "duration_median", "duration_mean_60", "repost_rate", "wage_median",
        "wage_growth", "skill_share", "mismatch_sahin", "mismatch_turnover",
    }  # fmt: skip
    mismatch = next(f for f in figures if f.series == SeriesKey(
        indicator="mismatch_sahin", frequency=Frequency.MONTHLY))  # fmt: skip
    assert 0 < (mismatch.value or 0) < 1
    assert verify(filled, row, recompute=True).same


@pytest.fixture
def store_of_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis.Redis]:
    with start_redis(tmp_path_factory.mktemp("state")) as url, redis.Redis.from_url(url) as client:
        yield client


def test_the_office_publishes_what_is_due_once_even_when_it_dies(
    filled: Client, store_of_state: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = {Kind.DAILY: schedule().releases[Kind.DAILY].model_copy(update={"catch_up": 3})}
    office = ReleaseOffice(filled, store_of_state, Schedule(releases=only))
    assert office.publish(visits(), LAST, NOW) == []  # the moment is fixed, nothing is computed
    assert store_of_state.hlen(PLAN) == 3
    written: list[str] = []

    def dying(client: Client, release: ReleaseRow, figures: Sequence[Observation]) -> None:
        written.append(release.release_id)
        write_release(client, replace(release, release_id="half"), figures[:100])
        raise ConnectionError("killed")

    monkeypatch.setattr(issuing, "write_release", dying)
    with pytest.raises(ConnectionError):
        office.publish(visits(), LAST, NOW + SETTLING)
    assert store_of_state.hlen(PLAN) == 3
    monkeypatch.setattr(issuing, "write_release", write_release)
    later = NOW + SETTLING + timedelta(hours=1)
    restarted = ReleaseOffice(filled, store_of_state, Schedule(releases=only))
    made = restarted.publish(visits(), LAST, later)
    assert made[0] == written[0]
    assert made == ["D2026-10-29.0", "D2026-10-30.0", "D2026-10-31.0"]
    assert {release_named(filled, name).issue for name in made} == {NOW}
    assert restarted.publish(visits(), LAST, later + 2 * SETTLING) == []
    assert store_of_state.hlen(PLAN) == 0
    for name in made:
        assert verify(filled, release_named(filled, name), recompute=True).same
    daily = [row.release_id for row in releases(filled, kinds=["daily"])]
    assert sorted(set(daily) - {"half"}) == made
