"""Reads what officers need to correct codes, and publishes what they say.

Pages that anybody may open draw from a reading of at most half a minute ago, so that their number
costs the warehouse nothing; an officer's own steps read anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from clickhouse_connect.driver.exceptions import ClickHouseError

from config.settings import Settings
from dashboard.coding.agreement import SEED, agreements
from dashboard.coding.influence import Cell, queue
from dashboard.coding.rounds import (
    Round,
    closed_to,
    double_coded,
    part_of,
    progress,
    rounds,
    waiting_for,
)
from dashboard.coding.views import BlindVacancy, Desk, Front, OpenVacancy, with_sent
from dashboard.data import Register
from dashboard.push.problems import ProblemError
from dashboard.push.service import PushService
from dashboard.words import alert_cell
from scrapers.parsing.dates import local_day
from scrapers.push.providers import Provider
from streams.opinions import Correction
from warehouse import coding, double_coding, opinions
from warehouse.client import connect

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

T = TypeVar("T")

QUEUE_DAYS: Final = 56
COUNT_DAYS: Final = 28
"""Days over which new vacancies of a cell are counted."""
_SHOWN: Final = 12
_MOST_READ: Final = 5_000
_HISTORY: Final = 20
_FRESH: Final = timedelta(seconds=30)
_LOADING: Final = timedelta(minutes=2)
"""A correction is stored by then; until then this process remembers it itself."""
_AWAITED_S: Final = 2.0
"""How long an answer waits for the decision, so that most officers see it at once."""


class CodingDesk:
    """The desk of one process; nothing is connected before it is needed."""

    def __init__(self, settings: Settings, service: PushService, register: Register) -> None:
        self._settings, self._service, self._register = settings, service, register
        self._client: Client | None = None
        self._front: tuple[datetime, Front] | None = None
        self._reading = asyncio.Lock()
        self._just_said: dict[tuple[str, str], datetime] = {}

    async def front(self) -> Front | None:
        """What everybody may see; `None` while the warehouse has never answered."""
        async with self._reading:
            now = self._service.clock()
            if self._front is None or now - self._front[0] > _FRESH:
                try:
                    self._front = (now, await self._read(_front))
                except ProblemError:
                    return self._front[1] if self._front else None
            return self._front[1]

    async def before(self, officer: str) -> Desk:
        """The queue, and how many vacancies wait to be coded twice.

        Raises:
            ProblemError: 503, the warehouse does not answer.
        """
        today = local_day(self._service.clock())
        rows = await self._read(
            partial(coding.doubtful, since=today - timedelta(days=QUEUE_DAYS), limit=_MOST_READ)
        )
        cells = await self._read(
            partial(coding.new_in_cells, since=today - timedelta(days=COUNT_DAYS))
        )
        history = await self._read(
            partial(opinions.read_opinions, limit=_HISTORY, officer=officer, blind=False)
        )
        said = self._recently_said()
        waiting = [row for row in rows if row.vacancy_id not in {held for _, held in said}]
        ranked = queue(waiting, cells, self._alerting())
        return Desk(
            queued=ranked[:_SHOWN],
            in_doubt=len(ranked),
            waiting=len(await self._waiting(officer)),
            history=history,
        )

    async def vacancy(self, vacancy_id: str, officer: str) -> OpenVacancy | None:
        """One vacancy; `None` where there is none, or its codes are closed to the officer.

        Raises:
            ProblemError: 503, the warehouse does not answer.
        """
        if not vacancy_id or vacancy_id in closed_to(officer, await self._rounds()):
            return None
        codes = await self._read(partial(coding.coded_vacancy, vacancy_id=vacancy_id))
        stored = await self._read(partial(opinions.stored_vacancy, vacancy_id=vacancy_id))
        if codes is None or stored is None or stored.vacancy_id != vacancy_id:
            return None
        history = await self._read(
            partial(opinions.read_opinions, limit=_HISTORY, vacancy_id=vacancy_id, blind=False)
        )
        return OpenVacancy(codes=codes, stored=stored, history=history)

    async def blind(self, officer: str, vacancy_id: str = "") -> BlindVacancy | None:
        """The vacancy that the officer is to code next, or one of them; `None` where none waits.

        Raises:
            ProblemError: 503, the warehouse does not answer.
        """
        waiting = await self._waiting(officer)
        chosen = [one for one in waiting if vacancy_id in ("", one.item.vacancy_id)]
        for one in chosen:
            posting = await self._read(partial(double_coding.sampled_posting, item=one.item))
            part = part_of(one.item, officer)
            if posting is not None and part is not None:
                return BlindVacancy(one=one, part=part, posting=posting, waiting=len(waiting))
        return None

    async def say(self, provider: Provider, said: Sequence[Correction]) -> None:
        """Publish corrections; on return the broker has them.

        Raises:
            ProblemError: they were not taken.
        """
        await self._service.take_corrections(provider, said)
        for one in said:
            self._just_said[one.officer, one.vacancy_id] = one.corrected_at

    async def revocation(self, correction_id: str, officer: str, why: str) -> Correction:
        """The record that takes a correction back.

        Raises:
            CorrectionFaultError: it cannot be taken back.
            ProblemError: 503, the warehouse does not answer.
        """
        at = self._service.clock()
        return await self._read(
            partial(
                opinions.revocation_of, correction_id=correction_id, officer=officer, why=why, at=at
            )
        )

    async def effect(self, sent: Sequence[Correction], officer: str) -> OpenVacancy | None:
        """The vacancy a moment after something was said of it, decided upon or not yet.

        Raises:
            ProblemError: 503, the warehouse does not answer.
        """
        wanted = {one.correction_id for one in sent}
        began = asyncio.get_running_loop().time()
        while True:
            found = await self.vacancy(sent[0].vacancy_id, officer)
            decided = {one.correction_id for one in found.history if one.standing} if found else {}
            late = asyncio.get_running_loop().time() - began > _AWAITED_S
            if found is None or wanted <= set(decided) or late:
                return found and replace(found, history=with_sent(found.history, sent))
            await asyncio.sleep(0.3)

    async def _rounds(self) -> list[Round]:
        items = await self._read(double_coding.sample_items)
        return rounds(items, await self._read(double_coding.codings)) if items else []

    async def _waiting(self, officer: str) -> list[Round]:
        said = self._recently_said()
        return [
            one
            for one in waiting_for(officer, await self._rounds())
            if (officer, one.item.vacancy_id) not in said
        ]

    def _recently_said(self) -> set[tuple[str, str]]:
        now = self._service.clock()
        self._just_said = {key: at for key, at in self._just_said.items() if now - at <= _LOADING}
        return set(self._just_said)

    def _alerting(self) -> frozenset[Cell]:
        alerts = self._register.snapshot.alerts
        cells = (
            alert_cell(alert)
            for alert in alerts
            if alert.is_open and alert.kind != "collection_fault"
        )
        return frozenset(cell for cell in cells if cell != ("all", "all"))

    async def _read(self, ask: Callable[[Client], T]) -> T:
        try:
            return await asyncio.to_thread(self._ask, ask)
        except (ClickHouseError, OSError) as error:
            self._client = None
            raise ProblemError(503, "not_read", "The warehouse does not answer.") from error

    def _ask(self, ask: Callable[[Client], T]) -> T:
        client = self._client = self._client or connect(self._settings, readonly=True)
        return ask(client)


def _front(client: Client) -> Front:
    items = double_coding.sample_items(client)
    held = rounds(items, double_coding.codings(client)) if items else []
    return Front(
        standings=dict(coding.standings(client)),
        history=opinions.read_opinions(client, limit=_HISTORY, blind=False),
        samples=progress(held),
        agreements=agreements(double_coded(held), SEED) if held else [],
    )
