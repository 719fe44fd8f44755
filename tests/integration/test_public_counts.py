"""The public's counts in the real warehouse: decided once, revised, as of any issue."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from clickhouse_connect.driver.client import Client

from alerts.public_counts import issue_due_counts
from alerts.releases.cells import NATION
from alerts.releases.counts import flow
from alerts.releases.evidence import Evidence
from alerts.releases.plan import Kind
from alerts.releases.plan import Period as ReleasePeriod
from tests.factories_alerts import fill
from tests.factories_warehouse import identity
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from warehouse.disclosure.issue import NotOverError, due, issue_counts, neighbours
from warehouse.disclosure.lattice import month_of, week_of
from warehouse.disclosure.records import Cell, Hidden, Measure, PublicCount, View
from warehouse.disclosure.table import public_table, released_page
from warehouse.series import Frequency, Observation, SeriesKey

pytestmark = pytest.mark.integration
MONTH = month_of(Measure.FLOW, date(2026, 6, 1))
WEEKS = [week_of(Measure.FLOW, date(2026, 6, day)) for day in (1, 8, 15, 22, 29)]
LOADED = datetime(2026, 7, 6, tzinfo=UTC)
LATE = datetime(2026, 7, 20, tzinfo=UTC)
ISSUE = datetime(2026, 7, 7, 1, tzinfo=UTC)
SECOND = datetime(2026, 7, 21, 1, tzinfo=UTC)
BEFORE = date(2026, 1, 1)
AFTER = date(2026, 12, 31)


def add(client: Client, vacancies: list[tuple[date, str, str, str, str]], at: datetime) -> None:
    """Store openings: day, province, major group, section, employer."""
    names = [identity(at, number) for number in range(len(vacancies))]
    events = [
        (name, name, name, name, "s", "opened", at, day, 1, 1, province, isco1, isic, at)
        for name, (day, province, isco1, isic, _) in zip(names, vacancies, strict=True)
    ]
    client.insert("vacancy_events", events, column_names=[
        "event_id", "record_id", "vacancy_id", "posting_key", "source_id", "kind", "event_time",
        "event_date", "flow", "stock", "province", "isco1", "isic", "loaded_at",
    ])  # fmt: skip
    register = [
        (name, name, day, employer, province, isco1, isic, 1, at)
        for name, (day, province, isco1, isic, employer) in zip(names, vacancies, strict=True)
    ]
    client.insert("vacancies", register, column_names=[
        "record_id", "vacancy_id", "opened_on", "employer", "province", "isco1", "isic", "version",
        "loaded_at",
    ])  # fmt: skip


def drawn(seed: int, size: int) -> list[tuple[date, str, str, str, str]]:
    rng = random.Random(seed)
    return [
        (
            date(2026, 6, 1) + timedelta(days=rng.randrange(35)),
            rng.choice(["LA-VT"] * 8 + ["LA-SV", "LA-SV", "LA-XA", ""]),
            rng.choice(["2", "5", "5", "9", ""]),
            rng.choice(["C", "G", "I", ""]),
            f"Employer {rng.randrange(40)}",
        )
        for _ in range(size)
    ]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        running_warehouse(tmp_path_factory.mktemp("counts")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        add(client, drawn(1, 400), LOADED)
        add(client, [(date(2026, 6, 3), "LA-VT", "2", "C", "Employer 1")] * 12, LATE)
        for period in (*WEEKS, MONTH):
            issue_counts(client, period, cutoff=LOADED, issue=ISSUE, seen=True, release_id="one")
        for period in (WEEKS[0], MONTH):
            issue_counts(client, period, cutoff=LATE, issue=SECOND, seen=True, release_id="two")
            issue_counts(client, period, cutoff=LATE, issue=SECOND, seen=True, release_id="two")
        yield client


def months(client: Client, as_of: datetime | None = None) -> dict[Cell, PublicCount]:
    found = public_table(client, measure=Measure.FLOW, frequency=Frequency.MONTHLY, since=BEFORE,
                         until=AFTER, as_of=as_of)  # fmt: skip
    return {each.cell: each for each in found}


def test_every_cell_is_told_or_hidden_never_left_out(client: Client) -> None:
    table = months(client)
    assert len(table) == 1 + 18 + 10 + 21 + 18 * 10 + 18 * 21
    hidden = [each for each in table.values() if each.value is None]
    assert 0 < len(hidden) < len(table)
    assert {each.hidden for each in hidden} == {Hidden.CONFIDENTIAL}
    assert table[Cell(province="LA-HO")].value is None  # nothing there, and not 0


def test_told_counts_are_near_the_register(client: Client) -> None:
    rows = client.query(
        "SELECT province, count() FROM vacancies WHERE opened_on < '2026-07-01'"
        f" AND loaded_at <= '{LOADED:%Y-%m-%d}' GROUP BY province"
    ).result_rows
    table = months(client, ISSUE)
    for province, n in rows:
        if province in ("LA-VT", "LA-SV"):
            told = table[Cell(province=province)]
            assert told.value is not None
            assert abs(told.value - n) <= told.step


def test_a_revision_adds_its_rounded_size_and_the_past_stays(client: Client) -> None:
    before, after = months(client, ISSUE), months(client)
    cell = Cell(province="LA-VT")
    assert (before[cell].release_id, after[cell].release_id) == ("one", "two")
    first, second = before[cell].value, after[cell].value
    assert first is not None
    assert second is not None
    assert second - first == 10  # 12 more, to the nearest 5
    assert {c for c, each in before.items() if each.value is None} <= {
        c for c, each in after.items() if each.value is None
    }
    assert months(client, ISSUE - timedelta(days=1)) == {}


def test_the_same_issue_again_stores_nothing_twice(client: Client) -> None:
    rows = client.query("SELECT count() FROM public_counts WHERE frequency = 'M'").result_rows
    assert rows == [(2 * 608,)]


def test_a_filter_selects_cells(client: Client) -> None:
    found = public_table(client, measure=Measure.FLOW, frequency=Frequency.WEEKLY, since=BEFORE,
                         until=AFTER, province="LA-VT", isco1="", isic="")  # fmt: skip
    assert [each.time_value for each in found] == [week.first for week in WEEKS]
    crossed = public_table(client, measure=Measure.FLOW, frequency=Frequency.WEEKLY, since=BEFORE,
                           until=AFTER, province="LA-VT", isco1="2")  # fmt: skip
    assert crossed == []


def test_series_are_released_from_the_decided_table(client: Client) -> None:
    series = SeriesKey(indicator="flow", province="LA-VT")
    figure = Observation(series=series, time_value=WEEKS[0].first, issue=ISSUE, value=71.0, n=71,
                         employers=31, lower=60.0, upper=80.0, top_share=0.1)  # fmt: skip
    (exact,) = released_page(client, [figure], View.DEPARTMENT)
    (told,) = released_page(client, [figure], View.PUBLIC, as_of=ISSUE)
    assert (exact.value, exact.n) == (71.0, 71)
    assert told.value is not None
    assert told.value % 5 == 0
    assert told.release_id == "one"


def test_a_period_is_told_when_it_is_over(client: Client) -> None:
    with pytest.raises(NotOverError):
        issue_counts(client, MONTH, cutoff=LOADED, issue=datetime(2026, 6, 30, 12, tzinfo=UTC),
                     seen=True)  # fmt: skip


def test_stocks_are_told_of_their_last_day(client: Client) -> None:
    week = week_of(Measure.STOCK, date(2026, 6, 15))
    told = issue_counts(client, week, cutoff=LOADED, issue=ISSUE, seen=True)
    assert told[Cell()].value is not None
    found = public_table(client, measure=Measure.STOCK, frequency=Frequency.WEEKLY, since=BEFORE,
                         until=AFTER, province="", isco1="", isic="")  # fmt: skip
    assert [(each.time_value, each.value) for each in found] == [
        (date(2026, 6, 21), told[Cell()].value)
    ]


def test_what_is_due_is_issued_newest_first_and_once(client: Client) -> None:
    first, through = date(2026, 6, 1), date(2026, 7, 12)
    now = datetime(2026, 8, 1, tzinfo=UTC)
    waiting = due(client, Measure.STOCK, first=first, through=through)
    assert [p.last for p in waiting] == sorted((p.last for p in waiting), reverse=True)
    assert due(client, Measure.FLOW, first=first, through=through) == [
        week_of(Measure.FLOW, date(2026, 7, 6))
    ]
    moments = (now + timedelta(seconds=number) for number in count())
    issued = issue_due_counts(
        client, first=first, through=through + timedelta(days=2), clock=lambda: next(moments)
    )
    found = client.query("SELECT uniqExact(issue) FROM public_counts WHERE issue >= '2026-08-01'")
    assert found.result_rows == [(len(issued),)]  # each at a moment of its own
    assert week_of(Measure.FLOW, date(2026, 7, 6)) in issued
    assert due(client, Measure.FLOW, first=first, through=through) == []


def test_a_week_whose_sources_were_mostly_out_is_told_to_nobody(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Not by the public's table and not by the release; the weeks beside it are."""
    first, through = date(2026, 6, 1), date(2026, 6, 21)
    out = [date(2026, 6, day).toordinal() for day in range(9, 14)]
    with (
        running_warehouse(tmp_path_factory.mktemp("unseen")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        add(client, drawn(2, 600), LOADED)
        runs = [
            (source, day, source != "a" or day not in out)
            for source in ("a", "b")
            for day in range(date(2026, 5, 20).toordinal(), date(2026, 7, 5).toordinal())
        ]
        fill(client, (), runs, stored=LOADED)
        issue_due_counts(client, first=first, through=through + timedelta(days=2),
                         clock=lambda: ISSUE)  # fmt: skip
        told = {
            (each.measure, each.time_value): (each.value is None, each.hidden)
            for measure in Measure
            for each in public_table(client, measure=measure, frequency=Frequency.WEEKLY,
                                     since=BEFORE, until=AFTER, province="", isco1="", isic="")
        }  # fmt: skip
        assert told == {
            (Measure.FLOW, date(2026, 6, 1)): (False, None),
            (Measure.FLOW, date(2026, 6, 8)): (True, Hidden.NOT_OBSERVED),
            (Measure.FLOW, date(2026, 6, 15)): (False, None),
            **{(Measure.STOCK, date(2026, 6, day)): (False, None) for day in (7, 14, 21)},
        }
        evidence = Evidence(client, cutoff=LOADED, since=first, until=through)
        for (measure, day), (hidden, _) in told.items():
            if measure is Measure.FLOW:
                week = ReleasePeriod(kind=Kind.WEEKLY, first=day, last=day + timedelta(days=6))
                nation = next(one for one in flow(evidence, week) if one.place == NATION)
                assert (nation.estimated.value is None) == hidden
        assert due(client, Measure.FLOW, first=first, through=through) == []


def test_neighbours_reach_over_straddling_weeks() -> None:
    near = neighbours(MONTH)
    assert WEEKS[4] in near
    assert month_of(Measure.FLOW, date(2026, 7, 1)) in near
    assert MONTH not in near
    stock = month_of(Measure.STOCK, date(2026, 5, 31))  # a Sunday
    assert neighbours(stock) == [week_of(Measure.STOCK, date(2026, 5, 31))]
