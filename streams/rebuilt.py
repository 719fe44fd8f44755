"""The register as it follows from what was stored of its decisions. Pure.

The warehouse holds every decision that was told: which observation stands for which vacancy, when
postings ended, and the events that each caused. Nothing is decided again here, so that what was
linked by hand, or by a coder that has learned since, stays as it is. Two things are not stored and
not needed: the logs (a record that comes again lies at or before its posting's mark and changes
nothing; what it led to is stored) and vacancies closed for longer than the register remembers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from streams.corrected_codes import heard
from streams.matching import LinkReason
from streams.nearby import Address, probe_of
from streams.opinions import CorrectionMode
from streams.records import NormalisedPosting
from streams.state import Block, PostingState, Said, block_of
from streams.traits import state_of, traits_of

_BY_HAND: Final = frozenset((LinkReason.LINKED_BY_HAND.value, LinkReason.UNLINKED_BY_HAND.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSight:
    """One stored observation of a posting, or a person's word about its link."""

    at: int
    """Event time, milliseconds of the epoch."""
    vacancy_id: str
    """For which it stood from then on."""
    reason: str
    """A `LinkReason`."""
    content_hash: str
    opened_on: int
    """Day of opening, as an ordinal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStatement:
    """What an officer once said of one field of a vacancy's codes."""

    field: str
    value: str
    at: int
    correction_id: str
    mode: CorrectionMode
    revokes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVacancy:
    """What is stored of one vacancy. Days are ordinals; 0 where it was never closed."""

    vacancy_id: str
    opener: NormalisedPosting
    """The observation that opened it."""
    opened_on: int
    started_on: int
    closed_at: int
    """Milliseconds of the epoch."""
    closed_on: int
    province: str
    isco08: str
    isic: str
    statements: Sequence[StoredStatement] = ()
    """In the order in which they were made."""


@dataclass(slots=True, kw_only=True)
class Rebuilt:
    """Blocks by name and the block of each posting: vacancies first, then what stands for them."""

    place_of: Callable[[str], str]
    blocks: defaultdict[str, Block] = field(default_factory=lambda: defaultdict(Block))
    placed: dict[str, str] = field(default_factory=dict)
    _left: list[tuple[int, Address, bytes]] = field(default_factory=list)
    _homes: dict[str, str] = field(default_factory=dict)
    """The block of each vacancy."""

    def add_vacancy(self, stored: StoredVacancy) -> None:
        """A vacancy that nothing stands for yet."""
        opener = stored.opener
        name = block_of(opener.employer, opener.posting_key)
        traits = traits_of(opener, self.place_of)
        self.blocks[name].vacancies[stored.vacancy_id] = replace(
            state_of(traits),
            open_postings=0,
            started_on=stored.started_on,
            closed_at=stored.closed_at,
            closed_on=stored.closed_on,
            province=stored.province,
            isco08=stored.isco08,
            isic=stored.isic,
            opened_on=stored.opened_on,
            said=holding(stored.statements),
        )
        self._homes[stored.vacancy_id] = name
        left = bytes.fromhex(name)
        self._left += [(traits.at, address, left) for address in probe_of(traits).present]

    def add_posting(
        self, posting_key: str, sights: Sequence[StoredSight], ended_at: int | None
    ) -> bool:
        """A posting by its observations, oldest first, and the event time of its last ending.

        Returns:
            Whether it is open. One whose vacancy the register no longer remembers is passed over.
        """
        name = self._homes.get(sights[-1].vacancy_id)
        if name is None:
            return False
        state = posting_state(sights, ended_at)
        block = self.blocks[name]
        block.postings[posting_key] = state
        self.placed[posting_key] = name
        vacancy = block.vacancies[state.vacancy_id]
        if state.is_open:
            vacancy = replace(vacancy, open_postings=vacancy.open_postings + 1)
        elif (
            sights[-1].reason == LinkReason.UNLINKED_BY_HAND and vacancy.closed_at == sights[-1].at
        ):
            # Parted when it was over already: told at the person's word, closed when it ended.
            vacancy = replace(vacancy, closed_at=state.mark)
        block.vacancies[state.vacancy_id] = vacancy
        return state.is_open

    def added(self) -> list[tuple[Address, bytes]]:
        """Blocks to be left in buckets for postings to come, the newest last: they keep longest."""
        return [(address, name) for _, address, name in sorted(self._left)]

    def open_vacancies(self) -> int:
        """Vacancies that stand open: the sum of stock, if all is as it was."""
        return sum(
            vacancy.open_postings > 0
            for block in self.blocks.values()
            for vacancy in block.vacancies.values()
        )


def posting_state(sights: Sequence[StoredSight], ended_at: int | None) -> PostingState:
    """The state of a posting after its observations, oldest first, and its last ending."""
    last = sights[-1]
    seen = max(sight.at for sight in sights if sight.reason not in _BY_HAND)
    return PostingState(
        vacancy_id=last.vacancy_id,
        content_hash=last.content_hash,
        mark=seen if ended_at is None else max(seen, ended_at),
        opened_on=last.opened_on,
        is_open=ended_at is None or seen > ended_at,
        log=(),
        apart=_apart(sights),
    )


def _apart(sights: Sequence[StoredSight]) -> tuple[str, ...]:
    """Vacancies that a person has taken the posting out of, and nobody has put it back into."""
    apart: list[str] = []
    before = ""
    for sight in sights:
        if sight.reason == LinkReason.UNLINKED_BY_HAND:
            apart.append(before)
        elif sight.reason == LinkReason.LINKED_BY_HAND:
            apart = [one for one in apart if one != sight.vacancy_id]
        before = sight.vacancy_id
    return tuple(apart)


def holding(statements: Iterable[StoredStatement]) -> tuple[Said, ...]:
    """The latest of each field, in the order in which they were last spoken of."""
    held: tuple[Said, ...] = ()
    for one in statements:
        if one.mode is CorrectionMode.DOUBLE_CODING:
            continue
        now = Said(
            field=one.field,
            value=one.value,
            at=one.at,
            correction_id=one.correction_id,
            holds=one.mode is not CorrectionMode.REVOCATION,
        )
        held = heard(held, now, one.revokes) or held
    return held
