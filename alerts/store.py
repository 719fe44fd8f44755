"""The watch's state in Redis: written whole or not at all, by one process at a time.

State, history to be written and messages to be sent go in one MULTI, guarded by the generation: a
second scheduler that believes itself leader finds the generation changed and stops.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

import msgspec
import redis

from alerts.actions import Action, Channel, action_of
from alerts.alert import Alert
from alerts.boxes import HISTORY, MESSAGES, SENT, SENT_S, Boxes
from alerts.lifecycle import Decision
from alerts.monitor import Monitor
from alerts.outbox import HistoryItem, Message, history_of
from alerts.parameters import DetectorParameters
from alerts.silences import Silence, record_of
from alerts.state import Snapshot, decode_alert, freeze, thaw
from alerts.transition import acknowledge
from config.topics import LIVE_CHANNEL
from warehouse.deeds import ActionRecord

DETECTORS: Final = "lw:detector:cells"
INDICES: Final = "lw:detector:indices"
HEADER: Final = "lw:detector:header"
CURRENT: Final = "lw:alert:current"
SILENCES: Final = "lw:alert:silences"
ANSWERED: Final = "lw:alert:answered:"
_REMEMBERED: Final = timedelta(days=1)
"""How long a submission is known again: longer than anybody presses a button twice."""


class LostLeadershipError(RuntimeError):
    """Another process has saved since this one loaded: what was computed here is void."""


class AlertStore(Boxes):
    """State, outboxes and claims. One instance per process; blocking."""

    def __init__(self, client: redis.Redis) -> None:
        super().__init__(client)
        self._generation = 0

    def load(self, parameters: DetectorParameters) -> Monitor:
        """The monitor as last saved; a fresh one when nothing is."""
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.get(HEADER)
            pipe.hgetall(DETECTORS)
            pipe.hgetall(CURRENT)
            pipe.hgetall(INDICES)
            header, detectors, alerts, indices = pipe.execute()
        if header is None:
            self._generation = 0
            return Monitor(parameters=parameters)
        snapshot = Snapshot(
            header=header, detectors=_texts(detectors), alerts=_texts(alerts),
            indices=_texts(indices),
        )  # fmt: skip
        monitor, self._generation = thaw(snapshot, parameters)
        return monitor

    def save(
        self, monitor: Monitor, history: HistoryItem, messages: Sequence[Message], now: datetime
    ) -> None:
        """Save state and outbox together.

        Raises:
            LostLeadershipError: somebody else saved in between; nothing was written.
        """
        snapshot = freeze(monitor, self._generation + 1)

        def write(pipe: redis.client.Pipeline) -> None:
            _put_state(pipe, snapshot)
            if not history.is_empty:
                pipe.rpush(HISTORY, msgspec.json.encode(history))
            for message in messages:
                pipe.rpush(MESSAGES, msgspec.json.encode(message))
            note = {"alerts_at": now.isoformat(), "alerts": len(history.alerts)}
            pipe.publish(LIVE_CHANNEL, json.dumps(note))

        self._guarded(write)

    def has_state(self) -> bool:
        """Whether a state is kept; false before the first day, and after Redis lost it."""
        return bool(self._redis.exists(HEADER))

    def restore(
        self, monitor: Monitor, *, messages: Sequence[Message], sent: Sequence[str],
        silences: Sequence[Silence], now: datetime,
    ) -> None:  # fmt: skip
        """Write a rebuilt state where there is none, all together.

        Raises:
            LostLeadershipError: there is a state by now; nothing was written.
        """
        self._generation = 0
        snapshot = freeze(monitor, 1)
        waiting = {message.message_id for _, message in self.waiting_messages()}

        def write(pipe: redis.client.Pipeline) -> None:
            _put_state(pipe, snapshot)
            for name in sent:
                pipe.set(SENT + name, now.isoformat(), ex=SENT_S)
            for message in messages:
                if message.message_id not in waiting:
                    pipe.rpush(MESSAGES, msgspec.json.encode(message))
            for silence in silences:
                pipe.hset(SILENCES, silence.silence_id, cast(str, msgspec.json.encode(silence)))

        self._guarded(write)

    def acknowledge(
        self, alert_id: str, now: datetime, *, officer: str = "desk", note: str = "",
        channel: Channel = Channel.DASHBOARD,
    ) -> Alert | None:  # fmt: skip
        """An officer takes an alert on; the alert as it is now, or None when there is none.

        The deed goes into the history like any other transition.

        Raises:
            LostLeadershipError: saved by the watch at the same moment; try again.
            alerts.actions.ActionFaultError: the account cannot be recorded.
        """
        deed = action_of(
            Action.ACKNOWLEDGED, alert_id, officer=officer, note=note, channel=channel, at=now
        )
        header = self._redis.get(HEADER)
        found = read_alert(self._redis, alert_id)
        if header is None or found is None:
            return None
        fields = msgspec.json.decode(cast(bytes, header))
        self._generation = fields["generation"]
        fields["generation"] += 1
        after, reason = acknowledge(found, now)
        decided = Decision(previous=found, alert=after, reason=reason, at=now)
        history = history_of([decided], [], now, actions=[deed])

        def write(pipe: redis.client.Pipeline) -> None:
            pipe.set(HEADER, msgspec.json.encode(fields))
            pipe.hset(CURRENT, after.key, msgspec.json.encode(after))
            if after is not found:
                pipe.rpush(HISTORY, msgspec.json.encode(history))

        self._guarded(write)
        return after

    def record(self, *deeds: ActionRecord, once: str = "") -> None:
        """Put deeds that change no state (verdicts, notes) on their way into the warehouse.

        They may concern an alert that is long over: the warehouse knows it, the state does not.

        Args:
            deeds: what was done.
            once: names the submission; what was put under the same name within a day is not put
                again.
        """
        item = HistoryItem(signals=[], alerts=[], actions=list(deeds))
        self._put_once(once, lambda pipe: pipe.rpush(HISTORY, msgspec.json.encode(item)))

    def silences(self) -> list[Silence]:
        """Every silence that is kept, in order of beginning."""
        found = cast(dict[bytes, bytes], self._redis.hgetall(SILENCES))
        kept = [msgspec.json.decode(data, type=Silence) for data in found.values()]
        return sorted(kept, key=lambda silence: (silence.from_at, silence.silence_id))

    def keep_silence(self, silence: Silence, now: datetime, *, once: str = "") -> None:
        """Set a silence, or state it anew; drops those that are over. Written with its history.

        Args:
            silence: as it is to stand.
            now: this moment.
            once: names the submission, as in `record`.
        """
        over = [kept.silence_id for kept in self.silences() if kept.to_at <= now]
        item = HistoryItem(signals=[], alerts=[], silences=[record_of(silence, now)])

        def write(pipe: redis.client.Pipeline) -> None:
            if over:
                pipe.hdel(SILENCES, *over)
            if silence.to_at > now:
                pipe.hset(SILENCES, silence.silence_id, cast(str, msgspec.json.encode(silence)))
            else:
                pipe.hdel(SILENCES, silence.silence_id)
            pipe.rpush(HISTORY, msgspec.json.encode(item))

        self._put_once(once, write)

    def is_answered(self, once: str) -> bool:
        """Whether a submission of this name was written within a day."""
        return bool(self._redis.exists(f"{ANSWERED}{once}"))

    def answered(self, once: str) -> None:
        """Remember a submission whose deed is written elsewhere."""
        self._redis.set(f"{ANSWERED}{once}", "1", ex=_REMEMBERED)

    def _put_once(self, once: str, write: Callable[[redis.client.Pipeline], object]) -> None:
        """Write in one transaction, unless a submission of this name was written already.

        Two at the same moment: the second finds the name changed under it, and writes nothing.
        """
        name = f"{ANSWERED}{once}"
        with self._redis.pipeline(transaction=True) as pipe:
            if once:
                pipe.watch(name)  # type: ignore[no-untyped-call]
                if pipe.exists(name):
                    return
                pipe.multi()
                pipe.set(name, "1", ex=_REMEMBERED)
            write(pipe)
            with suppress(redis.WatchError):
                pipe.execute()

    def _guarded(self, write: Callable[[redis.client.Pipeline], None]) -> None:
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.watch(HEADER)  # type: ignore[no-untyped-call]
            header = cast(bytes | None, pipe.get(HEADER))
            stored = msgspec.json.decode(header)["generation"] if header else 0
            if stored != self._generation:
                raise LostLeadershipError(f"generation {stored}, expected {self._generation}")
            pipe.multi()
            write(pipe)
            try:
                pipe.execute()
            except redis.WatchError as error:
                raise LostLeadershipError("saved by another process just now") from error
        self._generation += 1


def read_fed_through(client: redis.Redis) -> date | None:
    """The last day that the watch has taken in; None before the first."""
    header = cast(bytes | None, client.get(HEADER))
    fed = 0 if header is None else msgspec.json.decode(header).get("fed_through", 0)
    return date.fromordinal(fed) if fed else None


def read_alerts(client: redis.Redis) -> list[Alert]:
    """Alerts that stand now or were resolved lately, newest change first."""
    found = cast(dict[bytes, bytes], client.hgetall(CURRENT))
    return sorted((decode_alert(data) for data in found.values()), key=lambda a: a.changed_at)[::-1]


def read_alert(client: redis.Redis, alert_id: str) -> Alert | None:
    """One standing or lately resolved alert."""
    return next((a for a in read_alerts(client) if a.alert_id == alert_id), None)


def _put_state(pipe: redis.client.Pipeline, snapshot: Snapshot) -> None:
    """Replace header, detectors, published series and alerts."""
    pipe.set(HEADER, snapshot.header)
    pipe.delete(CURRENT, INDICES)
    for name, entries in (
        (DETECTORS, snapshot.detectors), (INDICES, snapshot.indices), (CURRENT, snapshot.alerts),
    ):  # fmt: skip
        if entries:
            pipe.hset(name, mapping=_as_written(entries))


def _as_written(entries: Mapping[str, bytes]) -> dict[Any, Any]:
    """The client's type wants every kind of key and value at once."""
    return dict(entries)


def _texts(found: dict[bytes, bytes]) -> dict[str, bytes]:
    return {key.decode(): value for key, value in found.items()}
