"""One batch of records against the register: decide, classify what is new, tell.

Pure: blocks come in and go out changed; reading and storing them is the register's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from scrapers.items import Stage
from streams.classify.coder import Coder
from streams.decisions import Decision, Outcome, apply, forget
from streams.endings import ending_of
from streams.intake import Arrival
from streams.lifecycle import decide_sighting, decide_withdrawal
from streams.records import Codes, EventKind, NormalisedPosting, VacancyUpdate
from streams.state import Block, millis
from streams.traits import traits_of
from streams.updates import coded, opened_vacancy, tell

DATA_FAULTS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What a record nobody thought of can make pure code raise. Faults of parts we depend on (network,
disk, memory) are other types, and no reason to refuse a record."""


class StageError(Exception):
    """Processing of a batch failed at `stage` because of what is in it."""

    def __init__(self, stage: Stage, cause: BaseException) -> None:
        super().__init__(f"{type(cause).__name__} in stage {stage.value}")
        self.stage = stage
        self.cause = cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one record; `update` is what there is to tell, if anything."""

    outcome: Outcome
    update: VacancyUpdate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Answers in the order of the records, and what must be stored before they are told."""

    answers: tuple[Answer, ...]
    changed: Mapping[str, Block]
    """Blocks to store, by name."""
    placed: Mapping[str, str]
    """Postings new to the register, and the block in which each is kept from now on."""
    dropped: frozenset[str]
    """Postings that the register forgets."""


class Settling:
    """Decides batches with one coder and one way to tell provinces."""

    def __init__(self, coder: Coder, province_of: Callable[[str], str]) -> None:
        self._coder = coder
        self._province_of = province_of

    def settle(
        self,
        arrivals: Sequence[Arrival],
        block_names: Sequence[str],
        blocks: Mapping[str, Block],
        processed_at: datetime,
    ) -> Settlement:
        """Decide `arrivals` in order, each within the block named for it, and change `blocks`.

        Raises:
            StageError: a record is such that its stage cannot process it.
        """
        with faults_of(Stage.DEDUPLICATE):
            decisions: list[Decision] = []
            changed: set[str] = set()
            for arrival, name in zip(arrivals, block_names, strict=True):
                block = blocks[name]
                decision = self._decide(block, arrival)
                if apply(block, decision):
                    changed.add(name)
                decisions.append(decision)
        with faults_of(Stage.CLASSIFY):
            codes = self._classify(arrivals, block_names, blocks, decisions)
        answers = tuple(
            _answer(arrival, decision, blocks[name], codes, processed_at)
            for arrival, name, decision in zip(arrivals, block_names, decisions, strict=True)
        )
        # Only now: an opening above may be of a vacancy that is long closed by the batch's end.
        dropped = _forget(arrivals, block_names, blocks)
        changed.update(dropped.values())
        placed = {
            decision.posting_key: name
            for decision, name in zip(decisions, block_names, strict=True)
            if decision.posting is not None and decision.posting_key in blocks[name].postings
        }
        return Settlement(
            answers=answers,
            changed={name: blocks[name] for name in changed},
            placed=placed,
            dropped=frozenset(dropped.keys() - placed.keys()),
        )

    def _decide(self, block: Block, arrival: Arrival) -> Decision:
        record = arrival.record
        if isinstance(record, NormalisedPosting):
            return decide_sighting(block, record, partial(traits_of, record, self._province_of))
        return decide_withdrawal(block, record)

    def _classify(
        self,
        arrivals: Sequence[Arrival],
        block_names: Sequence[str],
        blocks: Mapping[str, Block],
        decisions: Sequence[Decision],
    ) -> Mapping[str, Codes]:
        """Codes by vacancy of all openings in the batch; new vacancies are stored with theirs."""
        openings = [
            (arrival.record, name, decision)
            for arrival, name, decision in zip(arrivals, block_names, decisions, strict=True)
            if decision.entry is not None
            and decision.entry.event == EventKind.OPENED
            and isinstance(arrival.record, NormalisedPosting)
        ]
        if not openings:
            return {}
        given = self._coder.code([record for record, _, _ in openings])
        codes: dict[str, Codes] = {}
        for (_, name, decision), found in zip(openings, given, strict=True):
            if decision.entry is not None:
                codes[decision.entry.vacancy_id] = found
            if decision.outcome is Outcome.OPENED and decision.posting is not None:
                vacancies = blocks[name].vacancies
                vacancy_id = decision.posting.vacancy_id
                vacancies[vacancy_id] = coded(vacancies[vacancy_id], found)
        return codes


@contextmanager
def faults_of(stage: Stage) -> Iterator[None]:
    """Turns a fault in the data into one that names `stage`."""
    try:
        yield
    except DATA_FAULTS as error:
        raise StageError(stage, error) from error


def _forget(
    arrivals: Sequence[Arrival], block_names: Sequence[str], blocks: Mapping[str, Block]
) -> dict[str, str]:
    """Forget what is old at each record's event time; postings dropped, and their blocks."""
    return {
        key: name
        for arrival, name in zip(arrivals, block_names, strict=True)
        for key in forget(blocks[name], millis(arrival.event_time))
    }


def _answer(
    arrival: Arrival,
    decision: Decision,
    block: Block,
    codes: Mapping[str, Codes],
    processed_at: datetime,
) -> Answer:
    entry = decision.entry
    if entry is None:
        return Answer(outcome=decision.outcome, update=None)
    record = arrival.record
    posting = record if isinstance(record, NormalisedPosting) else None
    ended = None if isinstance(record, NormalisedPosting) else ending_of(record)
    if posting is not None:
        opened_on = date.fromordinal(entry.opened_on)
        if opened_on != posting.opened_on:
            posting = replace(posting, opened_on=opened_on)
    vacancy = None
    if posting is not None and entry.event == EventKind.OPENED:
        vacancy = opened_vacancy(posting, entry.vacancy_id, codes[entry.vacancy_id])
    update = tell(
        entry,
        decision.posting_key,
        record.source_id,
        posting,
        vacancy,
        block.vacancies[entry.vacancy_id],
        processed_at,
        ended,
    )
    return Answer(outcome=decision.outcome, update=update)
