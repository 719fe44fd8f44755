"""A plausible year of the Lao labour market as a dashboard snapshot, from a seed; no I/O."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dashboard.comparison import Basis, Fitness, SourceFitness
from dashboard.cube import GROUPS, PROVINCES, Cube, from_columns, group_index, province_index
from dashboard.geography import districts, provinces
from dashboard.views import (
    AlertChange,
    AlertView,
    Came,
    MetricChange,
    Refusals,
    Snapshot,
    SourceHealth,
    TroubledPeriod,
    VacancyRow,
)
from tests.factories_forecasts import told
from tests.factories_released import figures
from warehouse.disclosure.records import View
from warehouse.systems import Receipt, Volume

LAST_DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 41, 7, tzinfo=UTC)
_EPOCH = date(1970, 1, 1).toordinal()
ONSET = LAST_DAY - timedelta(days=24)
_GROUP_SHARE = (0.002, 0.05, 0.17, 0.13, 0.11, 0.22, 0.03, 0.11, 0.06, 0.12)
_TITLES = (
    ("ພະນັກງານບັນຊີ", "lo", "3313"),
    ("Software developer", "en", "2512"),
    ("ຊ່າງໄຟຟ້າ ສ້ອມແປງ", "lo", "7411"),
    ("ພະນັກງານຂາຍ ໜ້າຮ້ານ", "lo", "5223"),
    ("Receptionist / ພະນັກງານຕ້ອນຮັບ", "lo", "4226"),
    ("Civil engineer (hydropower)", "en", "2142"),
    ("ຄົນຂັບລົດບັນທຸກ", "lo", "8332"),
    ("Housekeeping attendant", "en", "9112"),
    ("ຄູສອນພາສາອັງກິດ", "lo", "2353"),
    ("=HYPERLINK(\"http://x\")", "en", ""),
)  # fmt: skip
_EMPLOYERS = ("ບໍລິສັດ ທະວີສິນ ກໍ່ສ້າງ ຈຳກັດ", "Mekong Logistics", "ໂຮງແຮມ ດອກຈຳປາ", "")
SOURCES = ("lao-jobs", "vientiane-careers", "mekong-ats", "savan-feed", "champa-work")


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRow:
    """One row of the daily roll-up. "" is an unknown province or an uncodable occupation."""

    day: date
    province: str
    isco1: str
    flow: int
    stock_delta: int


def build(rows: Iterable[DailyRow]) -> Cube | None:
    """A cube of `rows`, or `None` where there is none. Rows of one cell and day are added up."""
    held = list(rows)
    return from_columns(
        days=[row.day.toordinal() - _EPOCH for row in held],
        provinces=[province_index(row.province) for row in held],
        groups=[group_index(row.isco1) for row in held],
        flows=[row.flow for row in held],
        stock_deltas=[row.stock_delta for row in held],
    )


def daily_rows(seed: int = 7, days: int = 420, mean: float = 300.0) -> list[DailyRow]:
    """Flow by day and cell with growth, weekly rhythm, a shortage and a collapse."""
    rng = random.Random(seed)
    people = {code: held.working_age for code, held in provinces().items()}
    total = sum(people.values()) + 1.4 * people["LA-VT"]
    rows: list[DailyRow] = []
    opened: dict[tuple[date, str, str], int] = {}
    for back in range(days):
        day = LAST_DAY - timedelta(days=days - 1 - back)
        rhythm = 0.35 if day.weekday() >= 5 else 1.26
        season = 1 + 0.12 * math.sin(2 * math.pi * back / 365) + 0.0004 * back
        for code in (*PROVINCES, ""):
            part = people.get(code, 150_000) * (2.4 if code == "LA-VT" else 1) / total
            for group, share in zip((*GROUPS, ""), (*_GROUP_SHARE, 0.08), strict=True):
                rate = mean * rhythm * season * part * share / 1.08
                if code == "LA-CH" and group == "5" and day >= ONSET:
                    rate *= 2.9
                if code == "LA-XA" and day >= LAST_DAY - timedelta(days=40):
                    rate *= 0.45
                if day == LAST_DAY:
                    rate *= 0.4
                flow = _poisson(rng, rate)
                closed = opened.get((day - timedelta(days=rng.randint(24, 30)), code, group), 0)
                opened[day, code, group] = flow
                if flow or closed:
                    rows.append(
                        DailyRow(
                            day=day,
                            province=code,
                            isco1=group,
                            flow=flow,
                            stock_delta=flow - closed,
                        )
                    )
    return rows


def _poisson(rng: random.Random, rate: float) -> int:
    limit, count, product = math.exp(-rate), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def vacancy(number: int, seed: int = 7) -> VacancyRow:
    """The vacancy that came in `number` places before the newest."""
    rng = random.Random(seed * 10_007 + number)
    title, language, isco08 = _TITLES[rng.randrange(len(_TITLES))]
    return VacancyRow(
        vacancy_id=f"v{number:05d}",
        title=title,
        employer=rng.choice(_EMPLOYERS),
        province=rng.choice((*PROVINCES, "LA-VT", "LA-VT", "LA-VT", "")),
        isco08=isco08,
        isco08_probability=rng.uniform(0.42, 0.98) if isco08 else 0.0,
        isco08_reason="lexicon",
        source_id=rng.choice(SOURCES),
        language=language,
        opened_on=LAST_DAY - timedelta(days=rng.randint(0, 2)),
        first_seen=NOW - timedelta(seconds=97 * number),
    )


def alert(**changes: object) -> AlertView:
    """A firing alert: service workers wanted in Champasak."""
    facts: dict[str, object] = {
        "alert_id": "a1b2c3d4e5f60718", "state": "firing", "kind": "labour", "direction": "up",
        "province": "LA-CH", "isco1": "5", "onset_on": ONSET,
        "changed_at": NOW - timedelta(days=12), "observed": 166.0, "expected": 61.2,
        "ratio": 2.71, "ratio_lower": 2.18, "ratio_upper": 3.37, "n": 166,
        "sources": ("lao-jobs", "mekong-ats", "savan-feed"), "reason": "confirmed", "detail": "",
    }  # fmt: skip
    return AlertView(**{**facts, **changes})  # type: ignore[arg-type]


def alerts() -> tuple[AlertView, ...]:
    """Alerts of every state."""
    return (
        alert(),
        alert(
            alert_id="b1", province="LA-XA", isco1="", direction="down",
            onset_on=LAST_DAY - timedelta(days=39), observed=101.0, expected=214.0, ratio=0.47,
            ratio_lower=0.38, ratio_upper=0.58, n=101,
        ),
        alert(alert_id="c1", state="acknowledged", province="LA-LP", isco1="2", ratio=1.92),
        alert(
            alert_id="d1", kind="collection_fault", direction="down", province="", isco1="",
            sources=("champa-work",), ratio=0.81, ratio_lower=0.74, ratio_upper=0.89,
        ),
        alert(
            alert_id="e1", state="resolved", province="LA-SV", isco1="7",
            onset_on=LAST_DAY - timedelta(days=150), reason="returned",
        ),
    )  # fmt: skip


def history() -> tuple[AlertChange, ...]:
    """The history of the firing alert."""
    states = (("", "pending", "opened", 18), ("pending", "firing", "confirmed", 12))
    return tuple(
        AlertChange(
            at=NOW - timedelta(days=days),
            state=state,
            previous_state=previous,
            reason=reason,
            notified=state == "firing",
            detail="",
        )
        for previous, state, reason, days in states
    )


def sources() -> tuple[SourceHealth, ...]:
    """Five sources, one of them silent."""
    return tuple(
        SourceHealth(
            source_id=name,
            finished_at=NOW - timedelta(minutes=3 + 7 * at),
            outcome="failed" if name == "champa-work" else "ok",
            detail="HTTP 503 from the listing page" if name == "champa-work" else "",
            listed=1_900 - 310 * at,
            published=41_210 - 6_400 * at,
            refused=17 * at,
            runs=1_244,
            failed_runs=3 + 5 * at,
            **_condition(at),
        )
        for at, name in enumerate(SOURCES)
    )


def _condition(at: int) -> dict[str, Any]:
    """Healthy, but for the second (changed), the third (slow) and the fifth (silent)."""
    since, slow = NOW - timedelta(days=2), MetricChange(reason="latency_rose", before=0.4, after=9)
    lost = MetricChange(reason="coverage_of_employer_fell", before=0.98, after=0.0)
    moved = MetricChange(reason="coverage_of_place_fell", before=0.91, after=0.04)
    known: dict[int, dict[str, Any]] = {
        1: {"verdict": "changed", "since": since, "changes": (lost, moved)},
        2: {"verdict": "suspicious", "changes": (slow,)},
        4: {"verdict": "outage", "since": since, "changes": (MetricChange(reason="no_answer"),)},
    }
    return known.get(at, {"verdict": "healthy"})


def periods() -> tuple[TroubledPeriod, ...]:
    """One that lasts and one that is over."""
    return (
        TroubledPeriod(
            source_id=SOURCES[1], kind="changed", from_at=NOW - timedelta(days=2), to_at=None,
            reason="coverage_of_employer_fell", ending="",
        ),
        TroubledPeriod(
            source_id=SOURCES[0], kind="outage", from_at=NOW - timedelta(days=30),
            to_at=NOW - timedelta(days=29), reason="no_answer", ending="recovered",
        ),
    )  # fmt: skip


def fitness(source: str, **changes: object) -> SourceFitness:
    """A source that was read on every day of the last 20 weeks."""
    facts: dict[str, object] = {
        "source_id": source, "first_day": LAST_DAY - timedelta(days=141), "days_out": 0,
        "fitness": Fitness.COMPARED,
    }  # fmt: skip
    return SourceFitness(**{**facts, **changes})  # type: ignore[arg-type]


def whole(cube: Cube) -> Basis:
    """The basis where every source can be compared from the cube's first day on."""
    return Basis(cube=cube, sources=tuple(map(fitness, SOURCES)), history_days=cube.days - 1)


