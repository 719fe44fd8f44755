"""Every page of the dashboard, taken from its table of routes: a new one is looked at by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dashboard.language import CODES
from tests.access_matrix import ROWS
from tests.factories_released import ENGLISH
from tests.served_dashboard import get

if TYPE_CHECKING:
    from collections.abc import Mapping

STANDING: Final = "feedbeeffeedbeef"
"""An alert that an officer can answer."""
_SAMPLES: Final = {
    "alert_id": STANDING, "purpose": "verdict", "token": "none", "secret": "none",
    "feedback_id": "f" * 32, "path:path": "nothing-here",
}  # fmt: skip
_ITEMS: Final = {
    "/alerts": STANDING, "/provinces": "LA-CH", "/sectors": "F", "/occupations": "5",
    "/skills": ENGLISH,
}  # fmt: skip
_ASKED: Final = {
    "/explore": "indicator=flow&indicator2=flow&province2=LA-VT&indicator3=growth",
    "/alerts": "state=firing&kind=labour",
}
"""Questions with which a page is looked at too."""
_NO_PAGES: Final = re.compile(r"^/(v1|sdmx|api|_dash|_reload|_favicon|download|healthz|catalogue)")


def page_paths() -> list[str]:
    """Addresses without language that may answer with a page, each with its blanks filled."""
    rows = (row.removeprefix("GET ") for row in ROWS if row.startswith("GET "))
    paths = [_filled(path) for path in rows if not _NO_PAGES.match(path)]
    return paths + [f"{path}?{words}" for path, words in _ASKED.items()]


def _filled(path: str) -> str:
    for start, item in _ITEMS.items():
        if path.startswith(start):
            path = path.replace("{item}", item)
    return re.sub(r"\{([\w:]+)\}", lambda name: _SAMPLES.get(name[1], "none"), path)


def in_language(path: str, code: str) -> str:
    """The address of a page in a language."""
    front = "" if code == "lo" else f"/{code}"
    return f"{front}{'' if path == '/' else path}" or "/"


def pages(url: str, cookies: Mapping[str, str]) -> list[str]:
    """Those of `page_paths` that answer with a document in every language, also of refusal."""
    header = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    return [
        path for path in page_paths()
        if all(_is_page(url + in_language(path, code), header) for code in CODES)
    ]  # fmt: skip


def _is_page(address: str, header: Mapping[str, str]) -> bool:
    answer = get(address, header)
    framed = b'class="frame"' in answer.body or b"<main" in answer.body
    return answer.headers.get_content_type() == "text/html" and framed
