"""Labelled pairs of postings made from the simulated market.

The protocol is docs/dedup-protocol.md. Each pair is of two postings as a board would publish them;
a hash of its name puts it into the half that is tuned on or the half that is measured on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from benchmarks.dedup_labelled import Pair
from labourwatch.demo.adverts import Advert, Row, write_advert
from labourwatch.demo.employers import AGENCIES
from labourwatch.demo.postings import Copy, pack
from labourwatch.demo.vacancies import Opening, Scenario, births, make_scenario
from scrapers.items import JobPosting
from streams.classify.place import Gazetteer, PlaceReason
from streams.titles import parse, title_key
from tests.factories_streams import START

_LEGAL: Final = (
    "Co., Ltd",
    "Sole Co., Ltd",
    "Company Limited",
    "(Laos) Co., Ltd",
    "Public Company",
)
_BRANCHES: Final = ("", "", " - Pakse Branch", " Head Office Branch")
_NOISE_EN: Final = ("{}", "{}", "URGENT: {}", "{} wanted", "{} (Male/Female)", "We are hiring: {}")
_NOISE_LO: Final = ("{}", "{}", "ຮັບສະໝັກ {}", "ຕ້ອງການ {} ດ່ວນ!!", "{} (ຊາຍ-ຍິງ)", "ຕຳແໜ່ງ {}")
_NIGHT, _DAY = (" (Night Shift)", " (Day Shift)"), (" ກະກາງຄືນ", " ກະກາງເວັນ")


def simulated_pairs(seed: int, number: int) -> list[Pair]:
    """`number` pairs, about half of them duplicates, from adverts of a simulated market."""
    scenario = make_scenario(seed=seed, anchor=date(2026, 6, 30), history_days=120)
    market = _Market(scenario, random.Random(seed))
    makers = [_full, _semantic, _temporal, _partial, _translated] + [_different] * 5
    pairs = []
    for count in range(number):
        pair = None
        while pair is None:
            pair = makers[count % len(makers)](market, f"s{seed}-{count:05d}")
        pairs.append(pair)
    return pairs


class _Market:
    """Vacancies of a scenario one after the other, and dice."""

    def __init__(self, scenario: Scenario, dice: random.Random) -> None:
        self.scenario, self.dice = scenario, dice
        self._openings = self._walk()

    def next(self) -> tuple[Opening, int]:
        """A vacancy and its key without copy."""
        return next(self._openings)

    def advert(self, opening: Opening, key: int, copy: Copy) -> Advert:
        """The vacancy's advert as an original or a copy."""
        at = int(START.timestamp())
        row = Row(
            key=key | int(copy), board=1, posted_at=at, ended_at=at, closing=-1,
            copy=copy, defect=0,
        )  # fmt: skip
        return write_advert(self.scenario, opening, row)

    def employer(self, opening: Opening) -> tuple[str, str]:
        """The employer's English and Lao name."""
        employer = self.scenario.employers.all[opening.employer]
        return employer.name_en, employer.name_lo

    def title(self, titles: Sequence[str], number: int) -> str:
        """One of an occupation's titles, decorated as boards do."""
        title = titles[number % len(titles)]
        noise = _NOISE_EN if title.isascii() else _NOISE_LO
        return self.dice.choice(noise).format(title)

    def agency(self) -> str:
        """Name of one of the market's agencies."""
        return self.scenario.employers.all[self.dice.randrange(AGENCIES)].name_en

    def _walk(self) -> Iterator[tuple[Opening, int]]:
        for day in range(1_000_000):
            born = births(self.scenario, day % 110)
            for index in range(len(born)):
                opening = born.at(index)
                if opening.employer >= AGENCIES:
                    yield opening, pack(day % 110, index, 0)


