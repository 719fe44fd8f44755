"""Bulletins as they were published, and which of them went out."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch
from warehouse.disclosure.records import View
from warehouse.history import insert_token

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


class UnknownBulletinError(LookupError):
    """There is no such bulletin, or not for this reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinHead:
    """What identifies a bulletin in a list."""

    bulletin_id: str
    release_id: str
    kind: str
    """`weekly` or `monthly`."""
    period_start: date
    period_end: date
    place: str
    """ISO 3166-2:LA; "" is the nation."""
    view: View
    language: str
    made_at: datetime
    title: str
    digest: str
    """SHA-256 of HTML and PDF, in hexadecimal digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One bulletin in one language."""

    head: BulletinHead
    html: str
    pdf: bytes


_HEAD: Final = tuple(BulletinHead.__dataclass_fields__)


def bulletin_id(release_id: str, place: str, view: View, language: str) -> str:
    """The identity, fit for an address: `W2026-W47.0.LA-SV.public.lo`."""
    return ".".join((release_id, place or "LA", view.value, language))


def digest_of(html: str, pdf: bytes) -> str:
    """SHA-256 over both forms."""
    return hashlib.sha256(html.encode() + b"\0" + pdf).hexdigest()


def keep(client: Client, bulletins: Collection[Bulletin]) -> None:
    """Store bulletins; the same set again changes nothing."""
    if not bulletins:
        return
    rows = [
        (
            *(getattr(one.head, name) for name in _HEAD),
            one.html,
            base64.b64encode(one.pdf).decode("ascii"),
        )
        for one in bulletins
    ]
    client.insert(
        "bulletins", rows, column_names=[*_HEAD, "html", "pdf"],
        settings={"insert_deduplication_token": insert_token([f"bulletin {r[0]}" for r in rows])},
    )  # fmt: skip


def heads(
    client: Client, *, views: Collection[View], kind: str | None = None, place: str | None = None,
    language: str | None = None, release_id: str | None = None, limit: int = 1000,
) -> list[BulletinHead]:  # fmt: skip
    """Bulletins that a reader of `views` may see, the newest period first; None: any."""
    asked = {"kind": kind, "place": place, "language": language, "release_id": release_id}
    given = {name: value for name, value in asked.items() if value is not None}
    terms = "".join(f" AND {name} = {{{name}:String}}" for name in given)
    rows = fetch(
        client,
        f"""SELECT {", ".join(_HEAD)} FROM bulletins
        WHERE view IN {{views:Array(String)}}{terms}
        ORDER BY period_start DESC, kind, place, language, view, made_at
        LIMIT 1 BY bulletin_id LIMIT {{limit:UInt32}}""",
        views=[view.value for view in views], limit=limit, **given,
    )  # fmt: skip
    return [_head(row) for row in rows]


def _head(row: object) -> BulletinHead:
    held = dict(zip(_HEAD, row, strict=True))  # type: ignore[call-overload]
    digest = held["digest"]
    held["digest"] = digest.decode() if isinstance(digest, bytes) else digest
    return BulletinHead(**held | {"view": View(held["view"])})


def read(client: Client, name: str, *, views: Collection[View]) -> Bulletin:
    """One bulletin as it was published first.

    Raises:
        UnknownBulletinError: there is none of this name that `views` may see.
    """
    rows = fetch(
        client,
        f"""SELECT {", ".join(_HEAD)}, html, pdf FROM bulletins
        WHERE bulletin_id = {{name:String}} AND view IN {{views:Array(String)}}
        ORDER BY made_at LIMIT 1""",
        name=name, views=[view.value for view in views],
    )  # fmt: skip
    if not rows:
        raise UnknownBulletinError(f"there is no bulletin {name!r} here")
    *head, html, pdf = rows[0]
    return Bulletin(head=_head(head), html=html, pdf=base64.b64decode(pdf))


def unsent(client: Client, *, since: datetime) -> list[BulletinHead]:
    """Departments' bulletins made since a moment that no mail server has answered for."""
    rows = fetch(
        client,
        f"""SELECT {", ".join(_HEAD)} FROM bulletins
        WHERE made_at >= {{since:DateTime64(3)}}
          AND bulletin_id NOT IN (SELECT bulletin_id FROM bulletin_mails)
        ORDER BY made_at, bulletin_id LIMIT 1 BY bulletin_id""",
        since=since,
    )
    return [_head(row) for row in rows]


def note_mail(
    client: Client, name: str, *, at: datetime, outcome: str, recipients: int, detail: str = ""
) -> None:
    """Record that a mail server took or refused a bulletin for good."""
    client.insert(
        "bulletin_mails", [(name, at, outcome, recipients, detail[:500])],
        column_names=["bulletin_id", "at", "outcome", "recipients", "detail"],
        settings={"insert_deduplication_token": insert_token([f"bulletin mail {name} {outcome}"])},
    )  # fmt: skip
