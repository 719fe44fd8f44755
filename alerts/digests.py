"""Sends the weekly digests: when they are due, each once, whoever dies in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import redis
import structlog
from clickhouse_connect.driver.client import Client

from alerts.boxes import Boxes
from alerts.digest import Audience, audiences, digest_of, due_week
from alerts.mailing import hand_over, is_due, keep_receipt
from alerts.notify.digest import compose_digest
from alerts.releases.plan import DigestTiming
from alerts.releases.shortage import PROBABILITY
from alerts.retrying import Fate
from alerts.routing import Route
from alerts.store import read_alerts
from config.settings import Settings
from warehouse.cuts import read_published
from warehouse.mailings import DIGEST, MailingRecord, Stage, digests_sent
from warehouse.series import Frequency

_log = structlog.get_logger(__name__)


class DigestDesk:
    """Digests of one installation. Blocking; for the process that leads."""

    def __init__(
        self, client: Client, redis_client: redis.Redis, routes: Sequence[Route],
        settings: Settings, timing: DigestTiming,
    ) -> None:  # fmt: skip
        self._client, self._redis, self._boxes = client, redis_client, Boxes(redis_client)
        self._routes, self._settings, self._timing = routes, settings, timing
        self._finished: date | None = None

    def send(self, now: datetime, through: date | None, owner: str) -> int:
        """Send what is due and was not sent; how many.

        If the process dies between sending and recording, a digest is sent once more with the same
        Message-ID. None is sent of a week that is not wholly read yet.

        Raises:
            clickhouse_connect.driver.exceptions.Error: the rest is sent next time.
        """
        week = due_week(now, self._timing)
        if week is None or week == self._finished or through is None or through < week:
            return 0
        if (through - week).days < 6:
            return 0
        failed = self._boxes.attempts()
        waiting = self._waiting(week)
        ready = [one for one in waiting if is_due(one.name(week), failed, now)]
        if not waiting:
            self._finished = week
        sent = 0
        for one in ready:
            if self._claims(one, week, owner):
                fate = self._send(one, week, now)
                sent += fate is Fate.SENT
                if fate is Fate.AWAY:
                    break
        return sent

    def _waiting(self, week: date) -> list[Audience]:
        """Who was not sent it: as Redis knows, and where that knows nothing, as was stored."""
        unknown = [
            one for one in audiences(self._routes) if not self._boxes.was_sent(one.name(week))
        ]
        if not unknown:
            return []
        stored = digests_sent(self._client, [one.name(week) for one in unknown])
        return [one for one in unknown if one.name(week) not in stored]

    def _claims(self, audience: Audience, week: date, owner: str) -> bool:
        return self._boxes.claim(audience.name(week), owner)

    def _send(self, audience: Audience, week: date, now: datetime) -> Fate:
        name = audience.name(week)
        assessed = read_published(
            self._client, PROBABILITY, frequency=Frequency.WEEKLY, time_value=week, before=now
        )
        found = digest_of(audience, week, read_alerts(self._redis), self._routes, assessed)
        mail = compose_digest(found, self._settings, now)
        told = hand_over(self._boxes, name, mail, self._settings, now)
        if told.fate is Fate.SENT:
            receipt = MailingRecord(
                mailing_id=name, stage=Stage.SENT, topic=DIGEST, record="", at=now, recorded_at=now
            )
            keep_receipt(self._client, receipt)
            _log.info("digest_sent", digest=name, open=len(found.open), held=len(found.held))
        return told.fate
