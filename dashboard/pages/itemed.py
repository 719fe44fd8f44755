"""Pages that list all of a kind, and have one for each: provinces, sectors, occupations, skills."""

from __future__ import annotations

from collections.abc import Callable

from dashboard.cards.subject import back_link
from dashboard.elements import Component, html
from dashboard.parts import as_of, heading, painted
from dashboard.scene import PageParts, Scene


def itemed(
    all_title: str, name: Callable[[Scene], str], everything: Callable[[Scene], Component],
    one: Callable[[Scene], Component], *, lead: str, one_lead: str = "",
) -> PageParts:  # fmt: skip
    """The parts of such a page.

    Args:
        all_title: key of the title of the list.
        name: title of the page of one.
        everything: the list.
        one: what the page of one shows.
        lead: key of the sentence below the title of the list.
        one_lead: key of that below the title of one; "" for none.
    """

    def title(scene: Scene) -> str:
        return name(scene) if scene.address.item else scene.lang.say(all_title)

    def body(scene: Scene) -> Component:
        return html.Div(one(scene) if scene.address.item else everything(scene))

    def content(scene: Scene) -> Component:
        item = scene.address.item
        back = [back_link(scene, scene.address.page)] if item else []
        key = one_lead if item else lead
        said = [html.P(scene.lang.say(key), className="lead")] if key else []
        return [*back, heading(scene, title(scene)), *said, painted("body", body(scene))]

    return PageParts(title=title, content=content, slots={"as-of": as_of}, paints={"body": body})
