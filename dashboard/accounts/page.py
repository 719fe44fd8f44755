"""Documents drawn apart, in the frame of the other pages and without any script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.responses import HTMLResponse

from dashboard.accounts.visiting import present
from dashboard.addresses import Address, Page, asking, path_in
from dashboard.plain import plain_document, templates
from dashboard.scene import Scene
from dashboard.views import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ApartAddress(Address):
    """An address that is drawn apart from the pages."""

    apart: str
    """Without language and slash, for example `log-in`."""

    @property
    def path(self) -> str:
        """The URL that leads here, question and all."""
        return asking(path_in(self.language, self.apart), self.query)

    @property
    def standing(self) -> None:
        """None of these pages stands in the navigation."""

    @property
    def returning(self) -> str:
        """After a log-in one does not come back to a form."""
        return self.to(Page.NOW).path

    def to(self, page: Page, item: str = "") -> Address:
        """A page in the same language."""
        return Address(language=self.language, page=page, item=item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What documents of accounts, and of feedback, are drawn from."""

    snapshot: Snapshot
    demonstration: bool
    language: str

    def scene(self, apart: str, query: str = "") -> Scene:
        """The scene at an address apart from the pages."""
        return Scene(
            address=ApartAddress(language=self.language, apart=apart, query=query),
            snapshot=self.snapshot,
            demonstration=self.demonstration,
            viewer=present().viewer,
        )

    def document(
        self, apart: str, title: str, given: Mapping[str, Any], *, query: str = "",
        status: int = 200,
    ) -> HTMLResponse:  # fmt: skip
        """The document of the template that is called like the address."""
        scene = self.scene(apart, query)
        name = apart.partition("/")[0].replace("-", "_")
        context = {
            "say": scene.lang.say,
            "title": scene.lang.say(title),
            "here": scene.address.path,
            "code": scene.lang.code,
            "viewer": scene.viewer,
            "demonstration": self.demonstration,
            **given,
        }
        content = templates().get_template(f"{name}.html").render(context)
        drawn = plain_document(scene, scene.lang.say(title), content, status=status)
        drawn.headers["Referrer-Policy"] = "no-referrer" if "/" in apart else "same-origin"
        return drawn
