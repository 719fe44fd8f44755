"""A register rebuilt from what was stored is the one that was lost, and goes on like it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as replace_state

from scrapers.codec import encode
from scrapers.items import JobPosting, PostingWithdrawn, WithdrawalReason
from streams.decisions import MEMORY_MS
from streams.intake import Arrival, read
from streams.matching import LinkReason
from streams.opinions import CorrectedField, Correction, CorrectionMode
from streams.rebuilt import Rebuilt, StoredStatement, holding
from streams.records import CorrectionAction, LinkCorrection, NormalisedPosting, VacancyUpdate
from streams.settle import Settling
from streams.state import Block, millis
from tests.factories_opinions import a_correction
from tests.factories_rebuilt import rebuilt_from
from tests.factories_streams import START, FixedCoder, a_posting, province_double

Record = JobPosting | PostingWithdrawn | LinkCorrection | Correction
_DEEDS = [*2 * ("seen", "gone"), "changed", "other", "unlink", "link", "recode", "revoke"]
KEYS = ("board-a:1", "board-a:2", "board-b:1")


def steps_of(most: int, days: Sequence[int]) -> st.SearchStrategy[list[tuple[str, str, int]]]:
    step = st.tuples(st.sampled_from(KEYS), st.sampled_from(_DEEDS), st.sampled_from(days))
    return st.lists(step, max_size=most)


STEPS = steps_of(25, (0, 1, 3, 40, 95, 130))
REMEMBERED = steps_of(18, (0, 1, 3))
"""Twice these are within the register's memory: nothing is forgotten, a little sooner or later."""
CHANGES = {"changed": {"base_salary_raw": "9 USD"}, "other": {"title": "Guard"}}


class World:
    """A stream over one employer's postings, and what it told."""

    def __init__(self) -> None:
        self.blocks: dict[str, Block] = {}
        self.told: list[VacancyUpdate | None] = []
        self.said: list[Correction] = []
        self.now = START

    def live(self, steps: Sequence[tuple[str, str, int]]) -> None:
        """Each step's record, an hour and so many days after the one before."""
        for key, what, days in steps:
            self.now += timedelta(days=days, hours=1)
            record = self._record(key, what)
            if record is not None:
                self.told.append(self.settle(record))

    def settle(self, record: Record) -> VacancyUpdate | None:
        arrival = read(encode(record))
        assert isinstance(arrival, Arrival)
        key = arrival.record.posting_key
        held = (name for name, block in self.blocks.items() if key in block.postings)
        name = next(held, arrival.block)
        self.blocks.setdefault(name, Block())
        settling = Settling(FixedCoder(), province_double)
        told = settling.settle([arrival], [name], self.blocks, processed_at=START)
        return told.answers[0].update

    def _record(self, key: str, what: str) -> Record | None:
        source_id, posting_id = key.split(":")
        common: dict[str, Any] = {
            "source_id": source_id, "posting_id": posting_id, "hiring_organization": "Acme",
        }  # fmt: skip
        if what == "gone":
            return PostingWithdrawn(
                **common,
                reason=WithdrawalReason.UNSEEN,
                last_seen_at=self.now,
                withdrawn_at=self.now,
            )
        if what in {"unlink", "link"}:
            return self._link(key, what)
        if what in {"recode", "revoke"}:
            return self._word(key, what)
        return a_posting(**common, fetched_at=self.now, **CHANGES.get(what, {}))

    def _last(self, key: str) -> VacancyUpdate | None:
        seen = [one for one in self.told if one and one.posting_key == key and one.posting]
        return seen[-1] if seen else None

    def _link(self, key: str, what: str) -> LinkCorrection | None:
        last = self._last(key)
        if last is None or last.posting is None:
            return None
        return LinkCorrection(
            action=CorrectionAction(what),
            posting=last.posting,
            other_key=KEYS[(KEYS.index(key) + 1) % 3] if what == "link" else "",
            why="looked at",
            corrected_at=self.now,
        )

    def _word(self, key: str, what: str) -> Correction | None:
        last = self._last(key)
        if last is None or (what == "revoke" and not self.said):
            return None
        revoked = what == "revoke"
        said = a_correction(
            vacancy_id=last.vacancy_id, posting=last.posting, field=CorrectedField.ISCO08,
            after="" if revoked else "3313", corrected_at=self.now,
            mode=CorrectionMode.REVOCATION if revoked else CorrectionMode.CORRECTION,
            revokes=self.said[-1].correction_id if revoked else "",
        )  # fmt: skip
        self.said.append(said)
        return said

    def rebuilt(self) -> Rebuilt:
        times = [e.event_time for one in self.told if one for e in one.events]
        times += [one.posting.fetched_at for one in self.told if one and one.posting]
        newest = max(times, default=START)
        return rebuilt_from(self.told, self.said, millis(newest) - MEMORY_MS)


