"""The headline that leaves without a token: nothing in it but the public's counts."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dashboard.public_summary import public_summary
from dashboard.summary import summarise
from tests.factories_dashboard import snapshot
from warehouse.disclosure.records import SEAL, Cell, Measure, PublicCount
from warehouse.series import Frequency

ISSUE = datetime(2026, 11, 18, tzinfo=UTC)


def count(measure: Measure, day: date, value: int) -> PublicCount:
    return PublicCount(
        measure=measure, frequency=Frequency.WEEKLY, time_value=day, cell=Cell(), value=value,
        step=5, lower=value - 20, upper=value + 20, hidden=None, issue=ISSUE, release_id="",
        seal=SEAL,
    )  # fmt: skip


def test_the_public_headline_is_the_newest_public_week() -> None:
    held = snapshot(days=90, mean=60)
    assert held.cube is not None
    summary = summarise(held.cube, held.sources, held.alerts, held.loaded_at, held.basis)
    told = [
        count(Measure.FLOW, date(2026, 11, 9), 1490),
        count(Measure.FLOW, date(2026, 11, 2), 1400),
        count(Measure.STOCK, date(2026, 11, 15), 8125),
    ]
    public = public_summary(summary, told)
    assert public["week"]["value"] == 1490
    assert public["stock"]["value"] == 8125
    exact = {summary.week_flow, summary.stock, summary.today_flow, summary.stock_confirmed}
    assert not exact & {value for value in public.values() if isinstance(value, int)}
    assert public["coded"]["n"] in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)


def test_without_public_tables_there_is_no_count() -> None:
    held = snapshot(days=90, mean=60)
    assert held.cube is not None
    summary = summarise(held.cube, held.sources, held.alerts, held.loaded_at, held.basis)
    public = public_summary(summary, ())
    assert (public["week"], public["stock"]) == (None, None)
