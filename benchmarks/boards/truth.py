"""Adverts with their truth: what a board is asked to show, and what must be read of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import Final

from labourwatch.demo.descriptions import write_body
from labourwatch.demo.draws import Draw, mix
from labourwatch.demo.employers import Employers, make_employers
from labourwatch.demo.labour import load_labour
from labourwatch.demo.pay import Offer, offer
from labourwatch.demo.places import Reach, place
from labourwatch.demo.titles import write_title

SEEN_ON: Final = date(2026, 11, 25)
"""Day on which the boards are crawled, from which "3 days ago" counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One advert as it truly is. Boards choose the mark-up, never the content."""

    key: int
    english: bool
    title: str
    employer: str
    place: str
    province: str
    """ISO 3166-2:LA code of the place."""
    posted: date
    closing: date
    offer: Offer
    body: str
    """HTML."""

    @property
    def days_ago(self) -> int:
        """Age on the day of the crawl."""
        return (SEEN_ON - self.posted).days

    @property
    def days_left(self) -> int:
        """Days until closing, from the day of the crawl."""
        return (self.closing - SEEN_ON).days


def make_truths(
    seed: int, number: int, *, first: int, english: float = 0.5, seen_on: date = SEEN_ON
) -> list[Truth]:
    """Adverts of a seed, newest first; `first` keeps the keys of several boards apart."""
    employers = make_employers(seed, load_labour(), 300)
    made = [_truth(seed, first + n, english, employers, seen_on) for n in range(number)]
    return sorted(made, key=lambda truth: (truth.posted, truth.key), reverse=True)


def stamp(day: date, hour: int = 9) -> str:
    """A day's morning in Vientiane as ISO 8601."""
    return datetime(day.year, day.month, day.day, hour).isoformat() + "+07:00"  # noqa: DTZ001


def by_key(truths: Sequence[Truth], key: str) -> Truth | None:
    """The advert of a key as it stands in an address, or `None`."""
    return next((truth for truth in truths if str(truth.key) == key), None)


def _truth(seed: int, key: int, english_share: float, employers: Employers, seen_on: date) -> Truth:
    labour = load_labour()
    facts, style = Draw(mix(seed) ^ mix(key)), Draw(mix(seed + 1) ^ mix(key))
    english = facts.chance(english_share)
    occupation = facts.pick(labour.occupations)
    province = facts.below(len(labour.provinces))
    employer = facts.pick(employers.all).name("en" if english else "lo")
    where = place(province, Reach.NAMED, lao=not english, facts=facts, style=style)
    iso = labour.provinces[province].iso
    title = write_title(
        occupation, language="en" if english else "lo", openings=1, place=where.text,
        employer=employer, style=style,
    )  # fmt: skip
    body = write_body(
        isco1=occupation.isco1, english=english, title=title, employer=employer, years=2,
        facts=facts, style=style,
    )  # fmt: skip
    lists = "".join(f"<li>{escape(item)}</li>" for item in (*body.duties, *body.asked))
    return Truth(
        key=key,
        english=english,
        title=title,
        employer=employer,
        place=where.text,
        province=iso,
        posted=seen_on - timedelta(days=facts.below(28)),
        closing=seen_on + timedelta(days=1 + facts.below(40)),
        offer=offer(occupation, iso=iso, english=english, facts=facts, style=style),
        body=f"<p>{escape(body.intro)}</p><ul>{lists}</ul>",
    )
