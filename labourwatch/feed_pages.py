"""The page of each feed, written from its declaration so that the two cannot drift apart."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from config.feeds import Dimension, Feed, Period, feeds

_VALUES: Final = {
    Dimension.PROVINCE: "ISO code such as `LA-VT`, or the name in English or Lao",
    Dimension.DISTRICT: "P-code such as `LA0101`, or the name next to its province",
    Dimension.OCCUPATION: "ISCO-08, 1 to 4 digits",
    Dimension.INDUSTRY: "ISIC Rev. 4 section (letter) or division (2 digits)",
    Dimension.FIELD: "ISCED-F 2013, 2 to 4 digits",
    Dimension.LEVEL: "ISCED 2011 level, 0 to 8",
    Dimension.SEX: "`f`, `m`",
    Dimension.AGE_GROUP: "years like `15-24`, `65+`",
    Dimension.COUNTRY: "ISO 3166-1 code such as `TH`, or the name",
    Dimension.RESIDENCE: "`urban`, `rural`",
    Dimension.CATEGORY: "a code of the list below",
}
_PERIODS: Final = {
    Period.DAY: "`2026-09-30`",
    Period.WEEK: "`2026-W36`",
    Period.MONTH: "`2026-09`",
    Period.QUARTER: "`2026-Q3`",
    Period.YEAR: "`2026`",
    Period.SCHOOL_YEAR: "`2025-2026` (1 September to 31 August)",
}
_EXAMPLE_LINES: Final = 7


def page_of(feed: Feed) -> str:
    """Markdown of the page of one feed."""
    text = (files("labourwatch") / "templates" / "feed.md.j2").read_text(encoding="utf-8")
    # Markdown, not HTML: what is filled in is ours, and escaping it would spoil it.
    pages = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    return pages.from_string(text).render(
        feed=feed,
        values=_VALUES,
        periods=[_PERIODS[period] for period in feed.periods],
        example=_beginning(feed),
    )


def page_name(feed: Feed) -> str:
    """Name of the page's file."""
    return f"{feed.id}.md"


def write_pages(folder: Path) -> list[Path]:
    """Write every page into `folder`."""
    written = []
    for feed in feeds().values():
        path = folder / page_name(feed)
        path.write_text(page_of(feed), encoding="utf-8")
        written.append(path)
    return written


def _beginning(feed: Feed) -> str:
    text = (files("config") / "feeds" / "examples" / feed.example).read_text(encoding="utf-8")
    return "\n".join(text.splitlines()[:_EXAMPLE_LINES])
