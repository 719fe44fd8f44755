"""What bulletins tell, made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from alerts.releases.plan import FREQUENCY, Kind, period_of
from dashboard.bulletins.records import Contents
from dashboard.geography import provinces
from warehouse.disclosure.alerts import ToldAlert
from warehouse.disclosure.records import Released, View
from warehouse.disclosure.release import release
from warehouse.forecasts import ForecastRow
from warehouse.published import ReleaseRow
from warehouse.series import Observation, SeriesKey, Standing

NOW = datetime(2026, 11, 25, tzinfo=UTC)
WEEK = period_of(Kind.WEEKLY, date(2026, 11, 18))
MONTH = period_of(Kind.MONTHLY, date(2026, 10, 5))
_VALUES = {
    "flow": (312.0, 280.0, 346.0), "stock": (845.0, None, None), "growth": (0.12, -0.03, 0.25),
    "tightness": (0.3, 0.1, 0.5), "shortage_probability": (0.85, None, None),
    "wage_median": (2_450_000.0, 2_300_000.0, 2_600_000.0), "duration_median": (23.0, 20.0, 27.0),
    "wage_growth": (0.05, 0.01, 0.09),
}  # fmt: skip


def row_of(kind: Kind) -> ReleaseRow:
    period = WEEK if kind is Kind.WEEKLY else MONTH
    return ReleaseRow(
        release_id=f"{period.name}.0", kind=kind.value, status="final", period_start=period.first,
        period_end=period.last, revision=0, cutoff=NOW, issue=NOW, figures=9, digest="ab" * 32,
        supersedes="", note="",
    )  # fmt: skip


def figure(
    indicator: str, *, kind: Kind = Kind.WEEKLY, place: str = "", group: str = "",
    day: date = WEEK.first, standing: Standing = Standing.ASSESSABLE, value: float | None = None,
) -> Released:  # fmt: skip
    told, lower, upper = _VALUES[indicator]
    known = standing is Standing.ASSESSABLE
    key = SeriesKey(
        indicator=indicator, province=place, occupation=group, frequency=FREQUENCY[kind]
    )
    one = Observation(
        series=key, time_value=day, issue=NOW, value=(value or told) if known else None,
        n=312, employers=40, lower=lower if known else None, upper=upper if known else None,
        grade="A", method="m/1", top_share=0.1, standing=standing, sources=("a-board", "b-board"),
        release_id=row_of(kind).release_id,
    )  # fmt: skip
    return release([one], View.DEPARTMENT)[0]


def contents(kind: Kind = Kind.WEEKLY, place: str = "LA-SV", **changed: object) -> Contents:
    here = {name: figure(name, kind=kind, place=place) for name in _VALUES}
    first = row_of(kind).period_start
    days = [first - timedelta(days=7 * back) for back in range(52, -1, -1)]
    made = Contents(
        kind=kind, place=place, view=View.DEPARTMENT if place else View.PUBLIC,
        release=row_of(kind), made_at=NOW, here=here,
        before={"flow": figure("flow", value=298.0)}, nation=here,
        groups={
            str(digit): {
                "flow": figure("flow", group=str(digit)),
                "shortage_probability": figure("shortage_probability", group=str(digit),
                                               value=digit / 10),
            }
            for digit in range(1, 10)
        },
        places={} if place else {
            code: {"flow": figure("flow", place=code)} for code in list(provinces())[:15]
        },
        trend=tuple((day, None if 9 < at < 13 else figure("flow", day=day))
                    for at, day in enumerate(days)),
        alerts=(alert("firing"),), opened=1, forecasts=(forecast(4), forecast(12)),
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


def alert(state: str, *, kind: str = "labour", direction: str = "up") -> ToldAlert:
    return ToldAlert(
        alert_id="a1", at=NOW, recorded_at=NOW, state=state, previous_state="pending",
        reason="held", kind=kind, indicator="flow", severity="moderate", direction=direction,
        province="LA-SV", isco1="7", onset_on=date(2026, 11, 2), observed=60.0, expected=30.0,
        ratio=2.0, ratio_lower=1.6, ratio_upper=2.5, probability=None, n=60, hidden=None,
        sources=("a-board",), notified=True,
    )  # fmt: skip


def forecast(ahead: int) -> ForecastRow:
    return ForecastRow(
        province="LA-SV", occupation="", industry="", made_at=NOW, last_week=WEEK.first,
        ahead=ahead, target_week=WEEK.first + timedelta(weeks=ahead), value=330.0, lower_80=290.0,
        upper_80=371.0, lower_95=266.0, upper_95=402.0, usual_upper=350.0, chance_above=0.3,
        weeks=120, n=7000, method="m/1", scored=52, relative_mae=0.8, mase=0.5, pinball=1.0,
        coverage_80=0.79, coverage_95=0.94, release_id=row_of(Kind.WEEKLY).release_id,
    )  # fmt: skip
