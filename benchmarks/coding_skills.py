"""How well skills are found: labelled sentences, findings judged by hand, and speed."""

from __future__ import annotations

import csv
import gzip
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Figure
from config.skills import SkillConcept, skills
from streams.classify.skills import SkillCoder, load_skill_coder
from streams.codes import Skill

PAGES: Final = Path(__file__).parent.parent / "tests" / "pages"
_NO_CONCEPT: Final = frozenset(("LABEL NOT PRESENT", "UNDERSPECIFIED"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A labelled sentence with what the coder told of it."""

    text: str
    labels: frozenset[str]
    """Names of concepts that a span stands for."""
    spans: tuple[tuple[int, int], ...]
    """Where skills stand, whether or not ESCO has a concept for them."""
    told: tuple[Skill, ...]


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures and tables. Nothing is drawn here: the sample was drawn once and judged."""
    del seed
    coder = load_skill_coder()
    concepts = skills()
    test = _sentences("test", coder)
    validation = _sentences("validation", coder)
    figures = [
        *_of_sentences(test, concepts),
        *_of_lao(coder, concepts),
        *_of_judged(coder),
        *_of_speed(quick=quick),
    ]
    return figures, {
        "tables": {
            "Skills in labelled sentences": [
                _row("validation", validation, concepts),
                _row("test", test, concepts),
            ],
            "Skills told, by kind of label (test sentences)": _by(
                test, concepts, lambda concept: f"{concept.kind.value}, {concept.reuse}"
            ),
        }
    }


def _sentences(part: str, coder: SkillCoder) -> list[Sentence]:
    rows = defaultdict(list)
    name = f"skill_spans_house_{part}_esco.csv"
    with (PAGES / name).open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            rows[row["sentence"]].append(row)
    return [
        Sentence(
            text=text,
            labels=frozenset(row["label"] for row in spans) - _NO_CONCEPT,
            spans=tuple(
                (text.index(row["span"]), text.index(row["span"]) + len(row["span"]))
                for row in spans
                if row["span"] in text
            ),
            told=coder.find("", text, ""),
        )
        for text, spans in rows.items()
    ]


def _of_sentences(
    sentences: Sequence[Sentence], concepts: Mapping[str, SkillConcept]
) -> list[Figure]:
    row = _row("test", sentences, concepts)
    return [
        Figure(
            key="skills_precision",
            value=row["precision"],
            about=f"of {row['told']} concepts told in {len(sentences)} labelled sentences "
            "(SkillSpan house, test), those that are the sentence's very label",
        ),
        Figure(
            key="skills_recall",
            value=row["recall"],
            about=f"of {row['labels']} labels, those told; the very concept",
        ),
        Figure(
            key="skills_group_precision",
            value=row["group_precision"],
            about="the same with concepts of one ESCO group (two levels down) taken as one",
        ),
        Figure(
            key="skills_span_precision",
            value=row["on_a_skill"],
            about="concepts told on words that are labelled as a skill, whichever",
        ),
    ]


def _row(
    part: str, sentences: Iterable[Sentence], concepts: Mapping[str, SkillConcept]
) -> dict[str, Any]:
    count: Counter[str] = Counter()
    groups = {concept.name_en: _group(concept) for concept in concepts.values()}
    for sentence in sentences:
        codes = [concepts[skill.code] for skill in sentence.told]
        near = {groups.get(label, label) for label in sentence.labels}
        count["labels"] += len(sentence.labels)
        count["told"] += len(codes)
        count["right"] += sum(concept.name_en in sentence.labels for concept in codes)
        count["near"] += sum(
            concept.name_en in sentence.labels or _group(concept) in near for concept in codes
        )
        count["on"] += sum(_on_a_skill(skill, sentence) for skill in sentence.told)
    return {
        "part": part,
        "labels": count["labels"],
        "told": count["told"],
        "precision": _share(count["right"], count["told"]),
        "recall": _share(count["right"], count["labels"]),
        "group_precision": _share(count["near"], count["told"]),
        "on_a_skill": _share(count["on"], count["told"]),
    }


def _group(concept: SkillConcept) -> str:
    """The concept's first group two levels down ("S1.4", "T4.1", "061"), else itself."""
    group = concept.groups[0] if concept.groups else concept.code
    return group[:3] if group.isdigit() else ".".join(group.split(".")[:2])


def _on_a_skill(skill: Skill, sentence: Sentence) -> bool:
    # The coder read an empty title and a line break before the sentence.
    return any(skill.start - 1 < end and skill.end - 1 > start for start, end in sentence.spans)


def _by(
    sentences: Iterable[Sentence],
    concepts: Mapping[str, SkillConcept],
    stratum: Callable[[SkillConcept], str],
) -> list[dict[str, Any]]:
    told: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for sentence in sentences:
        for skill in sentence.told:
            concept = concepts[skill.code]
            told[stratum(concept)] += 1
            right[stratum(concept)] += concept.name_en in sentence.labels
    return [
        {"concepts": name, "told": told[name], "precision": _share(right[name], told[name])}
        for name in sorted(told)
    ]


def _of_lao(coder: SkillCoder, concepts: Mapping[str, SkillConcept]) -> list[Figure]:
    """Composed Lao sentences: skills, and how they are asked for where they are found."""
    count: Counter[str] = Counter()
    with (PAGES / "skills_lo.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            labels = set(filter(None, row["skills"].split("|")))
            told = {
                concepts[skill.code].name_en: skill.context.value
                for skill in coder.find("", row["sentence"], "")
            }
            right = labels & told.keys()
            count["labels"] += len(labels)
            count["told"] += len(told)
            count["right"] += len(right)
            count["context"] += sum(told[name] == row["context"] for name in right)
    return [
        Figure(
            key="skills_lao_precision",
            value=_share(count["right"], count["told"]),
            about=f"of {count['told']} concepts told in composed Lao sentences; written by the "
            "writer of the labels, so an upper bound",
        ),
        Figure(
            key="skills_lao_recall",
            value=_share(count["right"], count["labels"]),
            about=f"of their {count['labels']} skills, those told",
        ),
        Figure(
            key="skills_context_accuracy",
            value=_share(count["context"], count["right"]),
            about="of the skills found there, those with the right context",
        ),
    ]


def _of_judged(coder: SkillCoder) -> list[Figure]:
    """Judged findings that the coder still tells; what it no longer tells is not counted."""
    with (PAGES / "skills_judged.csv").open(encoding="utf-8", newline="") as table:
        judged = list(csv.DictReader(table))
    postings = {row["id"]: row for row in _postings()}
    told: dict[str, set[str]] = {}
    for key, isco08 in {(row["id"], row["isco08"]) for row in judged}:
        posting = postings[key]
        found = coder.find(posting["title"], posting["description"], isco08)
        told[key] = {skill.code for skill in found}
    still = [row for row in judged if row["code"] in told[row["id"]]]
    wrong = sum(row["verdict"] == "wrong" for row in still)
    low, high = _wilson(wrong, len(still))
    return [
        Figure(
            key="skills_false_positive_share",
            value=_share(wrong, len(still)),
            about=f"of {len(still)} skills told of real postings and read by hand, those not "
            f"asked for there or named wrongly; 95 % interval {low:.2f} to {high:.2f}",
            goal="published: 0.12 to 0.27",
        ),
        Figure(
            key="skills_judged_still_told",
            value=_share(len(still), len(judged)),
            about=f"of {len(judged)} judged skills, those that the coder tells now",
        ),
    ]


def _of_speed(*, quick: bool) -> list[Figure]:
    postings = _postings()[: 60 if quick else None]
    fresh = load_skill_coder()
    times = []
    for _ in range(2):
        begun = time.process_time()
        count = sum(len(fresh.find(row["title"], row["description"], "")) for row in postings)
        times.append((time.process_time() - begun) * 1000 / len(postings))
    letters = sum(len(row["description"]) for row in postings) / len(postings)
    return [
        Figure(
            key="skills_ms_per_new_posting",
            value=round(times[0], 3),
            about=f"processor time in ms for a posting never seen ({letters:,.0f} letters, "
            f"{count / len(postings):.1f} skills)",
        ),
        Figure(
            key="skills_ms_per_known_posting",
            value=round(times[1], 3),
            about="the same where its sentences were read before (re-posts, boilerplate)",
            goal="≤ 1",
        ),
    ]


def _postings() -> list[dict[str, str]]:
    path = PAGES / "hahu_jobs_esco_development.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, hits / of
    middle = share + z * z / (2 * of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - reach) / (1 + z * z / of), (middle + reach) / (1 + z * z / of)
