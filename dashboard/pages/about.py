"""What is measured, how, and where its limits lie."""

from __future__ import annotations

from dashboard.elements import Component, html
from dashboard.parts import as_of, heading
from dashboard.scene import PageParts, Scene

_SECTIONS = (
    ("about_what_title", ("about_what",)),
    (
        "about_terms_title",
        ("about_flow", "about_stock", "about_expected", "about_change", "about_pressure"),
    ),
    ("about_limits_title", ("about_limits",)),
    ("about_release_title", ("about_release",)),
    ("about_language_title", ("about_language",)),
    ("about_credit_title", ("about_credit",)),
)


def _title(scene: Scene) -> str:
    return scene.lang.say("about_title")


def _content(scene: Scene) -> Component:
    lang = scene.lang
    parts: list[Component] = [heading(scene, _title(scene))]
    for title, texts in _SECTIONS:
        parts += [html.H2(lang.say(title)), *(html.P(lang.say(text)) for text in texts)]
    downloads = [
        html.Li(
            html.A(
                lang.say(f"download_{name}"), href=f"/download/{name}.csv", download=f"{name}.csv"
            )
        )
        for name in ("flow",)
    ]
    parts += [html.H2(lang.say("download")), html.Ul(downloads)]
    return html.Article(parts, className="prose")


PARTS = PageParts(title=_title, content=_content, slots={"as-of": as_of})
