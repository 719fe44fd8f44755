"""Dash components as HTML text, for the first paint before any script and for readers without.

The same page functions serve both, and long tables travel to the live page in this form too. What
needs a script (charts, lists to choose from) is left out here; its text summary and table, which
are always on the page, stand for it.
"""

from __future__ import annotations

from html import escape
from typing import Any, Final

from dashboard.whole import in_html, is_as_it_is

_VOID: Final = frozenset({"br", "hr", "img", "input"})
_RENAMED: Final = {
    "className": "class",
    "htmlFor": "for",
    "dateTime": "datetime",
    "colSpan": "colspan",
    "tabIndex": "tabindex",
    "hrefLang": "hreflang",
    "key": "data-key",
}
MADE: Final = "data-html"
"""Attribute that holds HTML already made, which the script puts in place."""
_LEFT_OUT: Final = frozenset({MADE, "children", "id", "n_clicks", "disable_n_clicks", "style"})
_SCRIPTED: Final = frozenset({"Graph", "Store", "Location", "Button"})
"""What needs a script; but a button that submits a form needs none."""


def to_html(component: Any) -> str:
    """HTML of a component tree. Ids are left out: the live page that follows owns them."""
    if component is None:
        return ""
    if isinstance(component, str | int | float):
        return in_html(escape(str(component)))
    if isinstance(component, list | tuple):
        return "".join(to_html(child) for child in component)
    plain = component.to_plotly_json()
    name, props = plain["type"], plain["props"]
    if (name in _SCRIPTED and props.get("type") != "submit") or "data-scripted" in props:
        return ""
    tag = "a" if name == "Link" else name.lower()
    opening = f"<{tag}{_attributes(props)}>"
    inner = props.get(MADE) or _inner(component, props)
    return opening if tag in _VOID else f"{opening}{inner}</{tag}>"


def _inner(component: Any, props: dict[str, Any]) -> str:
    held = props.get("children")
    return escape(held) if isinstance(held, str) and is_as_it_is(component) else to_html(held)


def to_document(frame: Any) -> str:
    """HTML of a whole frame, its main landmark with the id that the link to skip to it names.

    Readers without scripts need it; the live page removes this one when it comes with its own.
    """
    return to_html(frame).replace("<main", '<main id="main"', 1)


def _attributes(props: dict[str, Any]) -> str:
    parts = []
    for name, value in props.items():
        if name in _LEFT_OUT or value is None or value is False:
            continue
        key = _RENAMED.get(name, name)
        parts.append(f" {key}" if value is True else f' {key}="{escape(str(value), quote=True)}"')
    return "".join(parts)
