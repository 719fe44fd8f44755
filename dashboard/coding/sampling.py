"""Draws the vacancies that two officers code: by stratum, from a seed. Pure."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from streams.identity import identify
from warehouse.double_coding import Drawable

_BANDS = ((0.5, "low"), (0.8, "middle"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A vacancy of the sample, with what its weight follows from."""

    vacancy: Drawable
    stratum: str
    stratum_size: int
    stratum_drawn: int


def stratum_of(vacancy: Drawable) -> str:
    """Language, how sure the machine is, and its major group: "lo/low/5", "en/none/"."""
    if not vacancy.isco08:
        return f"{vacancy.language}/none/"
    sure = next((band for limit, band in _BANDS if vacancy.probability < limit), "high")
    return f"{vacancy.language}/{sure}/{vacancy.isco08[0]}"


def draw(frame: Iterable[Drawable], size: int, seed: int) -> list[Drawn]:
    """`size` vacancies, strata as equal as their sizes allow, in an order that tells nothing.

    The same frame, size and seed give the same sample, whatever the order of the frame. Vacancies
    of equal language and title count once: the same advert coded twice would show no more.
    """
    strata: dict[str, list[Drawable]] = defaultdict(list)
    for vacancy in _distinct(frame):
        strata[stratum_of(vacancy)].append(vacancy)
    source = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    taken = allocation({name: len(members) for name, members in strata.items()}, size)
    drawn = [
        Drawn(
            vacancy=vacancy,
            stratum=name,
            stratum_size=len(strata[name]),
            stratum_drawn=taken[name],
        )
        for name in sorted(strata)
        for vacancy in source.sample(strata[name], taken[name])
    ]
    source.shuffle(drawn)
    return drawn


def allocation(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of each stratum: one after the other in turn, until `size` or all are taken.

    What the last turn cannot give to all goes to the largest strata, by name where equal.
    """
    taken = dict.fromkeys(sizes, 0)
    left = min(size, sum(sizes.values()))
    while left:
        open_strata = [name for name in sizes if taken[name] < sizes[name]]
        turn = sorted(open_strata, key=lambda name: (-sizes[name], name))[:left]
        for name in turn:
            taken[name] += 1
        left -= len(turn)
    return taken


def order_for(officer: str, vacancy_ids: Sequence[str]) -> list[str]:
    """The vacancies in an order of the officer's own, so that fatigue falls on different ones."""
    return sorted(vacancy_ids, key=lambda vacancy_id: identify("order", officer, vacancy_id))


def _distinct(frame: Iterable[Drawable]) -> list[Drawable]:
    held: dict[tuple[str, str], Drawable] = {}
    for vacancy in sorted(frame, key=lambda one: one.vacancy_id):
        held.setdefault((vacancy.language, vacancy.title.casefold()), vacancy)
    return list(held.values())
