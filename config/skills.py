"""The skills classification: ESCO's concepts, the national additions, and what they link to.

Tables stand in `config/codelists/skills` (docs/skills.md says what each column means). They are
read once per process when first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from config.vocabulary import read_table

FOLDER: Final = "codelists/skills"
STATEMENT: Final = "This service uses the ESCO classification of the European Commission."


class SkillKind(StrEnum):
    """What a concept is, after ESCO: something known, or something that one can do."""

    KNOWLEDGE = "knowledge"
    SKILL = "skill"


class Basis(StrEnum):
    """Where a link between a skill and a field of education comes from."""

    ESCO = "esco"
    """ESCO places the concept in the field."""
    DERIVED = "derived"
    """Occupations that need the skill also need knowledge of the field (docs/skills.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillConcept:
    """One skill of the classification."""

    code: str
    """ESCO's identifier (UUID), or `LA-S` and three digits for a national addition."""
    kind: SkillKind
    reuse: str
    """transversal, cross-sector, sector-specific or occupation-specific; "" where not said."""
    name_en: str
    name_lo: str = ""
    """Its name on Lao pages; not looked for in texts unless it is a label too."""
    alt_labels: tuple[str, ...] = ()
    """ESCO's other English labels."""
    expressions: tuple[str, ...] = ()
    """English expressions of job adverts that we add."""
    labels_lo: tuple[str, ...] = ()
    """Lao expressions of job adverts, by which the skill is found."""
    groups: tuple[str, ...] = ()
    """Groups of ESCO's hierarchy, or ISCED-F detailed fields, that hold the concept."""
    source: str = ""
    """Of a national addition: why it is one."""
    reviewed: bool = False
    """Whether a Lao speaker has checked the Lao labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationLink:
    """A unit group in some of whose ESCO occupations a skill is used."""

    skill: str
    isco08: str
    essential: bool
    """Whether it is essential in at least one of them."""
    share: float
    """Share of the group's ESCO occupations that use it, in (0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLink:
    """A field of education (ISCED-F 2013, detailed) in which a skill is learnt."""

    skill: str
    isced_f: str
    basis: Basis
    share: float
    """1 where ESCO says it; else the field's share of the knowledge that goes with the skill."""


@dataclass(slots=True)
class _Labels:
    """What our own tables add to an ESCO concept."""

    en: list[str] = field(default_factory=list)
    lo: list[str] = field(default_factory=list)
    reviewed: bool = True


@cache
def version() -> str:
    """ESCO's version and ours: "1.1.1-la1"."""
    text = (files("config") / FOLDER / "version.yaml").read_text(encoding="utf-8")
    stated = yaml.safe_load(text)
    return f"{stated['esco']}-la{stated['national']}"


@cache
def skills() -> Mapping[str, SkillConcept]:
    """All concepts by code: ESCO's, then the national ones."""
    own = _own_labels()
    concepts = {
        row["code"]: _esco(row, own.get(row["code"])) for row in read_table(FOLDER, "esco.csv.gz")
    }
    return concepts | {row["code"]: _national(row) for row in read_table(FOLDER, "national.csv")}


@cache
def skill_groups() -> Mapping[str, tuple[str, str]]:
    """ESCO's hierarchy: (label, parent) by code."""
    return {row["code"]: (row["label"], row["parent"]) for row in read_table(FOLDER, "groups.csv")}


def occupation_links() -> Iterator[OccupationLink]:
    """Links between skills and ISCO-08 unit groups, by way of ESCO's occupations."""
    for row in read_table(FOLDER, "isco08.csv.gz"):
        yield OccupationLink(
            skill=row["skill"],
            isco08=row["isco08"],
            essential=row["relation"] == "essential",
            share=int(row["occupations"]) / int(row["of"]),
        )


def field_links() -> Iterator[FieldLink]:
    """Links between skills and fields of education."""
    for row in read_table(FOLDER, "isced_f.csv.gz"):
        yield FieldLink(
            skill=row["skill"],
            isced_f=row["isced_f"],
            basis=Basis(row["basis"]),
            share=float(row["share"]),
        )


def _own_labels() -> dict[str, _Labels]:
    own: dict[str, _Labels] = {}
    for row in read_table(FOLDER, "labels.csv"):
        labels = own.setdefault(row["code"], _Labels())
        labels.en += _split(row["labels_en"])
        labels.lo += _split(row["labels_lo"])
        labels.reviewed = labels.reviewed and row["review"] == "reviewed"
    return own


@cache
def _names_lo() -> Mapping[str, str]:
    """Lao names of the commonest skills, by code."""
    return {row["code"]: row["name_lo"] for row in read_table(FOLDER, "names_lo.csv")}


def _esco(row: Mapping[str, str], own: _Labels | None) -> SkillConcept:
    own = own or _Labels(reviewed=False)
    return SkillConcept(
        code=row["code"],
        kind=SkillKind(row["kind"]),
        reuse=row["reuse"],
        name_en=row["label"],
        name_lo=_names_lo().get(row["code"]) or next(iter(own.lo), ""),
        alt_labels=_split(row["alt_labels"]),
        expressions=tuple(own.en),
        labels_lo=tuple(own.lo),
        groups=_split(row["groups"]),
        reviewed=own.reviewed,
    )


def _national(row: Mapping[str, str]) -> SkillConcept:
    return SkillConcept(
        code=row["code"],
        kind=SkillKind(row["kind"]),
        reuse=row["reuse"],
        name_en=row["label"],
        name_lo=row["label_lo"],
        expressions=_split(row["alt_labels"]),
        labels_lo=(row["label_lo"], *_split(row["alt_labels_lo"])),
        groups=_split(row["groups"]),
        source=row["source"],
        reviewed=row["review"] == "reviewed",
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)
