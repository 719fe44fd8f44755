"""Double coding: whose turn it is, what is settled, what is ready for comparison. Pure.

Of every vacancy two named officers say a code; where the codes differ, a third settles it, seeing
both without names. Nobody sees another's code before giving their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.coding.agreement import DoubleCoded
from dashboard.coding.sampling import order_for
from warehouse.double_coding import Coding, SampleItem


class Part(StrEnum):
    """What an officer has to do with a vacancy of a sample."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATOR = "adjudicator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A vacancy of a sample with all that was said of it."""

    item: SampleItem
    said: Mapping[Part, Coding]

    @property
    def differs(self) -> bool:
        """Whether both officers have coded it, each otherwise."""
        first, second = self.said.get(Part.FIRST), self.said.get(Part.SECOND)
        return first is not None and second is not None and first.isco08 != second.isco08

    @property
    def final(self) -> str | None:
        """The settled code, "" for not codable; `None` while it is open."""
        first, second = self.said.get(Part.FIRST), self.said.get(Part.SECOND)
        if first is None or second is None:
            return None
        if first.isco08 == second.isco08:
            return first.isco08
        third = self.said.get(Part.ADJUDICATOR)
        return None if third is None else third.isco08


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a sample has come, in vacancies."""

    sample_id: str
    items: int
    first: int
    second: int
    differing: int
    settled: int


def rounds(items: Iterable[SampleItem], codings: Iterable[Coding]) -> list[Round]:
    """Each vacancy with what its own three officers said; anybody else's codes do not count."""
    said = {(one.vacancy_id, one.officer): one for one in codings}
    return [
        Round(
            item=item,
            said={
                part: said[item.vacancy_id, officer]
                for part, officer in _officers(item).items()
                if (item.vacancy_id, officer) in said
            },
        )
        for item in items
    ]


def part_of(item: SampleItem, officer: str) -> Part | None:
    """The officer's part in a sample; `None` where there is none."""
    return next((part for part, name in _officers(item).items() if name == officer), None)


def waiting_for(officer: str, all_rounds: Sequence[Round]) -> list[Round]:
    """Vacancies that the officer is to code now, in the officer's own order."""
    mine = {
        one.item.vacancy_id: one
        for one in all_rounds
        if (part := part_of(one.item, officer)) is not None
        and part not in one.said
        and (part is not Part.ADJUDICATOR or one.differs)
    }
    return [mine[vacancy_id] for vacancy_id in order_for(officer, [*mine])]


def closed_to(officer: str, all_rounds: Iterable[Round]) -> frozenset[str]:
    """Vacancies whose codes the officer must not see: in a sample of theirs and not settled."""
    return frozenset(
        one.item.vacancy_id
        for one in all_rounds
        if one.final is None and part_of(one.item, officer) is not None
    )


def progress(all_rounds: Iterable[Round]) -> list[Progress]:
    """How far each sample has come, in the order of the samples."""
    by_sample: dict[str, list[Round]] = {}
    for one in all_rounds:
        by_sample.setdefault(one.item.sample_id, []).append(one)
    return [
        Progress(
            sample_id=name,
            items=len(each),
            first=sum(Part.FIRST in one.said for one in each),
            second=sum(Part.SECOND in one.said for one in each),
            differing=sum(one.differs for one in each),
            settled=sum(one.final is not None for one in each),
        )
        for name, each in by_sample.items()
    ]


def double_coded(all_rounds: Iterable[Round]) -> list[DoubleCoded]:
    """Vacancies that both officers have coded, weighted to the frame they were drawn from."""
    return [
        DoubleCoded(
            vacancy_id=one.item.vacancy_id,
            language=one.item.language,
            first=one.said[Part.FIRST].isco08,
            second=one.said[Part.SECOND].isco08,
            coder=one.item.coder_isco08,
            final=one.final,
            weight=one.item.stratum_size / one.item.stratum_drawn,
        )
        for one in all_rounds
        if Part.FIRST in one.said and Part.SECOND in one.said
    ]


def _officers(item: SampleItem) -> dict[Part, str]:
    return {
        Part.FIRST: item.first_officer,
        Part.SECOND: item.second_officer,
        Part.ADJUDICATOR: item.adjudicator,
    }
