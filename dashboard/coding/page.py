"""The pages for officers who correct codes, as plain HTML without any script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fastapi.responses import HTMLResponse

from dashboard.accounts.visiting import present
from dashboard.addresses import Address, Page, corrections_path
from dashboard.coding import sheets
from dashboard.coding.naming import Found, is_unit_group
from dashboard.coding.views import BlindVacancy, Desk, Front, OpenVacancy
from dashboard.plain import plain_document, templates
from dashboard.scene import Scene
from dashboard.views import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingAddress(Address):
    """Where the forms are; they stand beside the page of vacancies."""

    page: Page = Page.VACANCIES

    @property
    def path(self) -> str:
        """The URL path of the forms."""
        return corrections_path(self.language)

    def to(self, page: Page, item: str = "") -> Address:
        """Another page in the same language."""
        return Address(language=self.language, page=page, item=item)


class Stage(StrEnum):
    """What a sheet is about; each has a template of its name."""

    FRONT = "front"
    QUEUE = "queue"
    VACANCY = "vacancy"
    DONE = "done"
    BLIND = "blind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the page shows."""

    stage: Stage
    ticket: str = ""
    front: Front | None = None
    desk: Desk | None = None
    vacancy: OpenVacancy | None = None
    blind: BlindVacancy | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """What was written, by field."""
    searched: bool = False
    found: Sequence[Found] = ()
    saved: bool = False
    """Whether something was taken just now."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """String key by the id of the field; "" for the whole form."""
    status: int = 200


def draw(sheet: Sheet, code: str, *, demonstration: bool, snapshot: Snapshot) -> HTMLResponse:
    """The whole document."""
    scene = Scene(
        address=CodingAddress(language=code),
        snapshot=snapshot,
        demonstration=demonstration,
        viewer=present().viewer,
    )
    content = (
        templates().get_template(f"coding_{sheet.stage.value}.html").render(_context(sheet, scene))
    )
    return plain_document(scene, scene.lang.say("coding_title"), content, status=sheet.status)


def _context(sheet: Sheet, scene: Scene) -> dict[str, Any]:
    lang = scene.lang
    common = {
        "say": lang.say,
        "here": corrections_path(lang.code),
        "ticket": sheet.ticket,
        "values": sheet.values,
        "saved": sheet.saved,
        "errors": {id_: lang.say(f"coding_error_{why}") for id_, why in sheet.errors.items()},
        "searched": sheet.searched,
        "found": [sheets.found_context(lang, one) for one in sheet.found],
    }
    own = _own(sheet, scene)
    offered = [one["code"] for one in (*own.get("candidates", ()), *own.get("both", ()))]
    listed = (*offered, *(one.occupation.code for one in sheet.found))
    chosen = sheet.values.get("isco08", "")
    kept = [sheets.occupation_context(chosen)] if _is_apart(chosen, listed) else []
    return {**common, **own, "offered": offered, "kept": kept}


def _is_apart(chosen: str, listed: Sequence[str]) -> bool:
    """Whether a code found by an earlier search must be shown for itself."""
    return is_unit_group(chosen) and chosen not in listed


def _own(sheet: Sheet, scene: Scene) -> dict[str, Any]:
    """What only this stage's template needs."""
    lang = scene.lang
    if sheet.vacancy is not None:
        return sheets.vacancy_context(lang, sheet.vacancy, sheet.values)
    if sheet.blind is not None:
        return sheets.blind_context(lang, sheet.blind)
    if sheet.desk is not None:
        return sheets.queue_context(lang, sheet.desk)
    return sheets.front_context(lang, sheet.front)
