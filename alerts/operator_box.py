"""Notices to operators: decided from the warehouse's marks, kept in Redis until they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

import msgspec
import redis
import structlog
from clickhouse_connect.driver.client import Client

from alerts.notify.email import RefusedError, send
from alerts.notify.operator import compose_notice
from alerts.operators import NOTICES, Notice, Trouble, tell
from config.settings import Settings
from warehouse.marks import Mark, read_marks
from warehouse.opinions import read_doubts
from warehouse.quality.results import read_failures

TROUBLES: Final = "lw:operator:troubles"
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
        found = cast(dict[bytes, bytes], self._redis.hgetall(TROUBLES))
        troubles = {key.decode(): msgspec.json.decode(found[key], type=Trouble) for key in found}
        marks = [*read_marks(warehouse), *read_doubts(warehouse), *read_failures(warehouse)]
        told = tell([*marks, *further], troubles, now)
        if not told.notices:
            return 0
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(TROUBLES)
            for topic, trouble in told.troubles.items():
                pipe.hset(TROUBLES, topic, cast(str, msgspec.json.encode(trouble)))
            for notice in told.notices:
                pipe.rpush(NOTICES, msgspec.json.encode(notice))
            pipe.execute()
        return len(told.notices)

    def send(self, settings: Settings) -> int:
        """Send what waits, oldest first, until the mail server fails for now; how many went out.

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
        return sent
