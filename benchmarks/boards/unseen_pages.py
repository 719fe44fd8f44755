"""More boards written after the readers were finished: plain pages of several makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Final

from benchmarks.boards.board import XML, Answer, Ask, Board, page, part
from benchmarks.boards.structured import sitemap
from benchmarks.boards.truth import Truth, by_key

_MONTHS: Final = ("ມັງກອນ", "ກຸມພາ", "ມີນາ", "ເມສາ", "ພຶດສະພາ", "ມິຖຸນາ", "ກໍລະກົດ", "ສິງຫາ",
                  "ກັນຍາ", "ຕຸລາ", "ພະຈິກ", "ທັນວາ")  # fmt: skip


def bootstrap(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Cards of a CSS framework, facts in one line of text with icons and a middle dot."""
    if ask.path != "/find":
        return None
    cards = "".join(
        '<div class="col-md-6"><div class="card shadow-sm job"><div class="card-body">'
        '<span class="badge bg-danger">Hot</span>'
        f'<h5 class="card-title"><a class="stretched-link" href="/find/view/{t.key}">'
        f'{escape(t.title)}</a></h5><small class="text-muted"><i class="bi bi-building"></i> '
        f'{escape(t.employer)}</small><div class="row"><div class="col"><i class="bi bi-geo-alt">'
        f'</i>&nbsp;{escape(t.place)}</div><div class="col text-end">'
        f'{escape(t.offer.text) or "&nbsp;"}</div></div><p class="card-text">Posted: '
        f"{t.posted:%b %d, %Y} &middot; Closes: {t.closing:%b %d, %Y}</p></div></div></div>"
        for t in truths[ask.number("start", 0) :][:4]
    )
    return page("", f'<div class="container"><div class="row g-3">{cards}</div></div>')


