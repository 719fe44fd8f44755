"""Which backups are kept: the newest, one a day, one a week. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """Why a backup is kept, or that it is not."""

    NEWEST = "newest"
    DAILY = "daily"
    WEEKLY = "weekly"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How many are kept: the newest `last`, the last of each of `daily` days and `weekly` weeks."""

    last: int
    daily: int
    weekly: int


def judge(made: Mapping[str, datetime], rule: Rule) -> dict[str, Why]:
    """Each backup (id → when it was made, UTC) with the first reason that keeps it.

    Days and weeks are counted where there are backups, not by the calendar: a service that stood
    still for a month loses none of what it has. The newest is kept whatever the rule says.
    """
    newest_first = sorted(made, key=lambda name: (made[name], name), reverse=True)
    found = dict.fromkeys(newest_first, Why.OVER)
    by_week = _last_of_each(newest_first, made, _week)[: rule.weekly]
    by_day = _last_of_each(newest_first, made, _day)[: rule.daily]
    last = newest_first[: max(rule.last, 1)]
    for why, names in ((Why.WEEKLY, by_week), (Why.DAILY, by_day), (Why.NEWEST, last)):
        found.update(dict.fromkeys(names, why))
    return found


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d")


def _week(at: datetime) -> str:
    return at.strftime("%G-W%V")


def _last_of_each(
    newest_first: list[str], made: Mapping[str, datetime], period: Callable[[datetime], str]
) -> list[str]:
    latest: dict[str, str] = {}
    for name in newest_first:
        latest.setdefault(period(made[name]), name)
    return list(latest.values())
