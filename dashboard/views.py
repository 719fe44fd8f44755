"""What the pages show: records read from the warehouse and the alert store, ready for display."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from dashboard.comparison import Basis, SourceFitness, Withheld
from dashboard.cube import Cube
from dashboard.released import Figures
from warehouse.disclosure.forecasts import ToldForecast
from warehouse.disclosure.records import PublicCount, Released, View
from warehouse.quality.records import Result
from warehouse.series import SeriesKey
from warehouse.strategy_entries import StrategyEntry
from warehouse.strategy_values import StrategyValue
from warehouse.systems import Receipt, Volume
from warehouse.usage_figures import Use

OPEN_STATES: Final = frozenset({"pending", "firing", "acknowledged"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyRow:
    """A classified vacancy, as one line of a table."""

    vacancy_id: str
    title: str
    employer: str
    province: str
    isco08: str
    isco08_probability: float
    isco08_reason: str
    source_id: str
    language: str
    opened_on: date
    first_seen: datetime
    """When the warehouse first held it (UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricChange:
    """A metric of a source that is not as its history expects."""

    reason: str
    """`scrapers.health_records.HealthReason`."""
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubledPeriod:
    """A period in which a source cannot be believed."""

    source_id: str
    kind: str
    from_at: datetime
    to_at: datetime | None
    reason: str
    ending: str
    """`scrapers.health_records.MarkEnd`, or "" while it lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source is doing: its last crawl, and what it has given so far."""

    source_id: str
    finished_at: datetime
    outcome: str
    detail: str
    listed: int
    """Adverts on its listing when it was last read whole."""
    published: int
    refused: int
    runs: int
    failed_runs: int
    verdict: str = ""
    """Of the period it is in, else of its last measured crawl; "" where none was measured."""
    since: datetime | None = None
    """Beginning of the period that it is in."""
    changes: tuple[MetricChange, ...] = ()
    at_least: bool = False
    """Whether `published` is the lower end of a band, for the public."""

    @property
    def answers(self) -> bool:
        """Whether the last crawl saw the source's listing."""
        return self.outcome in {"ok", "partial"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """How many records a stage refused for one reason."""

    stage: str
    reason: str
    count: int
    latest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """An alert as it stands. "" as province or group: the nation, all occupations."""

    alert_id: str
    state: str
    kind: str
    direction: str
    province: str
    isco1: str
    onset_on: date
    changed_at: datetime
    observed: float | None
    expected: float | None
    ratio: float | None
    ratio_lower: float | None
    ratio_upper: float | None
    n: int | None
    sources: tuple[str, ...]
    reason: str
    detail: str
    severity: str = "moderate"
    """`alerts.severity.Severity`."""
    industry: str = ""
    """ISIC section of most of the vacancies behind it; "" where none leads, and for the public."""
    indicator: str = "flow"
    """What changed: code of `config/codelists/indicators.csv`."""
    probability: float | None = None
    """Where it is of a probability: that probability."""
    hidden: bool = False
    """Whether the figures are not for this viewer: then they are `None`, all of them."""

    @property
    def is_open(self) -> bool:
        """Whether it is not yet resolved."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChange:
    """One line of an alert's history."""

    at: datetime
    state: str
    previous_state: str
    reason: str
    notified: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did about an alert. Never shown to the public: notes are officers' words."""

    at: datetime
    action: str
    """`alerts.actions.Action`."""
    by: str
    """A role of `dashboard.accounts.records.Role`, or `link`, `command`, `service` for who has no
    account, or `officer` where the account is no longer there."""
    province: str = ""
    """Of a provincial account."""
    verdict: str = ""
    done: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What had come from every source at a moment: systems and strategy figures follow from it."""

    as_of: datetime
    receipts: tuple[Receipt, ...]
    volumes: tuple[Volume, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Exact figures of the one province whose office is looking."""

    province: str
    cube: Cube
    """Every other province is zero in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Whether changes over time may be stated, and which sources stand in the way."""

    withheld: Withheld | None
    left_out: tuple[SourceFitness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything the pages show, as it stood at one moment. Pages are pure functions of it.

    A viewer gets a copy without what is not for them (`dashboard/accounts/seeing.py`).
    """

    version: int = 0
    """Grows with every refresh."""
    cube: Cube | None = None
    """Flow and stock at the dashboard's grain; `None` before the first event."""
    filling: bool = False
    """Whether history is still being read: no change may be stated of half-loaded days."""
    basis: Basis | None = None
    """What changes are computed from; `None` while that is not read."""
    loaded_at: datetime | None = None
    """When the newest event reached the warehouse (UTC)."""
    events: int = 0
    """How many events the warehouse holds."""
    vacancies: tuple[VacancyRow, ...] = ()
    """The newest vacancies, newest first."""
    sources: tuple[SourceHealth, ...] = ()
    """All sources ever crawled, by name."""
    periods: tuple[TroubledPeriod, ...] = ()
    """The latest periods in which a source could not be believed, newest first."""
    came: Came | None = None
    """`None` before the first reading."""
    refusals: tuple[Refusals, ...] = ()
    """Dead letters by stage and reason, most frequent first."""
    told: tuple[PublicCount, ...] = ()
    """The public's counts by week: of the nation, of provinces and of major groups."""
    told_mark: str = ""
    """Changes when a public table was issued."""
    own: Own | None = None
    """The viewer's own province, where the rest is the public's."""
    is_public: bool = False
    """Whether this is a copy without exact figures: no cube, no basis."""
    changes: Changes | None = None
    """Of such a copy: what its basis said of changes."""
    released: Mapping[View, Figures] = field(default_factory=dict)
    """Published figures, as each view may see them."""
    released_mark: object = None
    """What `released` was read at; another mark means that there is more."""
    released_at: datetime | None = None
    """When `released` was read."""
    released_waits: bool = False
    """There is more than was read, and it was too soon to read again."""
    forecasts: Mapping[View, tuple[ToldForecast, ...]] = field(default_factory=dict)
    """The newest forecasts by cell and horizon, as each view may see them."""
    quality: tuple[Result, ...] = ()
    """Checks of data quality as last judged, by check and subject."""
    entries: tuple[StrategyEntry, ...] = ()
    """Indicators of the strategy that officers entered, by number and day."""
    values: tuple[StrategyValue, ...] = ()
    """Indicators of the strategy that the service found, day by day, by number and day."""
    use: Use | None = None
    """How the service is used; `None` before it was read."""
    districts: Mapping[str, int] = field(default_factory=dict)
    """New vacancies of the last 13 weeks by district, for departments; empty until read."""
    alerts: tuple[AlertView, ...] = ()
    """All alerts, open ones first, then by last change, newest first."""
    histories: Mapping[str, tuple[AlertChange, ...]] = field(default_factory=dict)
    """Transitions of each alert, oldest first."""
    deeds: Mapping[str, tuple[Deed, ...]] = field(default_factory=dict)
    """What was done about each alert, oldest first; only of alerts whose figures are shown."""
    courses: Mapping[SeriesKey, tuple[Released, ...]] = field(default_factory=dict)
    """Published figures that alerts of other kinds than counts were decided on, oldest first."""
    courses_mark: object = None
    """What `courses` was read at."""

    @property
    def withheld(self) -> Withheld | None:
        """Why no change may be stated; `None` where it may."""
        if self.filling or self.basis is None:
            return Withheld.FILLING
        return self.basis.withheld

    @property
    def comparable(self) -> Changes:
        """Whether changes may be stated; known of copies without exact figures too."""
        if self.changes is not None:
            return self.changes
        return Changes(withheld=self.withheld, left_out=self.basis.left_out if self.basis else ())

    def figures(self, view: View) -> Figures:
        """Published figures as `view` may see them; none before the first release."""
        return self.released.get(view) or Figures(view=view)

    def alert(self, alert_id: str) -> AlertView | None:
        """The alert with this id, if there is one."""
        return next((alert for alert in self.alerts if alert.alert_id == alert_id), None)
