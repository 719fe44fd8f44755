"""The frame around every page: landmarks, navigation, languages, notices, connection."""

from __future__ import annotations

from dashboard.accounts.menu import account_menu
from dashboard.accounts.policy import Action, may
from dashboard.addresses import (
    APART,
    NAVIGATION,
    Apart,
    Page,
    accessibility_path,
    apart_path,
    bulletins_path,
    corrections_path,
    crawler_path,
    submit_path,
)
from dashboard.elements import Component, dcc, html
from dashboard.feedback.place import link_to_form
from dashboard.keeping import kept_paths
from dashboard.language import CODES
from dashboard.scene import PageParts, Scene


def frame(scene: Scene, parts: PageParts, *, live: bool = True) -> Component:
    """The whole page. The document takes up its `data-title` and `lang` (labourwatch.js).

    Args:
        live: whether the page follows the data, and says whether it is connected.
    """
    lang = scene.lang
    title = f"{parts.title(scene)} – {lang.say('product')}"
    notices = [_demonstration(scene)] if scene.demonstration else []
    return html.Div(
        [
            html.A(lang.say("skip"), href="#main", className="skip"),
            _header(scene, live=live),
            *notices,
            html.Main(parts.content(scene), id="main", tabIndex="-1"),
            _footer(scene),
        ],
        className="frame",
        lang=lang.code,
        **{
            "data-title": title,
            "data-version": str(scene.snapshot.version),
            "data-keep": kept_paths(scene) if live else None,
        },
    )


def _header(scene: Scene, *, live: bool) -> Component:
    lang = scene.lang
    brand = dcc.Link(
        [
            html.Span(className="mark", **{"aria-hidden": "true"}),
            html.Span(
                [
                    html.Span(lang.say("product"), className="brand-name"),
                    html.Span(lang.say("product_line"), className="brand-line"),
                ]
            ),
        ],
        href=scene.address.to(Page.NOW).path,
        className="brand",
    )
    return html.Header(
        [
            html.Div(
                [
                    brand,
                    html.Div(
                        [
                            *([_connection(scene)] if live else []),
                            account_menu(scene),
                            _languages(scene),
                        ],
                        className="tools",
                    ),
                ],
                className="bar",
            ),
            _navigation(scene),
        ],
        className="top",
    )


def _navigation(scene: Scene) -> Component:
    """Groups of pages: in a row where there is room, else folded behind the name of this page."""
    lang = scene.lang
    at = scene.address.standing
    here = [] if at is None else [html.Strong(lang.say(f"page_{at}"))]
    folded = html.Summary([html.Span(lang.say("menu"), className="menu-word"), *here])
    groups = html.Div([_nav_group(scene, name) for name in NAVIGATION], className="groups")
    again = html.Div([_nav_group(scene, name) for name in NAVIGATION], className="groups")
    return html.Nav(
        [html.Details([folded, again], className="menu"), html.Div(groups, className="row")],
        **{"aria-label": lang.say("navigation")},
    )


def _nav_group(scene: Scene, name: str) -> Component | None:
    """What the viewer may see of a group; its name is shown where the navigation is folded."""
    title = scene.lang.say(f"group_{name}")
    open_ = [
        page for page in NAVIGATION[name]
        if may(scene.viewer, "", Action.READ, page.needs).allowed
    ]  # fmt: skip
    apart = [
        page for page in APART.get(name, ())
        if may(scene.viewer, "", Action.READ, page.needs).allowed
    ]  # fmt: skip
    if not (open_ or apart):
        return None
    links = [*(_nav_item(scene, page) for page in open_), *(_apart(scene, page) for page in apart)]
    items = html.Ul(links, **{"aria-label": title})
    return html.Div([html.P(title, className="group-name"), items], className="group")


def _apart(scene: Scene, page: Apart) -> Component:
    """A plain link: pages apart are loaded whole."""
    here = page is scene.address.standing
    link = html.A(
        scene.lang.say(f"page_{page}"), href=apart_path(scene.lang.code, page),
        className="here" if here else "",
    )  # fmt: skip
    return html.Li(link, **({"aria-current": "page"} if here else {}))


def _nav_item(scene: Scene, page: Page) -> Component:
    here = page is scene.address.standing
    css = "here" if here else ""
    link = dcc.Link(scene.lang.say(f"page_{page}"), href=scene.address.to(page).path, className=css)
    return html.Li(link, **({"aria-current": "page"} if here else {}))


def _languages(scene: Scene) -> Component:
    """Plain links: another language is another address, loaded whole."""
    links = [
        html.A(
            scene.lang.say(f"language_{code}"),
            href=scene.address.in_language(code).path,
            lang=code,
            hrefLang=code,
            className="here" if code == scene.lang.code else "",
            **({"aria-current": "true"} if code == scene.lang.code else {}),
        )
        for code in CODES
    ]
    return html.Nav(links, className="languages", **{"aria-label": scene.lang.say("language")})


def _connection(scene: Scene) -> Component:
    """The live mark. The script fills it from the `data-` words when the connection changes."""
    lang = scene.lang
    return html.Div(
        [
            html.Span(className="dot", **{"aria-hidden": "true"}),
            html.Span(lang.say("live_wait"), className="connection-word"),
        ],
        id="connection",
        className="connection",
        role="status",
        **{
            "aria-label": lang.say("live_label"),
            "data-on": lang.say("live_on"),
            "data-wait": lang.say("live_wait"),
            "data-poll": lang.say("live_poll"),
        },
    )


def _demonstration(scene: Scene) -> Component:
    return html.Aside(
        scene.lang.say("demonstration"),
        className="demonstration",
        **{"aria-label": scene.lang.say("demonstration_label")},
    )


def _footer(scene: Scene) -> Component:
    lang = scene.lang
    return html.Footer(
        [
            html.P(lang.say("footer")),
            html.P(lang.say("footer_local"), className="quiet"),
            html.P(html.A(lang.say("feedback_link"), href=link_to_form(scene), className="tell")),
            html.P(html.A(lang.say("bulletin_link"), href=bulletins_path(lang.code))),
            html.P(html.A(lang.say("accessibility_title"), href=accessibility_path(lang.code))),
            html.P(html.A(lang.say("footer_crawler"), href=crawler_path(lang.code))),
            html.P(html.A(lang.say("submit_link"), href=submit_path(lang.code))),
            html.P(html.A(lang.say("coding_link"), href=corrections_path(lang.code))),
        ]
    )
