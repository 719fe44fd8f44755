"""Pictures of one real e-mail of each kind, in Lao and English.

`python -m benchmarks.notice_pictures` draws them into the documentation.

The e-mails are composed as the service composes them and drawn by Chromium as a mail program would.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Final

from alerts.alert import Reason
from alerts.notify.digest import compose_digest
from alerts.notify.email import Beside, compose
from alerts.notify.kinds import KINDS, counts_vacancies
from benchmarks.screenshots import FLAGS
from config.settings import Settings
from tests.factories_notices import NOW, digest_for, message_of, weeks_for

FOLDER: Final = Path("docs/images/notices")
_WIDTH: Final = 660
_SHOWN: Final = Settings(workspace="demonstration", public_url="https://labourwatch.example")
_LINKS: Final = {
    "en": [("I look into it", "#"), ("Say whether it was right", "#")],
    "lo": [("ຂ້າພະເຈົ້າກຳລັງກວດເບິ່ງ", "#"), ("ບອກວ່າຖືກ ຫຼື ບໍ່", "#")],
}


def cases() -> list[tuple[str, str, Reason]]:
    """Name of the picture, kind and reason of each e-mail."""
    firsts = [(kind, kind, Reason.OPENED) for kind in KINDS]
    return [
        *firsts, ("update", "rise", Reason.WORSENED), ("escalated", "shortage", Reason.ESCALATED),
        ("all-clear", "rise", Reason.RETURNED),
    ]  # fmt: skip


def pages() -> Iterator[tuple[str, str]]:
    """Name and HTML of every picture."""
    for language in ("lo", "en"):
        for name, kind, reason in cases():
            yield f"{name}.{language}", page_of(kind, reason, language)
        digest = digest_for()
        audience = digest.audience
        route = replace(audience.route, languages=(language,))
        told = replace(digest, audience=replace(audience, route=route))
        html = _part(compose_digest(told, _SHOWN, NOW), "text/html")
        yield f"digest.{language}", _with_fonts(html)


def page_of(kind: str, reason: Reason, language: str) -> str:
    """The HTML part of an e-mail, its pictures put in."""
    message = message_of(kind, reason)
    over = reason is Reason.RETURNED
    weeks = weeks_for(message.alert, returned=over) if counts_vacancies(kind) else None
    links = {} if over else _LINKS
    mail = compose(
        message, _SHOWN, ["officer@example.org"], [language], Beside(weeks=weeks, links=links)
    )
    html = _part(mail, "text/html")
    for part in mail.walk():
        if part.get_content_type() == "image/png":
            data = base64.b64encode(part.get_content()).decode()
            name = part["Content-ID"].strip("<>")
            html = html.replace(f"cid:{name}", f"data:image/png;base64,{data}")
    return _with_fonts(html)


def _with_fonts(html: str) -> str:
    return html.replace("<head>", f"<head><style>{_fonts()}</style>", 1)


def _part(mail: EmailMessage, kind: str) -> str:
    return str(next(p.get_content() for p in mail.walk() if p.get_content_type() == kind))


def _fonts() -> str:
    """The service's own fonts, so that the picture does not depend on the machine."""
    folder = Path("alerts/notify/fonts")
    return "".join(
        "@font-face{font-family:'Noto Sans Lao';src:url(data:font/ttf;base64,"
        f"{base64.b64encode((folder / f'noto-sans-lao-{name}.ttf').read_bytes()).decode()})"
        f";unicode-range:{letters}}}"
        for name, letters in (("lao", "U+0E80-0EFF"), ("latin", "U+0000-00FF,U+2010-2027"))
    )


def main() -> None:
    """Draw all."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": _WIDTH, "height": 400})
        for name, html in pages():
            page.set_content(html)
            page.wait_for_timeout(150)
            held = BytesIO(page.screenshot(full_page=True))
            with Image.open(held) as drawn:
                # By coverage: a thin bar would else take the colour of another kind.
                small = drawn.convert("RGB").quantize(128, Image.Quantize.MAXCOVERAGE)
            small.save(FOLDER / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
