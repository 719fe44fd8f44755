"""What happened during one crawl, and the outcome that follows from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from scrapers.items import RunOutcome, SourceRun
from scrapers.politeness import Obstacle

_FEW = 5
_MOST_WALLS = 3
"""Adverts of one run that may be refused singly before the source itself is taken to refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """How one live run ended."""

    record: SourceRun
    retry_after_s: float | None
    unfinished: bool = False
    """Whether hours or a budget put the rest off."""


class Report:
    """Notes that a spider takes while it crawls."""

    def __init__(self, *, full: bool = True) -> None:
        self.full = full
        """Whether the whole listing is to be read; else reading stops where nothing is new."""
        self.pages_awaited = 0
        """Listing pages asked for and not yet read."""
        self.pages_read = 0
        self.listing_obstacle: Obstacle | None = None
        self.detail_obstacle: Obstacle | None = None
        self.postponed: Obstacle | None = None
        """Why the rest is left to the next run; its outcome is `partial`."""
        self.walls = 0
        """Adverts that were refused or asked for a log-in."""
        self.details_failed = 0
        self.details_disallowed = 0
        self.errors: list[str] = []

    @property
    def listing_complete(self) -> bool:
        """Whether every page that was asked for was read."""
        return self.pages_read > 0 and not self.pages_awaited and self.listing_obstacle is None

    @property
    def retry_after_s(self) -> float | None:
        """Seconds that the source asked us to stay away."""
        obstacles = (self.listing_obstacle, self.detail_obstacle, self.postponed)
        waits = [obstacle.retry_after_s for obstacle in obstacles if obstacle]
        return max((wait for wait in waits if wait is not None), default=None)

    @property
    def obstacle(self) -> Obstacle | None:
        """What stood in the way, the listing's first; a postponement is none."""
        return self.listing_obstacle or self.detail_obstacle

    @property
    def refusal(self) -> str:
        """Why the source as a whole is taken to refuse us, or ""."""
        for obstacle, whole in (
            (self.listing_obstacle, True),
            (self.detail_obstacle, self.walls >= _MOST_WALLS),
        ):
            if obstacle is None or obstacle.outcome is not RunOutcome.REFUSED:
                continue
            if obstacle.by_rule and self.pages_read:
                continue  # a part that is closed to us does not close the rest
            if whole or obstacle.challenge:
                return obstacle.detail
        return ""

    @property
    def nothing_seen(self) -> bool:
        """Whether the run was put off before it had read anything."""
        return self.postponed is not None and not self.pages_read and self.obstacle is None

    def advert_failed(self, obstacle: Obstacle) -> bool:
        """One advert cannot be read; whether the run must end. A refusal outweighs a failure."""
        self.details_failed += 1
        refused = obstacle.outcome is RunOutcome.REFUSED
        self.walls += refused
        if refused or self.detail_obstacle is None or obstacle.leave:
            self.detail_obstacle = obstacle
        return obstacle.leave or self.walls >= _MOST_WALLS

    def listing_failed(self, obstacle: Obstacle) -> None:
        """The listing cannot be read (further); the first reason is kept."""
        self.listing_obstacle = self.listing_obstacle or obstacle


def judge(report: Report, *, listed: int, open_before: int) -> tuple[RunOutcome, str]:
    """Outcome and detail of a crawl.

    An empty listing where several postings were open before counts as a failure: a changed layout
    looks exactly like that, and closing everything would be worse than waiting.
    """
    if report.listing_obstacle is not None:
        started = report.pages_read > 0
        outcome = RunOutcome.PARTIAL if started else report.listing_obstacle.outcome
        return outcome, f"listing: {report.listing_obstacle.detail}"
    if report.postponed is not None:
        return RunOutcome.PARTIAL, f"put off: {report.postponed.detail}"
    if not report.listing_complete:
        return RunOutcome.FAILED, "the crawl ended before the listing was read"
    if report.full and not listed and open_before >= _FEW:
        return RunOutcome.FAILED, f"empty listing where {open_before} postings were open"
    notes = []
    if report.detail_obstacle is not None:
        notes.append(f"adverts: {report.detail_obstacle.detail}")
    if report.details_failed:
        notes.append(f"{report.details_failed} adverts not read")
    notes.extend(report.errors[:3])
    disallowed = report.details_disallowed
    told = [f"{disallowed} adverts disallowed by robots.txt"] if disallowed else []
    return (RunOutcome.PARTIAL if notes else RunOutcome.OK), "; ".join(notes + told)
