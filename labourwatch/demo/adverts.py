"""One posting as its board holds it, written out from a few numbers on request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from labourwatch.demo.descriptions import Body, phrases, write_body
from labourwatch.demo.draws import Draw, mix
from labourwatch.demo.employers import AGENCIES
from labourwatch.demo.labour import Occupation
from labourwatch.demo.pay import Offer, offer
from labourwatch.demo.places import Place, place, reach_of
from labourwatch.demo.postings import Copy, Defect
from labourwatch.demo.titles import write_title
from labourwatch.demo.vacancies import LANGUAGES, Opening, Scenario

INDUSTRIES: Final = {
    "A": "Agriculture & Forestry", "B": "Mining", "C": "Manufacturing", "D": "Energy & Hydropower",
    "E": "Environment & Waste", "F": "Construction & Engineering", "G": "Trade & Retail",
    "H": "Transport & Logistics", "I": "Hotel, Restaurant & Tourism", "J": "ICT & Telecom",
    "K": "Banking, Finance & Insurance", "L": "Real Estate", "M": "Professional Services",
    "N": "Business Services", "O": "Public Sector", "P": "Education", "Q": "Health",
    "R": "Sports & Recreation", "S": "NGO & Other Services", "T": "Household Services",
}  # fmt: skip
_FUNCTIONS: Final = {
    "11": "Management", "12": "Management", "13": "Management", "14": "Management",
    "21": "Engineering", "22": "Medical / Health", "23": "Education / Training",
    "24": "Accounting / Business", "25": "IT", "26": "Legal / Social", "31": "Engineering",
    "32": "Medical / Health", "33": "Sales / Finance", "34": "Hospitality / Culture", "35": "IT",
    "41": "Administration", "42": "Customer Service", "43": "Logistics / Accounting",
    "44": "Administration", "51": "Hospitality / Service", "52": "Sales / Retail",
    "53": "Care", "54": "Security", "61": "Agriculture", "62": "Agriculture",
    "93": "Production / Labour", "91": "Cleaning",
}  # fmt: skip
_TYPES: Final = (
    "Full time",
    "Full time",
    "Full time",
    "Full time",
    "Part time",
    "Contract",
    "Internship",
    "Daily",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advert:
    """A posting's content. Boards turn it into their own mark-up."""

    key: int
    title: str
    english: bool
    employer: str
    place: Place
    body: Body
    offer: Offer
    openings: int
    employment_type: str
    education: str
    years: int
    function: str
    industry: str
    posted_at: datetime
    closing: date | None
    defect: Defect


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One posting's numbers, as stored."""

    key: int
    board: int
    posted_at: int
    """Epoch seconds."""
    ended_at: int
    closing: int
    """Stated closing day of the market; -1 for none."""
    copy: int
    defect: int


AGENCY_BOARD: Final = 0
_PAY: Final = 0x9A7
_WORDING: Final = 0x5717E


def vacancy_key_of(seed: int, key: int) -> int:
    """Key of all draws that belong to the vacancy behind a posting."""
    return mix(seed) ^ (key >> 4)


def write_advert(scenario: Scenario, opening: Opening, row: Row) -> Advert:
    """The advert of one row, which belongs to the vacancy `opening`.

    Draws for facts (pay, openings, place) depend on the vacancy alone; draws for style (wording)
    also on the copy where it is no exact one.
    """
    vacancy_key = vacancy_key_of(scenario.seed, row.key)
    copy = Copy(row.copy)
    facts, style = Draw(vacancy_key), _style(vacancy_key, row.key, copy)
    occupation = scenario.labour.occupations[opening.occupation]
    language = LANGUAGES[opening.language]
    if copy is Copy.TRANSLATED:
        language = "en" if language == "lo" else "lo"
    leans_english = facts.chance(0.3)
    english = language == "en" or (language == "mixed" and leans_english)
    employer = _employer(scenario, opening.employer, language, row, copy)
    openings = 1 if facts.chance(0.78) else 2 + facts.below(9)
    years = facts.below(6)
    section, kind = facts.pick(occupation.sections), facts.pick(_TYPES)
    stated = place(
        opening.province, reach_of(vacancy_key), lao=not english, facts=facts, style=style
    )
    return _spoiled(
        Advert(
            key=row.key,
            title=write_title(
                occupation,
                language=language,
                openings=openings,
                place=stated.text,
                employer=employer,
                style=style,
            ),
            english=english,
            employer=employer,
            place=stated,
            body=_body(occupation, english, employer, years, copy, facts, style),
            offer=offer(
                occupation,
                iso=scenario.labour.provinces[opening.province].iso,
                english=english,
                facts=Draw(vacancy_key ^ _PAY),
                style=style,
            ),
            openings=openings,
            employment_type=kind,
            education=phrases("en").education[occupation.isco1],
            years=years,
            function=_FUNCTIONS.get(occupation.isco08[:2], "Other"),
            industry=INDUSTRIES[section],
            posted_at=datetime.fromtimestamp(row.posted_at, UTC),
            closing=None if row.closing < 0 else scenario.first_day + timedelta(days=row.closing),
            defect=Defect(row.defect),
        )
    )


def _style(vacancy_key: int, key: int, copy: Copy) -> Draw:
    """Draws of wording: the vacancy's own, or new ones where a posting is worded anew."""
    again = copy is Copy.REPOST and vacancy_key % 2 == 1
    if again or copy in (Copy.REWORDED, Copy.TRANSLATED):
        return Draw(vacancy_key ^ (key << 32))
    return Draw(vacancy_key ^ _WORDING)


def _body(
    occupation: Occupation,
    english: bool,
    employer: str,
    years: int,
    copy: Copy,
    facts: Draw,
    style: Draw,
) -> Body:
    noun = (occupation.titles_en if english else occupation.titles_lo)[0]
    body = write_body(
        isco1=occupation.isco1,
        english=english,
        title=noun,
        employer=employer,
        years=max(1, years),
        facts=facts,
        style=style,
    )
    if copy is Copy.TRUNCATED:
        return replace(body, duties=body.duties[:1], asked=(), given=(), contact="")
    return body


def _spoiled(advert: Advert) -> Advert:
    """The advert with the content side of its defect; broken mark-up is the board's to write."""
    if advert.defect is Defect.NO_TITLE:
        return replace(advert, title="")
    if advert.defect is Defect.ABSURD_DATES:
        return replace(
            advert, posted_at=datetime(1970, 1, 1, tzinfo=UTC), closing=date(9999, 12, 31)
        )
    if advert.defect is Defect.WRONG_ENCODING:
        garbled = advert.title.encode().decode("latin-1")
        body = replace(advert.body, intro=advert.body.intro.encode().decode("latin-1"))
        return replace(advert, title=garbled, body=body)
    return advert


def _employer(scenario: Scenario, number: int, language: str, row: Row, copy: Copy) -> str:
    """The employer as named; on the agency board a tenth of copies name only the agency."""
    if row.board == AGENCY_BOARD and copy is not Copy.ORIGINAL and mix(row.key) % 10 == 0:
        number = mix(number) % AGENCIES
    return scenario.employers.all[number].name(language)
