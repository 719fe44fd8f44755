"""What an officer does about one alert, as `labourwatch alerts` does it. Blocking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import redis

from alerts.actions import Action, ActionFaultError, Channel, Verdict, action_of
from alerts.alert import Alert
from alerts.silences import Matchers, Silence, SilenceFaultError, ended, hidden_by, silence_of
from alerts.store import AlertStore, LostLeadershipError, read_alert, read_alerts
from dashboard.accounts.chain import Deed
from dashboard.accounts.policy import Action as Asked
from dashboard.accounts.policy import Resource, may

if TYPE_CHECKING:
    from config.settings import Settings
    from dashboard.accounts.records import Viewer
    from dashboard.callbacks import Acknowledge
    from dashboard.views import AlertView

DAYS: Final = (7, 14, 28, 56)
"""How long a silence may be set for from a page; the shell takes any end within 92 days."""


class Said(StrEnum):
    """What became of a submission; each has a string `answer_said_…`."""

    ACKNOWLEDGED = "acknowledged"
    VERDICT = "verdict"
    NOTE = "note"
    SILENCE = "silence"
    ENDED = "ended"
    NOT_FIRING = "not_firing"
    INCOMPLETE = "incomplete"
    FOREIGN = "foreign"
    BUSY = "busy"


_STEPS: Final = {
    "acknowledge": Said.ACKNOWLEDGED, "verdict": Said.VERDICT, "note": Said.NOTE,
    "silence": Said.SILENCE, "end": Said.ENDED,
}  # fmt: skip
"""What a form asks for by its field `step`."""
_NOTED: Final = {
    Said.ACKNOWLEDGED: Deed.ALERT_ACKNOWLEDGED, Said.VERDICT: Deed.ALERT_JUDGED,
    Said.NOTE: Deed.ALERT_NOTED, Said.SILENCE: Deed.ALERT_SILENCED, Said.ENDED: Deed.SILENCE_ENDED,
}  # fmt: skip
DONE: Final = frozenset(_NOTED)
STATUS: Final = {Said.NOT_FIRING: 409, Said.FOREIGN: 403, Said.BUSY: 503, Said.INCOMPLETE: 422}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a submission, and what of it belongs into the audit log."""

    said: Said
    deed: Deed | None = None
    """None where nothing was done, or nothing that an earlier press of the same button had not."""
    detail: str = ""
    """A verdict, or how much was silenced for how many days: never free text, which may name
    persons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What holds of the alert in the store at the moment."""

    silences: tuple[Silence, ...] = ()
    hidden: tuple[Alert, ...] = ()
    """Open alerts that a silence under preview would hide."""
    known: bool = True
    """Whether the store answered."""


def matchers_of(alert: AlertView, scope: str) -> Matchers:
    """What a silence set from the alert's page is about: the alert, or its kind in its province.

    Never more than the province of the alert, so that who may act on it may silence it.
    """
    if scope == "kind":
        return Matchers(province=alert.province or "nation", kind=alert.kind)
    return Matchers(alert_id=alert.alert_id)


def may_end(viewer: Viewer, alert: AlertView, silence: Silence) -> bool:
    """Whether a silence is this viewer's to end: one of the alert or its province, or of the nation
    for those who act for the nation."""
    if may(viewer, "", Asked.ACT, Resource.ALERTS).allowed:
        return True
    wanted = silence.matchers
    return alert.alert_id == wanted.alert_id or bool(wanted.province == alert.province != "")


def _detail(said: Said, values: Mapping[str, str]) -> str:
    """What the audit log tells of a deed beside its name; the fields are checked by then."""
    if said is Said.VERDICT:
        return values["verdict"]
    if said is Said.SILENCE:
        scope = "kind" if values.get("scope") == "kind" else "this"
        return f"{scope} {values['days']} days"
    return values["silence"] if said is Said.ENDED else ""


def submission(viewer: Viewer, alert: AlertView, values: Mapping[str, str]) -> str:
    """The name of one submission: who sends which form with which words about which alert."""
    said = [viewer.name, alert.alert_id, *(f"{name}={values[name]}" for name in sorted(values))]
    return sha256("\0".join(said).encode()).hexdigest()


