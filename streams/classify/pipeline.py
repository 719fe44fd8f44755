"""The coder that serves: occupation, place, industry, pay and skills of cleaned postings."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from streams.classify.education import education_of
from streams.classify.employment import employment_type_of
from streams.classify.evidence import Case
from streams.classify.experience import experience_of
from streams.classify.flags import flags_of
from streams.classify.industry import industry_of
from streams.classify.occupation import Occupation, OccupationCoder, load_occupation_coder
from streams.classify.pay import pay_of
from streams.classify.place import Gazetteer
from streams.classify.skills import SkillCoder, load_skill_coder
from streams.codes import Codes
from streams.records import NormalisedPosting

VERSION = "evidence-9"


class MarketCoder:
    """Implements `streams.classify.coder.Coder`. Building it reads the lexicon: some seconds."""

    version = VERSION

    def __init__(
        self, occupation: OccupationCoder, gazetteer: Gazetteer, skills: SkillCoder
    ) -> None:
        self._occupation = occupation
        self._gazetteer = gazetteer
        self._skills = skills

    def code(self, batch: Sequence[NormalisedPosting]) -> list[Codes]:
        """One `Codes` per posting, in order."""
        occupations = self._occupation.code([_case(posting) for posting in batch])
        return [
            self._codes(posting, occupation)
            for posting, occupation in zip(batch, occupations, strict=True)
        ]

    def occupation_of(self, title: str) -> str:
        """The occupation of a title alone, or "" where it is not codable."""
        return self._occupation.code([Case(title=title)])[0].isco08

    def _codes(self, posting: NormalisedPosting, occupation: Occupation) -> Codes:
        place = self._gazetteer.place_of(posting.location_raw, posting.title, posting.description)
        industry = industry_of(
            employer=posting.employer,
            stated=posting.industry_raw,
            category=posting.category_raw,
            title=posting.title,
            text=posting.description,
            isco08=occupation.isco08,
            isco08_probability=occupation.probability,
        )
        return Codes(
            isco08=occupation.isco08,
            isco08_probability=round(occupation.probability, 4),
            isco08_reason=occupation.reason,
            isic=industry.section,
            isic_division=industry.division,
            isic_probability=round(industry.probability, 4),
            isic_reason=industry.reason.value,
            province=place.province,
            district=place.district,
            place_reason=place.reason.value,
            provinces=place.provinces,
            pay=pay_of(posting.salary_raw, posting.description, posting.opened_on),
            skills=self._skills.find(posting.title, posting.description, occupation.isco08),
            coder_version=self.version,
            candidates=occupation.candidates,
            flags=flags_of(
                title=posting.title,
                text=posting.description,
                employer=posting.employer,
                isco08=occupation.isco08,
                isco08_probability=occupation.probability,
            ),
            education=education_of(posting.education_raw, posting.description),
            experience_months=experience_of(posting.experience_raw, posting.description),
            employment_type=employment_type_of(
                posting.employment_type_raw, posting.title, posting.description
            ),
        )


def load_coder() -> MarketCoder:
    """The coder with the shipped lexicon, titles and gazetteer."""
    with _uncollected():
        return MarketCoder(load_occupation_coder(), Gazetteer(), load_skill_coder())


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: it takes a fifth of the time to find that tables stay."""
    ran = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if ran:
            gc.enable()


def _case(posting: NormalisedPosting) -> Case:
    """What of a posting tells its occupation."""
    return Case(
        title=posting.title,
        description=posting.description,
        category=posting.category_raw or posting.industry_raw,
        employer=posting.employer,
        language=posting.language,
    )
