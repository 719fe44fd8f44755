"""E-mail: one multipart message a telling, text and HTML, with a Message-ID that never changes."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from typing import Final

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from alerts.notify.wording import COLOURS, TEMPLATES, kind_of, put
from alerts.outbox import Message
from config.settings import Settings

DOMAIN: Final = "labourwatch.alerts"
_TIMEOUT_S: Final = 20
_log = structlog.get_logger(__name__)


class RefusedError(Exception):
    """The mail server will never take this message: set it aside."""


@cache
def templates() -> Environment:
    """The templates of all messages; a word that is missing is an error."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


def compose(
    message: Message, settings: Settings, to: Sequence[str], languages: Sequence[str]
) -> EmailMessage:
    """The e-mail of a message; the same input gives the same Message-ID and parts."""
    tellings = [put(message, language, settings.dashboard_url) for language in languages]
    first = tellings[0]
    mark = f"[{first.words['mark']}] " if settings.is_demonstration else ""
    subject = f"{mark}{first.heading} – {first.where}"
    context = {
        "tellings": tellings,
        "subject": subject,
        "demonstration": settings.is_demonstration,
        "colour": COLOURS[kind_of(message.alert)],
    }
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = Address("Labourwatch", addr_spec=settings.mail_from)
    mail["To"] = tuple(Address(addr_spec=address) for address in to)
    mail["Date"] = message.at
    mail["Message-ID"] = f"<{message.message_id}@{DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.alert.tellings > 1:
        mail["References"] = f"<{message.alert.alert_id}.1@{DOMAIN}>"
    mail.set_content(templates().get_template("alert.txt.j2").render(context))
    html = templates().get_template("alert.html.j2").render(context)
    mail.add_alternative(html, subtype="html")
    return mail


def send(mail: EmailMessage, settings: Settings) -> None:
    """Hand the message to the mail server. That it refused some of several recipients is logged.

    Raises:
        RefusedError: the server answered with a permanent error, or lacks what the message needs.
        OSError: it could not be reached or refused for now (`smtplib.SMTPException` is one): again
            later.
    """
    try:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_TIMEOUT_S) as server:
            refused = server.send_message(mail)
        if refused:
            codes = sorted(code for code, _ in refused.values())
            _log.warning("recipients_refused", message=mail["Message-ID"], codes=codes)
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _ in error.recipients.values()):
            raise RefusedError(f"recipients refused: {error.recipients}") from error
        raise
    except smtplib.SMTPNotSupportedError as error:
        raise RefusedError(str(error)) from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            raise RefusedError(f"{error.smtp_code} {error.smtp_error!r}") from error
        raise
