"""The whole skills classification as one table, with its links."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from config.skills import field_links, occupation_links, skills

COLUMNS: Final = (
    "code", "kind", "reuse", "label", "label_lo", "alt_labels", "expressions", "labels_lo",
    "groups", "isco08_essential", "isco08_optional", "isced_f", "isced_f_derived", "review",
)  # fmt: skip


def table() -> Iterator[str]:
    """Lines of a CSV, the header first; several values in a cell have a bar between them."""
    linked: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for link in occupation_links():
        kind = "isco08_essential" if link.essential else "isco08_optional"
        linked[link.skill][kind].append(link.isco08)
    for field in field_links():
        kind = "isced_f" if field.basis.value == "esco" else "isced_f_derived"
        linked[field.skill][kind].append(field.isced_f)
    yield _line(COLUMNS)
    for concept in skills().values():
        links = linked[concept.code]
        yield _line(
            (
                concept.code, concept.kind.value, concept.reuse, concept.name_en, concept.name_lo,
                "|".join(concept.alt_labels), "|".join(concept.expressions),
                "|".join(concept.labels_lo), "|".join(concept.groups),
                *("|".join(links[name]) for name in COLUMNS[9:13]),
                "reviewed" if concept.reviewed else "unreviewed",
            )
        )  # fmt: skip


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
