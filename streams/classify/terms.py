"""Expressions of postings that no code covers: what a new skill may first look like.

Runs of one to three words of what a posting says of the job, outside the labels of skills and
names of occupations. Lao is cut into words by ICU. Redacted words, numbers, the employer's own
name and addresses are never part of an expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import pairwise
from typing import Final

from streams.classify.skill_context import passages
from streams.classify.skill_lao import word_breaks
from streams.classify.skill_words import STOP, WORD
from streams.text import fold

_LEGAL_FORMS: Final = frozenset(
    [
        "co",
        "ltd",
        "limited",
        "company",
        "sole",
        "inc",
        "plc",
        "public",
        "ບໍລິສັດ",
        "ຈຳກັດ",
        "ຜູ້ດຽວ",
        "ມະຫາຊົນ",
    ]
)
Span = tuple[int, int]

_LONGEST: Final = 3
_LEAST_LATIN: Final = 3
_LEAST_LAO: Final = 4
"""Letters; shorter Lao words are mostly particles."""
_LAO: Final = re.compile(r"[\u0e80-\u0eff]")
_LAO_LETTERS: Final = re.compile(r"[\u0e80-\u0ecf\u0edc-\u0edf]+")
_ADDRESS: Final = re.compile(r"\S{0,80}(?:@|://|www\.)\S{0,200}|\[[^\]\n]{0,40}\]")
# Words of every advert; n-grams may hold them inside, not at an end.
_COMMON_WORDS: Final = """
job jobs work working year years experience company candidate candidates position please apply
contact salary must we you they he she it us may not no if have has had do does
"""
_COMMON: Final = STOP.union(_COMMON_WORDS.split())
_LAO_COMMON_WORDS: Final = """
ບໍລິສັດ ຕ້ອງການ ສາມາດ ເຮັດວຽກ ຕຳແໜ່ງ ປະສົບການ ພະນັກງານ ສະໝັກ ຕິດຕໍ່ ເງິນເດືອນ ວັນທີ ເປັນ ຫຼື ແລະ ທີ່ ຂອງ ໃນ
ໄດ້ ມີ ຕ້ອງ ຈະ ກັບ ໃຫ້ ຈາກ ຕໍ່ ການ ຄວາມ ດ້ານ ຢ່າງ ເພື່ອ ພາຍໃນ ຕ່າງໆ ອື່ນໆ ໜ້າທີ່
"""
_LAO_COMMON: Final = frozenset(_LAO_COMMON_WORDS.split())


def terms(
    description: str,
    employer: str,
    covered: Callable[[str], Iterable[Span]],
    known: Collection[str] = frozenset(),
) -> frozenset[str]:
    """Expressions of one posting, without capitals, each once.

    `covered` gives the runs of a text that codes cover; `known` are expressions that are names of
    something else, such as occupations.
    """
    own = frozenset(fold(employer).split())
    found: set[str] = set()
    text = _ADDRESS.sub(lambda match: "|" * len(match.group()), description)
    for passage in passages(text):
        spans = list(covered(passage.text))
        for run in _runs(passage.text, spans):
            found.update(_ngrams(run, own))
    return frozenset(found.difference(known))


def name_parts(employer: str) -> frozenset[str]:
    """The name of an employer without legal form, and its parts of two words and more."""
    words = [word for word in fold(employer).split() if word not in _LEGAL_FORMS]
    parts = {
        tuple(words[start:end])
        for start in range(len(words))
        for end in range(start + 2, len(words) + 1)
    } | {tuple(words)}
    return frozenset(gap.join(part) for part in parts if part for gap in (" ", ""))


def _runs(text: str, covered: list[Span]) -> Iterator[list[str]]:
    """Words that follow one another without a covered one, a number or another script between."""
    run: list[str] = []
    last_lao = False
    for word, start, end in _words(text):
        lao = _LAO.search(word) is not None
        taken = any(start < until and end > since for since, until in covered)
        if taken or not word or lao != last_lao:
            yield run
            run = []
        last_lao = lao
        if not taken and word:
            run.append(word)
    yield run


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """Words with their places; "" stands for what cuts a run."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return
    latin = [(match.group(), match.start(), match.end()) for match in WORD.finditer(lowered)]
    yield from sorted((*latin, *_lao_words(text)), key=lambda word: word[1])


def _lao_words(text: str) -> Iterator[tuple[str, int, int]]:
    if not _LAO.search(text):
        return
    for start, end in pairwise(sorted(word_breaks(text))):
        word = text[start:end]
        if _LAO_LETTERS.fullmatch(word):
            yield word, start, end


def _ngrams(run: list[str], own: frozenset[str]) -> Iterator[str]:
    for length in range(1, _LONGEST + 1):
        for start in range(len(run) - length + 1):
            words = run[start : start + length]
            if _may_stand(words, own):
                lao = _LAO.search(words[0]) is not None
                yield ("" if lao else " ").join(words)


def _may_stand(words: list[str], own: frozenset[str]) -> bool:
    if own.intersection(words) or any(not any(map(str.isalpha, word)) for word in words):
        return False
    if _LAO.search(words[0]):
        letters = sum(map(len, words))
        return letters >= _LEAST_LAO and not _LAO_COMMON.intersection((words[0], words[-1]))
    if _COMMON.intersection((words[0], words[-1])):
        return False
    return len(words) > 1 or len(words[0]) >= _LEAST_LATIN
