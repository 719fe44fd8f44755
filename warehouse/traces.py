"""The way of a posting through the stages, from the rows that each left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from scrapers.tracing import TRACE_ID
from warehouse.client import fetch

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

MOST_POSTINGS: Final = 50
"""Postings of one vacancy that are followed at most, those seen first."""
_MOST_ALERTS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happened to a posting at one stage."""

    at: datetime
    stage: str
    posting_key: str
    """"" where the step is the vacancy's or the alert's."""
    what: str


def find_postings(client: Client, wanted: str) -> list[str]:
    """Keys of the postings that `wanted` names: a key, a trace id, a vacancy's or record's id."""
    condition = (
        "lower(hex(substring(SHA256(posting_key), 1, 16))) = {wanted:String}"
        if TRACE_ID.fullmatch(wanted)
        else "posting_key = {wanted:String} OR vacancy_id = {wanted:String}"
        " OR record_id = {wanted:String}"
    )
    rows = fetch(
        client,
        f"""SELECT posting_key FROM postings WHERE {condition}
        GROUP BY posting_key ORDER BY min(fetched_at), posting_key LIMIT {MOST_POSTINGS}""",
        wanted=wanted,
    )
    return [key for (key,) in rows]


def read_steps(client: Client, keys: Sequence[str]) -> list[Step]:
    """Every step of these postings, of their vacancies and of alerts that count them, by time."""
    given = list(keys)
    vacancies = fetch(
        client,
        "SELECT DISTINCT vacancy_id FROM postings WHERE posting_key IN {keys:Array(String)}",
        keys=given,
    )
    ids = [vacancy for (vacancy,) in vacancies]
    steps = [
        *(step for sql in _OF_POSTINGS for step in _steps(fetch(client, sql, keys=given))),
        *(step for sql in _OF_VACANCIES for step in _steps(fetch(client, sql, ids=ids))),
    ]
    return sorted(steps, key=lambda step: (step.at, _ORDER.index(step.stage)))


def _steps(rows: Sequence[Sequence[Any]]) -> list[Step]:
    return [Step(at=at, stage=stage, posting_key=key, what=what) for at, stage, key, what in rows]


_ORDER: Final = (
    "observed", "published", "decided", "refused", "coded", "stored", "changed", "ended", "alert",
)  # fmt: skip
_OF_POSTINGS: Final = (
    """SELECT fetched_at, 'observed', posting_key, concat('at source ', source_id)
    FROM postings WHERE posting_key IN {keys:Array(String)}""",
    """SELECT assumeNotNull(published_at), 'published', posting_key, 'to topic postings'
    FROM postings WHERE posting_key IN {keys:Array(String)} AND isNotNull(published_at)""",
    """SELECT processed_at, 'decided', posting_key, concat(role, ' (', role_reason, ') of vacancy ',
      vacancy_id, ', ', toString(redactions), ' redactions')
    FROM postings WHERE posting_key IN {keys:Array(String)}""",
    """SELECT loaded_at, 'stored', posting_key, concat('in batch ', batch)
    FROM postings WHERE posting_key IN {keys:Array(String)}""",
    """SELECT failed_at, 'refused', concat(source_id, ':', posting_id),
      concat(stage, ': ', reason, ', letter ', letter_id)
    FROM dead_letters WHERE concat(source_id, ':', posting_id) IN {keys:Array(String)}""",
    """SELECT withdrawn_at, 'ended', posting_key, cause
    FROM posting_ends WHERE posting_key IN {keys:Array(String)}""",
)
_OF_VACANCIES: Final = (
    """SELECT fromUnixTimestamp64Milli(toInt64(version), 'UTC'), 'coded', posting_key,
      concat('ISCO-08 ', isco08, ' (', toString(round(isco08_probability, 2)), '), ISIC ', isic,
        ', ', province, ', by ', coder_version)
    FROM vacancies WHERE vacancy_id IN {ids:Array(String)}""",
    """SELECT event_time, 'changed', posting_key, concat('vacancy ', vacancy_id, ' ', kind,
      ': flow ', toString(flow), ', stock ', toString(stock), ' on ', toString(event_date))
    FROM vacancy_events WHERE vacancy_id IN {ids:Array(String)}""",
    # An alert counts the openings of its cell from its onset to the day of its change.
    f"""SELECT max(a.at), 'alert', '', concat('counted by alert ', a.alert_id, ' (', a.kind, ' ',
      a.direction, ', ', if(a.province = '', 'nation', a.province), '/',
      if(a.isco1 = '', '*', a.isco1), '), ', argMax(a.state, a.at))
    FROM alert_history AS a CROSS JOIN
      (SELECT DISTINCT event_date, province, isco1 FROM vacancy_events
       WHERE vacancy_id IN {{ids:Array(String)}} AND flow > 0) AS e
    WHERE (a.province = '' OR a.province = e.province) AND (a.isco1 = '' OR a.isco1 = e.isco1)
      AND e.event_date >= a.onset_on AND e.event_date <= toDate(a.at, 'Asia/Vientiane')
      AND a.kind IN ('labour', 'collection_fault')
    GROUP BY a.alert_id, a.kind, a.direction, a.province, a.isco1
    ORDER BY max(a.at) LIMIT {_MOST_ALERTS}""",
)
