"""Pages that are plain HTML without any script: for old phones and thin lines."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dashboard.accounts.visiting import form_token
from dashboard.documents import fingerprint
from dashboard.elements import html
from dashboard.frame import frame
from dashboard.markup import MADE, to_document
from dashboard.scene import PageParts, Scene


def plain_document(scene: Scene, title: str, content: str, *, status: int = 200) -> HTMLResponse:
    """The whole document around `content`, which is HTML already made; never kept by a cache."""
    parts = PageParts(title=lambda _: title, content=lambda _: html.Div(**{MADE: content}))
    drawn = to_document(frame(scene, parts, live=False))
    text = (
        templates()
        .get_template("plain.html")
        .render(
            lang=scene.lang,
            title=title,
            style=_style(),
            frame=Markup(drawn),  # noqa: S704 - escaped by to_html
        )
    )
    headers = {"Cache-Control": "no-store", "Content-Language": scene.lang.code}
    return HTMLResponse(text, status_code=status, headers=headers)


@cache
def templates() -> Environment:
    """The templates; what is put in is escaped, and a missing value is an error."""
    made = Environment(
        loader=PackageLoader("dashboard", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["form_token"] = form_token
    return made


@cache
def _style() -> str:
    return fingerprint(files("dashboard").joinpath("assets", "labourwatch.css").read_bytes())
