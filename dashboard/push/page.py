"""The page for officers, as plain HTML without any script: for old phones and thin lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dashboard.addresses import Address, Page, submit_path
from dashboard.documents import fingerprint
from dashboard.elements import html
from dashboard.frame import frame
from dashboard.geography import provinces
from dashboard.markup import MADE, to_html
from dashboard.push.memory import Receipt
from dashboard.push.text import FIELDS
from dashboard.scene import PageParts, Scene
from dashboard.views import Snapshot

VALUES: Final = ("ticket", "text", "title", "employer", "channel", "seen_on", "province")
"""Fields of the first step; the second carries them along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAddress(Address):
    """Where the form is; it stands beside the page of sources."""

    page: Page = Page.SOURCES

    @property
    def path(self) -> str:
        """The URL path of the form."""
        return submit_path(self.language)

    def to(self, page: Page, item: str = "") -> Address:
        """Another page in the same language."""
        return Address(language=self.language, page=page, item=item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the page shows."""

    values: Mapping[str, str] = field(default_factory=dict)
    vacancies: Sequence[Mapping[str, Any]] = ()
    """Step 2: a mapping of each field's text, and `keep`."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """String key by the id of the field; "" for the whole form."""
    receipt: Receipt | None = None
    status: int = 200


def draw(form: Form, code: str, *, demonstration: bool, snapshot: Snapshot) -> HTMLResponse:
    """The whole document."""
    scene = Scene(
        address=SubmitAddress(language=code), snapshot=snapshot, demonstration=demonstration
    )
    lang = scene.lang
    content = _templates().get_template("submit.html").render(_context(form, scene))
    parts = PageParts(
        title=lambda scene: scene.lang.say("submit_title"),
        content=lambda _: html.Div(**{MADE: content}),
    )
    # `to_html` leaves ids out for pages that a script takes over; here the skip link needs one.
    drawn = to_html(frame(scene, parts, live=False)).replace("<main", '<main id="main"', 1)
    text = (
        _templates()
        .get_template("plain.html")
        .render(
            lang=lang,
            title=lang.say("submit_title"),
            style=_style(),
            frame=Markup(drawn),  # noqa: S704 - escaped by to_html
        )
    )
    headers = {"Cache-Control": "no-store", "Content-Language": code}
    return HTMLResponse(text, status_code=form.status, headers=headers)


def _context(form: Form, scene: Scene) -> dict[str, Any]:
    lang = scene.lang
    receipt = form.receipt
    return {
        "say": lang.say,
        "here": submit_path(lang.code),
        "values": {name: form.values.get(name, "") for name in VALUES},
        "vacancies": form.vacancies,
        "count": lang.number(len(form.vacancies)),
        "labels": {name: lang.say(f"submit_field_{name}") for name in FIELDS},
        "errors": {id_: lang.say(f"submit_error_{code}") for id_, code in form.errors.items()},
        "provinces": [(code, known.name(lang.code)) for code, known in provinces().items()],
        "receipt": receipt,
        "accepted": lang.number(receipt.accepted + receipt.updated) if receipt else "",
        "unchanged": lang.number(receipt.unchanged) if receipt else "",
        "refused": lang.number(receipt.refused) if receipt else "",
    }


def first_day(today: date) -> dict[str, str]:
    """Values of an empty form."""
    return {"seen_on": today.isoformat()}


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("dashboard", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    return fingerprint(files("dashboard").joinpath("assets", "labourwatch.css").read_bytes())
