"""The place of the account in the frame: logging in, or who is logged in."""

from __future__ import annotations

from urllib.parse import quote

from dashboard.addresses import account_path, log_in_path
from dashboard.elements import Component, html
from dashboard.scene import Scene


def log_in_address(scene: Scene) -> str:
    """The form that leads back to where the reader is."""
    return f"{log_in_path(scene.lang.code)}?next={quote(scene.address.returning, safe='/')}"


def account_menu(scene: Scene) -> Component:
    """A plain link: forms are loaded whole."""
    lang, viewer = scene.lang, scene.viewer
    if viewer.role is None:
        return html.A(lang.say("log_in"), href=log_in_address(scene), className="account")
    words = [
        html.Span(viewer.name, className="account-name"),
        html.Span(lang.say(f"role_{viewer.role}"), className="account-role"),
    ]
    label = lang.say("account_menu", name=viewer.name, role=lang.say(f"role_{viewer.role}"))
    return html.A(words, href=account_path(lang.code), className="account", **{"aria-label": label})
