"""What an observer finds wrong with a chain: boards against tables, history against mail."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from typing import Final

import redis
from aiokafka.errors import KafkaError
from clickhouse_connect.driver.exceptions import Error

from alerts.backlog import backlog
from alerts.scheduler import rules_of
from alerts.store import AlertStore
from benchmarks.faults_chain_stack import Chain
from benchmarks.sums import Sums, check_sums
from tests.engine_judge import judged
from warehouse.client import connect
from warehouse.history import read_alert_history

SETTLE_S: Final = 120.0
_EVERYTHING: Final = 1_000_000
_OF_ALERT: Final = re.compile(r"<[0-9a-f]{16}\.[0-9]+@")
"""Operators' notices and digests have other names; a second copy of those counts too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is wrong so far. Counts from the beginning of the chain."""

    served: int
    lost: int
    doubled: int
    """Records stored twice, roll-up cells that differ, and postings that no board had."""
    notices: int
    """Decisions to tell, each of one alert."""
    notices_lost: int
    double_notified: int

    def since(self, before: Findings) -> Findings:
        """What has come to be since then."""
        return Findings(
            **{name: getattr(self, name) - getattr(before, name) for name in asdict(self)}
        )


NOTHING: Final = Findings(served=0, lost=0, doubled=0, notices=0, notices_lost=0, double_notified=0)


def settled(chain: Chain) -> Findings:
    """Findings once nothing is wrong and nothing waits, or two minutes after the last progress."""
    deadline, least = time.monotonic() + SETTLE_S, None
    while True:
        found = None
        try:
            waiting = _waiting(chain)
            if least is None or waiting < least:
                deadline, least = time.monotonic() + SETTLE_S, waiting
            if not waiting:
                found = findings(chain)
                if not (found.lost or found.doubled or found.notices_lost):
                    return found
        except (Error, KafkaError, redis.RedisError, OSError):
            pass  # a part is still coming back
        if time.monotonic() > deadline:
            return found or findings(chain)
        time.sleep(1.0)


def notices_settled(chain: Chain) -> tuple[int, int, int]:
    """Decisions to tell, lost and doubled ones, once nothing waits in the outboxes."""
    deadline = time.monotonic() + 2 * SETTLE_S
    while _waiting_to_tell(chain) and time.monotonic() < deadline:
        time.sleep(1.0)
    return _notices(chain)


def findings(chain: Chain) -> Findings:
    """Compare what was served and decided with what is stored and was received."""
    sums = check_sums(chain.stack)
    notices, lost, double = _notices(chain)
    return Findings(
        served=sums.served, lost=_missing(sums), doubled=sums.doubled + sums.unserved,
        notices=notices, notices_lost=lost, double_notified=double,
    )  # fmt: skip


def _missing(sums: Sums) -> int:
    """Neither stored nor refused, or stored without ever having a role."""
    return max(sums.lost, sums.served - sums.stored - sums.linked - sums.refused)


def _waiting_to_tell(chain: Chain) -> int:
    """History and messages in their outboxes."""
    with redis.Redis.from_url(chain.stack.settings.redis_url) as client:
        store = AlertStore(client)
        return len(store.waiting_messages()) + (store.next_history() is not None)


def _waiting(chain: Chain) -> int:
    """Records in topics, and what waits to be told."""
    return _waiting_to_tell(chain) + sum(asyncio.run(backlog(chain.stack.settings)).values())


def _notices(chain: Chain) -> tuple[int, int, int]:
    """Decisions to tell; those that no mail tells; mails too many for a decision and recipient."""
    settings = chain.stack.settings
    with connect(settings, readonly=True) as client:
        history = read_alert_history(client, limit=_EVERYTHING)
    mails, repeated = received(chain.box.taken)
    told = [mail for mail in mails if _OF_ALERT.match(str(mail["Message-ID"]))]
    rows = [asdict(record) for record in history]
    verdict = judged(rows, told, (), rules_of(settings))
    return verdict.told, verdict.lost, verdict.doubled + repeated


def received(taken: Sequence[tuple[bytes, tuple[str, ...]]]) -> tuple[list[EmailMessage], int]:
    """Each mail once, and how often a recipient got one again: the same by its Message-ID."""
    mails: dict[str, EmailMessage] = {}
    heard: Counter[tuple[str, str]] = Counter()
    for data, recipients in taken:
        mail = email.message_from_bytes(data, policy=email.policy.default)
        name = str(mail["Message-ID"])
        mails.setdefault(name, mail)
        heard.update((name, recipient) for recipient in recipients)
    return list(mails.values()), sum(count - 1 for count in heard.values())