def came() -> Came:
    """Receipts of the boards and of one institution, none of them long ago."""
    received = [
        Receipt(source_id=source, last_at=NOW - timedelta(hours=at), records=4000 * (at + 1))
        for at, source in enumerate(SOURCES)
    ]
    received.append(Receipt(source_id="ess", feed="ess", last_at=NOW, records=136, machine_at=NOW))
    month = f"{NOW - timedelta(days=40):%Y-%m}"
    found = [Volume(source_id=source, month=month, records=900) for source in SOURCES]
    return Came(as_of=NOW, receipts=tuple(received), volumes=tuple(found))


def snapshot(seed: int = 7, days: int = 420, mean: float = 300.0) -> Snapshot:
    """Everything a dashboard shows."""
    refusals = (
        Refusals(stage="normalise", reason="title_missing", count=212, latest=NOW),
        Refusals(stage="crawl", reason="not_json", count=31, latest=NOW - timedelta(hours=5)),
    )
    cube = build(daily_rows(seed, days, mean))
    return Snapshot(
        version=1,
        cube=cube,
        basis=whole(cube) if cube else None,
        loaded_at=NOW,
        vacancies=tuple(vacancy(number, seed) for number in range(120)),
        sources=sources(),
        periods=periods(),
        refusals=refusals,
        came=came(),
        released={view: figures(view) for view in View},
        forecasts={view: told() for view in View},
        districts={each.code: 3 + 7 * at for at, each in enumerate(districts()["LA-CH"])},
        alerts=alerts(),
        histories={"a1b2c3d4e5f60718": history()},
    )
