"""The form and the receipt as documents without any script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from dashboard.accounts.page import Drawing
from dashboard.addresses import Apart, feedback_path, parse
from dashboard.feedback.place import Place, words_of
from dashboard.feedback.writing import LONGEST, Fault
from dashboard.language import Language, language
from warehouse.feedback import FeedbackKind, FeedbackState

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse

    from warehouse.feedback import FeedbackItem

STATUS: Final = {Fault.FOREIGN: 403, Fault.BUSY: 429, Fault.AWAY: 503}


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


class Paper(Drawing):
    """What the documents of one language are drawn from."""

    def form(self, form: Form) -> HTMLResponse:
        """The form."""
        place, words = form.place, words_of(form.place)
        lang = language(self.language)
        given = {
            "here": feedback_path(self.language), "words": words, "page": place.page,
            "page_name": page_name(lang, place.page),
            "as_of": lang.moment(place.as_of) if place.as_of else "",
            "release": place.release_id, "kinds": list(FeedbackKind), "kind": form.kind,
            "text": form.text, "longest": LONGEST, "most": lang.number(LONGEST),
            "errors": {
                name: lang.say(f"feedback_error_{why}") for name, why in form.faults.items()
            },
            "receipt": None,
        }  # fmt: skip
        return self.document(
            "feedback", "feedback_title", given, query=urlencode(words), status=form.status
        )

    def receipt(self, receipt: Receipt) -> HTMLResponse:
        """What became of a piece of feedback."""
        lang, item = language(self.language), receipt.item
        state = item.state if item else FeedbackState.OPEN
        said = "unknown" if receipt.status == 404 else "away" if not receipt.known else state
        given = {
            "receipt": receipt, "state": said, "feedback": item.feedback if item else None,
            "page_name": page_name(lang, item.feedback.page) if item else "",
            "received": lang.moment(item.feedback.received_at) if item else "",
            "statements": [
                (lang.moment(one.stated_at), one) for one in (item.statements if item else ())
            ],
        }  # fmt: skip
        answer = self.document(
            f"feedback/{receipt.feedback_id}", "feedback_receipt_title", given,
            status=receipt.status,
        )  # fmt: skip
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer
