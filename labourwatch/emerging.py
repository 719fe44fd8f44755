"""The search for expressions of adverts that no code covers, over two periods of the register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from config.skills import skills
from scrapers.employers import employer_key
from streams.classify.emerging import Emerging, TermCounter
from streams.classify.retrieval import known_titles
from streams.classify.skills import SkillCoder, load_skill_coder
from streams.classify.terms import name_parts, terms
from warehouse.terms import AdvertText, Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """The recent days up to `as_of`, and the days before them that they are compared with."""

    as_of: date
    recent_days: int = 28
    before_days: int = 182

    @property
    def recent_from(self) -> date:
        """First of the recent days."""
        return self.as_of - timedelta(days=self.recent_days - 1)

    @property
    def first(self) -> date:
        """First day of both."""
        return self.recent_from - timedelta(days=self.before_days)


def search(
    texts: Iterable[AdvertText], periods: Periods, coder: SkillCoder | None = None
) -> tuple[list[Emerging], Comparison]:
    """Terms that grow, and what they were found in. `texts` come in order of their days."""
    coder = coder or load_skill_coder()
    counter = TermCounter()
    known = frozenset(title for title, _, _ in known_titles()) | _names()
    names: set[str] = set()
    for text in texts:
        names |= name_parts(text.employer)
        found = terms(text.description, text.employer, coder.covered, known)
        counter.add(
            found, employer_key(text.employer), recent=text.opened_on >= periods.recent_from
        )
    compared = Comparison(
        as_of=periods.as_of,
        recent_days=periods.recent_days,
        before_days=periods.before_days,
        recent_of=counter.recent,
        before_of=counter.before,
    )
    return counter.emerging(names=names), compared


def lines(found: Iterable[Emerging], compared: Comparison) -> Iterable[str]:
    """The terms as a person reads them."""
    yield (
        f"{compared.recent_of:,} vacancies of {compared.recent_days} days up to {compared.as_of}, "
        f"compared with {compared.before_of:,} of the {compared.before_days} days before"
    )
    for each in found:
        yield (
            f"{each.term:<36} {each.recent:>6,} now {each.before:>6,} before  × {each.growth:.1f}"
            f"  q {each.q_value:.3g}  {each.employers} employers"
        )


def _names() -> frozenset[str]:
    return frozenset(concept.name_en.casefold() for concept in skills().values())
