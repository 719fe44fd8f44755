"""The skills classification in SKOS (W3C 2009), written as Turtle.

Concepts of ESCO keep their addresses; national ones are `urn:labourwatch:skill:` and their code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from config.skills import (
    STATEMENT,
    SkillConcept,
    field_links,
    occupation_links,
    skill_groups,
    skills,
    version,
)
from dashboard.sdmx.codelists import ESCO

OURS: Final = "urn:labourwatch:"
SCHEME: Final = f"<{OURS}skills>"
_HEAD: Final = f"""\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix lw: <{OURS}term:> .
"""


def turtle(*, national: bool) -> Iterator[str]:
    """The classification as Turtle in pieces; `national`: only what we add."""
    yield _HEAD
    yield (
        f"{SCHEME} a skos:ConceptScheme ; owl:versionInfo {_text(version())} ;\n"
        f"  dct:title {_text('Skills classification of the Lao PDR')}@en ;\n"
        "  dct:license <https://creativecommons.org/licenses/by/4.0/> ;\n"
        f"  dct:rights {_text(STATEMENT + ' Adapted; concepts LA-S… are no part of ESCO.')}@en .\n"
    )
    chosen = [each for each in skills().values() if not national or each.code.startswith("LA-")]
    if not national:
        yield from map(_group, skill_groups().items())
    related = _related({concept.code for concept in chosen})
    for concept in chosen:
        yield _concept(concept, related[concept.code])


def _related(codes: set[str]) -> dict[str, list[str]]:
    """Addresses of unit groups and fields of education by skill."""
    related: dict[str, list[str]] = defaultdict(list)
    for link in occupation_links():
        if link.skill in codes:
            kind = "lw:essentialFor" if link.essential else "lw:optionalFor"
            related[link.skill].append(f"{kind} <{ESCO}isco/C{link.isco08}>")
    for field in field_links():
        if field.skill in codes:
            related[field.skill].append(f"skos:relatedMatch <{ESCO}isced-f/{field.isced_f}>")
    return related


def _concept(concept: SkillConcept, related: Iterable[str]) -> str:
    names = {concept.name_en, concept.name_lo}
    parts = [
        "a skos:Concept",
        f"skos:inScheme {SCHEME}",
        f"skos:notation {_text(concept.code)}",
        f"skos:prefLabel {_text(concept.name_en)}@en",
        *([f"skos:prefLabel {_text(concept.name_lo)}@lo"] if concept.name_lo else ()),
        *(
            f"skos:altLabel {_text(text)}@en"
            for text in dict.fromkeys((*concept.alt_labels, *concept.expressions))
            if text not in names
        ),
        *(
            f"skos:altLabel {_text(text)}@lo"
            for text in dict.fromkeys(concept.labels_lo)
            if text not in names
        ),
        *(f"skos:broader {_group_address(group)}" for group in concept.groups),
        f"lw:kind {_text(concept.kind.value)}",
        f"lw:reuse {_text(concept.reuse)}",
        f"lw:review {_text('reviewed' if concept.reviewed else 'unreviewed')}",
        *([f"dct:source {_text(concept.source)}"] if concept.source else ()),
        *related,
    ]
    return f"{_address(concept.code)} " + " ;\n  ".join(parts) + " .\n"


def _group(group: tuple[str, tuple[str, str]]) -> str:
    code, (label, parent) = group
    above = (
        f" ; skos:broader {_group_address(parent)}" if parent else f" ; skos:topConceptOf {SCHEME}"
    )
    return (
        f"{_group_address(code)} a skos:Concept ; skos:inScheme {SCHEME} ; "
        f"skos:notation {_text(code)} ; skos:prefLabel {_text(label)}@en{above} .\n"
    )


def _address(code: str) -> str:
    return f"<{OURS}skill:{code}>" if code.startswith("LA-") else f"<{ESCO}skill/{code}>"


def _group_address(code: str) -> str:
    kind = "isced-f" if code.isdigit() else "skill"
    return f"<{ESCO}{kind}/{code}>"


def _text(text: str) -> str:
    """A Turtle string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped.replace(chr(13), "")}"'
