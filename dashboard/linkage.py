"""Which skills go with which occupations and fields of education, after ESCO. Pure, read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from config.skills import Basis, field_links, occupation_links


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A unit group (or a field of education) linked to a skill."""

    code: str
    share: float
    """Of the group's ESCO occupations that use the skill; of a field see `config.skills`."""
    essential: bool = False
    derived: bool = False
    """Of a field: by way of occupations, not stated by ESCO itself."""


@cache
def skills_of_groups() -> Mapping[str, Mapping[str, float]]:
    """Skills of each major group: the mean share over its unit groups that use it."""
    units: dict[str, set[str]] = defaultdict(set)
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for link in occupation_links():
        major = link.isco08[:1]
        units[major].add(link.isco08)
        sums[major][link.skill] += link.share
    return {
        major: {skill: total / len(units[major]) for skill, total in found.items()}
        for major, found in sums.items()
    }


@cache
def occupations_of_skills() -> Mapping[str, tuple[Link, ...]]:
    """Unit groups of each skill, those in which it is essential first."""
    found: dict[str, list[Link]] = defaultdict(list)
    for link in occupation_links():
        found[link.skill].append(Link(code=link.isco08, share=link.share, essential=link.essential))
    return {skill: _ranked(links) for skill, links in found.items()}


@cache
def fields_of_skills() -> Mapping[str, tuple[Link, ...]]:
    """Fields of education (ISCED-F, detailed) of each skill, the nearest first."""
    found: dict[str, list[Link]] = defaultdict(list)
    for link in field_links():
        derived = link.basis is Basis.DERIVED
        found[link.skill].append(Link(code=link.isced_f, share=link.share, derived=derived))
    return {skill: _ranked(links) for skill, links in found.items()}


def _ranked(links: list[Link]) -> tuple[Link, ...]:
    return tuple(
        sorted(links, key=lambda link: (not link.essential, link.derived, -link.share, link.code))
    )


def together_with(skill: str, most: int) -> list[str]:
    """Skills that are used in the same major groups' occupations as often as this one.

    By cosine of their shares over unit groups: 1 where two skills are used in just the same ones.
    """
    mine = _vectors().get(skill, {})
    if not mine:
        return []
    scores: dict[str, float] = defaultdict(float)
    for unit, share in mine.items():
        for other, theirs in _by_unit()[unit]:
            scores[other] += share * theirs
    scores.pop(skill, None)
    norms = _norms()
    ranked = sorted(scores, key=lambda other: (-scores[other] / norms[other], other))
    return ranked[:most]


@cache
def _vectors() -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for link in occupation_links():
        found[link.skill][link.isco08] = max(link.share, found[link.skill].get(link.isco08, 0.0))
    return found


@cache
def _by_unit() -> Mapping[str, list[tuple[str, float]]]:
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for skill, units in _vectors().items():
        for unit, share in units.items():
            found[unit].append((skill, share))
    return found


@cache
def _norms() -> Mapping[str, float]:
    return {
        skill: sum(share * share for share in units.values()) ** 0.5
        for skill, units in _vectors().items()
    }
