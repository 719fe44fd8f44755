"""What a source's YAML may say about manners. The rest is the same for every source."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from scrapers.hours import parse_hours
from scrapers.source_specs import Strict


def _is_hours(text: str) -> str:
    if text:
        parse_hours(text)
    return text


class PolitenessSpec(Strict):
    """Narrower limits than the crawler keeps by itself; nothing here can loosen them."""

    window: Annotated[str, AfterValidator(_is_hours)] = ""
    """Hours in which the source may be asked, such as `22:00-05:00` (Asia/Vientiane)."""
    budget_per_run: int = Field(20_000, ge=2, le=1_000_000)
    """Requests of one run, robots.txt and repeated attempts included."""
    budget_per_day: int | None = Field(None, ge=2, le=10_000_000)
    """Requests of one day (Asia/Vientiane), whatever the number of runs and restarts."""
    answer_within_s: float = Field(60.0, gt=0, le=600)
    """From the connection to the last byte of one answer."""
