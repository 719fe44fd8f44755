"""Pictures as SVG text made on the server: seen before and without any script. Pure.

Words stand in pixels and places across in percent, so that letters keep their size on a phone.
"""

from __future__ import annotations

from html import escape

from dashboard.elements import Component, html
from dashboard.markup import MADE


def tag(name: str, inner: str = "", **attributes: object) -> str:
    """One element. `x_y` becomes the attribute `x-y`, `class_` becomes `class`; `None` is left out.

    Args:
        name: of the element.
        inner: SVG already made.
        attributes: values are escaped.
    """
    held = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_written(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{held}>{inner}</{name}>" if inner else f"<{name}{held}/>"


def words(text: str, **attributes: object) -> str:
    """A line of text."""
    return tag("text", escape(text), **attributes)


def percent(share: float) -> str:
    """A place between 0 and 1 as the percentage that SVG takes."""
    return f"{100 * share:.2f}%"


def picture(made: str, css: str = "") -> Component:
    """SVG as a part of a page."""
    return html.Div(className=f"picture {css}".strip(), **{MADE: made})


def swatch(colour: str) -> Component:
    """What a colour of a map looks like, for its legend; without a style that scripts must set."""
    box = tag("rect", x=0.5, y=0.5, width=21, height=13, rx=3, fill=colour, class_="box")
    return picture(tag("svg", box, width=22, height=14, aria_hidden="true"), "swatch-box")


def _written(value: object) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)
