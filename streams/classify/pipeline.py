"""The coder that serves: occupation, place, industry, pay and skills of cleaned postings."""

from __future__ import annotations

from collections.abc import Sequence

from streams.classify.industry import section_of
from streams.classify.lexicon import load_lexicon
from streams.classify.occupation import Occupation, OccupationCoder
from streams.classify.pay import pay_of
from streams.classify.place import Gazetteer
from streams.classify.retrieval import TitleIndex, known_titles
from streams.classify.skills import SkillCoder, load_skill_coder
from streams.codes import Codes
from streams.records import NormalisedPosting

VERSION = "lexicon-tfidf-1"


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
        occupations = self._occupation.code([posting.title for posting in batch])
        return [
            self._codes(posting, occupation)
            for posting, occupation in zip(batch, occupations, strict=True)
        ]

    def occupation_of(self, title: str) -> str:
        """The occupation of a title alone, or "" where it is not codable."""
        return self._occupation.code([title])[0].isco08

    def _codes(self, posting: NormalisedPosting, occupation: Occupation) -> Codes:
        place = self._gazetteer.place_of(posting.location_raw, posting.title, posting.description)
        stated = posting.industry_raw or posting.category_raw
        return Codes(
            isco08=occupation.isco08,
            isco08_probability=round(occupation.probability, 4),
            isco08_reason=occupation.reason.value,
            isic=section_of(stated, occupation.isco08),
            province=place.province,
            district=place.district,
            place_reason=place.reason.value,
            provinces=place.provinces,
            pay=pay_of(posting.salary_raw, posting.description, posting.opened_on),
            skills=self._skills.find(posting.title, posting.description, occupation.isco08),
            coder_version=self.version,
        )


def load_coder() -> MarketCoder:
    """The coder with the shipped lexicon, titles and gazetteer."""
    occupation = OccupationCoder(load_lexicon(), TitleIndex(known_titles()))
    return MarketCoder(occupation, Gazetteer(), load_skill_coder())
