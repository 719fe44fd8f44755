"""Codes that an officer corrects: the vacancy leaves one cell and enters another, exactly.

Flow moves on the day on which the vacancy was counted, stock on the day of the correction, as for
corrected links: what was published of the days between is not rewritten. What was decided before
keeps the cell in which it was told, so that a replay tells the same.
"""

from __future__ import annotations

from msgspec.structs import replace

from streams.codes import Codes
from streams.corrected_codes import OFFICER, heard, with_said
from streams.corrections import Corrected
from streams.decisions import Decision, Outcome, extended, logged, repeated
from streams.normalise import vientiane_day
from streams.opinions import CorrectedField, Correction, CorrectionMode
from streams.records import EventKind
from streams.state import Block, Effect, LogEntry, PostingState, Said, VacancyState, millis

Cell = tuple[str, str, str]
"""Province, occupation, section: what a vacancy is counted under."""


def recode(block: Block, name: str, correction: Correction, coder_says: Codes) -> Corrected:
    """Carry out `correction` on `block`, called `name`; `coder_says` what officers do not."""
    key = correction.posting_key
    if correction.mode is CorrectionMode.DOUBLE_CODING:
        return _answer(Decision(outcome=Outcome.UNCHANGED, posting_key=key), name)
    known, vacancy = block.postings.get(key), block.vacancies.get(correction.vacancy_id)
    if known is None or vacancy is None:
        return _answer(Decision(outcome=Outcome.NOTHING_TO_CORRECT, posting_key=key), name)
    if (entry := logged(block, known, correction.correction_id)) is not None:
        return _answer(repeated(key, entry), name)
    said = _said(vacancy, correction)
    if said is None:
        stale = Decision(outcome=Outcome.STALE, posting_key=key)
        return _answer(stale, name)
    return _answer(_recoded(block, known, vacancy, correction, said, coder_says), name)


def _answer(decision: Decision, name: str) -> Corrected:
    touched = frozenset((name,)) if decision.posting is not None else frozenset[str]()
    return Corrected(decision=decision, block=name, touched=touched)


def _said(vacancy: VacancyState, correction: Correction) -> tuple[Said, ...] | None:
    """What holds after `correction`, as `heard` tells."""
    now = Said(
        field=correction.field.value,
        value=correction.after,
        at=millis(correction.corrected_at),
        correction_id=correction.correction_id,
        holds=correction.mode is not CorrectionMode.REVOCATION,
    )
    return heard(vacancy.said, now, correction.revokes)


def _recoded(
    block: Block,
    known: PostingState,
    vacancy: VacancyState,
    correction: Correction,
    said: tuple[Said, ...],
    coder_says: Codes,
) -> Decision:
    old: Cell = (vacancy.province, vacancy.isco08, vacancy.isic)
    new = _cell(vacancy, correction, coder_says)
    day = max(vientiane_day(correction.corrected_at).toordinal(), vacancy.started_on)
    counted_on = vacancy.opened_on or known.opened_on
    effects: tuple[Effect, ...] = ()
    moved = replace(vacancy, said=said)
    if new != old:
        effects = _effects(correction.vacancy_id, vacancy, old, new, counted_on, day)
        _keep_cell(block, correction.vacancy_id, old)
        province, isco08, isic = new
        moved = replace(moved, province=province, isco08=isco08, isic=isic)
        if vacancy.open_postings:
            # A closing must not count in the new cell before the vacancy has entered it.
            moved = replace(moved, started_on=day)
    entry = LogEntry(
        record_id=correction.correction_id,
        at=millis(correction.corrected_at),
        vacancy_id=correction.vacancy_id,
        role="",
        reason=OFFICER,
        score=1.0,
        event="",
        day=0,
        opened_on=counted_on,
        effects=effects,
    )
    known = block.postings[correction.posting_key]
    state = replace(known, log=extended(known.log, entry))
    block.postings[correction.posting_key] = state
    block.vacancies[correction.vacancy_id] = moved
    return Decision(
        outcome=Outcome.CORRECTED,
        posting_key=correction.posting_key,
        entry=entry,
        posting=state,
        vacancy=moved,
    )


def _cell(vacancy: VacancyState, correction: Correction, coder_says: Codes) -> Cell:
    """The cell after `correction`: only what it is about changes."""
    field = correction.field
    codes = coder_says
    if correction.mode is not CorrectionMode.REVOCATION:
        codes = with_said(codes, field, correction.after)
    province, isco08, isic = vacancy.province, vacancy.isco08, vacancy.isic
    if field is CorrectedField.ISCO08:
        isco08 = codes.isco08
    elif field is CorrectedField.ISIC:
        isic = codes.isic
    elif field is CorrectedField.PROVINCE or (
        field is CorrectedField.DISTRICT and correction.after
    ):
        province = codes.province
    return province, isco08, isic


def _effects(
    vacancy_id: str, vacancy: VacancyState, old: Cell, new: Cell, counted_on: int, day: int
) -> tuple[Effect, ...]:
    moves = [(old, counted_on, -1, 0), (new, counted_on, 1, 0)]
    if vacancy.open_postings:
        moves += [(old, day, 0, -1), (new, day, 0, 1)]
    return tuple(
        Effect(
            vacancy_id=vacancy_id,
            event=EventKind.RECLASSIFIED.value,
            day=on,
            province=cell[0],
            isco08=cell[1],
            isic=cell[2],
            flow=flow,
            stock=stock,
        )
        for cell, on, flow, stock in moves
    )


def _keep_cell(block: Block, vacancy_id: str, cell: Cell) -> None:
    """Let every event of the vacancy that was decided so far count in `cell` for good."""
    for key, posting in block.postings.items():
        log = tuple(
            replace(entry, cell=cell)
            if entry.event and not entry.cell and entry.vacancy_id == vacancy_id
            else entry
            for entry in posting.log
        )
        if log != posting.log:
            block.postings[key] = replace(posting, log=log)
