"""Shown in place of a page that is not for this viewer."""

from __future__ import annotations

from dashboard.accounts.menu import log_in_address
from dashboard.elements import Component, html
from dashboard.scene import PageParts, Scene


def _title(scene: Scene) -> str:
    return scene.lang.say("closed_title")


def _content(scene: Scene) -> Component:
    lang = scene.lang
    said = html.P(lang.say("closed_role" if scene.viewer.is_known else "closed_nobody"))
    link = html.P(
        html.A(lang.say("log_in"), href=log_in_address(scene), className="button primary")
    )
    return [html.H1(_title(scene), tabIndex="-1"), said, *([] if scene.viewer.is_known else [link])]


PARTS = PageParts(title=_title, content=_content)
