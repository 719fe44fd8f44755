"""What the words of `labourwatch alerts` do: each gives the lines that are said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import redis

from alerts.actions import Action, ActionFaultError, Channel, Verdict, action_of
from alerts.alert import Alert, State
from alerts.parameters import load_parameters
from alerts.recovery import recover
from alerts.silences import Matchers, Silence, ended, hidden_by, silence_of
from alerts.store import AlertStore, LostLeadershipError, read_alerts
from alerts.watch import Watch, utc_now
from config.settings import Settings
from dashboard.accounts.chain import Deed
from labourwatch.shell_deeds import note as note_deed
from warehouse.client import connect
from warehouse.deeds import read_actions
from warehouse.history import AlertRecord, read_alert_history

T = TypeVar("T")
_ATTEMPTS = 5


def listing(settings: Settings, *, every: bool) -> list[str]:
    """The alerts that stand, a line each; resolved ones too where `every`."""
    with redis.Redis.from_url(settings.redis_url) as client:
        found = [alert for alert in read_alerts(client) if every or alert.is_open]
    return [_line(alert) for alert in found] or ["no alert stands"]


def whole(settings: Settings, begin: str) -> list[str]:
    """One alert with its history and deeds.

    Raises:
        ValueError: none, or several, begin with `begin`.
    """
    with connect(settings, readonly=True) as client:
        history = read_alert_history(client)
        alert_id = _one(settings, begin, {row.alert_id for row in history})
        rows = [row for row in history if row.alert_id == alert_id][::-1]
        deeds = read_actions(client, alert_id=alert_id)
    with redis.Redis.from_url(settings.redis_url) as store:
        standing = [alert for alert in read_alerts(store) if alert.alert_id == alert_id]
    lines = [_line(alert) for alert in standing]
    lines += [f"  {alert.detail}" for alert in standing]
    lines += [_step(row) for row in rows]
    lines += [
        f"{d.at:%Y-%m-%d %H:%M}  {d.action} {d.verdict} by {d.officer}  {d.done}  {d.note}".rstrip()
        for d in deeds
    ]
    return lines


def take_on(settings: Settings, begin: str, *, officer: str, note: str) -> list[str]:
    """Acknowledge.

    Raises:
        ValueError: no such alert, it does not fire, or no account.
    """
    with redis.Redis.from_url(settings.redis_url) as client:
        alert_id = _one(settings, begin, set())
        after = again(
            lambda: AlertStore(client).acknowledge(
                alert_id, utc_now(), officer=officer, note=note, channel=Channel.COMMAND
            )
        )
    if after is None or after.state is not State.ACKNOWLEDGED:
        raise ValueError(f"{alert_id} does not fire: only a firing alert is acknowledged")
    note_deed(settings, Deed.ALERT_ACKNOWLEDGED, alert_id, officer)
    return [f"{alert_id} is acknowledged by {officer}"]


def judge(
    settings: Settings, begin: str, *, verdict: str, officer: str, done: str, note: str
) -> list[str]:
    """Record a verdict, also about an alert that is long over.

    Raises:
        ValueError: no such alert, no such verdict, or no account.
    """
    if verdict not in list(Verdict):
        raise ActionFaultError(f"{verdict!r} is no verdict: true, false or unsure")
    with connect(settings, readonly=True) as client:
        known = {row.alert_id for row in read_alert_history(client)}
    deed = action_of(
        Action.VERDICT, _one(settings, begin, known), officer=officer, done=done, note=note,
        channel=Channel.COMMAND, at=utc_now(), verdict=Verdict(verdict),
    )  # fmt: skip
    with redis.Redis.from_url(settings.redis_url) as store:
        AlertStore(store).record(deed)
    note_deed(settings, Deed.ALERT_JUDGED, deed.alert_id, f"{verdict} {officer}")
    return [f"{deed.alert_id} is judged {verdict} by {officer}"]


def hush(
    settings: Settings, matchers: Matchers, *, begin: datetime | None, until: datetime,
    officer: str, why: str, preview: bool,
) -> list[str]:  # fmt: skip
    """Silence, or show what that would hide.

    Raises:
        ValueError: nothing is matched, no end, no reason or no account.
    """
    now = utc_now()
    silence = silence_of(
        matchers, from_at=now if begin is None else _utc(begin), to_at=_utc(until),
        officer=officer, why=why,
    )  # fmt: skip
    with redis.Redis.from_url(settings.redis_url) as client:
        hidden = hidden_by(matchers, read_alerts(client))
        if not preview:
            AlertStore(client).keep_silence(silence, now)
            target = matchers.alert_id or silence.silence_id
            note_deed(settings, Deed.ALERT_SILENCED, target, _scope(silence))
    said = "it would hide" if preview else f"{silence.silence_id} is set; it hides"
    return [f"{said} {len(hidden)} of the open alerts", *map(_line, hidden)]


def silences(settings: Settings) -> list[str]:
    """Silences that are not over, a line each."""
    now = utc_now()
    with redis.Redis.from_url(settings.redis_url) as client:
        kept = [silence for silence in AlertStore(client).silences() if silence.to_at > now]
    return [_silence_line(silence) for silence in kept] or ["no silence holds"]


def unhush(settings: Settings, silence_id: str, *, officer: str) -> list[str]:
    """End a silence now.

    Raises:
        ValueError: no such silence, or no account.
    """
    now = utc_now()
    with redis.Redis.from_url(settings.redis_url) as client:
        store = AlertStore(client)
        found = next((s for s in store.silences() if s.silence_id == silence_id), None)
        if found is None:
            raise ValueError(f"no silence {silence_id}; see `labourwatch alerts silences`")
        store.keep_silence(ended(found, now, officer), now)
    target = found.matchers.alert_id or silence_id
    note_deed(settings, Deed.SILENCE_ENDED, target, f"{silence_id} {officer}")
    return [f"{silence_id} is ended by {officer}"]


def rebuild(settings: Settings) -> list[str]:
    """Make the state anew where Redis has none."""
    with connect(settings) as client, redis.Redis.from_url(settings.redis_url) as held:
        store = AlertStore(held)
        done = recover(client, store, Watch(client, store, held, load_parameters()), utc_now())
    if done is None:
        return ["nothing is rebuilt: the state is there, or the warehouse knows of no alert"]
    note_deed(settings, Deed.COMMAND, "alerts rebuild")
    return [
        f"fed again through {done.through}: {done.alerts} alerts, {done.silences} silences",
        f"{done.sent} messages are known as sent, {done.messages} are sent now",
    ]


def again(attempt: Callable[[], T]) -> T:
    """The result of `attempt`, made again while the watch saves at the same moment.

    Raises:
        alerts.store.LostLeadershipError: every attempt met a save.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return attempt()
        except LostLeadershipError:
            continue
    return attempt()