def ministry(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """A table of nested tables and font tags with a heading row; the last page is short."""
    if ask.path != "/index.php":
        return None
    rows = "".join(
        f'<tr bgcolor="#eeeeee"><td align=center><font size=2>{n}</font></td><td><font size=2>'
        f"<b>{escape(t.title)}</b><br><i>ລະຫັດ {t.key}</i></font></td><td><table><tr><td>"
        f"{escape(t.employer)}</td></tr><tr><td>{escape(t.place)}</td></tr></table></td>"
        f"<td>{escape(t.offer.text)}</td><td>{_lao(t.posted)}<br>ຫາ<br>{_lao(t.closing)}</td></tr>"
        for n, t in enumerate(part(truths, ask.number("pg", 0), 10), 1)
    )
    head = "<tr><th>ລ/ດ<th>ຕຳແໜ່ງ<th>ໜ່ວຍງານ<th>ເງິນເດືອນ<th>ໄລຍະຮັບສະໝັກ</tr>"
    return page("", f"<center><table border=1 width=90%>{head}{rows}</table></center>")


def blog(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """A blog whose posts write facts in lines; older posts behind an arrow."""
    if ask.path == "/category/jobs":
        number = ask.number("pagina", 1)
        posts = "".join(
            f"<article id=post-{t.key}><header><h2 class=entry-title><a rel=bookmark "
            f"href=/{t.posted:%Y/%m}/{t.key}>{escape(t.title)}</a></h2></header></article>"
            for t in part(truths, number - 1, 5)
        )
        older = f"<div class=nav><a href='?pagina={number + 1}'>Older »</a></div>"
        return page("", posts + (older if len(truths) > number * 5 else ""))
    truth = by_key(truths, ask.path.rpartition("/")[2])
    if truth is None:
        return None
    names = ("ຊື່ບໍລິສັດ", "ບ່ອນປະຈຳການ", "ລາຍໄດ້", "ປິດຮັບສະໝັກ") if not truth.english else (
        "Organisation", "Duty station", "Remuneration", "Application deadline")  # fmt: skip
    closing = f"{truth.closing:%d.%m.%Y}" if truth.english else _lao(truth.closing)
    values = (truth.employer, truth.place, truth.offer.text or "-", closing)
    lines = "<br />\n".join(
        f"📌 {name} : {escape(value)}" for name, value in zip(names, values, strict=True)
    )
    return page(
        f'<meta property="article:published_time" content="{truth.posted}T08:00:00+07:00">',
        f"<article><h1>{escape(truth.title)}</h1><p>{lines}</p>{truth.body}</article>",
    )


def drupal(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Views rows by numbers from 0; labelled fields of nested divs on the node."""
    if ask.path == "/vacancies":
        rows = "".join(
            f'<div class="views-row"><span class="field-content"><a href="/node/{t.key}" '
            f'hreflang="en">{escape(t.title)}</a></span></div>'
            for t in part(truths, ask.number("page", 0), 8)
        )
        return page("", f'<div class="view-content">{rows}</div>')
    truth = by_key(truths, ask.path.removeprefix("/node/"))
    if truth is None:
        return None

    def told(label: str, content: str) -> str:
        return (
            f'<div class="field field--label-inline"><div class="field__label">{label}</div>'
            f'<div class="field__item">{content}</div></div>'
        )

    pay = told("Salary range", escape(truth.offer.text)) if truth.offer.text else ""
    return page(
        "",
        f"""<h1 class="page-title"><span>{escape(truth.title)}</span></h1>
<div class="node__content">{told("Employer", f'<a href="/e">{escape(truth.employer)}</a>')}
{told("Province / District", escape(truth.place))}{pay}
{told("Date posted", f'<time datetime="{truth.posted}">{truth.posted:%A, %d %B %Y}</time>')}
{told("Closing date", f'<time datetime="{truth.closing}">{truth.closing:%A, %d %B %Y}</time>')}
<div class="text-formatted">{truth.body}</div></div>""",
    )


def plain_microdata(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Microdata that writes texts where objects belong."""
    if ask.path == "/sitemap_index.xml":
        return XML, sitemap(truths, ask.base)
    bits = ask.path.split("/")
    truth = by_key(truths, bits[2]) if len(bits) > 2 and bits[1] == "job" else None
    if truth is None:
        return None
    pay = f'<dd itemprop="baseSalary">{escape(truth.offer.text)}</dd>' if truth.offer.text else ""
    return page(
        "",
        f"""<section itemscope itemtype="https://schema.org/JobPosting"><h2
itemprop="title">{escape(truth.title)}</h2><dl><dd itemprop="hiringOrganization">
{escape(truth.employer)}</dd><dd itemprop="jobLocation">{escape(truth.place)}</dd>{pay}
<dd itemprop="datePosted">{truth.posted:%d/%m/%Y}</dd>
<dd itemprop="validThrough">{truth.closing:%d/%m/%Y}</dd></dl>
<div itemprop="description">{truth.body}</div></section>""",
    )


def _lao(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


BOARDS: Final = (
    Board(
        name="bootstrap", layout="framework cards, offset, two dates in one line",
        respond=bootstrap,
        declaration=r"""
kind: html_list
list:
  url: /find
  page: {name: start, start: 0, step: 4}
  items: div.job
  id_pattern: 'view/(?P<id>\d+)'
  fields:
    url: "h5 a::attr(href)"
    title: h5
    hiring_organization: small
    job_location: ".row .col:first-child"
    base_salary: .text-end
    date_posted: {paths: [p.card-text], pattern: 'Posted: (.*?) ·'}
    valid_through: {paths: [p.card-text], pattern: 'Closes: (.*)'}
""",
    ),
    Board(
        name="ministry", layout="nested tables, font tags, Lao period", respond=ministry,
        declaration=r"""
kind: html_list
list:
  url: /index.php?view=jobs
  page: {name: pg, start: 0}
  items: "xpath://table[@border]/tr[td] | //table[@border]/tbody/tr[td]"
  fields:
    id: {paths: ["xpath:./td[2]//i"], pattern: '(\d+)'}
    title: "xpath:./td[2]//b"
    hiring_organization: "xpath:./td[3]//tr[1]"
    job_location: "xpath:./td[3]//tr[2]"
    base_salary: "xpath:./td[4]"
    date_posted: {paths: ["xpath:./td[5]"], pattern: '(?s)^(.*?)\s+ຫາ'}
    valid_through: {paths: ["xpath:./td[5]"], pattern: '(?s)ຫາ\s+(.*)'}
""",
    ),
    Board(
        name="blog", layout="facts in lines of a blog post, emoji, meta date", respond=blog,
        declaration=r"""
kind: html_list
list:
  url: /category/jobs
  page: {next: ".nav a"}
  items: article
  id_pattern: '/(?P<id>\d+)$'
  fields: {url: "h2 a::attr(href)", title: h2}
detail:
  fields:
    title: h1
    hiring_organization: {label: [Organisation, ຊື່ບໍລິສັດ]}
    job_location: {label: [Duty station, ບ່ອນປະຈຳການ]}
    base_salary: {label: [Remuneration, ລາຍໄດ້]}
    valid_through: {label: [Application deadline, ປິດຮັບສະໝັກ]}
    date_posted: "meta[property='article:published_time']::attr(content)"
    description: article
""",
    ),
    Board(
        name="drupal", layout="views and labelled fields in nested divs", respond=drupal,
        declaration=r"""
kind: html_list
list:
  url: /vacancies
  page: {name: page, start: 0}
  items: .views-row
  id_pattern: '/node/(?P<id>\d+)'
  fields: {url: "a::attr(href)", title: a}
detail:
  fields:
    hiring_organization: {label: Employer}
    job_location: {label: Province / District}
    base_salary: {label: Salary range}
    date_posted: {label: Date posted}
    valid_through: {label: Closing date}
    description: .text-formatted
""",
    ),
    Board(
        name="plainmicro", layout="microdata with texts for objects", respond=plain_microdata,
        declaration=r"""
kind: sitemap_jsonld
list: {url: /sitemap_index.xml, id_pattern: '/job/(?P<id>\d+)/'}
""",
    ),
)  # fmt: skip