def comparable(block: Block, told: Sequence[VacancyUpdate | None]) -> Block:
    """Without logs, marks and what is held apart; what a person parted from its vacancy, without
    moments that go by marks or only break ties."""
    parted = {o.vacancy_id for o in told if o and o.role_reason == LinkReason.UNLINKED_BY_HAND}
    postings = {
        key: replace_state(posting, log=(), mark=0, apart=())
        for key, posting in block.postings.items()
    }
    vacancies = {
        key: replace_state(one, first_seen=0, closed_at=0) if key in parted else one
        for key, one in block.vacancies.items()
    }
    return Block(postings=postings, vacancies=vacancies)


def _of(block: Block, vacancies: Collection[str]) -> Block:
    return Block(
        postings={k: one for k, one in block.postings.items() if one.vacancy_id in vacancies},
        vacancies={k: one for k, one in block.vacancies.items() if k in vacancies},
    )


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_what_is_rebuilt_is_what_was_lost(steps: list[tuple[str, str, int]]) -> None:
    world = World()
    world.live(steps)
    rebuilt = world.rebuilt()
    for name, block in world.blocks.items():
        lost, found = (comparable(one, world.told) for one in (block, rebuilt.blocks[name]))
        both = lost.vacancies.keys() & found.vacancies.keys()
        apart = {**lost.vacancies, **found.vacancies}
        assert not any(one.open_postings for key, one in apart.items() if key not in both)
        assert _of(lost, both) == _of(found, both)
        for key, posting in rebuilt.blocks[name].postings.items():
            if key in block.postings:
                assert posting.mark <= block.postings[key].mark
                # More where the posting was forgotten for a while, and came back as a new one.
                assert {*posting.apart} >= {*block.postings[key].apart}


@settings(max_examples=100, deadline=None)
@given(REMEMBERED, REMEMBERED)
def test_counts_go_on_as_if_nothing_had_been_lost(
    before: list[tuple[str, str, int]], after: list[tuple[str, str, int]]
) -> None:
    one, other = World(), World()
    for world in (one, other):
        world.live(before)
    other.blocks = dict(other.rebuilt().blocks)
    for world in (one, other):
        world.live(after)
    assert _events(one) == _events(other)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.data())
def test_what_comes_again_after_a_loss_counts_no_second_time(
    steps: list[tuple[str, str, int]], data: st.DataObject
) -> None:
    world = World()
    world.live(steps)
    known = _events(world)
    world.blocks = dict(world.rebuilt().blocks)
    listed = [
        (key, world.blocks[name].postings[key])
        for name in world.blocks
        for key in world.blocks[name].postings
    ]
    world.now += timedelta(hours=1)
    for key, state in listed:
        if state.is_open:
            last = [o.posting for o in world.told if o and o.posting_key == key and o.posting][-1]
            world.told.append(world.settle(_fetched_again(last, world)))
    assert _events(world) == known


def _fetched_again(posting: NormalisedPosting, world: World) -> JobPosting:
    """A page as it stood, read once more by a crawler that has forgotten it."""
    found = next(
        a_posting(source_id=posting.source_id, posting_id=posting.posting_id,
                  hiring_organization="Acme", fetched_at=world.now, **changes)
        for changes in ({}, *CHANGES.values())
        if changes.get("title", "Senior Accountant") == posting.title
        and changes.get("base_salary_raw", "5,000,000 LAK") == posting.salary_raw
    )  # fmt: skip
    return replace(found, fetched_at=world.now)


def _events(world: World) -> set[str]:
    return {event.event_id for update in world.told if update for event in update.events}


def test_the_latest_word_of_each_field_holds() -> None:
    said = [
        StoredStatement(field=field, value=value, at=at, correction_id=name,
                        mode=CorrectionMode(mode), revokes=revokes)
        for field, value, at, name, mode, revokes in (
            ("isco08", "2411", 1, "a", "correction", ""),
            ("isic", "M", 2, "b", "correction", ""),
            ("isco08", "3313", 3, "c", "correction", ""),
            ("isco08", "", 4, "d", "revocation", "a"),
            ("isic", "", 5, "e", "revocation", "b"),
            ("education", "6", 6, "f", "double_coding", ""),
        )
    ]  # fmt: skip
    held = {one.field: (one.value, one.holds) for one in holding(said)}
    assert held == {"isco08": ("3313", True), "isic": ("", False)}
