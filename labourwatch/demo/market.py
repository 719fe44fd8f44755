"""The running market: scenario, store and present together, as boards and control see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labourwatch.demo.adverts import Advert, vacancy_key_of, write_advert
from labourwatch.demo.calendar import VIENTIANE
from labourwatch.demo.descriptions import Body
from labourwatch.demo.live import Added, Live
from labourwatch.demo.pay import NOTHING
from labourwatch.demo.places import Place, Reach, reach_of
from labourwatch.demo.postings import Copy, Defect, unpack
from labourwatch.demo.store import Store
from labourwatch.demo.vacancies import Opening, Scenario

Clock = Callable[[], datetime]
OBSERVED_HOUR: Final = 22
"""Hour of the day (Vientiane) at which the archive saw the boards."""


def wall_clock() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A market at work. `clock` tells the present; history never depends on it."""

    scenario: Scenario
    store: Store
    live: Live
    clock: Clock

    def opening(self, key: int) -> Opening:
        """The vacancy behind a posting's key."""
        added = self.live.added.get(key)
        if added is not None:
            return Opening(
                province=added.province,
                occupation=added.occupation,
                employer=key % len(self.scenario.employers.all),
                language=added.language,
            )
        day, index, _ = unpack(key)
        return self.store.born_on(day).at(index)

    def advert(self, index: int) -> Advert:
        """The advert at a row of the store."""
        row = self.store.row(index)
        advert = write_advert(self.scenario, self.opening(row.key), row)
        added = self.live.added.get(row.key)
        return as_asked(advert, added) if added else advert

    def adverts(self, indices: Sequence[int] | NDArray[np.intp]) -> list[Advert]:
        """Adverts at several rows."""
        return [self.advert(int(index)) for index in indices]

    def observed_at(self, day: int) -> datetime:
        """When the archive saw the boards on a market day (UTC)."""
        civil: date = self.scenario.date_of(day)
        local = datetime(civil.year, civil.month, civil.day, OBSERVED_HOUR, tzinfo=VIENTIANE)
        return local.astimezone(UTC)

    def vacancy_id(self, key: int) -> str:
        """True identity of the vacancy behind a posting."""
        day, index, _ = unpack(key)
        return f"V{day:04d}-{index:04d}"

    def true_role(self, index: int) -> str:
        """What the posting at a row truly is to its vacancy."""
        return Copy(int(self.store.table.copy[index])).name.lower()

    def defect(self, index: int) -> Defect:
        """What is wrong with the posting at a row."""
        return Defect(int(self.store.table.defect[index]))

    def reach(self, key: int) -> Reach:
        """How the vacancy behind a posting states its place."""
        if key in self.live.added:
            return Reach.NAMED
        return reach_of(vacancy_key_of(self.scenario.seed, key))


def as_asked(advert: Advert, added: Added) -> Advert:
    """A simulated advert with what was asked for put in its place."""
    employer = added.employer or advert.employer
    place = advert.place
    if added.place:
        place = Place(text=added.place, reach=Reach.NAMED, provinces=(added.place,))
    body = advert.body
    if added.description:
        body = Body(intro=added.description, duties=(), asked=(), given=(), contact="")
    return replace(
        advert, title=added.title, employer=employer, place=place, body=body,
        offer=replace(NOTHING, text=added.salary) if added.salary else advert.offer,
    )  # fmt: skip
