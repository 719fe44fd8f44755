"""What the warehouse answers in SQL and what releases compute in Python are the same figures.

On generated registers: batches out of order and twice, vacancies moved between cells before and
after they close, pay that is missing, one-sided or an outlier, no skills or one skill twice,
employers without a name.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alerts.indicators.pay import FEWEST, Pay, median_pay
from alerts.releases.cells import NATION, NOTHING, Place, samples
from streams.records import EventKind, VacancyUpdate
from tests.factories_warehouse import FIRST_DAY, ISCO, PROVINCES, identity, updates
from tests.integration.test_warehouse_questions import described, market
from tests.integration.warehouse_tables import LOADED_AT, batch_of, fresh_schema, running_warehouse
from warehouse import facts
from warehouse.questions import analysis, counts, demand
from warehouse.questions.basis import Basis, Weeks
from warehouse.store import Store

pytestmark = pytest.mark.integration

SIZES = {11: 150, 12: 60}
"""Vacancies by seed."""
WEEKS_HELD = 10


@dataclass(frozen=True)
class Register:
    """A loaded register, and what was put into it."""

    client: Client
    items: Sequence[VacancyUpdate]


def register(seed: int, size: int) -> list[VacancyUpdate]:
    """As the stream worker decides: new vacancies are counted where they are now, those open are
    moved on the day of the correction, and a closing counts where the vacancy then stands."""
    rng = random.Random(seed)
    found: list[VacancyUpdate] = []
    moved: dict[str, tuple[datetime, tuple[str, str]]] = {}
    items = list(updates(seed, size, per_day=3))
    closed = {i.vacancy_id: i.processed_at for i in items if i.posting is None}
    for item in items:
        if item.vacancy is None:
            found.append(closing(item, moved) if item.posting is None else item)
            continue
        number = rng.randrange(9)
        named = replace(item.vacancy, employer=f"Company {number}" if number else "")
        found.append(described(replace(item, vacancy=named), rng))
        if rng.random() < 0.3:
            at, cell = item.processed_at + timedelta(days=rng.randint(1, 50)), cell_of(rng)
            is_open = at < closed.get(item.vacancy_id, at + timedelta(1))
            found.append(recoded(found[-1], at, cell, is_open=is_open, rng=rng))
            moved[item.vacancy_id] = at, cell
    return found


def cell_of(rng: random.Random) -> tuple[str, str]:
    return rng.choice(PROVINCES), rng.choice(ISCO)


def closing(
    item: VacancyUpdate, moved: dict[str, tuple[datetime, tuple[str, str]]]
) -> VacancyUpdate:
    at, cell = moved.get(item.vacancy_id, (item.processed_at, None))
    if cell is None or at >= item.processed_at:
        return item
    events = [replace(event, province=cell[0], isco08=cell[1]) for event in item.events]
    return replace(item, events=tuple(events))


def recoded(
    item: VacancyUpdate, at: datetime, cell: tuple[str, str], *, is_open: bool, rng: random.Random
) -> VacancyUpdate:
    assert item.vacancy is not None
    opened = item.events[0]
    changes = [(opened.event_date, "flow")] + ([(at.date(), "stock")] if is_open else [])
    events = [
        replace(
            opened,
            event_id=identity(opened.event_id, what, sign), kind=EventKind.RECLASSIFIED,
            event_date=on, flow=sign if what == "flow" else 0,
            stock=sign if what == "stock" else 0, province=place[0], isco08=place[1],
        )
        for on, what in changes
        for sign, place in ((-1, (opened.province, opened.isco08)), (1, cell))
    ]  # fmt: skip
    later = described(item, rng)
    assert later.vacancy is not None
    codes = replace(later.vacancy.codes, province=cell[0], isco08=cell[1])
    return replace(
        later, record_id=identity(item.record_id, "recoded"), posting=None, events=tuple(events),
        processed_at=at, vacancy=replace(later.vacancy, codes=codes),
    )  # fmt: skip


def loaded(client: Client, items: list[VacancyUpdate], seed: int) -> Register:
    mixed = random.Random(seed).sample(items, len(items))
    for number, begin in enumerate(range(0, len(mixed), 170)):
        batch = batch_of(mixed[max(0, begin - 9) : begin + 170], start=number * 10_000)
        Store(client).write(batch)
        Store(client).write(batch)
    return Register(client, items)


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Register]]:
    """Two as they are, and last one in which vacancies close where they do not stand."""
    with ExitStack() as stack:
        running = stack.enter_context(running_warehouse(tmp_path_factory.mktemp("agreement")))
        made = [(seed, register(seed, size)) for seed, size in SIZES.items()]
        made.append((11, market(11, 150)))
        yield [
            loaded(stack.enter_context(fresh_schema(running))[0], items, seed)
            for seed, items in made
        ]


@st.composite
def spans(draw: st.DrawFn) -> Weeks:
    first = draw(st.integers(0, WEEKS_HELD - 1))
    last = draw(st.integers(first, WEEKS_HELD - 1))
    return Weeks(first=FIRST_DAY + timedelta(weeks=first), last=FIRST_DAY + timedelta(weeks=last))


def on_registers(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def wrap(test: Callable[..., None]) -> Callable[..., None]:
        configured = settings(
            max_examples=examples, deadline=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=[HealthCheck.function_scoped_fixture],
        )  # fmt: skip
        return configured(given(which=st.integers(0, len(SIZES) - 1), weeks=spans())(test))

    return wrap


@on_registers(30)
def test_flows_agree_week_by_week(registers: list[Register], which: int, weeks: Weeks) -> None:
    client = registers[which].client
    by_week: dict[date, list[facts.Counted]] = defaultdict(list)
    for row in facts.read_flow(client, since=weeks.first, until=weeks.until, cutoff=LOADED_AT):
        day = date.fromordinal(row.day)
        by_week[day - timedelta(days=day.weekday())].append(row)
    held = {
        (week, place): sample.n
        for week, rows in by_week.items()
        for place, sample in samples((row, row.n) for row in rows).items()
    }
    provinces = counts.flow_by_province(client, weeks=weeks)
    majors = counts.flow_by_major(client, weeks=weeks)
    asked = {(row.week, Place(row.code)): row.flow for row in provinces if row.code}
    asked |= {(row.week, Place("", row.code)): row.flow for row in majors if row.code}
    for found in (provinces, majors):
        for week in by_week:
            assert sum(row.flow for row in found if row.week == week) == held[week, NATION]
    one_sided = {key: n for key, n in held.items() if key[1] != NATION and not all(key[1][:2])}
    assert asked == {key: n for key, n in one_sided.items() if not key[1].isic}


@on_registers(30)
def test_stocks_agree_on_any_day(registers: list[Register], which: int, weeks: Weeks) -> None:
    client, day = registers[which].client, weeks.until
    held = samples((row, row.n) for row in facts.read_stock(client, day=day, cutoff=LOADED_AT))
    for cell in counts.cell_table(client, since=weeks.first, until=day):
        assert cell.stock >= 0
        if cell.province and cell.isco1:
            assert cell.stock == held.get(Place(cell.province, cell.isco1), NOTHING).n
    for asked in counts.stock_by_province(client, since=day, until=day):
        assert not asked.code or asked.stock == held.get(Place(asked.code), NOTHING).n
    (nation,) = counts.trend(client, since=day, until=day)
    assert nation.stock == held[NATION].n if NATION in held else nation.stock == 0


@on_registers(15)
def test_closings_agree(registers: list[Register], which: int, weeks: Weeks) -> None:
    held, client = Counter[date](), registers[which].client
    for item in registers[which].items:
        for event in item.events:
            held[event.event_date] += event.kind in (EventKind.CLOSED, EventKind.EXPIRED)
    for basis in Basis:
        trend = counts.trend(client, since=weeks.first, until=weeks.until, basis=basis)
        assert [row.closed for row in trend] == [held[row.day] for row in trend]
    cells = counts.cell_table(client, since=weeks.first, until=weeks.until)
    assert sum(cell.closed for cell in cells) == sum(row.closed for row in trend)


@on_registers(25)
def test_skills_and_their_shares_agree(registers: list[Register], which: int, weeks: Weeks) -> None:
    client = registers[which].client
    rows = facts.read_described(client, since=weeks.first, until=weeks.until, cutoff=LOADED_AT)
    named = Counter(skill for row in rows for skill in set(row.skills))
    asked = demand.skills_demand(client, weeks=weeks, limit=1000)
    assert {row.skill: row.vacancies for row in asked} == named
    base, with_a = Counter[tuple[date, str]](), Counter[tuple[date, str]]()
    for row in rows:
        day = date.fromordinal(row.day)
        key = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), row.province
        base[key] += row.isic == "K"
        with_a[key] += row.isic == "K" and "A" in row.skills
    shares = analysis.skill_share(client, skill="A", isic="K", since=weeks.first, until=weeks.until)
    assert {(row.quarter, row.province): row.vacancies for row in shares} == base
    for row_ in shares:
        assert row_.named == with_a[row_.quarter, row_.province]


@on_registers(25)
def test_median_pay_agrees(registers: list[Register], which: int, weeks: Weeks) -> None:
    """SQL tells the lower of two middle values, Python their mean: the same where n is odd."""
    client = registers[which].client
    held: dict[str, list[Pay]] = defaultdict(list)
    for row in facts.read_described(client, since=weeks.first, until=weeks.until, cutoff=LOADED_AT):
        ends = [end for end in (row.lower, row.upper) if end is not None]
        if ends:
            held[row.isco1].append(Pay(lower=ends[0], upper=ends[-1]))
    asked = {row.isco1: row for row in demand.pay_quantiles(client, weeks=weeks)}
    assert asked.keys() == held.keys()
    middle = demand.QUANTILES.index(0.5)
    for code, pays in held.items():
        values, told = sorted(pay.middle for pay in pays), median_pay(pays).value
        n = len(values)
        assert asked[code].n == n
        assert (told is None) == (n < FEWEST)
        assert asked[code].quantiles[middle] in (values[(n - 1) // 2], values[n // 2])
        if told is not None and n % 2:
            assert asked[code].quantiles[middle] == told


@on_registers(25)
def test_concentration_agrees(registers: list[Register], which: int, weeks: Weeks) -> None:
    client = registers[which].client
    rows = facts.read_described(client, since=weeks.first, until=weeks.until, cutoff=LOADED_AT)
    held = samples((row, 1) for row in rows if row.employer)
    by_cell = {
        (row.province, row.isco1): row
        for row in analysis.employer_concentration(client, since=weeks.first, until=weeks.until)
    }
    assert by_cell.keys() == {(row.province, row.isco1) for row in rows if row.employer}
    for (province, isco1), asked in by_cell.items():
        if not (province and isco1):
            continue
        sample = held[Place(province, isco1)]
        assert (asked.vacancies, asked.employers) == (sample.n, sample.employers)
        assert asked.top_share == pytest.approx(sample.top_share, abs=1e-12)
        shares = [count / sample.n for count in sample.by_employer.values()]
        assert asked.herfindahl == pytest.approx(sum(share**2 for share in shares), abs=1e-12)


def test_a_stock_below_0_is_told_by_sql_and_no_cell_of_a_release(
    registers: list[Register],
) -> None:
    """Closings booked where vacancies do not stand: the fault is seen in SQL, never published."""
    client, day = registers[-1].client, FIRST_DAY + timedelta(weeks=WEEKS_HELD, days=-1)
    held = samples((row, row.n) for row in facts.read_stock(client, day=day, cutoff=LOADED_AT))
    asked = counts.stock_by_province(client, since=day, until=day)
    assert any(row.stock < 0 for row in asked)
    for row in asked:
        assert not row.code or max(row.stock, 0) == held.get(Place(row.code), NOTHING).n
