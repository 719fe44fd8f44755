"""Roll-ups answer as the raw rows do, whatever came twice, late, again or was reclassified."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Settings
from streams.codes import Pay, Skill, SkillContext
from streams.records import EventKind, VacancyUpdate
from tests.factories_warehouse import FIRST_DAY, ISCO, PROVINCES, identity, updates
from tests.integration.older_questions import latest_vacancies
from tests.integration.warehouse_tables import LOADED_AT, batch_of, fresh_schema, running_warehouse
from warehouse.client import millis
from warehouse.quality.rollups import rollup_differences
from warehouse.questions import analysis, counts, demand, sealing, titles
from warehouse.questions.basis import Basis, Cell, Weeks
from warehouse.questions.sealing import Outcome, seal
from warehouse.questions.seals import Mark, Sealed
from warehouse.questions.vacancies import newest_vacancies
from warehouse.store import Store

pytestmark = pytest.mark.integration

WEEKS = Weeks(first=FIRST_DAY, last=FIRST_DAY + timedelta(weeks=9))
DAYS = {"since": FIRST_DAY + timedelta(days=3), "until": FIRST_DAY + timedelta(days=60)}
CELL = Cell(province="LA-VT", isco1="2")
NOW = datetime(2026, 11, 21, tzinfo=UTC)

Asked = Callable[..., list[Any]]
COUNTS: list[tuple[Asked, dict[str, Any]]] = [
    (counts.trend, DAYS),
    (counts.trend, {**DAYS, "cell": CELL}),
    (counts.flow_by_province, {"weeks": WEEKS}),
    (counts.flow_by_major, {"weeks": WEEKS}),
    (counts.stock_by_province, DAYS),
    (counts.cell_table, DAYS),
    (counts.top_occupations, {"weeks": WEEKS}),
    (counts.top_occupations, {"weeks": WEEKS, "province": "LA-SV", "limit": 2}),
    (counts.source_counts, DAYS),
]
DEMAND: list[tuple[Asked, dict[str, Any]]] = [
    (demand.skills_demand, {"weeks": WEEKS}),
    (demand.skills_demand, {"weeks": WEEKS, "cell": CELL}),
    (demand.pay_quantiles, {"weeks": WEEKS}),
    (demand.pay_quantiles, {"weeks": WEEKS, "cell": Cell(province="")}),
    (demand.durations, {"weeks": WEEKS}),
    (demand.durations, {"weeks": WEEKS, "cell": CELL}),
]


def market(seed: int, size: int = 600) -> list[VacancyUpdate]:
    """Updates with varied skills and pay; some vacancies are described anew, some move cells."""
    rng = random.Random(seed)
    found = []
    for update in updates(seed, size, per_day=10):
        if update.vacancy is None:
            found.append(update)
            continue
        found.append(described(update, rng))
        if rng.random() < 0.3:
            found.append(recoded(found[-1], rng))
    return found


def described(update: VacancyUpdate, rng: random.Random) -> VacancyUpdate:
    assert update.vacancy is not None
    low = rng.choice([None, 1_500_000.0, 2_000_000.0, 3_250_000.0])
    pay = None if low is None else Pay(
        lower_lak=low, upper_lak=low * rng.choice([1, 2]), currency="LAK", period="month",
        outlier=rng.random() < 0.1,
    )  # fmt: skip
    names = [rng.choice("ABCDEF") for _ in range(rng.randint(0, 4))]
    found = tuple(
        Skill(code=name, context=SkillContext.NICE, start=0, end=1, score=0.5) for name in names
    )
    codes = replace(update.vacancy.codes, pay=pay, skills=found)
    return replace(update, vacancy=replace(update.vacancy, codes=codes))


def recoded(update: VacancyUpdate, rng: random.Random) -> VacancyUpdate:
    """A later version in another cell, with the two events that move the counts."""
    assert update.vacancy is not None
    opened = update.events[0]
    cell = rng.choice(PROVINCES), rng.choice(ISCO)
    moved = [
        replace(
            opened,
            event_id=identity(opened.event_id, sign), kind=EventKind.RECLASSIFIED,
            flow=sign, stock=sign, province=place[0], isco08=place[1],
        )
        for sign, place in ((-1, (opened.province, opened.isco08)), (1, cell))
    ]  # fmt: skip
    later = described(update, rng)
    assert later.vacancy is not None
    codes = replace(later.vacancy.codes, province=cell[0], isco08=cell[1])
    return replace(
        later,
        record_id=identity(update.record_id, "recoded"), posting=None, events=tuple(moved),
        processed_at=update.processed_at + timedelta(days=rng.randint(1, 50)),
        vacancy=replace(later.vacancy, codes=codes),
    )  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_warehouse(tmp_path_factory.mktemp("questions")) as running:
        yield running


@pytest.fixture(scope="module")
def filled(settings: Settings) -> Iterator[Client]:
    """Loaded out of order, in overlapping batches, some twice; sealed half-way."""
    items = market(7)
    random.Random(7).shuffle(items)
    with fresh_schema(settings) as (client, _):
        store = Store(client)
        offsets = itertools.count(step=10_000)
        for begin in range(0, len(items), 150):
            batch = batch_of(items[max(0, begin - 20) : begin + 150], start=next(offsets))
            store.write(batch)
            store.write(batch)
            if begin == 300:
                seal(client, now=NOW)
        yield client


def equal(client: Client, ask: Asked, bounds: dict[str, Any]) -> list[Any]:
    answer = ask(client, **bounds)
    assert answer == ask(client, **bounds, basis=Basis.RAW)
    assert answer == ask(client, **bounds, as_of=LOADED_AT)
    return answer


@pytest.mark.parametrize(("ask", "bounds"), COUNTS)
def test_counts_from_roll_ups_equal_those_from_events(
    filled: Client, ask: Asked, bounds: dict[str, Any]
) -> None:
    assert equal(filled, ask, bounds)


@pytest.mark.parametrize(("ask", "bounds"), DEMAND)
def test_demand_is_exact_while_months_are_stale_partly_sealed_and_sealed(
    filled: Client, ask: Asked, bounds: dict[str, Any]
) -> None:
    before = equal(filled, ask, bounds)
    seal(filled, now=NOW + timedelta(hours=1))
    assert before
    assert equal(filled, ask, bounds) == before


def test_roll_ups_hold_their_rows(filled: Client) -> None:
    found = {difference.rollup: difference.differing for difference in rollup_differences(filled)}
    assert len(found) == 6
    assert set(found.values()) == {0}


def test_skills_are_counted_as_by_hand(filled: Client) -> None:
    latest: dict[str, VacancyUpdate] = {}
    for update in sorted(market(7), key=lambda u: (u.processed_at, u.record_id)):
        if update.vacancy is not None:
            latest[update.vacancy_id] = update
    held: Counter[str] = Counter()
    for update in latest.values():
        if update.vacancy is not None and update.vacancy.opened_on <= WEEKS.until:
            held.update({skill.code for skill in update.vacancy.codes.skills})
    asked = demand.skills_demand(filled, weeks=WEEKS)
    assert {row.skill: row.vacancies for row in asked} == held


def test_a_month_is_sealed_once_and_again_only_after_a_change(settings: Settings) -> None:
    items = market(3, 80)
    with fresh_schema(settings) as (client, _):
        Store(client).write(batch_of(items[:-3]))
        first = seal(client, now=NOW)
        assert {attempt.outcome for attempt in first} == {Outcome.SEALED}
        assert seal(client, now=NOW + timedelta(hours=1)) == []
        late = [item for item in market(4, 1) if item.vacancy is not None]
        assert late[0].vacancy is not None
        Store(client).write(batch_of(late, start=500))
        again = seal(client, now=NOW + timedelta(hours=2))
        vacancies = {attempt.month for attempt in again if attempt.rollup is not Sealed.DURATIONS}
        assert vacancies == {late[0].vacancy.opened_on.replace(day=1)}
        rows = client.query("SELECT DISTINCT month, revision FROM rollup_skills").result_rows
        assert len(rows) == len({month for month, _ in rows})  # what was replaced is dropped


def test_a_month_that_is_sealed_in_parts_answers_alike(
    filled: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "_ROWS_AT_ONCE", 100)
    monkeypatch.setattr(sealing, "_EVENTS_AT_ONCE", 100)
    filled.command("TRUNCATE TABLE rollup_seals")
    sealed = seal(filled, now=NOW + timedelta(days=1))
    rows = filled.query(
        f"SELECT sum(vacancies) FROM rollup_skills WHERE revision = {millis(NOW) + 86_400_000}"
    ).result_rows
    assert {attempt.outcome for attempt in sealed} == {Outcome.SEALED}
    assert rows[0][0] > 0
    for ask, bounds in DEMAND:
        assert equal(filled, ask, bounds)
    assert equal(filled, analysis.employer_concentration, DAYS)


@given(rows=st.integers(0, 10**9))
def test_no_part_of_a_month_is_larger_than_may_be_computed_at_once(rows: int) -> None:
    for rollup, at_once in ((Sealed.PAY, 400_000), (Sealed.DURATIONS, 6_000_000)):
        parts = sealing.parts_needed(rollup, Mark(rows, 0))
        assert rows <= parts * at_once
        assert parts == 1 or rows > (parts - 1) * at_once


def test_what_an_unsealed_computation_left_is_read_by_nobody(settings: Settings) -> None:
    with fresh_schema(settings) as (client, _):
        Store(client).write(batch_of(market(5, 60)))
        seal(client, now=NOW)
        asked = demand.skills_demand(client, weeks=WEEKS)
        client.command(
            "INSERT INTO rollup_skills SELECT month, revision + 1, week, province, isco1, skill,"
            " vacancies FROM rollup_skills"
        )  # as if killed before the seal was written
        assert demand.skills_demand(client, weeks=WEEKS) == asked


def test_the_newest_are_those_of_the_older_question(filled: Client) -> None:
    until = FIRST_DAY + timedelta(days=59)  # the last day with an opening
    for cell in (Cell(), Cell(isco1="5"), CELL):
        asked = newest_vacancies(filled, until=until, days=40, cell=cell)
        assert asked == latest_vacancies(
            filled, since=until - timedelta(days=39), province=cell.province, isco1=cell.isco1
        )
        assert asked


def test_looking_in_the_last_days_first_finds_what_the_whole_time_holds(filled: Client) -> None:
    until = FIRST_DAY + timedelta(days=59)
    whole = newest_vacancies(filled, until=until, days=60, limit=10_000)
    words: dict[str, Any] = {"words": "ບັນຊີ", "since": FIRST_DAY, "until": until}
    titled = titles.search_titles(filled, **words, limit=10_000)
    assert len(whole) > 50
    assert len(titled) > 50
    for limit in (1, 5, 37):
        assert newest_vacancies(filled, until=until, days=60, limit=limit) == whole[:limit]
        assert titles.search_titles(filled, **words, limit=limit) == titled[:limit]


def test_analysts_questions(filled: Client) -> None:
    days: dict[str, Any] = {"since": FIRST_DAY, "until": FIRST_DAY + timedelta(days=59)}
    asked: list[tuple[Asked, dict[str, Any]]] = [
        (analysis.skill_share, {"skill": "A", "isic": "K"}),
        (analysis.skills_beside, {"skill": "A"}),
        (analysis.employer_concentration, {}),
        (analysis.pay_by_education, {"cell": Cell(isco1="5")}),
    ]
    for ask, bounds in asked:
        assert equal(filled, ask, {**DAYS, **bounds})
    shares = analysis.skill_share(filled, skill="A", isic="K", **days)
    assert sum(row.vacancies for row in shares) == 600
    assert all(0 <= row.share <= 1 for row in shares)
    beside = analysis.skills_beside(filled, skill="A", **days)
    assert {row.skill for row in beside} == set("BCDEF")
    named = sum(row.named for row in shares)
    assert all(0 < row.together <= named for row in beside)
    held = analysis.employer_concentration(filled, **days)
    assert {row.province for row in held} == {*PROVINCES}
    assert sum(row.vacancies for row in held) == 600
    assert all(row.top_share**2 <= row.herfindahl <= row.top_share for row in held)
    assert sum(row.n for row in analysis.pay_by_education(filled, **days)) == sum(
        spread.n for spread in demand.pay_quantiles(filled, weeks=WEEKS)
    )
    hits = titles.search_titles(filled, words="ບັນຊີ 17", limit=500, **days)
    assert {hit.title for hit in hits} == {f"ພະນັກງານບັນຊີ {n}" for n in range(600) if "17" in str(n)}
    assert titles.search_titles(filled, words="%", **days) == []


def test_a_week_is_never_cut() -> None:
    with pytest.raises(ValueError, match="two Mondays"):
        Weeks(first=FIRST_DAY + timedelta(days=1), last=FIRST_DAY + timedelta(days=8))
