"""The weekly digest as an e-mail: text and HTML in the route's languages, one Message-ID."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any, Final

from alerts.alert import Alert
from alerts.digest import Digest
from alerts.notify.email import DOMAIN, templates
from alerts.notify.kinds import COLOURS, FORECASTS, kind_of
from alerts.notify.names import province_name
from alerts.notify.numbers import chance
from alerts.notify.subject import set_subject
from alerts.notify.wording import link_to, values_of, words
from alerts.routing import NATION
from config.settings import Settings

_COLOUR: Final = "#0b5c8a"


def compose_digest(digest: Digest, settings: Settings, now: datetime) -> EmailMessage:
    """The e-mail of a digest; the same digest has the same Message-ID."""
    route = digest.audience.route
    told = [put_digest(digest, language, settings.dashboard_url) for language in route.languages]
    mark = f"[{told[0]['words']['mark']}] " if settings.is_demonstration else ""
    subject = f"{mark}{told[0]['heading']} – {told[0]['place']}"
    context = {
        "tellings": told, "subject": subject,
        "demonstration": settings.is_demonstration, "colour": _COLOUR,
    }  # fmt: skip
    mail = EmailMessage()
    set_subject(mail, subject)
    mail["To"] = tuple(Address(addr_spec=one) for one in route.to or (settings.mail_to,))
    mail["From"] = Address("Labourwatch", addr_spec=settings.mail_from)
    mail["Date"] = now
    mail["Message-ID"] = f"<{digest.audience.name(digest.week)}@{DOMAIN}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Id"] = f"Labourwatch alerts <{DOMAIN}>"
    mail["List-Unsubscribe"] = f"<mailto:{settings.operator_mail_to}?subject=unsubscribe>"
    mail.set_content(templates().get_template("digest.txt.j2").render(context))
    html = templates().get_template("digest.html.j2").render(context)
    mail.add_alternative(html, subtype="html")
    return mail


def put_digest(digest: Digest, language: str, base_url: str) -> dict[str, Any]:
    """A digest in a language: heading, first sentence, sections of lines in reading order."""
    said = words(language)
    area = digest.audience.area
    sections = (
        (said["digest_open"], digest.open), (said["digest_ended"], digest.ended),
        (said["digest_held"], digest.held),
    )  # fmt: skip
    count = len(digest.open) + len(digest.held)
    return {
        "words": said,
        "place": said["nation"] if area in ("", NATION) else province_name(area, language),
        "heading": said["digest"].format(day=f"{digest.last:%d/%m/%Y}", count=count),
        "lead": said["digest_lead"].format(
            open=len(digest.open), ended=len(digest.ended), held=len(digest.held)
        ),
        "sections": [
            (label, [_line(alert, said, base_url) for alert in alerts])
            for label, alerts in sections
        ],
        "unassessed": _unassessed(digest, said),
        "held": bool(digest.held),
        "checks": said["digest_check"] if digest.open or digest.held else [],
        "link": f"{base_url}{'' if language == 'lo' else f'/{language}'}/alerts",
    }


def _line(alert: Alert, said: dict[str, Any], base_url: str) -> dict[str, str]:
    kind, values = kind_of(alert), values_of(alert, said)
    state = said["digest_states"]["held" if not alert.tellings else alert.state.value]
    line = said["digest_line_foreseen" if kind in FORECASTS else "digest_line"]
    sure = "" if alert.probability is None else said["digest_chance"].format(
        chance=chance(alert.probability)
    )  # fmt: skip
    return {
        "what": said[kind].format(**values),
        "where": f"{values['place']} · {values['group']}",
        "note": line.format(
            onset=values["onset"], state=state, severity=said["severities"][alert.severity.value]
        ) + sure,
        "colour": COLOURS[kind],
        "link": link_to(alert.alert_id, said["language"], base_url),
    }  # fmt: skip


def _unassessed(digest: Digest, said: dict[str, Any]) -> str:
    """Of how many occupation groups a shortage cannot be judged, and why."""
    if not digest.cells:
        return str(said["digest_no_release"])
    reasons = [
        said["digest_reason"].format(why=said["digest_standings"][standing.value], n=n)
        for standing, n in sorted(digest.unassessed.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    if not reasons:
        return str(said["digest_all_assessed"].format(cells=digest.cells))
    total = sum(digest.unassessed.values())
    return str(
        said["digest_unassessed_of"].format(
            n=total, cells=digest.cells, reasons="; ".join(reasons)
        )
    )  # fmt: skip