class Deeds:
    """Does what was submitted; nothing is connected before the first use."""

    def __init__(
        self, settings: Settings, acknowledge: Acknowledge, clock: Callable[[], datetime]
    ) -> None:
        self._redis = redis.Redis.from_url(settings.redis_url, socket_timeout=5)
        self._acknowledge = acknowledge
        self._clock = clock

    def standing(self, alert: AlertView, preview: str = "") -> Standing:
        """Silences that fit the alert, and what one of scope `preview` would hide."""
        try:
            held = read_alert(self._redis, alert.alert_id)
            kept = AlertStore(self._redis).silences() if held else []
            alerts = read_alerts(self._redis) if preview else []
        except redis.RedisError:
            return Standing(known=False)
        now = self._clock()
        fit = [one for one in kept if held and one.to_at > now and one.matchers.fit(held)]
        hidden = hidden_by(matchers_of(alert, preview), alerts)
        return Standing(silences=tuple(fit), hidden=tuple(hidden))

    def act(self, viewer: Viewer, alert: AlertView, values: Mapping[str, str]) -> Answer:
        """Do what the form asks for, under the account's name. The same form again does nothing.

        A form carries in `once` a value of its own; sent again unchanged, by a second press or a
        reload, it is answered as the first time. Sent again with other words it is another deed.
        """
        steps = {
            Said.ACKNOWLEDGED: self._take_on, Said.VERDICT: self._judge, Said.NOTE: self._note,
            Said.SILENCE: self._hush, Said.ENDED: self._unhush,
        }  # fmt: skip
        done = _STEPS.get(values.get("step", ""))
        if done is None or not values.get("once"):
            return Answer(said=Said.INCOMPLETE)
        once = submission(viewer, alert, values)
        try:
            if AlertStore(self._redis).is_answered(once):
                return Answer(said=done)
            said = steps[done](viewer, alert, values, once)
        except (ActionFaultError, SilenceFaultError):
            return Answer(said=Said.INCOMPLETE)
        except (redis.RedisError, LostLeadershipError):
            return Answer(said=Said.BUSY)
        return Answer(said=said, deed=_NOTED.get(said), detail=_detail(said, values))

    def _take_on(self, viewer: Viewer, alert: AlertView, _: Mapping[str, str], once: str) -> Said:
        if not self._acknowledge(alert.alert_id, self._clock(), viewer.name):
            return Said.NOT_FIRING
        AlertStore(self._redis).answered(once)
        return Said.ACKNOWLEDGED

    def _judge(
        self, viewer: Viewer, alert: AlertView, values: Mapping[str, str], once: str
    ) -> Said:
        verdict = values.get("verdict", "")
        if verdict not in list(Verdict):
            return Said.INCOMPLETE
        deed = action_of(
            Action.VERDICT, alert.alert_id, officer=viewer.name, channel=Channel.DASHBOARD,
            at=self._clock(), verdict=Verdict(verdict), done=values.get("done", ""),
            note=values.get("note", ""),
        )  # fmt: skip
        AlertStore(self._redis).record(deed, once=once)
        return Said.VERDICT

    def _note(self, viewer: Viewer, alert: AlertView, values: Mapping[str, str], once: str) -> Said:
        deed = action_of(
            Action.NOTE, alert.alert_id, officer=viewer.name, channel=Channel.DASHBOARD,
            at=self._clock(), note=values.get("note", ""),
        )  # fmt: skip
        AlertStore(self._redis).record(deed, once=once)
        return Said.NOTE

    def _hush(self, viewer: Viewer, alert: AlertView, values: Mapping[str, str], once: str) -> Said:
        days = values.get("days", "")
        if days not in [str(one) for one in DAYS]:
            return Said.INCOMPLETE
        now = self._clock()
        silence = silence_of(
            matchers_of(alert, values.get("scope", "")), from_at=now,
            to_at=now + timedelta(days=int(days)), officer=viewer.name, why=values.get("why", ""),
        )  # fmt: skip
        AlertStore(self._redis).keep_silence(silence, now, once=once)
        return Said.SILENCE

    def _unhush(
        self, viewer: Viewer, alert: AlertView, values: Mapping[str, str], once: str
    ) -> Said:
        now, wanted = self._clock(), values.get("silence", "")
        for silence in self.standing(alert).silences:
            if silence.silence_id == wanted and may_end(viewer, alert, silence):
                AlertStore(self._redis).keep_silence(
                    ended(silence, now, viewer.name), now, once=once
                )
                return Said.ENDED
        return Said.INCOMPLETE
