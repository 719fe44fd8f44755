"""An alert by the Common Alerting Protocol 1.2: Alert, Update, Cancel, in Lao and English.

https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lxml import etree

from alerts.notify.areas import outlines
from alerts.notify.told import PublicNotice, PublicWords, in_words
from alerts.notify.wording import link_to
from alerts.signal import Classification

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE: Final = "application/cap+xml"
_ZONE: Final = ZoneInfo("Asia/Vientiane")
_LASTS: Final = timedelta(days=21)
"""An alert is told again after 14 days; what is not is void a week later."""
_SEVERITIES: Final = {"minor": "Minor", "moderate": "Moderate", "severe": "Severe"}
_LANGUAGES: Final = (("lo", "lo-LA"), ("en", "en-GB"))


def cap_alert(notice: PublicNotice, *, sender: str, base_url: str, exercise: bool) -> bytes:
    """The notice as a CAP message (XML, UTF-8).

    The first telling is an Alert, later ones are Updates, the last a Cancel; both refer to all
    earlier ones. In an exercise `status` is Exercise, which receivers must not act on.
    """
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _put(root, "identifier", notice.notice_id)
    _put(root, "sender", sender)
    _put(root, "sent", _moment(notice.alert.at))
    _put(root, "status", "Exercise" if exercise else "Actual")
    _put(root, "msgType", message_type(notice))
    _put(root, "scope", "Public")
    if exercise:
        _put(root, "note", "Demonstration data: nothing here describes the labour market.")
    if notice.earlier:
        _put(root, "references", " ".join(_references(notice, sender)))
    for language, tag in _LANGUAGES:
        _add_info(root, notice, language, tag, base_url)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def message_type(notice: PublicNotice) -> str:
    """Alert, Update or Cancel."""
    if notice.is_end and notice.earlier:
        return "Cancel"
    return "Update" if notice.earlier else "Alert"


def _references(notice: PublicNotice, sender: str) -> list[str]:
    return [
        f"{sender},{notice.alert.alert_id}.{number},{_moment(at)}"
        for number, at in enumerate(notice.earlier, start=1)
    ]


def _add_info(
    root: etree._Element, notice: PublicNotice, language: str, tag: str, base_url: str
) -> None:
    told, alert = in_words(notice, language), notice.alert
    info = etree.SubElement(root, f"{{{NAMESPACE}}}info")
    _put(info, "language", tag)
    _put(info, "category", "Other")
    _put(info, "event", told.heading.split(" – ")[0])
    _put(info, "responseType", "AllClear" if notice.is_end else "Assess")
    _put(info, "urgency", "Past" if notice.is_end else urgency(alert.kind))
    _put(info, "severity", _SEVERITIES.get(alert.severity, "Unknown"))
    _put(info, "certainty", certainty(alert.kind))
    _put(info, "expires", _moment(alert.at + _LASTS))
    _put(info, "senderName", "Labourwatch")
    _put(info, "headline", told.heading[:160])
    _put(info, "description", f"{told.sentence} {told.not_this}")
    if told.checks:
        _put(info, "instruction", " ".join(told.checks))
    _put(info, "web", link_to(alert.alert_id, language, base_url))
    _add_area(info, told, alert.province)


def _add_area(info: etree._Element, told: PublicWords, province: str) -> None:
    area = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _put(area, "areaDesc", told.place)
    for polygon in outlines().get(province, ()):
        _put(area, "polygon", polygon)
    code = etree.SubElement(area, f"{{{NAMESPACE}}}geocode")
    _put(code, "valueName", "ISO 3166-2" if province else "ISO 3166-1")
    _put(code, "value", province or "LA")


def urgency(kind: str) -> str:
    """Future for forecasts; Expected for the rest: weeks, not hours."""
    return "Future" if kind == Classification.FORECAST else "Expected"


def certainty(kind: str) -> str:
    """Observed for what was counted, Likely for what a probability says, Possible for forecasts."""
    if kind == Classification.FORECAST:
        return "Possible"
    counted = kind in (Classification.LABOUR, Classification.INDICATOR)
    return "Observed" if counted else "Likely"


def _moment(at: datetime) -> str:
    """As CAP wants it: seconds and the offset, never Z."""
    return at.astimezone(_ZONE).isoformat(timespec="seconds")


def _put(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text
