"""A year of a simulated register as it reached the warehouse: late, corrected and re-posted.

Rows have the form that the loader writes; each knows when it was stored, so that a year of
publishing can be played day by day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from config.vocabulary import provinces

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

SOURCES: Final = ("north", "south", "east", "west")
_SECTIONS: Final = "CFGHIJKMNPQ"
_SKILLS: Final = tuple(f"skill-{n:02d}" for n in range(24))
_VERSION: Final = datetime(2020, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


@dataclass(slots=True)
class Day:
    """All rows that were stored on one day, by table."""

    on: date
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, row: Row) -> None:
        """Keep a row of a table."""
        self.rows.setdefault(table, []).append(row)


def register(seed: int, *, first: date, days: int, per_day: float, until: date) -> Iterator[Day]:
    """Day after day what was stored, up to `until`, which may lie after the last opening.

    Of all vacancies 8 % are stored 1 to 12 days late, 6 % are re-coded to another group within
    seven weeks, a fifth state pay, and a fifth of the closed ones come again.
    """
    rng = np.random.default_rng(seed)
    stored: dict[date, Day] = {}

    def on(day: date) -> Day:
        return stored.setdefault(day, Day(on=day))

    number = 0
    for offset in range(days):
        day = first + timedelta(days=offset)
        for _ in range(int(rng.poisson(per_day * (0.6 if day.weekday() > 4 else 1.15)))):
            number += 1
            _vacancy(rng, number, day, on)
    for offset in range((until - first).days + 1):
        day = first + timedelta(days=offset)
        for source in SOURCES:
            on(day).add("source_runs", _run(source, day))
        if day.day == 20:
            _supply(rng, day, on)
        yield stored.pop(day, Day(on=day))


def store(client: Client, day: Day) -> None:
    """Write the rows of a day."""
    for table, rows in day.rows.items():
        names = list(rows[0])
        client.insert(table, [[row[name] for name in names] for row in rows], column_names=names)


def _vacancy(rng: np.random.Generator, number: int, day: date, on: Any) -> None:
    codes = list(provinces())
    place = codes[min(int(rng.exponential(4.0)), len(codes) - 1)] if rng.random() > 0.03 else ""
    group = "2345789"[int(rng.integers(7))] if rng.random() > 0.05 else ""
    section = _SECTIONS[int(rng.integers(len(_SECTIONS)))]
    late = int(rng.integers(1, 13)) if rng.random() < 0.08 else 0
    source = SOURCES[int(rng.integers(len(SOURCES)))]
    name, at = f"v{number:07d}", _moment(day, rng)
    loaded = at + timedelta(days=late, seconds=20)
    cell = {"province": place, "isco08": group and f"{group}111", "isco1": group, "isic": section}
    base = {"vacancy_id": name, "source_id": source, "posting_key": f"{source}:{number}"}
    on(loaded.date()).add(
        "vacancy_events", _event(base, cell, "opened", at, loaded, flow=1, stock=1)
    )
    coded = _coded(rng, base, cell, day, loaded)
    on(loaded.date()).add("vacancies", coded)
    on(loaded.date()).add("postings", _posting(base, at, loaded, day))
    if rng.random() < 0.06 and group:
        _recode(rng, base, cell, coded, at, loaded, on)
    else:
        _end(rng, base, cell, at, loaded, on)


def _recode(
    rng: np.random.Generator, base: Row, cell: Row, coded: Row, at: datetime, loaded: datetime,
    on: Any,
) -> None:  # fmt: skip
    """Weeks later an officer gives another group: −1 where it was, +1 where it belongs."""
    told = loaded + timedelta(days=int(rng.integers(2, 50)))
    group = str((int(cell["isco1"]) + 1) % 10)
    other = {**cell, "isco1": group, "isco08": f"{group}111"}
    for place, sign in ((cell, -1), (other, 1)):
        on(told.date()).add(
            "vacancy_events", _event(base, place, "reclassified", at, told, flow=sign, stock=sign)
        )
    version = {"isco1": group, "isco2": f"{group}1", "isco08": f"{group}111", "loaded_at": told}
    changed = {**coded, **version, "version": coded["version"] + 1}
    on(told.date()).add("vacancies", {**changed, "record_id": f"{base['vacancy_id']}-r"})


def _end(
    rng: np.random.Generator, base: Row, cell: Row, at: datetime, loaded: datetime, on: Any
) -> None:
    closed = max(at + timedelta(days=float(rng.gamma(2.0, 13.0))), loaded)
    stored = closed + timedelta(seconds=30)
    on(stored.date()).add(
        "vacancy_events", _event(base, cell, "closed", closed, stored, flow=0, stock=-1)
    )
    on(stored.date()).add("posting_ends", _ending(base, closed, stored))
    if rng.random() < 0.2:
        again = closed + timedelta(days=int(rng.integers(3, 80)))
        kept = again + timedelta(seconds=30)
        on(kept.date()).add(
            "vacancy_events", _event(base, cell, "reposted", again, kept, flow=0, stock=1)
        )
        on(kept.date()).add("postings", _posting(base, again, kept, again.date()))


def _moment(day: date, rng: np.random.Generator) -> datetime:
    start = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    return start + timedelta(seconds=int(rng.integers(0, 36_000)))


def _event(
    base: Row, cell: Row, kind: str, at: datetime, loaded: datetime, *, flow: int, stock: int
) -> Row:
    name = f"{base['vacancy_id']}-{kind}-{cell['isco1']}-{loaded:%y%m%d}"
    day = (at + timedelta(hours=7)).date()
    return {
        "event_id": name, "record_id": name, **base, **cell, "kind": kind, "event_time": at,
        "event_date": day, "flow": flow, "stock": stock, "loaded_at": loaded, "batch": "sim",
    }  # fmt: skip


def _coded(rng: np.random.Generator, base: Row, cell: Row, day: date, loaded: datetime) -> Row:
    pay = float(np.exp(rng.normal(15.2, 0.35))) if rng.random() < 0.2 else None
    asked = rng.choice(len(_SKILLS), size=int(rng.integers(1, 5)), replace=False)
    return {
        "record_id": base["vacancy_id"], **base, **cell, "opened_on": day,
        "employer": f"Company {int(rng.zipf(1.7)) % 400}", "title": "title",
        "isco2": cell["isco1"] and f"{cell['isco1']}1", "pay_lower_lak": pay,
        "pay_upper_lak": pay and pay * 1.2, "skills": [_SKILLS[n] for n in sorted(asked)],
        "version": int((loaded - _VERSION) / timedelta(milliseconds=1)), "loaded_at": loaded,
        "batch": "sim",
    }  # fmt: skip


def _posting(base: Row, at: datetime, loaded: datetime, day: date) -> Row:
    return {
        **base, "record_id": f"{base['vacancy_id']}-{at:%y%m%d}", "posting_id": base["vacancy_id"],
        "fetched_at": at, "processed_at": loaded, "loaded_at": loaded, "opened_on": day,
        "date_posted": day, "batch": "sim",
    }  # fmt: skip


def _ending(base: Row, at: datetime, loaded: datetime) -> Row:
    return {
        **base, "record_id": f"{base['vacancy_id']}-{at:%y%m%d}", "cause": "closed",
        "ended_after": at - timedelta(days=1), "ended_before": at, "withdrawn_at": at,
        "loaded_at": loaded, "batch": "sim",
    }  # fmt: skip


def _run(source: str, day: date) -> Row:
    at = datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
    return {
        "source_id": source, "run_id": f"{source}-{day}", "started_at": at, "finished_at": at,
        "outcome": "ok", "unseen_runs": 2, "loaded_at": at, "batch": "sim",
    }  # fmt: skip


def _supply(rng: np.random.Generator, day: date, on: Any) -> None:
    """The month before, by province × major group; a tenth of the cells is revised next month."""
    month = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    for place in provinces():
        for group in "0123456789":
            count = float(rng.poisson(60.0))
            row = {
                "source_id": "ess", "system": "ess", "measure": "jobseekers_waiting",
                "record_id": f"{place}-{group}-{month}", "province": place, "occupation": group,
                "count": count, "unit": "persons", "period_start": month,
                "period_end": day.replace(day=1) - timedelta(days=1), "published_at": at,
                "received_at": at, "loaded_at": at, "batch": "sim",
            }  # fmt: skip
            on(day).add("supply", row)
            if rng.random() < 0.1:
                later = at + timedelta(days=30)
                revised = {"count": count + 5, "published_at": later, "received_at": later}
                again = {**row, **revised, "record_id": f"{row['record_id']}r", "loaded_at": later}
                on(later.date()).add("supply", again)