def _posting(name: str, side: str, advert: Advert, day: int = 0) -> JobPosting:
    body = advert.body
    text = [body.intro, *body.duties, *body.asked, *body.given]
    seen = START + timedelta(days=day)
    return JobPosting(
        source_id=f"board-{side}",
        posting_id=name,
        url=f"https://board-{side}.example/{name}",
        fetched_at=seen,
        title=advert.title,
        description="\n".join(text),
        hiring_organization=advert.employer,
        job_location_raw=advert.place.text,
        date_posted=seen.date(),
        base_salary_raw=advert.offer.text,
        education_raw=advert.education,
        experience_raw=f"{advert.years} years",
        total_job_openings_raw=str(advert.openings),
    )


def _pair(name: str, kind: str, trap: str, one: JobPosting, other: JobPosting) -> Pair:
    return Pair(name=name, origin="simulated", kind=kind, trap=trap, one=one, other=other)


def _two(market: _Market, name: str, copy: Copy, day: int) -> tuple[JobPosting, JobPosting]:
    """An original and its copy under one job title, decorated anew.

    The simulator words a copy with any title of its occupation ("Video Editor" for "UI Designer"),
    which no reader would take for one job; a pair keeps one title.
    """
    opening, key = market.next()
    originals = market.advert(opening, key, Copy.ORIGINAL), market.advert(opening, key, copy)
    occupation = market.scenario.labour.occupations[opening.occupation]
    number = market.dice.randrange(8)
    titles = [
        market.title(occupation.titles_en if advert.english else occupation.titles_lo, number)
        for advert in originals
    ]
    one, other = (
        _posting(name, side, advert) for side, advert in zip("ab", originals, strict=True)
    )
    seen = other.fetched_at + timedelta(days=day)
    return replace(one, title=titles[0]), replace(
        other, title=titles[1], fetched_at=seen, date_posted=seen.date()
    )


def _full(market: _Market, name: str) -> Pair | None:
    two = _two(market, name, Copy.EXACT, market.dice.randrange(8))
    return _pair(name, "full", *_renamed(market, *two))


def _renamed(
    market: _Market, one: JobPosting, other: JobPosting
) -> tuple[str, JobPosting, JobPosting]:
    """Half of the copies name the employer otherwise: legal form, branch, or an agency."""
    dice = market.dice.random()
    if dice < 0.5:
        return "", one, other
    if dice < 0.85:
        root = one.hiring_organization.replace("Sole ", "").replace("Co., Ltd", "").strip()
        name = f"{root} {market.dice.choice(_LEGAL)}{market.dice.choice(_BRANCHES)}"
        return "employer_variant", one, replace(other, hiring_organization=name)
    hidden = market.agency() if dice < 0.95 else ""
    return "anonymous", one, replace(other, hiring_organization=hidden)


def _semantic(market: _Market, name: str) -> Pair | None:
    copy = market.dice.choice((Copy.REWORDED, Copy.TRUNCATED))
    two = _two(market, name, copy, market.dice.randrange(8))
    return _pair(name, "semantic", "", *two)


def _temporal(market: _Market, name: str) -> Pair | None:
    two = _two(market, name, Copy.REPOST, market.dice.randrange(40, 90))
    return _pair(name, "temporal", "", *two)


def _translated(market: _Market, name: str) -> Pair | None:
    """The first titles of an occupation in both languages are translations of each other."""
    opening, key = market.next()
    occupation = market.scenario.labour.occupations[opening.occupation]
    adverts = [market.advert(opening, key, copy) for copy in (Copy.ORIGINAL, Copy.TRANSLATED)]
    if adverts[0].english == adverts[1].english:
        return None
    one, other = (
        replace(
            _posting(name, side, advert, day),
            title=market.title(occupation.titles_en if advert.english else occupation.titles_lo, 0),
        )
        for side, advert, day in zip("ab", adverts, (0, 3), strict=True)
    )
    if market.dice.random() < 0.7 and other.hiring_organization == one.hiring_organization:
        names = market.employer(opening)
        swapped = names[1] if one.hiring_organization == names[0] else names[0]
        other = replace(other, hiring_organization=swapped)
    return _pair(name, "translated", "", one, other)


