"""Alerts: the inbox, or one alert."""

from __future__ import annotations

from dashboard.cards.evidence import evidence, still
from dashboard.elements import Component
from dashboard.pages.alert import alert_title, details, one_alert, standing
from dashboard.pages.inbox import inbox, lists
from dashboard.parts import as_of
from dashboard.scene import PageParts, Scene


def _content(scene: Scene) -> Component:
    return one_alert(scene) if scene.address.item else inbox(scene)


PARTS = PageParts(
    title=alert_title,
    content=_content,
    slots={"as-of": as_of, "lists": lists, "standing": standing, "details": details},
    paints={"still": still},
    figures={"evidence": evidence},
)
