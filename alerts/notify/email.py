"""E-mail: one multipart message a telling, text and HTML, with a Message-ID that never changes."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from alerts.notify.clean import clean
from alerts.notify.kinds import COLOURS, counts_vacancies, kind_of
from alerts.notify.subject import set_subject
from alerts.notify.weeks import Weeks
from alerts.notify.wording import TEMPLATES, Telling, put
from alerts.outbox import Message
from config.settings import Settings

DOMAIN: Final = "labourwatch.alerts"
_TIMEOUT_S: Final = 20


class RefusedError(Exception):
    """The mail server will never take this message: set it aside."""


class AwayError(OSError):
    """The mail server cannot be used now: not reached, no TLS, no log-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The server's answer to one of several recipients."""

    address: str
    code: int
    text: str

    @property
    def is_final(self) -> bool:
        """Whether it will never be taken: 5xx, where 4xx asks to come again."""
        return self.code >= 500

    def __str__(self) -> str:
        return clean(f"{self.address}: {self.code} {self.text}")


@cache
def templates() -> Environment:
    """The templates of all messages; a word that is missing is an error."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What goes into an e-mail beside its alert."""

    weeks: Weeks | None = None
    """For the picture; without them plain bars are shown."""
    links: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """By language: labels and addresses of what the recipient may do."""


def compose(
    message: Message,
    settings: Settings,
    to: Sequence[str],
    languages: Sequence[str],
    beside: Beside | None = None,
) -> EmailMessage:
    """The e-mail of a message; the same input gives the same Message-ID and parts."""
    beside = beside or Beside()
    told = [(language, part) for language in languages for part in message.parts]
    tellings = [put(part, language, settings.dashboard_url) for language, part in told]
    subject = _subject(tellings[0], settings, len(message.also))
    drawn = beside.weeks is not None and counts_vacancies(kind_of(message.alert))
    leads = [language if part.alert == message.alert else "" for language, part in told]
    context = {
        "tellings": tellings,
        "subject": subject,
        "demonstration": settings.is_demonstration,
        "colour": COLOURS[kind_of(message.alert)],
        "pictures": [
            f"{one}.{message.message_id}@{DOMAIN}" if drawn and one else "" for one in leads
        ],
        "links": [beside.links.get(language, ()) for language in leads],
    }
    mail = EmailMessage()
    set_subject(mail, subject)
    mail["To"] = tuple(Address(addr_spec=address) for address in to)
    _add_headers(mail, message, settings)
    mail.set_content(templates().get_template("alert.txt.j2").render(context))
    html = templates().get_template("alert.html.j2").render(context)
    mail.add_alternative(html, subtype="html")
    if beside.weeks is not None and drawn:
        _add_pictures(mail, tellings, context, beside.weeks)
    return mail


def _subject(telling: Telling, settings: Settings, further: int) -> str:
    """Short, the place at the end: phones cut long subjects; and how many alerts come with it."""
    mark = f"[{telling.words['mark']}] " if settings.is_demonstration else ""
    return f"{mark}{telling.heading} – {telling.where}" + (f" (+{further})" if further else "")


def _add_headers(mail: EmailMessage, message: Message, settings: Settings) -> None:
    """Sender, identity, thread, and what tells other systems that no person wrote it."""
    mail["From"] = Address("Labourwatch", addr_spec=settings.mail_from)
    mail["Date"] = message.at
    mail["Message-ID"] = f"<{message.message_id}@{DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Id"] = f"Labourwatch alerts <{DOMAIN}>"
    mail["List-Unsubscribe"] = f"<mailto:{settings.operator_mail_to}?subject=unsubscribe>"
    if message.alert.tellings > 1:
        mail["References"] = f"<{message.alert.alert_id}.1@{DOMAIN}>"


def _add_pictures(
    mail: EmailMessage, tellings: Sequence[Telling], context: dict[str, Any], weeks: Weeks
) -> None:
    """The picture in each language, beside the HTML part that shows it."""
    from alerts.notify.chart import draw

    html = mail.get_payload(1)
    assert isinstance(html, EmailMessage)  # noqa: S101 - compose added it just now
    for telling, name in zip(tellings, context["pictures"], strict=True):
        if not name:
            continue
        html.add_related(
            draw(weeks, telling.words, context["colour"]),
            "image",
            "png",
            cid=f"<{name}>",
            filename=f"chart-{telling.words['language']}.png",
            disposition="inline",
        )


def send(
    mail: EmailMessage, settings: Settings, to: Sequence[str] | None = None
) -> tuple[Refusal, ...]:
    """Hand the message to the mail server; which of several recipients it did not take.

    Args:
        to: those to whom it goes now; None: all that it names.

    Raises:
        RefusedError: the server answered with a permanent error, or lacks what the message needs.
        AwayError: it could not be used at all: again later, this and every other message.
        OSError: it put this message off (`smtplib.SMTPException` is one): again later.
    """
    try:
        with _server(settings) as server:
            refused = server.send_message(mail, to_addrs=to)
    except smtplib.SMTPRecipientsRefused as error:
        return _of_all(_refusals(error.recipients))
    except smtplib.SMTPNotSupportedError as error:
        raise RefusedError(str(error)) from error
    except smtplib.SMTPServerDisconnected as error:
        raise AwayError(str(error)) from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            raise RefusedError(f"{error.smtp_code} {error.smtp_error!r}") from error
        raise
    return _refusals(refused)


def _of_all(refusals: tuple[Refusal, ...]) -> tuple[Refusal, ...]:
    """Where nobody was taken: an error if all for the same reason, else who for which."""
    why = "; ".join(map(str, refusals))
    if all(one.is_final for one in refusals):
        raise RefusedError(why)
    if not any(one.is_final for one in refusals):
        raise OSError(why)
    return refusals


def _refusals(refused: Mapping[str, tuple[int, bytes]]) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(address=address, code=code, text=text.decode("ascii", "replace"))
        for address, (code, text) in sorted(refused.items())
    )


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A mail server as the settings say: plain, with STARTTLS or with TLS, logged in or not."""
    with ExitStack() as opened:
        try:
            server = opened.enter_context(_connected(settings))
            if settings.smtp_security == "starttls":
                server.starttls(context=_trust(settings))
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        except OSError as error:
            raise AwayError(repr(error)) from error
        yield server


def _connected(settings: Settings) -> smtplib.SMTP:
    place = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(*place, timeout=_TIMEOUT_S, context=_trust(settings))
    return smtplib.SMTP(*place, timeout=_TIMEOUT_S)


def _trust(settings: Settings) -> ssl.SSLContext:
    """Certificates are always checked: against those of the system, or the file named."""
    return ssl.create_default_context(cafile=settings.smtp_ca_file or None)
