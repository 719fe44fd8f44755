"""Notices to operators: decided from the warehouse's marks, kept in Redis until they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, cast

import msgspec
import redis
import structlog
from clickhouse_connect.driver.client import Client

from alerts.mailing import keep_receipt
from alerts.notify.email import RefusedError, send
from alerts.notify.operator import compose_notice
from alerts.operators import NOTICES, Notice, Trouble, remembered, tell
from config.settings import Settings
from warehouse.mailings import MailingRecord, Stage, read_notices, write_mailings
from warehouse.marks import Mark, read_marks
from warehouse.opinions import read_doubts
from warehouse.quality.results import read_failures

TROUBLES: Final = "lw:operator:troubles"
REMEMBERED: Final = "lw:operator:remembered"
"""Absent where Redis has lost what operators know, or never knew."""
UNDELIVERABLE: Final = "lw:operator:undeliverable"
_log = structlog.get_logger(__name__)


class OperatorBox:
    """Only the leading scheduler uses it: a notice is decided and recorded by one process."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def collect(self, warehouse: Client, now: datetime, further: Sequence[Mark] = ()) -> int:
        """Put what is new into the box, together with the memory of it; how many notices.

        Args:
            further: periods that no table holds (`alerts.source_marks`).

        Raises:
            clickhouse_connect.driver.exceptions.Error: nothing was changed; again later.
        """
        if not self._redis.exists(REMEMBERED):
            self._remember(warehouse, now)
        found = cast(dict[bytes, bytes], self._redis.hgetall(TROUBLES))
        troubles = {key.decode(): msgspec.json.decode(found[key], type=Trouble) for key in found}
        marks = [*read_marks(warehouse), *read_doubts(warehouse), *read_failures(warehouse)]
        told = tell([*marks, *further], troubles, now)
        if not told.notices:
            return 0
        write_mailings(warehouse, [_record(one, Stage.DECIDED, now) for one in told.notices])
        self._keep(told.troubles, told.notices)
        return len(told.notices)

    def _remember(self, warehouse: Client, now: datetime) -> None:
        """Take what operators were told from the warehouse, unless an older version left it."""
        if self._redis.exists(TROUBLES, NOTICES):
            self._redis.set(REMEMBERED, "")
            return
        rows = read_notices(warehouse)
        sent = {row.mailing_id for row in rows if row.stage == Stage.SENT}
        decided = [
            msgspec.json.decode(row.record, type=Notice)
            for row in rows
            if row.stage == Stage.DECIDED
        ]
        known = remembered(decided, sent, now)
        self._keep(known.troubles, known.notices)
        if known.troubles:
            _log.warning("operators_memory_rebuilt", troubles=len(known.troubles))

    def _keep(self, troubles: Mapping[str, Trouble], notices: Sequence[Notice]) -> None:
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(TROUBLES)
            for topic, trouble in troubles.items():
                pipe.hset(TROUBLES, topic, cast(str, msgspec.json.encode(trouble)))
            for notice in notices:
                pipe.rpush(NOTICES, msgspec.json.encode(notice))
            pipe.set(REMEMBERED, "")
            pipe.execute()

    def send(self, settings: Settings, now: datetime, warehouse: Client | None = None) -> int:
        """Send what waits, oldest first, until the mail server fails for now; how many went out.

        Receipts are kept in the warehouse, where one is given.

        If the process dies between sending and recording, the notice is sent once more with the
        same Message-ID, by which mail systems know it; it is never lost.
        """
        sent = 0
        while (data := cast(bytes | None, self._redis.lindex(NOTICES, 0))) is not None:
            notice = msgspec.json.decode(data, type=Notice)
            try:
                send(compose_notice(notice, settings), settings)
                sent += 1
            except RefusedError as error:
                _log.error("notice_refused", source=notice.trouble.source_id, why=str(error))
                self._redis.rpush(UNDELIVERABLE, data)
            except OSError as error:
                _log.warning("mail_server_away", why=repr(error))
                break
            self._redis.lpop(NOTICES)
            if warehouse is not None:
                keep_receipt(warehouse, _record(notice, Stage.SENT, now))
        return sent


def _record(notice: Notice, stage: Stage, now: datetime) -> MailingRecord:
    return MailingRecord(
        mailing_id=notice.message_id,
        stage=stage.value,
        topic=notice.topic,
        record=msgspec.json.encode(notice).decode(),
        at=notice.at if stage is Stage.DECIDED else now,
        recorded_at=now,
    )
