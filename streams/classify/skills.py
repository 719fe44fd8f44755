"""The skills that a posting names, as concepts of `config/codelists/skills`.

Labels are found in what the posting says of the job, and each finding is weighed: by the label
(name or alternative, how many words, how far apart) and by whether ESCO knows the skill of the
posting's occupation. What does not reach `THRESHOLD` is not told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from config.skills import OccupationLink, SkillConcept, occupation_links, skills
from streams.classify.skill_context import passages
from streams.classify.skill_index import Hit, SkillIndex
from streams.classify.skill_lao import LaoSkillIndex
from streams.codes import Skill, SkillContext

THRESHOLD: Final = 0.5
_CLAUSES: Final = 50_000  # clauses remembered: boards and employers repeat themselves
_RANK: Final = (SkillContext.MENTIONED, SkillContext.NICE, SkillContext.REQUIRED)

# Log-odds that a label found means the skill (docs/skills.md says how they were set).
_NAME: Final = 1.6
_ALTERNATIVE: Final = 0.7
_PER_FURTHER_WORD: Final = 0.3
_PER_WORD_BETWEEN: Final = -1.2
_OUT_OF_ORDER: Final = -2.5
_ONE_WORD_UNASKED: Final = -1.2
"""One word in a sentence that asks for nothing: often it means something else there."""
_ATTITUDE_UNASKED: Final = -1.2
"""The same again for an attitude: "integrity of the system"."""
_PART_OF_A_NAME: Final = -1.5
"""Before a word such as "team" or "manager": the name of a unit or of another's job."""
_UNITS: Final = frozenset(
    [
        "team",
        "teams",
        "department",
        "unit",
        "division",
        "office",
        "officer",
        "officers",
        "manager",
        "managers",
        "head",
        "director",
        "committee",
        "bureau",
        "staff",
        "specialist",
        "coordinator",
    ]
)
_LAO_LABEL: Final = 1.6
_UNIT_GROUP: Final = 1.0
_SUB_MAJOR_GROUP: Final = 0.3
_ELSEWHERE: Final[Mapping[str, float]] = {
    "occupation-specific": -2.2,
    "sector-specific": -1.5,
    "cross-sector": -0.5,
}
"""For skills that ESCO knows only of other sub-major groups, by how widely they are used."""


class SkillCoder:
    """Finds skills. Deterministic; remembers clauses, so that repeated text costs little."""

    def __init__(
        self, concepts: Mapping[str, SkillConcept], links: Iterable[OccupationLink]
    ) -> None:
        self._reuse = {code: concept.reuse for code, concept in concepts.items()}
        self._attitudes = {
            code
            for code, concept in concepts.items()
            if any(group.startswith("T") for group in concept.groups)
            and not any(group.startswith("L") for group in concept.groups)
        }
        self._groups: dict[str, set[str]] = {}
        for link in links:
            self._groups.setdefault(link.skill, set()).update((link.isco08, link.isco08[:2]))
        popularity = {code: float(len(groups)) for code, groups in self._groups.items()}
        index = SkillIndex(concepts.values(), popularity)
        self._english = lru_cache(maxsize=_CLAUSES)(index.find)
        self._lao = LaoSkillIndex(concepts.values())

    def find(self, title: str, description: str, isco08: str) -> tuple[Skill, ...]:
        """Skills in the order of their place in title, line break, description; each code once.

        `isco08` is the posting's unit group, or "" where it is not known.
        """
        best: dict[str, Skill] = {}
        for passage in passages(f"{title}\n{description}"):
            for hit in self._english(passage.text):
                odds = self._odds(hit, passage.context, in_title=passage.start < len(title))
                self._keep(best, hit.code, passage.start + hit.start, passage.start + hit.end,
                           passage.context, odds, isco08)  # fmt: skip
            for lao in self._lao.find(passage.text):
                self._keep(best, lao.code, passage.start + lao.start, passage.start + lao.end,
                           passage.context, _LAO_LABEL, isco08)  # fmt: skip
        return tuple(sorted(best.values(), key=lambda skill: (skill.start, skill.code)))

    def covered(self, text: str) -> list[tuple[int, int]]:
        """Where labels stand in a run of words, whatever they are weighed."""
        english = [(hit.start, hit.end) for hit in self._english(text)]
        return english + [(hit.start, hit.end) for hit in self._lao.find(text)]

    def _keep(
        self,
        best: dict[str, Skill],
        code: str,
        start: int,
        end: int,
        context: SkillContext,
        odds: float,
        isco08: str,
    ) -> None:
        score = 1 / (1 + math.exp(-odds - self._of_occupation(code, isco08)))
        if score < THRESHOLD:
            return
        known = best.get(code)
        if known is not None:
            context = max(context, known.context, key=_RANK.index)
            if known.score >= score:
                start, end, score = known.start, known.end, known.score
        best[code] = Skill(code=code, context=context, start=start, end=end, score=round(score, 3))

    def _odds(self, hit: Hit, context: SkillContext, *, in_title: bool) -> float:
        odds = _NAME if hit.preferred else _ALTERNATIVE
        odds += _PER_FURTHER_WORD * (hit.words - 1) + _PER_WORD_BETWEEN * hit.spread
        if not hit.ordered:
            odds += _OUT_OF_ORDER
        if hit.follower in _UNITS and not in_title:
            odds += _PART_OF_A_NAME
        if hit.words == 1 and context is SkillContext.MENTIONED:
            odds += _ONE_WORD_UNASKED
            odds += _ATTITUDE_UNASKED if hit.code in self._attitudes else 0.0
        return odds

    def _of_occupation(self, code: str, isco08: str) -> float:
        groups = self._groups.get(code)
        if not isco08 or not groups:
            return 0.0
        if isco08 in groups:
            return _UNIT_GROUP
        if isco08[:2] in groups:
            return _SUB_MAJOR_GROUP
        return _ELSEWHERE.get(self._reuse[code], 0.0)


def load_skill_coder() -> SkillCoder:
    """The coder with the shipped classification."""
    return SkillCoder(skills(), occupation_links())
