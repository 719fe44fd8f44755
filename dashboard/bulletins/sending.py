"""Bulletins by e-mail: each to every recipient once, a province its department's, noted when done.

What a server took is recorded before it is noted in the warehouse; dying before the record sends
the mail a second time with the same Message-ID, by which mail programs and servers know it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final

import structlog

from alerts.boxes import Boxes
from alerts.mailing import hand_over, is_due
from alerts.notify.email import DOMAIN
from alerts.notify.subject import set_subject
from alerts.releases.plan import Kind
from alerts.retrying import Fate, Outcome
from dashboard.bulletins.office import RECENT, make_due
from dashboard.bulletins.subscriptions import Subscriptions, subscriptions
from dashboard.language import CODES, language
from warehouse import bulletins as archive
from warehouse.bulletins import Bulletin, BulletinHead
from warehouse.disclosure.records import View

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from config.settings import Settings

_ANSWERED: Final = {Fate.SENT: "sent", Fate.REFUSED: "refused"}
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """What sends the bulletins of one installation. Blocking."""

    client: Client
    boxes: Boxes
    settings: Settings
    owner: str
    """Name of the process: of several, one sends a mail."""

    def send_due(
        self, plan: Subscriptions, now: datetime, keep_lead: Callable[[], None] = lambda: None
    ) -> int:
        """E-mail what was made and not yet answered for: provinces get their department's view.

        Who was put off, and they alone, are tried again for three days.

        Returns:
            How many e-mails are done: every recipient has it, or will never take it.

        Raises:
            clickhouse_connect.driver.exceptions.Error: the rest goes next time.
        """
        sent, failed = 0, self.boxes.attempts()
        for heads in _by_mail(archive.unsent(self.client, since=now - RECENT)):
            subscription, name = plan.of(Kind(heads[0].kind)), heads[0].bulletin_id
            wanted = [head for head in heads if head.language in subscription.languages]
            if not (subscription.send and wanted and is_due(name, failed, now)):
                continue
            to = subscription.recipients(heads[0].place, self.settings.mail_to)
            keep_lead()
            told = self._send(name, wanted, to, now)
            if told is None:
                continue
            if told.fate is Fate.AWAY:
                _log.warning("bulletins_wait", why=told.why)
                break
            sent += told.fate is Fate.SENT
            self._note(heads, told, to, now)
        return sent

    def _send(
        self, name: str, wanted: Sequence[BulletinHead], to: Sequence[str], now: datetime
    ) -> Outcome | None:
        """Send a mail; None: another process is at it."""
        if self.boxes.was_sent(name):
            why = "recorded as answered by a process that died before this note"
            return Outcome(fate=Fate.SENT, why=why)
        if not self.boxes.claim(name, self.owner):
            return None
        held = [archive.read(self.client, one.bulletin_id, views=list(View)) for one in wanted]
        mail = compose(held, self.settings, to, now)
        return hand_over(self.boxes, name, mail, self.settings, now)

    def _note(
        self, heads: Sequence[BulletinHead], told: Outcome, to: Sequence[str], now: datetime
    ) -> None:
        """Note the answer for good, without addresses."""
        outcome = _ANSWERED.get(told.fate)
        if outcome is None:
            _log.warning("bulletin_put_off", bulletin=heads[0].bulletin_id, why=told.why)
            return
        if told.fate is Fate.REFUSED:
            _log.error("bulletin_refused", bulletin=heads[0].bulletin_id)
        for head in heads:
            archive.note_mail(
                self.client, head.bulletin_id, at=now, outcome=outcome, recipients=len(to),
                detail=unnamed(told.why, to),
            )  # fmt: skip


def unnamed(text: str, addresses: Sequence[str]) -> str:
    """A server's answer without the recipients' addresses."""
    for address in addresses:
        text = re.sub(re.escape(address), "a recipient", text, flags=re.IGNORECASE)
    return text


def _by_mail(heads: Sequence[BulletinHead]) -> list[list[BulletinHead]]:
    """What goes out, the languages of one bulletin together.

    The nation's monthly bulletin is the public one; of weeks a department gets its own.
    """
    found: dict[tuple[str, str], list[BulletinHead]] = {}
    for head in heads:
        view = View.PUBLIC if head.kind == Kind.MONTHLY.value else View.DEPARTMENT
        if head.view is view:
            found.setdefault((head.release_id, head.place), []).append(head)
    return list(found.values())


def compose(
    held: Sequence[Bulletin], settings: Settings, to: Sequence[str], now: datetime
) -> EmailMessage:
    """The e-mail: a line and the address in every language, the PDFs attached."""
    held = sorted(held, key=lambda one: CODES.index(one.head.language))
    heads = [one.head for one in held]
    mail = EmailMessage()
    mark = f"[{language('en').say('bulletin_mark')}] " if settings.is_demonstration else ""
    set_subject(mail, mark + heads[0].title)
    mail["To"] = tuple(Address(addr_spec=address) for address in to)
    mail["From"] = Address("Labourwatch", addr_spec=settings.mail_from)
    mail["Date"] = now
    mail["Message-ID"] = f"<{heads[0].bulletin_id}@{DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = f"Labourwatch bulletins <bulletins.{DOMAIN}>"
    mail["List-Unsubscribe"] = f"<mailto:{settings.operator_mail_to}?subject=unsubscribe>"
    url = settings.dashboard_url.rstrip("/")
    lines = []
    for head in heads:
        lang = language(head.language)
        page = f"{url}/" if lang.code == "lo" else f"{url}/{lang.code}/"
        lines += [head.title, lang.say("bulletin_mail_text", link=page), ""]
    mail.set_content("\n".join(lines))
    for one in held:
        mail.add_attachment(
            one.pdf, maintype="application", subtype="pdf",
            filename=f"labourwatch-{one.head.bulletin_id}.pdf",
        )  # fmt: skip
    return mail


def bulletin_round(
    boxes: Boxes, owner: str, client: Client, settings: Settings, now: datetime,
    keep_lead: Callable[[], None],
) -> None:  # fmt: skip
    """One round of the schedule: what is due is made, then sent."""
    make_due(client, settings, now, keep_lead)
    mailing = Mailing(client=client, boxes=boxes, settings=settings, owner=owner)
    mailing.send_due(subscriptions(), now, keep_lead)
