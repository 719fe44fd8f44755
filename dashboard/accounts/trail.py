"""What an entry of the audit log is about, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.accounts.chain import Deed
from dashboard.accounts.records import Role
from dashboard.geography import provinces
from dashboard.words import alert_heading, coded_name

if TYPE_CHECKING:
    from dashboard.accounts.chain import Entry
    from dashboard.language import Language
    from dashboard.views import Snapshot

_OF_ALERTS: Final = frozenset(
    {
        Deed.ALERT_ACKNOWLEDGED, Deed.ALERT_JUDGED, Deed.ALERT_NOTED, Deed.ALERT_SILENCED,
        Deed.SILENCE_ENDED,
    }
)  # fmt: skip


def alert_of(entry: Entry) -> str:
    """Id of the alert that the entry is about, or ""."""
    return entry.target if entry.deed in _OF_ALERTS else ""


def target_said(lang: Language, entry: Entry, held: Snapshot) -> str:
    """The alert's heading while it is held; else the target as it was noted."""
    alert = held.alert(alert_of(entry)) if alert_of(entry) else None
    return alert_heading(lang, alert) if alert else entry.target


def detail_said(lang: Language, entry: Entry) -> str:
    """What the entry tells beside its target; as it was noted where there is no word for it."""
    first, *rest = entry.detail.split() or [""]
    if entry.deed is Deed.ALERT_JUDGED:
        return coded_name(lang, "deed", first)
    if entry.deed is Deed.ALERT_SILENCED and first in {"this", "kind"} and rest:
        return lang.say(f"audit_silence_{first}", days=rest[0])
    if first in set(Role):
        named = [provinces()[code].name(lang.code) for code in rest if code in provinces()]
        return ", ".join([lang.say(f"role_{first}"), *named])
    return entry.detail
