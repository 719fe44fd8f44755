"""Hours of the day in which a source may be asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from scrapers.parsing.dates import VIENTIANE

_FORM = re.compile(r"(\d\d:\d\d) ?- ?(\d\d:\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From `start` up to `end`, which may lie after midnight, in the clock of `zone`."""

    start: time
    end: time
    zone: tzinfo = VIENTIANE

    def wait_s(self, now: datetime) -> float:
        """Seconds until the hours begin; 0 within them."""
        local = now.astimezone(self.zone)
        clock = local.time()
        if self.start < self.end:
            within = self.start <= clock < self.end
        else:
            within = clock >= self.start or clock < self.end
        if within:
            return 0.0
        opening = datetime.combine(local.date(), self.start, self.zone)
        if opening <= local:
            opening += timedelta(days=1)
        return (opening - local).total_seconds()


def longest_wait_s(hours: Iterable[Hours], now: datetime) -> float:
    """Seconds until the first of several hours' conditions that fails now is met; 0 if none
    fails. Asked again then, the others decide."""
    return max((each.wait_s(now) for each in hours), default=0.0)


def parse_hours(text: str) -> Hours:
    """Hours as `22:00-05:00`, Asia/Vientiane.

    Raises:
        ValueError: another form, or hours of no length.
    """
    expected = "expected hours such as 22:00-05:00 (Asia/Vientiane), start unlike end"
    form = _FORM.fullmatch(text.strip())
    if form is None or form[1] == form[2]:
        raise ValueError(expected)
    try:
        return Hours(start=time.fromisoformat(form[1]), end=time.fromisoformat(form[2]))
    except ValueError as error:
        raise ValueError(expected) from error


def stated_hours(start: time, end: time) -> Hours | None:
    """A robots.txt's `Visit-time`, which is in UTC; `None` where it leaves the whole day."""
    return None if start == end else Hours(start=start, end=end, zone=UTC)
