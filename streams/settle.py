"""One batch of records against the register: decide, classify what is new, tell.

Pure: blocks come in and go out changed; reading and storing them is the register's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from scrapers.items import PostingWithdrawn, Stage
from streams.answers import Answer, answer, describes
from streams.classify.coder import Coder
from streams.codes import Codes
from streams.corrected_codes import settled
from streams.corrections import Corrected, correct
from streams.decisions import Decision, Outcome, apply, forget
from streams.deduplicate import find_link, no_code
from streams.intake import Arrival
from streams.lifecycle import decide_sighting, decide_withdrawal
from streams.nearby import Address, Nearby, Probe, probe_of
from streams.opinions import Correction
from streams.recode import recode
from streams.records import EventKind, LinkCorrection, NormalisedPosting
from streams.state import Block, millis
from streams.traits import traits_of
from streams.updates import coded

DATA_FAULTS = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What a record nobody thought of can make pure code raise. Faults of parts we depend on (network,
disk, memory) are other types, and no reason to refuse a record."""


_NEWLY_OPENED: Final = frozenset((Outcome.OPENED, Outcome.CORRECTED))


class StageError(Exception):
    """Processing of a batch failed at `stage` because of what is in it."""

    def __init__(self, stage: Stage, cause: BaseException) -> None:
        super().__init__(f"{type(cause).__name__} in stage {stage.value}")
        self.stage = stage
        self.cause = cause


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
    added: Sequence[tuple[Address, bytes]] = ()
    """Blocks to be left in buckets, for postings to come."""
    moved: frozenset[str] = frozenset()
    """Postings of `placed` that were kept in another block before."""


class Settling:
    """Decides batches with one coder and one way to tell provinces."""

    def __init__(
        self,
        coder: Coder,
        place_of: Callable[[str], str],
        code_of: Callable[[str], str] = no_code,
    ) -> None:
        """`place_of` gives the code of a text's place, `code_of` a title's occupation, or ""."""
        self._coder = coder
        self._place_of = place_of
        self._code_of = code_of

    def probe(self, arrival: Arrival) -> Probe | None:
        """What to look for in other blocks, if the record is of a posting new to the register.

        Raises:
            StageError: the record is such that it cannot be compared.
        """
        if not isinstance(arrival.record, NormalisedPosting):
            return None
        with faults_of(Stage.DEDUPLICATE):
            return probe_of(traits_of(arrival.record, self._place_of))

    def settle(
        self,
        arrivals: Sequence[Arrival],
        block_names: Sequence[str],
        blocks: MutableMapping[str, Block],
        nearby: Nearby | None = None,
        *,
        processed_at: datetime,
    ) -> Settlement:
        """Decide `arrivals` in order, each within the block named for it, and change `blocks`.

        A posting new to us that its own block does not know is looked for `nearby` and then kept
        where it was found.

        Raises:
            StageError: a record is such that its stage cannot process it.
        """
        with faults_of(Stage.DEDUPLICATE):
            homes = block_names
            decisions, block_names, touched = self._decide_all(arrivals, homes, blocks, nearby)
        with faults_of(Stage.CLASSIFY):
            codes = self._classify(arrivals, block_names, blocks, decisions)
        answers = tuple(
            answer(arrival, decision, blocks[name], codes, processed_at)
            for arrival, name, decision in zip(arrivals, block_names, decisions, strict=True)
        )
        changed = {
            name
            for name, decision in zip(block_names, decisions, strict=True)
            if decision.posting is not None
        } | touched
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
            added=nearby.added if nearby is not None else (),
            moved=frozenset(
                decision.posting_key
                for decision, home, name in zip(decisions, homes, block_names, strict=True)
                if decision.outcome is Outcome.CORRECTED and home != name
            ),
        )

    def _decide_all(
        self,
        arrivals: Sequence[Arrival],
        homes: Sequence[str],
        blocks: MutableMapping[str, Block],
        nearby: Nearby | None,
    ) -> tuple[list[Decision], list[str], set[str]]:
        """Decisions in order, the block within which each was taken, and blocks of corrections."""
        touched: set[str] = set()
        decisions: list[Decision] = []
        names: list[str] = []
        placed: dict[str, str] = {}
        for number, (arrival, home) in enumerate(zip(arrivals, homes, strict=True)):
            key = arrival.record.posting_key
            name = placed.get(key, home)
            if (corrected := self._correct(blocks, name, arrival)) is not None:
                placed[key] = corrected.block
                touched |= corrected.touched
                decisions.append(corrected.decision)
                names.append(corrected.block)
                continue
            if nearby is not None and key not in blocks[name].postings:
                name = self._where(number, name, blocks, nearby)
            decision = self._decide(blocks[name], arrival, nearby, number)
            if apply(blocks[name], decision):
                placed[key] = name
            if nearby is not None and decision.outcome is Outcome.OPENED:
                nearby.add(number, name)
            decisions.append(decision)
            names.append(name)
        return decisions, names, touched

    def _correct(
        self, blocks: MutableMapping[str, Block], name: str, arrival: Arrival
    ) -> Corrected | None:
        """What a person's correction changes; `None` for a record of another kind."""
        record = arrival.record
        if isinstance(record, LinkCorrection):
            return correct(blocks, name, record, self._place_of)
        if isinstance(record, Correction):
            return recode(blocks[name], name, record, self._coder.code([record.posting])[0])
        return None

    def _where(self, number: int, home: str, blocks: Mapping[str, Block], nearby: Nearby) -> str:
        """The block in which a posting's vacancy is known, `home` before others."""
        others = [name for name in nearby.around(number, home) if name in blocks]
        if not others:
            return home
        traits = nearby.probes[number].traits
        if find_link(traits, blocks[home].vacancies, code_of=self._code_of) is not None:
            return home
        links = [
            (link.rank, name)
            for name in others
            if (link := find_link(traits, blocks[name].vacancies, code_of=self._code_of))
        ]
        return max(links)[1] if links else home

    def _decide(
        self, block: Block, arrival: Arrival, nearby: Nearby | None, number: int
    ) -> Decision:
        record = arrival.record
        if isinstance(record, PostingWithdrawn):
            return decide_withdrawal(block, record)
        if not isinstance(record, NormalisedPosting):
            raise TypeError("corrections are decided by themselves")
        probe = nearby.probes.get(number) if nearby is not None else None
        traits = partial(traits_of, record, self._place_of)
        known = (lambda: probe.traits) if probe is not None else traits
        return decide_sighting(block, record, known, self._code_of)

    def _classify(
        self,
        arrivals: Sequence[Arrival],
        block_names: Sequence[str],
        blocks: Mapping[str, Block],
        decisions: Sequence[Decision],
    ) -> Mapping[str, Codes]:
        """Codes by vacancy of all that the batch describes; new ones are stored with theirs."""
        described = [
            (arrival.posting, name, decision)
            for arrival, name, decision in zip(arrivals, block_names, decisions, strict=True)
            if describes(arrival, decision)
        ]
        if not described:
            return {}
        given = self._coder.code([posting for posting, _, _ in described if posting is not None])
        codes: dict[str, Codes] = {}
        for (_, name, decision), found in zip(described, given, strict=True):
            if decision.entry is None:
                continue
            vacancy_id, vacancies = decision.entry.vacancy_id, blocks[name].vacancies
            if decision.outcome in _NEWLY_OPENED and decision.entry.event == EventKind.OPENED:
                opened_on = decision.entry.day
                vacancies[vacancy_id] = coded(vacancies[vacancy_id], found, opened_on)
            codes[vacancy_id] = settled(found, vacancies[vacancy_id])
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
