"""Shown where there is no page."""

from __future__ import annotations

from dashboard.elements import Component, html
from dashboard.scene import PageParts, Scene


def _title(scene: Scene) -> str:
    return scene.lang.say("not_found")


def _content(scene: Scene) -> Component:
    return [html.H1(_title(scene), tabIndex="-1"), html.P(scene.lang.say("not_found_text"))]


PARTS = PageParts(title=_title, content=_content)
