"""Boards that publish feeds: RSS of WP Job Manager, Atom, and XML of their own form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape

from benchmarks.boards.board import XML, Answer, Ask, Board, part
from benchmarks.boards.truth import Truth, stamp


def wordpress(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """WP Job Manager's feed by pages; body in CDATA; an author who is no employer."""
    if ask.query.get("feed") != "job_feed":
        return None
    items = "".join(
        f"<item><title>{escape(t.title)}</title><link>{ask.base}/job/{t.key}/</link>"
        f"<guid isPermaLink='false'>{ask.base}/?p={t.key}</guid><dc:creator>admin</dc:creator>"
        f"<pubDate>{_rfc(t)}</pubDate><content:encoded><![CDATA[{t.body}<p>ວັນໝົດເຂດ: "
        f"{t.closing:%d/%m/%Y}</p>]]></content:encoded>"
        f"<job_listing:location>{escape(t.place)}</job_listing:location>"
        f"<job_listing:company>{escape(t.employer)}</job_listing:company>"
        f"<job_listing:salary>{escape(t.offer.text)}</job_listing:salary></item>"
        for t in part(truths, ask.number("paged", 1) - 1, 7)
    )
    return (
        XML,
        f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:job_listing="{ask.base}"><channel><title>Jobs</title>{items}</channel></rss>""",
    )


def atom(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Atom with rel=next; facts as lines of the text."""
    if ask.path != "/feed.atom":
        return None
    number = ask.number("page", 1)
    entries = "".join(
        f"<entry><id>tag:x,{t.key}</id><title>{escape(t.title)}</title>"
        f"<link rel='self' href='{ask.base}/a/{t.key}'/><link href='{ask.base}/job/{t.key}'/>"
        f"<published>{stamp(t.posted)}</published><author><name>Editor</name></author>"
        f"<content type='html'>{escape(_lines(t))}</content></entry>"
        for t in part(truths, number - 1, 7)
    )
    more = f"<link rel='next' href='{ask.base}/feed.atom?page={number + 1}'/>"
    more = more if len(truths) > number * 7 else ""
    return XML, f"<feed xmlns='http://www.w3.org/2005/Atom'>{more}{entries}</feed>"


def own_xml(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """XML of the board's own form: attributes, nested elements, CDATA."""
    if ask.path != "/export.xml":
        return None
    vacancies = "".join(
        f'<vacancy id="{t.key}"><name><![CDATA[{t.title}]]></name><company ref="9">'
        f"{escape(t.employer)}</company><where><town>{escape(t.place)}</town></where>"
        f'<dates opened="{t.posted:%Y%m%d}" closes="{t.closing:%Y%m%d}"/>'
        f"<wage>{escape(t.offer.text)}</wage><text><![CDATA[{t.body}]]></text></vacancy>"
        for t in truths
    )
    return XML, f"<?xml version='1.0'?><export><source>x</source>{vacancies}</export>"


def _rfc(t: Truth) -> str:
    return format_datetime(datetime.combine(t.posted, time(5), UTC))


def _lines(t: Truth) -> str:
    pay = f"<br>Salary: {escape(t.offer.text)}" if t.offer.text else ""
    return (
        f"<p>Employer: {escape(t.employer)}<br>Place of work: {escape(t.place)}{pay}<br>"
        f"Apply before: {t.closing:%d %B %Y}</p>{t.body}"
    )


BOARDS: Final = (
    Board(
        name="wordpress", layout="RSS of WP Job Manager, pages", respond=wordpress,
        declaration=r"""
kind: rss
list:
  url: /?feed=job_feed
  page: {name: paged}
  fields:
    id: {paths: [guid], pattern: 'p=(\d+)'}
    valid_through: {label: ວັນໝົດເຂດ}
""",
    ),
    Board(
        name="atom", layout="Atom, rel=next, facts in lines of text", respond=atom,
        declaration=r"""
kind: rss
list:
  url: /feed.atom
  page: {next: next}
  fields:
    hiring_organization: {label: Employer}
    job_location: {label: Place of work}
    base_salary: {label: Salary}
    valid_through: {label: Apply before}
""",
    ),
    Board(
        name="ownxml", layout="XML of its own form", respond=own_xml,
        declaration=r"""
kind: xml_feed
list:
  url: /export.xml
  items: vacancy
  fields:
    id: "@id"
    title: name
    hiring_organization: company
    job_location: where.town
    date_posted: "dates@opened"
    valid_through: "dates@closes"
    base_salary: wage
    description: text
""",
    ),
)  # fmt: skip
