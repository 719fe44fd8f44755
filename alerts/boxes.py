"""What waits to go out, in Redis: history, messages, attempts, dead letters; and what was sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

import msgspec
import redis

from alerts.letters import DeadLetter, notice_of
from alerts.operators import NOTICES, UNDELIVERED, Notice, Trouble
from alerts.outbox import HistoryItem, Message, receipts_of
from alerts.retrying import Attempts

HISTORY: Final = "lw:alert:outbox:history"
MESSAGES: Final = "lw:alert:outbox:messages"
UNDELIVERABLE: Final = "lw:alert:undeliverable"
ATTEMPTS: Final = "lw:alert:attempts"
SERVER: Final = "@server"
"""Name in `ATTEMPTS` of the mail server itself."""
SENT: Final = "lw:alert:sent:"
SENT_S: Final = 400 * 86_400
REACHED: Final = "lw:alert:reached:"
"""Recipients who have a message of which others were put off."""
_CLAIM_MS: Final = 120_000


class Boxes:
    """Outboxes and claims. Blocking."""

    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def next_history(self) -> tuple[bytes, HistoryItem] | None:
        """The oldest unwritten history, with the bytes to pass to `done`."""
        data = cast(bytes | None, self._redis.lindex(HISTORY, 0))
        return None if data is None else (data, msgspec.json.decode(data, type=HistoryItem))

    def waiting_messages(self) -> list[tuple[bytes, Message]]:
        """Unsent messages, oldest first."""
        found = cast(list[bytes], self._redis.lrange(MESSAGES, 0, -1))
        return [(data, msgspec.json.decode(data, type=Message)) for data in found]

    def done(self, box: str, data: bytes) -> None:
        """Take a delivered item out of its box."""
        self._redis.lrem(box, 1, cast(str, data))

    def claim(self, message_id: str, owner: str) -> bool:
        """Whether `owner` is to send the message now: it was not sent and nobody else is at it."""
        key = f"lw:alert:claim:{message_id}"
        taken = self._redis.set(key, owner, nx=True, px=_CLAIM_MS)
        if not taken and self._redis.get(key) != owner.encode():
            return False
        # Only now: a rival that sent it recorded that and dropped its claim in one step.
        return not self._redis.exists(SENT + message_id)

    def was_sent(self, message_id: str) -> bool:
        """Whether the message went out."""
        return bool(self._redis.exists(SENT + message_id))

    def sent(self, message_id: str, data: bytes, now: datetime) -> None:
        """Record the sending, with receipts for the history, and drop the message, together."""
        message = msgspec.json.decode(data, type=Message)
        item = HistoryItem(signals=[], alerts=[], actions=receipts_of(message, now))
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(SENT + message_id, now.isoformat(), ex=SENT_S)
            pipe.lrem(MESSAGES, 1, cast(str, data))
            pipe.delete(f"lw:alert:claim:{message_id}", REACHED + message_id)
            pipe.hdel(ATTEMPTS, message_id)
            pipe.rpush(HISTORY, msgspec.json.encode(item))
            pipe.execute()

    def mark_sent(self, name: str, now: datetime) -> None:
        """Record the sending of what is no message of an alert, and drop its claim, together."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(SENT + name, now.isoformat(), ex=SENT_S)
            pipe.delete(f"lw:alert:claim:{name}", REACHED + name)
            pipe.hdel(ATTEMPTS, name)
            pipe.execute()

    def give_up(self, name: str, reason: str, now: datetime) -> None:
        """Tell operators that it was never taken, and try it no more, together."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.rpush(NOTICES, _undelivered(name, reason, now))
            pipe.set(SENT + name, now.isoformat(), ex=SENT_S)
            pipe.hdel(ATTEMPTS, name)
            pipe.execute()

    def tell_undelivered(self, name: str, reason: str, now: datetime) -> None:
        """Tell operators that one of its recipients will never take it."""
        self._redis.rpush(NOTICES, _undelivered(name, reason, now))

    def reached_of(self, name: str) -> frozenset[str]:
        """Addresses that were dealt with while others were put off."""
        found = cast(set[bytes], self._redis.smembers(REACHED + name))
        return frozenset(address.decode() for address in found)

    def remember_reached(self, name: str, addresses: Sequence[str]) -> None:
        """Keep who needs to be tried no more, until the message is done."""
        if not addresses:
            return
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.sadd(REACHED + name, *addresses)
            pipe.expire(REACHED + name, SENT_S)
            pipe.execute()

    def passed(self, message_id: str, channel: str, now: datetime) -> None:
        """Record that one channel of a message is done; `was_sent` of `id@channel` knows it."""
        self._redis.set(f"{SENT}{message_id}@{channel}", now.isoformat(), ex=SENT_S)

    def attempts(self) -> dict[str, Attempts]:
        """Failed attempts of what waits, by Message-ID, and of the mail server."""
        found = cast(dict[bytes, bytes], self._redis.hgetall(ATTEMPTS))
        return {
            name.decode(): msgspec.json.decode(data, type=Attempts) for name, data in found.items()
        }

    def postpone(self, name: str, attempts: Attempts) -> None:
        """Keep a failed attempt; the next is not before its time."""
        self._redis.hset(ATTEMPTS, name, cast(str, msgspec.json.encode(attempts)))

    def reached(self, name: str) -> None:
        """Forget failed attempts."""
        self._redis.hdel(ATTEMPTS, name)

    def refuse(
        self, data: bytes, reason: str, now: datetime, *, channel: str = "email",
        stays: bool = False,
    ) -> None:  # fmt: skip
        """Keep a dead letter with its reason, and tell operators of it, together.

        With `stays` the message goes on: only one of its channels or recipients was given up.
        """
        message = msgspec.json.decode(data, type=Message)
        note = DeadLetter(at=now, reason=reason, channel=channel, message=message)
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.rpush(UNDELIVERABLE, msgspec.json.encode(note))
            pipe.rpush(NOTICES, msgspec.json.encode(notice_of(note)))
            if not stays:
                pipe.lrem(MESSAGES, 1, cast(str, data))
                pipe.hdel(ATTEMPTS, message.message_id)
            pipe.execute()

    def dead_letters(self) -> list[DeadLetter]:
        """What could not be delivered, oldest first."""
        found = cast(list[bytes], self._redis.lrange(UNDELIVERABLE, 0, -1))
        return [_letter(data) for data in found]

    def take_dead(self, letter_id: str, *, again: bool) -> DeadLetter | None:
        """Remove a dead letter; with `again` its message is sent once more. None: there is none."""
        for data in cast(list[bytes], self._redis.lrange(UNDELIVERABLE, 0, -1)):
            letter = _letter(data)
            if letter.letter_id != letter_id:
                continue
            with self._redis.pipeline(transaction=True) as pipe:
                pipe.lrem(UNDELIVERABLE, 1, cast(str, data))
                if again:
                    name = letter.message.message_id
                    pipe.delete(SENT + name, f"{SENT}{name}@{letter.channel}")
                    pipe.rpush(MESSAGES, msgspec.json.encode(letter.message))
                pipe.execute()
            return letter
        return None


def _undelivered(name: str, reason: str, now: datetime) -> bytes:
    trouble = Trouble(
        source_id=name, mark_id=f"{UNDELIVERED} {name}", kind=UNDELIVERED, since=now,
        reason=reason, evidence="email",
    )  # fmt: skip
    return msgspec.json.encode(Notice(trouble=trouble, at=now))


def _letter(data: bytes) -> DeadLetter:
    """A dead letter, also of the form kept before 0.4: the message as text, no channel."""
    fields = json.loads(data)
    if isinstance(fields["message"], str):
        fields |= {"message": json.loads(fields["message"]), "channel": "email"}
    return msgspec.convert(fields, type=DeadLetter)
