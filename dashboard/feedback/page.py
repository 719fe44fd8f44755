"""The form and the receipt as documents without any script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from dashboard.accounts.page import ApartAddress
from dashboard.accounts.visiting import present
from dashboard.addresses import Apart, Page, feedback_path, parse
from dashboard.feedback.place import Place, words_of
from dashboard.feedback.writing import LONGEST, Fault
from dashboard.plain import plain_document, templates
from dashboard.scene import Scene
from warehouse.feedback import FeedbackKind, FeedbackState

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse

    from dashboard.language import Language
    from dashboard.views import Snapshot
    from warehouse.feedback import FeedbackItem

STATUS: Final = {Fault.FOREIGN: 403, Fault.BUSY: 429, Fault.AWAY: 503}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackAddress(ApartAddress):
    """Where the form is, with the page that it is about."""

    query: str = ""

    @property
    def path(self) -> str:
        """The URL that leads here."""
        bare = feedback_path(self.language)
        rest = self.apart.removeprefix("feedback")
        return f"{bare}{rest}?{self.query}" if self.query else f"{bare}{rest}"


def page_name(lang: Language, page: str) -> str:
    """What the navigation calls a page; its address where it is not in it."""
    told = parse(page.partition("?")[0]) if page else None
    if told is not None:
        name = lang.say(f"page_{told.page}")
        return f"{name} · {told.item}" if told.item else name
    apart = page.partition("?")[0].rpartition("/")[2]
    return lang.say(f"page_{apart}") if apart in set(Apart) else page


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the form shows."""

    place: Place
    kind: str = ""
    text: str = ""
    faults: Mapping[str, Fault] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Of the answer."""
        return max((STATUS.get(fault, 422) for fault in self.faults.values()), default=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is shown to whoever holds the number of a piece of feedback."""

    feedback_id: str
    waits: bool = False
    """Kept, and not in the warehouse yet."""
    item: FeedbackItem | None = None
    known: bool = True
    """Whether the stores could be asked."""

    @property
    def status(self) -> int:
        """Of the answer."""
        return 503 if not self.known else 200 if self.waits or self.item else 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What the documents of one language are drawn from."""

    snapshot: Snapshot
    demonstration: bool
    language: str

    def form(self, form: Form) -> HTMLResponse:
        """The form."""
        told = parse(form.place.page) if form.place.page else None
        scene = self._scene(
            "feedback", urlencode(words_of(form.place)), told.page if told else Page.NOW
        )
        say, place = scene.lang.say, form.place
        given = {
            "here": feedback_path(self.language), "words": words_of(place), "page": place.page,
            "page_name": page_name(scene.lang, place.page),
            "as_of": scene.lang.moment(place.as_of) if place.as_of else "",
            "release": place.release_id, "kinds": list(FeedbackKind), "kind": form.kind,
            "text": form.text, "longest": LONGEST, "most": scene.lang.number(LONGEST),
            "errors": {name: say(f"feedback_error_{why}") for name, why in form.faults.items()},
            "receipt": None,
        }  # fmt: skip
        return self._drawn(scene, "feedback_title", given, form.status)

    def receipt(self, receipt: Receipt) -> HTMLResponse:
        """What became of a piece of feedback."""
        scene = self._scene(f"feedback/{receipt.feedback_id}")
        item = receipt.item
        state = item.state if item else FeedbackState.OPEN
        said = "unknown" if receipt.status == 404 else "away" if not receipt.known else state
        given = {
            "receipt": receipt, "state": said, "feedback": item.feedback if item else None,
            "page_name": page_name(scene.lang, item.feedback.page) if item else "",
            "received": scene.lang.moment(item.feedback.received_at) if item else "",
            "statements": [
                (scene.lang.moment(one.stated_at), one) for one in (item.statements if item else ())
            ],
        }  # fmt: skip
        answer = self._drawn(scene, "feedback_receipt_title", given, receipt.status)
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    def _scene(self, apart: str, query: str = "", page: Page = Page.NOW) -> Scene:
        return Scene(
            address=FeedbackAddress(
                language=self.language, page=page, apart=apart, query=query
            ),
            snapshot=self.snapshot, demonstration=self.demonstration, viewer=present().viewer,
        )  # fmt: skip

    @staticmethod
    def _drawn(scene: Scene, title: str, given: Mapping[str, Any], status: int) -> HTMLResponse:
        lang = scene.lang
        context = {"say": lang.say, "title": lang.say(title), "code": lang.code, **given}
        content = templates().get_template("feedback.html").render(context)
        return plain_document(scene, lang.say(title), content, status=status)
