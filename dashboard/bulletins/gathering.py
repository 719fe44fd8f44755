"""Reading what a bulletin tells: every figure passes the release rules on its way out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from alerts.calendar import local_day
from alerts.releases.plan import FREQUENCY, Kind, Period, period_named, period_of
from dashboard.bulletins.records import KEY, Contents
from warehouse import published
from warehouse.disclosure.alerts import ToldAlert, told_alerts
from warehouse.disclosure.records import Hidden, Released, View
from warehouse.disclosure.table import released_page
from warehouse.forecasts import ForecastRow, newest_forecasts
from warehouse.published import PageKey, ReleaseRow, SeriesFilter

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_PAGE: Final = 20_000
_TREND: Final = {Kind.WEEKLY: 53, Kind.MONTHLY: 25}
_SKILLS: Final = 12
_STANDING: Final = frozenset({"firing", "acknowledged"})
_ALERTS_SINCE: Final = timedelta(days=400)
_Code = Callable[[Released], str]


@dataclass(slots=True)
class Reading:
    """All figures of one release and its trend for one view, read once for all places.

    Attributes:
        client: may be read-only.
        row: the release.
        view: for whom.
        now: the moment at which the bulletin is made; nothing issued later counts.
    """

    client: Client
    row: ReleaseRow
    view: View
    now: datetime
    begins: date | None = None
    figures: list[Released] = field(default_factory=list)
    earlier: list[Released] = field(default_factory=list)
    trend: list[Released] = field(default_factory=list)
    alerts: list[ToldAlert] = field(default_factory=list)
    forecasts: list[ForecastRow] = field(default_factory=list)

    @property
    def period(self) -> Period:
        """The days that the release describes."""
        return period_named(self.row.release_id.rpartition(".")[0])

    def read(self) -> Reading:
        """Read everything.

        Raises:
            clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
        """
        frequency = FREQUENCY[self.period.kind].value
        self.begins = published.history_begins(self.client)
        self.figures = self._told(SeriesFilter(releases=[self.row.release_id]))
        past = _earlier(self.period, 1)
        self.earlier = self._told(
            SeriesFilter(
                indicators=KEY[self.period.kind], frequencies=[frequency], occupations=[""],
                industries=[""], since=past.first, until=past.last,
            )
        )  # fmt: skip
        self.trend = self._told(
            SeriesFilter(
                indicators=["flow"], frequencies=[frequency], occupations=[""], industries=[""],
                skills=[""], since=_earlier(self.period, _TREND[self.period.kind]).first,
                until=self.period.last,
            )
        )  # fmt: skip
        self.alerts = told_alerts(
            self.client, self.view, since=self.now - _ALERTS_SINCE, as_of=self.now
        )
        if self.view is View.DEPARTMENT and self.period.kind is Kind.WEEKLY:
            self.forecasts = newest_forecasts(self.client, as_of=self.now, occupation="",
                                              industry="")  # fmt: skip
        return self

    @property
    def is_decided(self) -> bool:
        """Whether the public's table of the period is issued: before it, counts cannot be told."""
        flows = [one for one in self.figures if _cell(one) == ("flow", "", "", "", "")]
        return all(one.hidden is not Hidden.NOT_DECIDED for one in flows)

    def about(self, place: str) -> Contents:
        """What the bulletin of one place tells; "" is the nation."""
        kind = self.period.kind
        by_place = _by(self.figures, lambda one: one.series.province, total=("occupation",))
        mine = [one for one in self.figures if one.series.province == place]
        return Contents(
            kind=kind, place=place, view=self.view, release=self.row, made_at=self.now,
            here=by_place.get(place, {}),
            before=_by(self.earlier, lambda one: one.series.province).get(place, {}),
            nation=by_place.get("", {}),
            groups={
                code: held
                for code, held in _by(mine, lambda one: one.series.occupation).items()
                if len(code) == 1
            },
            places={} if place else {code: held for code, held in by_place.items() if code},
            trend=self._trend(place),
            skills=_skills(mine),
            alerts=self._standing(place),
            opened=self._opened(place),
            forecasts=tuple(row for row in self.forecasts if row.province == place),
        )  # fmt: skip

    def _told(self, asked: SeriesFilter) -> list[Released]:
        found: list[Released] = []
        after: PageKey = ()
        while True:
            page = published.page(self.client, asked, after=after, limit=_PAGE, as_of=self.now)
            found += released_page(
                self.client, page, self.view, as_of=self.now, history_since=self.begins
            )
            if len(page) < _PAGE:
                return found
            after = published.key_of(page[-1], vintages=False)

    def _trend(self, place: str) -> tuple[tuple[date, Released | None], ...]:
        held = {one.time_value: one for one in self.trend if one.series.province == place}
        steps = range(_TREND[self.period.kind] - 1, -1, -1)
        days = [_earlier(self.period, back).first for back in steps]
        return tuple((day, held.get(day)) for day in days)

    def _standing(self, place: str) -> tuple[ToldAlert, ...]:
        latest: dict[str, ToldAlert] = {}
        for one in self.alerts:  # newest first
            latest.setdefault(one.alert_id, one)
        stand = [one for one in latest.values() if one.state in _STANDING and _is_of(one, place)]
        return tuple(sorted(stand, key=lambda one: (one.onset_on, one.alert_id)))

    def _opened(self, place: str) -> int:
        first, last = self.period.first, self.period.last
        return len(
            {
                one.alert_id
                for one in self.alerts
                if one.state == "firing"
                and _is_of(one, place)
                and first <= local_day(one.at) <= last
            }
        )


def _earlier(period: Period, back: int) -> Period:
    """The period `back` periods before."""
    for _ in range(back):
        period = period_of(period.kind, period.first - timedelta(days=1))
    return period


def _is_of(alert: ToldAlert, place: str) -> bool:
    """A fault of collection says nothing about the labour market."""
    return alert.kind != "collection_fault" and place in ("", alert.province)


def _cell(one: Released) -> tuple[str, str, str, str, str]:
    key = one.series
    return key.indicator, key.province, key.occupation, key.industry, key.skill


def _by(
    figures: Iterable[Released], code: _Code, total: Sequence[str] = ()
) -> dict[str, dict[str, Released]]:
    """By a code and then by indicator; crossed with nothing else than the code."""
    found: dict[str, dict[str, Released]] = defaultdict(dict)
    for one in figures:
        if one.series.industry or one.series.skill:
            continue
        if any(getattr(one.series, name) for name in total):
            continue
        found[code(one)][one.series.indicator] = one
    return dict(found)


def _skills(figures: Iterable[Released]) -> tuple[tuple[str, Released], ...]:
    shares = [
        one
        for one in figures
        if one.series.indicator == "skill_share" and one.value is not None
        and not one.series.occupation and not one.series.industry and one.series.skill
    ]  # fmt: skip
    shares.sort(key=lambda one: (-(one.value or 0.0), one.series.skill))
    return tuple((one.series.skill, one) for one in shares[:_SKILLS])
