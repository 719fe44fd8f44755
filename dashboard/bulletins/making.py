"""A bulletin in its two forms: HTML for screens, PDF/UA-1 for paper and files."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from dashboard.bulletins.laying import Layout, lay_out
from dashboard.bulletins.records import Contents
from dashboard.documents import fingerprint
from dashboard.language import language
from dashboard.plain import templates
from warehouse.bulletins import Bulletin, BulletinHead, bulletin_id, digest_of

if TYPE_CHECKING:
    import typst

STANDARD: Final = "ua-1"
"""Tagged, titled, with alternative texts: readable by screen readers (ISO 14289-1)."""


_UNPRINTABLE: Final = re.compile(
    "[^\\n -~\\u00a0-\\u017f\\u0e81-\\u0edf\\u2010-\\u2027\\u2030-\\u203a\\u20ac\\u20ad\\u2212]"
)
"""All but Latin, Lao, punctuation and signs of money."""


class TypesettingError(RuntimeError):
    """The typesetter refused; its message says at which line of the template."""


def make_bulletin(said: Contents, code: str, *, url: str, demonstration: bool) -> Bulletin:
    """The bulletin of `said` in the language `code`: the same input gives the same bytes.

    Raises:
        TypesettingError: no PDF can be made.
    """
    layout = lay_out(language(code), said, url=url, demonstration=demonstration)
    html, pdf = to_html(layout), to_pdf(layout, said.release.issue)
    head = BulletinHead(
        bulletin_id=bulletin_id(said.release.release_id, said.place, said.view, code),
        release_id=said.release.release_id,
        kind=said.kind.value,
        period_start=said.release.period_start,
        period_end=said.release.period_end,
        place=said.place,
        view=said.view,
        language=code,
        made_at=said.made_at,
        title=layout.title,
        digest=digest_of(html, pdf),
    )
    return Bulletin(head=head, html=html, pdf=pdf)


def to_html(layout: Layout) -> str:
    """The document; what the data say is escaped, the pictures are our own."""
    return templates().get_template("bulletin.html.j2").render(it=asdict(layout), style=_style())


def to_pdf(layout: Layout, issued: datetime) -> bytes:
    """The document as PDF/UA-1, dated by the release.

    Raises:
        TypesettingError: it cannot be made.
    """
    import typst

    try:
        return typst.compile(
            _template(), font_paths=_fonts(), ignore_system_fonts=True,
            sys_inputs={"data": _printable(json.dumps(asdict(layout), ensure_ascii=False))},
            pdf_standards=STANDARD, timestamp=int(issued.timestamp()),
        )  # fmt: skip
    except typst.TypstError as error:
        raise TypesettingError(str(error)) from error


def _printable(text: str) -> str:
    """Letters that no font here has, as "?": PDF/UA allows no page that shows a letter as a box."""
    return _UNPRINTABLE.sub("?", text)


@cache
def _fonts() -> typst.Fonts:
    """Our own and the typesetter's, so that every machine gives the same pages."""
    import typst

    folder = files("alerts.notify").joinpath("fonts")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)]
    )


@cache
def _template() -> bytes:
    return files("dashboard").joinpath("templates", "bulletin.typ").read_bytes()


@cache
def _style() -> str:
    return fingerprint(files("dashboard").joinpath("assets", "bulletin.css").read_bytes())