def _partial(market: _Market, name: str) -> Pair | None:
    opening, key = market.next()
    advert = market.advert(opening, key, Copy.ORIGINAL)
    one = _posting(name, "a", advert)
    titles = market.scenario.labour.occupations[opening.occupation].titles_en
    if not advert.english or market.dice.random() < 0.3:
        few, many = str(2 + market.dice.randrange(3)), str(6 + market.dice.randrange(9))
        one = replace(one, total_job_openings_raw=many)
        other = replace(one, source_id="board-b", total_job_openings_raw=few)
        return _pair(name, "partial", "openings", one, other)
    extras = market.dice.sample(("Driver", "Cook", "Security Guard", "Accountant", "Cashier"), 2)
    if any(word in titles[0] for word in extras):
        return None
    listed = ", ".join([titles[0], *extras])
    other = replace(one, source_id="board-b", title=listed, fetched_at=START + timedelta(days=2))
    return _pair(name, "partial", "several_jobs", replace(one, title=titles[0]), other)


def _different(market: _Market, name: str) -> Pair | None:
    """Two vacancies that look alike: one thing that matters differs."""
    opening, key = market.next()
    advert = market.advert(opening, key, Copy.ORIGINAL)
    one = replace(_posting(name, "a", advert), title=advert.title)
    copy = replace(one, source_id="board-b", fetched_at=START + timedelta(days=2))
    trap = market.dice.choice(("place", "rank", "shift", "pay", "template", "employer", "job"))
    if trap == "place":
        places = ("Savannakhet", "ແຂວງຈຳປາສັກ", "Luang Namtha", "Attapeu", "ຄຳມ່ວນ")
        copy = replace(copy, job_location_raw=market.dice.choice(places))
        if not one.job_location_raw or _province(one) in {"", _province(copy)}:
            return None
    elif trap == "rank":
        rank = ("Senior {}", "Assistant {}") if advert.english else ("ຜູ້ຊ່ວຍ{}", "ຫົວໜ້າ{}")
        title = market.dice.choice(rank).format(advert.title)
        copy = replace(copy, title=title)
    elif trap == "shift":
        night, day = (_NIGHT[0], _NIGHT[1]) if advert.english else (_DAY[0], _DAY[1])
        one = replace(one, title=one.title + day)
        copy = replace(copy, title=copy.title + night)
    elif trap == "pay":
        low = market.dice.randrange(3, 6)
        one = replace(one, base_salary_raw=f"{low},000,000 LAK")
        copy = replace(copy, base_salary_raw=f"{low * 2},500,000 LAK")
    else:
        return _of_another(market, name, trap, one, copy, opening)
    left, right = parse(title_key(one.title)), parse(title_key(copy.title))
    same = trap == "rank" and left.ranks == right.ranks
    return None if same else _pair(name, "none", trap, one, copy)


@lru_cache(maxsize=1)
def _gazetteer() -> Gazetteer:
    return Gazetteer()


def _province(posting: JobPosting) -> str:
    """The one province named, or "" where there are several or none."""
    place = _gazetteer().locate(posting.job_location_raw)
    return "" if place.reason is PlaceReason.SEVERAL_PROVINCES else place.province


def _of_another(
    market: _Market, name: str, trap: str, one: JobPosting, copy: JobPosting, opening: Opening
) -> Pair | None:
    """A template's text for another employer, the same job elsewhere, or another of the house."""
    second, key = market.next()
    advert = market.advert(second, key, Copy.ORIGINAL)
    if second.occupation == opening.occupation or second.employer == opening.employer:
        return None
    if trap == "template":
        copy = replace(copy, hiring_organization=advert.employer)
    elif trap == "employer":
        copy = replace(
            copy,
            hiring_organization=advert.employer,
            description=_posting(name, "b", advert).description,
        )
    else:
        copy = replace(copy, title=advert.title)
    return _pair(name, "none", trap, one, copy)
