"""The feed of alerts by Atom (RFC 4287), paged by RFC 5005, in one language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from lxml import etree

from alerts.notify.cap import MEDIA_TYPE as CAP_TYPE
from alerts.notify.told import PublicNotice, in_words
from alerts.notify.wording import link_to, words

NAMESPACE: Final = "http://www.w3.org/2005/Atom"
MEDIA_TYPE: Final = "application/atom+xml"
PER_PAGE: Final = 50
_EMPTY: Final = datetime(2026, 1, 1, tzinfo=UTC)


def atom_feed(
    notices: Sequence[PublicNotice],
    *,
    address: str,
    base_url: str,
    language: str,
    page: int = 1,
    exercise: bool,
) -> bytes:
    """One page of the feed (XML, UTF-8); `notices` are all there are, newest first.

    Args:
        notices: tellings, newest first.
        address: of the feed without its query.
        base_url: of the dashboard.
        language: `lo` or `en`.
        page: from 1; an empty page is a valid feed.
        exercise: whether the title must say that the data are a demonstration.
    """
    said = words(language)
    shown = notices[(page - 1) * PER_PAGE : page * PER_PAGE]
    feed = etree.Element(f"{{{NAMESPACE}}}feed", nsmap={None: NAMESPACE})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    mark = f"[{said['mark']}] " if exercise else ""
    _put(feed, "title", f"{mark}{said['feed_title']}")
    _put(feed, "subtitle", said["feed_subtitle"])
    _put(feed, "id", f"{address}?lang={language}")
    _put(feed, "updated", _moment(notices[0].alert.at if notices else _EMPTY))
    _put(etree.SubElement(feed, f"{{{NAMESPACE}}}author"), "name", "Labourwatch")
    last = max(1, -(-len(notices) // PER_PAGE))
    for relation, number in (("self", page), ("first", 1), ("last", last)):
        _link(feed, relation, f"{address}?lang={language}&page={number}", MEDIA_TYPE)
    if page > 1:
        _link(feed, "previous", f"{address}?lang={language}&page={page - 1}", MEDIA_TYPE)
    if page < last:
        _link(feed, "next", f"{address}?lang={language}&page={page + 1}", MEDIA_TYPE)
    for notice in shown:
        _add_entry(feed, notice, language, base_url, mark)
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _add_entry(
    feed: etree._Element, notice: PublicNotice, language: str, base_url: str, mark: str
) -> None:
    told = in_words(notice, language)
    entry = etree.SubElement(feed, f"{{{NAMESPACE}}}entry")
    _put(entry, "title", f"{mark}{told.heading}")
    _put(entry, "id", f"urn:labourwatch:alert:{notice.notice_id}")
    _put(entry, "updated", _moment(notice.alert.at))
    _put(entry, "summary", f"{told.sentence} {told.not_this}")
    _link(entry, "alternate", link_to(notice.alert.alert_id, language, base_url), "text/html")
    _link(entry, "related", f"{base_url}/alerts/cap/{notice.notice_id}.xml", CAP_TYPE)
    for scheme, term in (
        ("kind", notice.alert.kind),
        ("severity", notice.alert.severity),
        ("province", notice.alert.province or "LA"),
    ):
        category = etree.SubElement(entry, f"{{{NAMESPACE}}}category")
        category.set("scheme", f"urn:labourwatch:{scheme}")
        category.set("term", term)


def _link(parent: etree._Element, relation: str, address: str, kind: str) -> None:
    link = etree.SubElement(parent, f"{{{NAMESPACE}}}link")
    for name, value in (("rel", relation), ("href", address), ("type", kind)):
        link.set(name, value)


def _put(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
