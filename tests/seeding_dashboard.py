"""The plausible year of `factories_dashboard` as rows of a real warehouse."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from dashboard.cube import province_index
from tests.factories_dashboard import (
    NOW,
    SOURCES,
    alerts,
    daily_rows,
    history,
    sources,
    vacancy,
)
from tests.factories_released import observations
from warehouse.history import AlertRecord, write_alert_history, write_observations
from warehouse.migrate import migrate

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from dashboard.views import VacancyRow
    from tests.factories_dashboard import DailyRow

BATCH = "seed-0-0-1"


def seed(client: Client, *, days: int = 130, mean: float = 60.0) -> None:
    """Fill an empty database with events, vacancies, runs, refusals and alerts."""
    migrate(client, database="labourwatch", now=NOW)
    rows = daily_rows(days=days, mean=mean)
    _insert(client, "vacancy_events", [event for row in rows for event in _events(row)])
    insert_vacancies(client, [vacancy(number) for number in range(40)])
    _insert(client, "source_runs", _runs())
    _insert(client, "dead_letters", [_letter(number) for number in range(23)])
    write_alert_history(client, _alert_records())
    write_observations(client, list(observations()))


def insert_vacancies(client: Client, rows: list[VacancyRow]) -> None:
    """Rows of the table of vacancies."""
    _insert(client, "vacancies", [_vacancy(row) for row in rows])


def insert_opening(client: Client, row: VacancyRow) -> None:
    """A vacancy and the event of its opening, as the loader writes them."""
    insert_vacancies(client, [row])
    event = _event(row.vacancy_id, row.province, row.isco08[:1], row.first_seen, flow=1, stock=1)
    _insert(client, "vacancy_events", [event])


def _insert(client: Client, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    client.insert(table, [[row[name] for name in names] for row in rows], column_names=names)


def _events(row: DailyRow) -> list[dict[str, Any]]:
    at = datetime.combine(row.day, time(3), UTC)
    name = f"{row.day}-{row.province}-{row.isco1}"
    opened = [
        _event(f"{name}-o{at_}", row.province, row.isco1, at, flow=1, stock=1)
        for at_ in range(row.flow)
    ]
    closed = [
        _event(f"{name}-c{at_}", row.province, row.isco1, at, flow=0, stock=-1)
        for at_ in range(row.flow - row.stock_delta)
    ]
    return opened + closed


def _event(
    name: str, province: str, isco1: str, at: datetime, *, flow: int, stock: int
) -> dict[str, Any]:
    return {
        "event_id": name,
        "record_id": name,
        "vacancy_id": name,
        "posting_key": f"lao-jobs:{name}",
        "source_id": SOURCES[province_index(province) % len(SOURCES)],
        "kind": "opened" if stock > 0 else "closed",
        "event_time": at,
        "event_date": (at + timedelta(hours=7)).date(),
        "flow": flow,
        "stock": stock,
        "province": province,
        "isco08": isco1 and f"{isco1}000",
        "isco1": isco1,
        "isic": "",
        "loaded_at": at,
        "batch": BATCH,
    }


def _vacancy(row: VacancyRow) -> dict[str, Any]:
    return {
        "record_id": row.vacancy_id,
        "vacancy_id": row.vacancy_id,
        "opened_on": row.opened_on,
        "employer": row.employer,
        "title": row.title,
        "language": row.language,
        "openings": 1,
        "isco08": row.isco08,
        "isco1": row.isco08[:1],
        "isco2": row.isco08[:2],
        "isco08_probability": row.isco08_probability,
        "isco08_reason": row.isco08_reason,
        "province": row.province,
        "posting_key": f"{row.source_id}:{row.vacancy_id}",
        "source_id": row.source_id,
        "version": int(row.first_seen.timestamp() * 1000),
        "loaded_at": row.first_seen,
        "batch": BATCH,
    }


def _runs() -> list[dict[str, Any]]:
    """A run of every source on each of 140 days; only the last one may have failed."""
    return [
        {
            "source_id": source.source_id,
            "run_id": f"{source.source_id}-{back}",
            "started_at": source.finished_at - timedelta(days=back, seconds=20),
            "finished_at": source.finished_at - timedelta(days=back),
            "outcome": "ok" if back else source.outcome,
            "detail": "" if back else source.detail,
            "listed": source.listed,
            "published": source.published,
            "refused": source.refused,
            "withdrawn": 12,
            "loaded_at": source.finished_at,
            "batch": BATCH,
        }
        for source in sources()
        for back in range(140)
    ]


def _letter(number: int) -> dict[str, Any]:
    return {
        "letter_id": f"letter-{number}",
        "stage": "normalise" if number % 3 else "crawl",
        "reason": "title_missing" if number % 3 else "not_json",
        "detail": "",
        "source_id": "lao-jobs",
        "posting_id": str(number),
        "topic": "postings",
        "event_time": NOW,
        "failed_at": NOW,
        "loaded_at": NOW,
        "batch": BATCH,
    }


def _alert_records() -> list[AlertRecord]:
    first = alerts()[0]
    changes = history()
    records = [
        AlertRecord(
            **_facts(alert),
            at=alert.changed_at,
            recorded_at=NOW,
            previous_state="",
            notified=alert.state == "firing",
        )
        for alert in alerts()[1:]
    ]
    for change in changes:
        facts = {**_facts(first), "state": change.state, "reason": change.reason}
        records.append(
            AlertRecord(
                **facts,
                at=change.at,
                recorded_at=NOW,
                previous_state=change.previous_state,
                notified=change.notified,
            )
        )
    return records


def _facts(alert: Any) -> dict[str, Any]:
    names = (
        *("alert_id", "state", "reason", "kind", "direction", "province", "isco1", "onset_on"),
        *("observed", "expected", "ratio", "ratio_lower", "ratio_upper", "n", "sources", "detail"),
    )
    return {name: getattr(alert, name) for name in names}
