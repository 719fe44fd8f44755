"""The ways in which a simulated board breaks."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Final

from benchmarks.simulated_boards import Advert, Fault, Reader
from scrapers.health.notes import FIELDS, Seen


def _without(name: str) -> Reader:
    def read(seen: Seen) -> Seen | str:
        if name == "title":
            return "title_missing"
        changes: dict[str, object] = {"filled": seen.filled - {name}}
        if name in ("employer", "place"):
            changes[name] = ""
        return replace(seen, **changes)  # type: ignore[arg-type]

    return read


def _swapped(seen: Seen) -> Seen:
    return replace(seen, title=seen.employer or seen.title, employer=seen.title)


def _switched(seen: Seen) -> Seen:
    return replace(seen, language="zh" if seen.language == "lo" else "lo")


def _garbage(adverts: list[Advert], rng: random.Random) -> list[Advert]:
    """Links that are no adverts in the place of the adverts."""
    count = max(len(adverts), 5)
    empty = Seen(filled=frozenset(), title="", employer="", place="", language="latin", length=0,
                 company_title=False)  # fmt: skip
    return [
        Advert(key=f"x{rng.getrandbits(40)}", seen=empty, ends_on=date.max, stated_end=False)
        for _ in range(count)
    ]


def _flooded(adverts: list[Advert], rng: random.Random) -> list[Advert]:
    """The newest adverts again and again under other identifiers."""
    copied = adverts[-max(1, len(adverts) // 5) :]
    copies = [replace(advert, key=f"{advert.key}-{rng.getrandbits(30)}") for advert in copied * 6]
    return adverts + copies


FAULTS: Final = (
    *(
        Fault(name=f"{name}_emptied", read=_without(name), in_adverts=True)
        for name in FIELDS
        if name not in ("description", "valid_through")
    ),
    Fault(name="title_and_employer_swapped", read=_swapped, in_adverts=True),
    Fault(name="language_switched", read=_switched, in_adverts=True),
    Fault(name="listing_empty", listing=lambda adverts, _: adverts[:0]),
    Fault(name="listing_halved", listing=lambda shown, rng: rng.sample(shown, len(shown) // 2)),
    Fault(name="paging_cut", listing=lambda adverts, _: adverts[-max(1, len(adverts) // 5) :]),
    Fault(name="garbage", listing=_garbage, read=lambda s: s if s.title else "title_missing"),
    Fault(name="duplicates_flood", listing=_flooded),
    Fault(name="repeats_in_listing", repeats=2.0),
    Fault(name="slow_answers", slower=40.0),
    Fault(name="unavailable", answers=False),
)  # fmt: skip
