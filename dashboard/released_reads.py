"""Reading published figures into the snapshot, for each view by the release rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from dashboard.released import Figures, figures_of
from dashboard.views import Snapshot
from warehouse.client import fetch
from warehouse.disclosure.forecasts import told_forecasts
from warehouse.disclosure.records import Released, View
from warehouse.forecasts import EVERY, latest_forecast
from warehouse.published import latest_issue, latest_public_count
from warehouse.released_series import Asked, blocks, spans
from warehouse.vacancy_pages import Dimension, Span, VacancyFilter, counts

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LINE: Final = timedelta(weeks=60)
_YEAR: Final = timedelta(days=400)
_QUARTER: Final = timedelta(weeks=13)
_REST: Final = timedelta(minutes=2)
"""Releases are read again so long after the last time: catching up issues many at once."""
_COUNTS: Final = ("flow", "stock")
JUDGED: Final = ("growth", "shortage_probability", "demand_pressure")
"""Weekly figures made of counts: the newest week is shown."""
MONTHLY: Final = ("wage_median", "mismatch_sahin", "mismatch_turnover", "mismatch_skills")
"""Of the newest month. What no page shows is not read: a release has some thousand figures."""


def with_released(held: Snapshot, client: Client, now: datetime) -> Snapshot:
    """`held` with the newest published figures and forecasts; unchanged where none is new.

    Where they were read a moment ago it is noted that more waits: nothing may announce it again.
    """
    mark = (
        latest_issue(client), latest_public_count(client), latest_forecast(client, as_of=now),
    )  # fmt: skip
    read_at = held.released_at
    if mark == held.released_mark:
        return held
    if read_at is not None and now - read_at < _REST:
        return held if held.released_waits else replace(held, released_waits=True)
    newest = _newest_periods(client)
    return replace(
        held,
        released={view: _read(client, newest, view) for view in View},
        forecasts={view: tuple(told_forecasts(client, EVERY, view, as_of=now)) for view in View},
        districts=_districts(client, newest, now),
        released_mark=mark,
        released_at=now,
        released_waits=False,
    )


def _newest_periods(client: Client) -> Mapping[str, date]:
    """First day of the newest released period by frequency."""
    rows = fetch(
        client,
        "SELECT frequency, max(time_value) FROM observations"
        " WHERE indicator = 'flow' AND release_id != '' GROUP BY frequency",
    )
    return dict(rows)  # type: ignore[arg-type]


def _districts(client: Client, newest: Mapping[str, date], now: datetime) -> dict[str, int]:
    """New vacancies by district in the quarter that ends with the newest released week."""
    week = newest.get("W")
    if week is None:
        return {}
    until = week + timedelta(days=6)
    asked = VacancyFilter(since=until - _QUARTER + timedelta(days=1), until=until)
    found = counts(
        client, asked, span=Span.ALL, by=(Dimension.DISTRICT,), digits=1, as_of=now, limit=1000
    )
    return {count.cell[0]: count.n for count in found if count.cell[0]}


def _read(client: Client, newest: Mapping[str, date], view: View) -> Figures:
    found = (one for asked in _questions(newest) for one in _told(client, asked, view))
    return figures_of(found, view)


def _told(client: Client, asked: Asked, view: View) -> Iterator[Released]:
    for block in blocks(client, spans(client, asked, view), asked, view):
        yield from block


def _questions(newest: Mapping[str, date]) -> Iterator[Asked]:
    """Lines of the nation, provinces, groups and sections; of other cells the newest figures."""
    week, month = newest.get("W"), newest.get("M")
    if week is not None:
        since = week - _LINE
        lines = Asked(indicators=_COUNTS, frequencies=("W",), since=since)
        yield replace(lines, occupations=("",), industries=("",))
        yield replace(lines, provinces=("",))
        yield Asked(indicators=JUDGED, frequencies=("W",), since=week)
    if month is not None:
        yield Asked(indicators=_COUNTS, frequencies=("M",), since=month)
        yield Asked(indicators=MONTHLY, frequencies=("M",), since=month)
        skills = Asked(indicators=("skill_share",), frequencies=("M",), since=month)
        yield skills
        yield replace(skills, provinces=("",), since=month - _YEAR)
