"""Which pages a browser keeps for want of a connection, whose they are, and for how long. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from dashboard.accounts.visiting import Visit
from dashboard.addresses import Page
from dashboard.elements import Component, html
from dashboard.parts import as_of
from dashboard.scene import Scene

PUBLIC_KEPT: Final = timedelta(days=14)
"""How long the public's pages are kept."""


def keeping(visit: Visit, most: timedelta) -> dict[str, str]:
    """Headers by which a page says whose it is, and for how many seconds it may be kept.

    Args:
        visit: who asks; a session's token is told as a digest that leads nowhere.
        most: what a log-in shows is kept at most that long, as the log-in itself lasts.
    """
    if not visit.viewer.is_known:
        held, seconds = "public", PUBLIC_KEPT
    else:
        held = hashlib.sha256(b"labourwatch reader" + visit.session.encode()).hexdigest()[:24]
        seconds = most
    return {"Labourwatch-Reader": held, "Labourwatch-Keep": str(int(seconds.total_seconds()))}


def kept_paths(scene: Scene) -> str:
    """Pages that the browser keeps besides the present one: Now, and an office's own province."""
    own = scene.snapshot.own
    paths = [scene.address.to(Page.NOW).path]
    if own is not None:
        paths.append(scene.address.to(Page.PROVINCES, own.province).path)
    return " ".join(paths)


def kept_mark(scene: Scene) -> Component:
    """What a kept page says of itself. It is hidden until the worker shows the page."""
    lang = scene.lang
    said = [html.Strong(lang.say("offline_mark")), " ", as_of(scene), ". "]
    again = html.A(lang.say("offline_again"), href=scene.address.path)
    return html.Aside(
        html.P([*said, lang.say("offline_kept"), " ", again]), className="kept", hidden=True,
        **{"aria-label": lang.say("offline_mark")},
    )  # fmt: skip
