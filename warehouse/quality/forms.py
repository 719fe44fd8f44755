"""A quality report as Markdown, JSON and HTML. Pure; equal reports give equal bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from warehouse.quality.report import Report, headings

_ZONE: Final = ZoneInfo("Asia/Vientiane")
_COLUMNS: Final = (
    "question", "subject", "value", "interval", "n", "verdict", "mark", "source", "method",
)  # fmt: skip
_STYLE: Final = (
    "body{font-family:'Noto Sans Lao',sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;font-size:.85rem}"
    "td,th{border:1px solid #bbb;padding:.3rem;text-align:left;vertical-align:top}"
)


def as_markdown(report: Report) -> str:
    """The report for people."""
    lines = [f"# {_title(report)}", ""]
    if report.demonstration:
        lines += [f"**{headings().say('demonstration', report.language)}**", ""]
    lines += [f"- {name}: {value}" for name, value in _facts(report)]
    for section in report.sections:
        lines += ["", f"## {section.number} {section.title}", "", section.text]
        if section.lines:
            rows = [[_cell(getattr(line, name)) for name in _COLUMNS] for line in section.lines]
            lines += ["", _row(_heads(report)), _row(["---"] * len(_COLUMNS)), *map(_row, rows)]
    return "\n".join(lines) + "\n"


def as_html(report: Report) -> str:
    """The same as one page that needs nothing else."""
    facts = "".join(f"<li>{escape(n)}: {escape(v)}</li>" for n, v in _facts(report))
    heads = "".join(f"<th scope=col>{escape(head)}</th>" for head in _heads(report))
    parts = []
    for section in report.sections:
        parts.append(f"<h2>{section.number} {escape(section.title)}</h2>")
        parts.append(f"<p>{escape(section.text)}</p>")
        if section.lines:
            body = "".join(
                f"<tr>{''.join(f'<td>{escape(str(getattr(line, n)))}</td>' for n in _COLUMNS)}</tr>"
                for line in section.lines
            )
            parts.append(f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>")
    warning = escape(headings().say("demonstration", report.language))
    notice = f"<p><strong>{warning}</strong></p>" if report.demonstration else ""
    return (
        f"<!doctype html><html lang={report.language}><head><meta charset=utf-8>"
        f"<title>{escape(_title(report))}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(_title(report))}</h1>{notice}<ul>{facts}</ul>{''.join(parts)}</body></html>\n"
    )


def as_json(report: Report) -> str:
    """The report for programs: every number with n, interval, source, method and vintage."""
    content = {
        "language": report.language,
        "demonstration": report.demonstration,
        "release": None if report.release is None else asdict(report.release),
        "period_start": report.scope.since,
        "period_end": report.scope.until,
        "as_of": report.scope.as_of,
        "verdicts": report.verdicts,
        "sections": [
            {
                "number": section.number,
                "title": section.title,
                "text": section.text,
                "checks": [
                    {"question": line.question, "sources": line.source.split(", ")}
                    | {
                        name: value
                        for name, value in asdict(line.result).items()
                        if name not in ("computed_at", "detail")
                    }
                    for line in section.lines
                ],
            }
            for section in report.sections
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _title(report: Report) -> str:
    name = report.release.release_id if report.release else f"{report.scope.until}"
    return f"{headings().say('title', report.language)} {name}"


def _facts(report: Report) -> list[tuple[str, str]]:
    def say(word: str) -> str:
        return headings().say(word, report.language)

    held = report.release
    facts = [
        (say("release"), held.release_id if held else say("no_release")),
        (say("period"), f"{report.scope.since} – {report.scope.until}"),
        (say("as_of"), _moment(report.scope.as_of)),
    ]
    if held is not None:
        facts += [
            (say("issue"), _moment(held.issue)),
            (say("figures"), f"{held.figures:,}"),
            (say("digest"), held.digest),
        ]
    counts = ", ".join(f"{say(v.value)} {count}" for v, count in report.verdicts.items())
    return [*facts, (say("summary"), counts)]


def _heads(report: Report) -> list[str]:
    return [headings().say(name, report.language) for name in _COLUMNS]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(_ZONE):%Y-%m-%d %H:%M:%S} (UTC+7)"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
