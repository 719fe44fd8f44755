"""The e-mail to operators about a source: what happened, since when, on what evidence, what to do.

One message in both languages, with a Message-ID that never changes.
"""

from __future__ import annotations

from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any, Final
from zoneinfo import ZoneInfo

from alerts.cells import parse_cell
from alerts.notify.email import DOMAIN, templates
from alerts.notify.names import cell_name
from alerts.notify.subject import set_subject
from alerts.notify.wording import words
from alerts.operators import JOINING, OBJECTIVE, PART, UNDELIVERED, VOLUME, Notice, Trouble
from config.settings import Settings
from warehouse.opinions import DOUBTED
from warehouse.quality.results import QUALITY

_SUBJECTS: Final = {
    DOUBTED: ("account", "_corrections"),
    QUALITY: ("check", "_quality"),
    VOLUME: ("source", "_volume"),
    PART: ("source", "_volume"),
    JOINING: ("source", "_joining"),
    UNDELIVERED: ("message", "_undelivered"),
    OBJECTIVE: ("aim", "_objective"),
}
"""Whom or what a notice is about, and the ending of its words where health has none for it."""
_PAGES: Final = {UNDELIVERED: "alerts", OBJECTIVE: "operations"}
_LANGUAGES: Final = ("lo", "en")
_ZONE: Final = ZoneInfo("Asia/Vientiane")
_COLOURS: Final = {
    "changed": "#b45309",
    "outage": "#b91c1c",
    "corrections": "#b45309",
    QUALITY: "#b91c1c",
    VOLUME: "#b45309",
    PART: "#b45309",
    JOINING: "#0b5c8a",
    UNDELIVERED: "#b91c1c",
    OBJECTIVE: "#b45309",
    "over": "#15803d",
}


def compose_notice(notice: Notice, settings: Settings) -> EmailMessage:
    """The e-mail of a notice; the same input gives the same Message-ID and parts."""
    tellings = [put_notice(notice, language, settings) for language in _LANGUAGES]
    mark = f"[{words('en')['mark']}] " if settings.is_demonstration else ""
    subject = f"{mark}{tellings[-1]['heading']} – {notice.trouble.source_id}"
    context = {
        "tellings": tellings,
        "subject": subject,
        "demonstration": settings.is_demonstration,
        "colour": _COLOURS["over" if notice.over_at else notice.trouble.kind],
    }
    mail = EmailMessage()
    set_subject(mail, subject)
    mail["From"] = Address("Labourwatch", addr_spec=settings.mail_from)
    mail["To"] = Address(addr_spec=settings.operator_mail_to)
    mail["Date"] = notice.at
    mail["Message-ID"] = f"<{notice.message_id}@{DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    if notice.over_at is not None:
        mail["References"] = f"<{notice.message_id.removesuffix('over')}begun@{DOMAIN}>"
    mail.set_content(templates().get_template("operator.txt.j2").render(context))
    html = templates().get_template("operator.html.j2").render(context)
    mail.add_alternative(html, subtype="html")
    return mail


def put_notice(notice: Notice, language: str, settings: Settings) -> dict[str, Any]:
    """A notice in a language: heading and labelled statements in reading order."""
    said, trouble = words(language), notice.trouble
    named = {
        **said["reasons"], **said["endings"], **said["doubts"], **said["quality_reasons"],
        **said["volume_reasons"], **said["objective_reasons"],
    }  # fmt: skip
    reason = named.get(trouble.reason, trouble.reason)
    over = notice.over_at is not None
    subject, suffix = _SUBJECTS.get(trouble.kind, ("source", ""))
    begun = trouble.reason if suffix == "_volume" else trouble.kind
    heading = said[f"operator_over{suffix}" if over else f"operator_{begun}"]
    rows = [
        (said[f"operator_{subject}"], trouble.source_id),
        (said["what_label"], reason),
        (said["since_label"], _moment(trouble.since)),
    ]
    if notice.over_at is not None:
        until = said.get(f"operator_until{suffix}", said["operator_until"])
        rows.append((until, _moment(notice.over_at)))
        rows.append((said["operator_ending"], named.get(notice.ending, notice.ending)))
    rows.append((said["evidence_label"], _evidence(trouble, said)))
    rows.append((said["operator_effect"], said[f"effect{'_over' if over else ''}{suffix}"]))
    prefix = "" if language == "lo" else f"/{language}"
    return {
        "words": said,
        "heading": heading,
        "rows": rows,
        "checks": [] if over else said[f"check{suffix or '_source'}"],
        "link": f"{settings.dashboard_url}{prefix}/{_PAGES.get(trouble.kind, 'sources')}",
    }


def _evidence(trouble: Trouble, said: dict[str, Any]) -> str:
    """In words where there are some for its kind; else as the source's health noted it."""
    phrase = said.get(f"evidence_{trouble.kind}")
    if phrase is None:
        return trouble.evidence
    values = dict(pair.split("=", 1) for pair in trouble.evidence.split())
    for name in ("first", "last", "compared"):
        if name in values:
            values[name] = f"{date.fromisoformat(values[name]):%d/%m/%Y}"
    if "cell" in values:
        cell = parse_cell(values["cell"])
        values["cell"] = cell_name(cell, said["language"], said["nation"], said["all_groups"])
    return str(phrase).format(**values)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(_ZONE):%d/%m/%Y %H:%M}"
