"""What a spider carries so that every request of its run is a guest's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scrapers.allowance import Allowance
from scrapers.host_limits import HostLimits
from scrapers.robots import RobotsMemory
from scrapers.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """Shared by the crawls of a process (`robots`, `limits`), and one run's own `allowance`."""

    robots: RobotsMemory
    limits: HostLimits
    allowance: Allowance


def alone(source: Source, clock: Callable[[], datetime]) -> Manners:
    """Manners of a single run that shares nothing with others and counts no days."""
    limits = HostLimits()
    limits.declare(source)
    allowance = Allowance(source.politeness, clock, None)
    return Manners(robots=RobotsMemory(), limits=limits, allowance=allowance)
