"""What officers did about an alert: by role and never by name, with verdict and words."""

from __future__ import annotations

from dashboard.accounts.records import Role
from dashboard.elements import Component, html
from dashboard.parts import card, table
from dashboard.scene import Scene
from dashboard.views import AlertView, Deed
from dashboard.words import joined, province_name

_ROLES = frozenset(role.value for role in Role)


def deeds_card(scene: Scene, alert: AlertView) -> Component:
    """Every deed, the newest first."""
    lang = scene.lang
    held = scene.snapshot.deeds.get(alert.alert_id, ())
    title = lang.say("deeds_title")
    if not held:
        none = html.P(lang.say("deeds_none"), className="quiet")
        return card(title, none, name="deeds", wide=True)
    headings = [lang.say(key) for key in ("history_at", "deeds_who", "deeds_what", "deeds_words")]
    rows = [_row(scene, deed) for deed in reversed(held)]
    lead = html.P(lang.say("deeds_lead"), className="quiet")
    return card(title, lead, table(title, headings, rows), name="deeds", wide=True)


def _row(scene: Scene, deed: Deed) -> list[Component]:
    lang = scene.lang
    what = lang.say(f"answer_deed_{deed.action}")
    verdict = f": {lang.say(f'deed_{deed.verdict}')}" if deed.verdict else ""
    return [
        html.Time(lang.short_moment(deed.at), dateTime=deed.at.isoformat()),
        _who(scene, deed),
        f"{what}{verdict}",
        " · ".join(words for words in (deed.done, deed.note) if words) or "–",
    ]


def _who(scene: Scene, deed: Deed) -> str:
    lang = scene.lang
    key = f"role_{deed.by}" if deed.by in _ROLES else f"deed_by_{deed.by}"
    place = [province_name(lang, deed.province)] if deed.province else []
    return joined([lang.say(key), *place])
