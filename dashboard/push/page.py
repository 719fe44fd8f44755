"""The page for officers, as plain HTML without any script: for old phones and thin lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from fastapi.responses import HTMLResponse

from dashboard.accounts.visiting import present
from dashboard.addresses import Address, Page, submit_path
from dashboard.geography import provinces
from dashboard.plain import plain_document, templates
from dashboard.push.memory import Receipt
from dashboard.push.text import FIELDS
from dashboard.scene import Scene
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
        address=SubmitAddress(language=code),
        snapshot=snapshot,
        demonstration=demonstration,
        viewer=present().viewer,
    )
    lang = scene.lang
    content = templates().get_template("submit.html").render(_context(form, scene))
    return plain_document(scene, lang.say("submit_title"), content, status=form.status)


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
