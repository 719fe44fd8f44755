"""Documents of accounts, in the frame of the other pages and without any script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.responses import HTMLResponse

from dashboard.accounts.visiting import present
from dashboard.addresses import Address, Page
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
        """The URL path that leads here."""
        return f"/{self.apart}" if self.language == "lo" else f"/{self.language}/{self.apart}"

    @property
    def in_navigation(self) -> bool:
        """None of these pages stands there."""
        return False

    @property
    def returning(self) -> str:
        """After a log-in one does not come back to a form."""
        return self.to(Page.NOW).path

    def to(self, page: Page, item: str = "") -> Address:
        """A page in the same language."""
        return Address(language=self.language, page=page, item=item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What every document of accounts is drawn from."""

    snapshot: Snapshot
    demonstration: bool
    language: str

    def scene(self, apart: str) -> Scene:
        """The scene at an address apart from the pages."""
        return Scene(
            address=ApartAddress(language=self.language, apart=apart),
            snapshot=self.snapshot,
            demonstration=self.demonstration,
            viewer=present().viewer,
        )

    def document(
        self, apart: str, title: str, given: Mapping[str, Any], *, status: int = 200
    ) -> HTMLResponse:
        """The document of the template that is called like the address."""
        scene = self.scene(apart)
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