def _one(settings: Settings, begin: str, known: set[str]) -> str:
    with redis.Redis.from_url(settings.redis_url) as client:
        standing = {alert.alert_id for alert in read_alerts(client)}
    found = sorted(one for one in known | standing if begin and one.startswith(begin))
    if len(found) != 1:
        raise ValueError(f"{len(found) or 'no'} alerts begin with {begin!r}; see `alerts list`")
    return found[0]


def _line(alert: Alert) -> str:
    hold = f"  not told: {alert.hold.value}" if alert.hold else ""
    level = f"  level {alert.level}" if alert.level else ""
    return (
        f"{alert.alert_id}  {alert.state.value:<13}{alert.severity.value:<9}{alert.kind.value:<17}"
        f"{alert.cell.key:<9}{alert.direction.value:<5}×{alert.ratio:<7.2f}"
        f"since {alert.onset_on}{level}{hold}"
    )


def _step(row: AlertRecord) -> str:
    told = "  notified" if row.notified else ""
    return f"{row.at:%Y-%m-%d %H:%M}  {row.state:<13}{row.reason}{told}"


def _what(silence: Silence) -> str:
    named = {name: getattr(silence.matchers, name) for name in Matchers.__dataclass_fields__}
    return " ".join(f"{name}={value}" for name, value in named.items() if value)


def _scope(silence: Silence) -> str:
    """What the audit log tells of a silence; its reason, which may name persons, is not told."""
    return f"until {silence.to_at:%Y-%m-%d %H:%M} {_what(silence)} {silence.officer}"


def _silence_line(silence: Silence) -> str:
    what = _what(silence)
    span = f"{silence.from_at:%Y-%m-%d %H:%M} – {silence.to_at:%Y-%m-%d %H:%M}"
    return f"{silence.silence_id}  {span}  {what}  by {silence.officer}: {silence.why}"


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
