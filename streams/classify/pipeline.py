"""The coder that serves: occupation, place, industry, pay and skills of cleaned postings."""

from __future__ import annotations

from collections.abc import Sequence

from streams.classify.evidence import Case
from streams.classify.industry import section_of
from streams.classify.occupation import Occupation, OccupationCoder, load_occupation_coder
from streams.classify.pay import pay_of
from streams.classify.place import Gazetteer
from streams.classify.skills import SkillCoder, load_skill_coder
from streams.codes import Codes
from streams.records import NormalisedPosting

VERSION = "evidence-2"


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
        stated = posting.industry_raw or posting.category_raw
        return Codes(
            isco08=occupation.isco08,
            isco08_probability=round(occupation.probability, 4),
            isco08_reason=occupation.reason,
            isic=section_of(stated, occupation.isco08),
            province=place.province,
            district=place.district,
            place_reason=place.reason.value,
            provinces=place.provinces,
            pay=pay_of(posting.salary_raw, posting.description, posting.opened_on),
            skills=self._skills.find(posting.title, posting.description, occupation.isco08),
            coder_version=self.version,
            candidates=occupation.candidates,
        )


def load_coder() -> MarketCoder:
    """The coder with the shipped lexicon, titles and gazetteer."""
    return MarketCoder(load_occupation_coder(), Gazetteer(), load_skill_coder())


def _case(posting: NormalisedPosting) -> Case:
    """What of a posting tells its occupation."""
    return Case(
        title=posting.title,
        description=posting.description,
        category=posting.category_raw or posting.industry_raw,
        employer=posting.employer,
        language=posting.language,
    )
