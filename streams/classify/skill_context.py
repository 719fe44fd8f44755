"""Where in a posting a skill is asked for: sections, sentences and the words that tell the demand.

What an employer says of itself, of pay and of how to apply asks for nothing and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from streams.codes import SkillContext


class Section(StrEnum):
    """What a part of a posting is about."""

    JOB = "job"
    """Duties, or no heading."""
    REQUIRED = "required"
    NICE = "nice"
    OTHER = "other"
    """The employer, pay and benefits, how to apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of words without a break; `start` counts from the beginning of the text."""

    start: int
    text: str
    context: SkillContext


# Last words of headings; what stands before them ("Key …", "Job …") does not matter.
_HEADINGS: Final[dict[Section, str]] = {
    Section.NICE: r"(?:preferred|desired|desirable|additional) "
    r"(?:qualifications?|skills|requirements?|experience)|nice to have",
    Section.REQUIRED: r"requirements?|qualifications?|competenc(?:y|ies)|skills required"
    r"|required skills|person specification|eligibility|who you are|what you bring|your profile"
    r"|ideal candidate|skills (?:and|&) (?:abilities|experience)|education (?:and|&) experience",
    Section.JOB: r"duties|responsibilities|tasks|accountabilities|job description|job summary"
    r"|job purpose|scope of work|what you will do|what you'll do|your role|position summary",
    Section.OTHER: r"about us|about the (?:company|organi[sz]ation|employer)|about our company"
    r"|(?:company|organi[sz]ation|organi[sz]ational) (?:profile|background|overview|description)"
    r"|who we are|background|benefits?|salary|compensation|remuneration|what we offer|we offer"
    r"|place of work|job location|how to apply|to apply"
    r"|application (?:procedures?|process|deadline|instructions?)"
    r"|equal opportunity|equal opportunities|safeguarding|disclaimer",
}
_LAO_HEADINGS: Final[dict[Section, str]] = {
    Section.NICE: r"ຂໍ້ໄດ້ປຽບ|ພິຈາລະນາເປັນພິເສດ",
    Section.REQUIRED: r"ຄຸນສົມບັດ|ຄຸນວຸດທິ|ເງື່ອນໄຂ|ມາດຕະຖານຜູ້ສະໝັກ|ຄວາມຮຽກຮ້ອງຕ້ອງການ",
    Section.JOB: r"ໜ້າທີ່|ໜ້າວຽກ|ລາຍລະອຽດວຽກ",
    Section.OTHER: r"ກ່ຽວກັບ(?:ບໍລິສັດ|ພວກເຮົາ)|ສະຫວັດດີການ|ສິດຜົນປະໂຫຍດ|ຜົນປະໂຫຍດ|ວິທີ(?:ການ)?ສະໝັກ"
    r"|ເອກະສານປະກອບ"
    r"|ສົນໃຈ(?:ສະໝັກ|ຕິດຕໍ່)|ສະໝັກໄດ້ທີ່|ຕິດຕໍ່(?:ສອບຖາມ|ໄດ້ທີ່|ພວກເຮົາ)",
}
_HEADING: Final = re.compile(
    r"\b(?:" + "|".join(f"(?P<{kind.value}>{words})" for kind, words in _HEADINGS.items()) + r")\b"
)
_LAO_HEADING: Final = re.compile(
    "|".join(f"(?P<{kind.value}>{words})" for kind, words in _LAO_HEADINGS.items())
)
_OPENS: Final = re.compile(r"(?:^|[\n.:;!?•·|*–-])[\s*#•·\d.)(]*(?:\w+ +){0,2}$")
_CLOSES: Final = re.compile(r"\s*[:：\n]|\s*$")
_LAO_CLOSES: Final = re.compile(r"[\u0e80-\u0eff ]{0,30}(?:[:：\n]|$)")
_CAPITALS: Final = re.compile(r"\b[A-Z][\w'&]* +$")
_LAO: Final = re.compile(r"[\u0e80-\u0eff]")

# Letters before and after a word such as "an advantage" to which it extends.
_BEFORE_CUE: Final = 100
_AFTER_CUE: Final = 30
_SENTENCE: Final = re.compile(r"\n+|[;!?•·|]+|\.(?=\s|$)|[▪●■✓✔➢]+|\s[-–—*]\s")
_BREAK: Final = re.compile(r",(?=\s|$)|[:()]|\[[^\]\n]{0,40}\]|<[^>\n]{0,40}>|\s[-–—]\s|\s/\s")
_NOT_OF_THE_JOB: Final = re.compile(
    r"equal[- ](?:employment[- ])?opportunit|regardless of|without regard to|discriminat"
    r"|sexual orientation|gender identity|harassment|\bfounded in\b|\bestablished in\b"
    r"|\bis an? (?:leading|private|public|non-?profit|international|global|growing|fast)"
    r"|\bwe are an? (?:leading|private|company|growing|global)|\bour (?:mission|vision) is\b"
    r"|\bapply (?:online|now|through|via|by|at|using)\b"
    r"|\bsend (?:your|us)\b|\bsubmit (?:your|the)\b"
    r"|(?:recruitment|selection) process|short-?listed|\bwe are (?:committed|dedicated)\b"
    r"|ສົ່ງ ?cv|ສົ່ງໃບສະໝັກ|ຍື່ນເອກະສານ",
)
_NICE: Final = re.compile(
    r"\b(?:an? (?:added |strong |big |real )?(?:advantage|plus|asset|bonus)|advantageous|preferred"
    r"|preferabl[ey]|desirable|desired|nice[- ]to[- ]have|beneficial|would be (?:good|great)"
    r"|is an asset|not (?:required|essential|necessary)|welcome)\b"
    r"|ຂໍ້ໄດ້ປຽບ|ພິຈາລະນາເປັນພິເສດ|ພິຈາລະນາກ່ອນ|ຍິ່ງດີ|ຈະດີຫຼາຍ|ບໍ່ຈຳເປັນ",
)
_MUST: Final = re.compile(r"\b(?:must|required|essential|mandatory)\b")
_REQUIRED: Final = re.compile(
    r"\b(?:must|requir(?:e[sd]?|ing)|essential|mandatory|necessary|need(?:ed|s)?|minimum"
    r"|at least|abilit(?:y|ies)|able to|capab(?:le|ility)|knowledge|experience[ds]?|proficien\w+"
    r"|fluen\w+|skills?|skilled|competen\w+|familiar\w*|expertise|understanding of|proven"
    r"|command of|seeking|looking for|degree|diploma|certificate|you (?:have|are)|qualified)\b"
    r"|ຕ້ອງ|ຈຳເປັນ|ມີຄວາມຮູ້|ມີຄວາມສາມາດ|ສາມາດ|ມີປະສົບການ|ມີທັກສະ|ຊຳນານ|ມີປະສົບການ|ຮູ້ຈັກ|ໄດ້ດີ|ຈົບ|ຢ່າງໜ້ອຍ",
)


def passages(text: str) -> Iterator[Passage]:
    """Runs of words that may ask for skills, in order, with how they ask."""
    for start, end, section in _sentences(text):
        if section is Section.OTHER:
            continue
        for begin, run, demand in _read(text[start:end]):
            context = demand
            if section is Section.NICE:
                context = SkillContext.NICE
            elif section is Section.REQUIRED and demand is SkillContext.MENTIONED:
                context = SkillContext.REQUIRED
            yield Passage(start=start + begin, text=run, context=context)


@lru_cache(maxsize=50_000)
def _read(sentence: str) -> tuple[tuple[int, str, SkillContext], ...]:
    """Runs of words of a sentence and how each asks; none if it is not about the job."""
    lowered = sentence.lower()
    if _NOT_OF_THE_JOB.search(lowered):
        return ()
    asked = _REQUIRED.search(lowered) is not None
    demand = SkillContext.REQUIRED if asked else SkillContext.MENTIONED
    nice = [(cue.start() - _BEFORE_CUE, cue.end() + _AFTER_CUE) for cue in _NICE.finditer(lowered)]
    ends = [(gap.start(), gap.end()) for gap in _BREAK.finditer(sentence)]
    runs: list[tuple[int, str, SkillContext]] = []
    last = 0
    for start, end in [*ends, (len(sentence), len(sentence))]:
        run = sentence[last:start]
        near = any(last < until and start > since for since, until in nice)
        # Between its commas Lao has sentences of their own.
        own = _MUST.search(lowered, last, start) or _LAO.search(run)
        if near and (not own or _NICE.search(lowered, last, start)):
            runs.append((last, run, SkillContext.NICE))
        else:
            runs.append((last, run, demand))
        last = end
    return tuple(runs)


def _sentences(text: str) -> Iterator[tuple[int, int, Section]]:
    """Sentences and what their section is about; a heading ends the sentence before it."""
    marks: list[tuple[int, int, Section | None]] = [
        (mark.start(), mark.end(), None) for mark in _SENTENCE.finditer(text)
    ]
    marks += _headings(text)
    section = Section.JOB
    last = 0
    for start, end, kind in sorted(marks, key=lambda mark: mark[:2]):
        if start > last:
            yield last, start, section
        last = max(last, end)
        section = kind or section
    if last < len(text):
        yield last, len(text), section


def _headings(text: str) -> Iterator[tuple[int, int, Section]]:
    lowered = text.lower()
    if len(lowered) == len(text):
        for match in _HEADING.finditer(lowered):
            if _is_heading(text, match.start(), match.end()):
                yield match.start(), match.end(), Section(str(match.lastgroup))
    if _LAO.search(text):
        for match in _LAO_HEADING.finditer(text):
            opens = _OPENS.search(text, max(0, match.start() - 16), match.start())
            if opens and _LAO_CLOSES.match(text, match.end()):
                yield match.start(), match.end(), Section(str(match.lastgroup))


def _is_heading(text: str, start: int, end: int) -> bool:
    """At the start of a line or sentence with a colon or line end after it, or in capitals.

    Boards that lose line breaks leave headings in the middle of the text: "… team Job
    Requirements Degree in …".
    """
    if _CLOSES.match(text, end) and _OPENS.search(text, max(0, start - 30), start):
        return True
    words = text[start:end].split()
    titled = words[0][0].isupper() and words[-1][0].isupper()
    before = _CAPITALS.search(text, max(0, start - 20), start) is not None
    return titled and (before or len(words) > 1)
