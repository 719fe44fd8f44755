"""What the desk remembers of corrections, beside what the learner was taught; its wire form."""

from __future__ import annotations

from typing import Final

import msgspec

from streams.classify.lessons import Lesson, case_of, title_key
from streams.codes import Codes
from streams.opinions import Correction
from streams.trust import Account

MOST_REMEMBERED: Final = 10_000
"""Decisions, titles and vacancies of which something is remembered; the oldest go first."""


class Memo(msgspec.Struct, frozen=True, array_like=True):
    """A decision as the desk remembers it."""

    standing: str
    reason: str
    detail: str
    officer: str = ""
    """Whose correction it is."""


class DeskState(msgspec.Struct):
    """All that the desk remembers beside the learner."""

    memos: dict[str, Memo] = {}
    """Latest decision by correction."""
    held: dict[str, Lesson] = {}
    """Lessons that wait for a second officer."""
    supports: dict[str, list[str]] = {}
    """Title and code → officers who said so."""
    pairs: dict[str, list[str]] = {}
    """Old and new code → officers who changed one into the other."""
    coded: dict[str, dict[str, str]] = {}
    """Vacancy → officer → occupation, for agreement."""
    accounts: dict[str, Account] = {}

    def prune(self) -> None:
        """Forget the oldest of what only grows."""
        for memory in (self.memos, self.supports, self.coded):
            for key in list(memory)[: max(0, len(memory) - MOST_REMEMBERED)]:
                del memory[key]


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(DeskState)


def encode_desk(state: DeskState) -> bytes:
    """Wire form of `state`."""
    return _ENCODER.encode(state)


def decode_desk(data: bytes | None) -> DeskState:
    """The state in `data`; an empty one where nothing is stored."""
    return _DECODER.decode(data) if data else DeskState()


def lesson_of(correction: Correction, codes: Codes) -> Lesson:
    """What `correction` teaches: the title as stored, never as typed by an officer.

    `codes` is what the coder says without having learned.
    """
    return Lesson(
        correction_id=correction.correction_id,
        case=case_of(correction.posting),
        isco08=correction.after,
        before=correction.before,
        officer=correction.officer,
        vacancy_id=correction.vacancy_id,
        coder=codes.isco08,
        coder_probability=codes.isco08_probability,
    )


def support_of(lesson: Lesson) -> str:
    """Key under which officers who say the same of the same title meet."""
    return f"{title_key(lesson.case.title)}>{lesson.isco08}"


def others_said(said: dict[str, list[str]], key: str, officer: str) -> bool:
    """Whether another officer than `officer` stands under `key`."""
    return any(other != officer for other in said.get(key, ()))


def add_officer(said: dict[str, list[str]], key: str, officer: str) -> None:
    """Put `officer` under `key`, once."""
    officers = said.setdefault(key, [])
    if officer not in officers:
        officers.append(officer)
