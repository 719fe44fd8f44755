"""What releases are computed from, as it stood at one cut-off: read once, asked often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from alerts.coverage import BASELINE_DAYS, Coverage, coverage_from
from warehouse import facts
from warehouse.cuts import FrozenCuts, read_cuts, read_published
from warehouse.health import RunDay, run_days
from warehouse.histories import read_spells
from warehouse.series import Frequency, Observation
from warehouse.spells import Spell

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Kept = TypeVar("Kept")
_BEGINNING: Final = date(2000, 1, 1)


class Evidence:
    """The register at a cut-off. Blocking; not for two threads at once.

    Args of `__init__`:
        client: may read.
        cutoff: only what was stored by then is seen.
        since: first day of flow that will be asked for; earlier days are empty.
        until: last such day.
    """

    def __init__(self, client: Client, *, cutoff: datetime, since: date, until: date) -> None:
        self.cutoff = cutoff
        self._client = client
        self._since = since
        self._until = until
        self._flow: dict[int, list[facts.Counted]] | None = None
        self._visits: list[RunDay] | None = None
        self._coverage: Coverage | None = None
        self._kept: dict[tuple[str, date], Any] = {}

    def flow(self, since: date, until: date) -> list[facts.Counted]:
        """New vacancies from `since` through `until`."""
        if since < self._since:
            return facts.read_flow(self._client, since=since, until=until, cutoff=self.cutoff)
        if self._flow is None:
            self._flow = {}
            for row in facts.read_flow(
                self._client, since=self._since, until=self._until, cutoff=self.cutoff
            ):
                self._flow.setdefault(row.day, []).append(row)
        days = range(since.toordinal(), until.toordinal() + 1)
        return [row for day in days for row in self._flow.get(day, ())]

    def stock(self, day: date) -> list[facts.Counted]:
        """Vacancies open at the end of `day`."""
        return facts.read_stock(self._client, day=day, cutoff=self.cutoff)

    def described(self, since: date, until: date) -> list[facts.Described]:
        """Vacancies opened from `since` through `until`, with pay and skills."""
        return facts.read_described(self._client, since=since, until=until, cutoff=self.cutoff)

    def people(self, measures: Sequence[str], until: date) -> list[facts.People]:
        """Supply up to `until`; cells too small to be released are left out."""
        found = facts.read_people(self._client, measures=measures, until=until, cutoff=self.cutoff)
        return [row for row in found if row.releasable]

    def spells(self, since: date, until: date) -> list[Spell]:
        """Spells of the vacancies opened from `since` through `until`."""
        return read_spells(self._client, since=since, until=until, as_of=self.cutoff)

    def employers(self, since: date, until: date) -> Mapping[str, int]:
        """Hash of the employer by vacancy; 0: none is named."""
        return facts.read_employers(self._client, since=since, until=until, cutoff=self.cutoff)

    def published(self, indicator: str, frequency: Frequency, first: date) -> list[Observation]:
        """Figures of an indicator for the period from `first`, issued before the cut-off."""
        return read_published(
            self._client, indicator, frequency=frequency, time_value=first, before=self.cutoff
        )

    def frozen(self, year: int) -> list[FrozenCuts]:
        """Percentiles that were frozen for `year` before the cut-off."""
        return read_cuts(self._client, year=year, before=self.cutoff)

    def kept(self, name: str, first: date, make: Callable[[], Kept]) -> Kept:
        """What `make` gives for the period from `first`, made once: several releases share it."""
        if (name, first) not in self._kept:
            self._kept[name, first] = make()
        return cast(Kept, self._kept[name, first])

    @property
    def coverage(self) -> Coverage:
        """Which source was visited on which day."""
        if self._coverage is None:
            self._coverage = coverage_from(
                (day.source_id, day.day.toordinal(), day.ok > 0) for day in self._run_days()
            )
        return self._coverage

    def observed(self, first: date, last: date) -> float:
        """Share of a period that was seen: by day, of what its comparable sources usually bring.

        A source weighs as many postings as came from it in the eight weeks before the period.
        """
        before = first - timedelta(days=BASELINE_DAYS)
        usual = Counter[str]()
        for run in self._run_days():
            if before <= run.day < first:
                usual[run.source_id] += run.published
        days = range(first.toordinal(), last.toordinal() + 1)
        return sum(self.coverage.of_day(day).share_seen(usual) for day in days) / len(days)

    def _run_days(self) -> list[RunDay]:
        if self._visits is None:
            self._visits = run_days(self._client, since=_BEGINNING, as_of=self.cutoff)
        return self._visits

    @property
    def begins(self) -> date | None:
        """First day wholly observed: the one after the first visit."""
        first = self.coverage.first_day
        return None if first is None else date.fromordinal(first + 1)
