"""Findings of audits that need nobody's answer, and how much of the threat model tests cover."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from benchmarks.auditing import (
    AT_THE_BORDER,
    CODE,
    MODEL,
    bill_of_materials,
    code_findings,
    is_there,
    secret_findings,
    settings,
    threats,
)
from benchmarks.report import Figure


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures and their details; nothing is drawn by lot.

    Quick, bandit reads the folders at the border, settings alone are searched for secrets (ruff's
    rules S105 to S107 see programs), and no bill of materials is made.
    """
    del seed
    searched = settings() if quick else None
    folders = AT_THE_BORDER if quick else CODE
    found = [*code_findings(folders), *secret_findings(searched)]
    rows = threats(MODEL.read_text(encoding="utf-8"))
    covered = [row for row in rows if row.tests and all(map(is_there, row.tests))]
    components = [] if quick else bill_of_materials()["components"]
    figures = [
        Figure(key="audit_findings", value=len(found), goal="0",
               about=f"findings of static analysis (bandit over {', '.join(folders)}) and secret "
               f"scan (detect-secrets{', of settings' if quick else ''}) that nobody has "
               "argued"),
        Figure(key="threats", value=len(rows), about="rows of the threat model"),
        Figure(key="threats_covered_by_tests", value=round(len(covered) / len(rows), 3),
               about="share of these that a test covers which exists"),
        Figure(key="sbom_components", value=len(components) or "not made",
               about="packages in the bill of materials (CycloneDX 1.6, valid by its schema)"),
    ]  # fmt: skip
    kinds = Counter(kind.strip() for row in rows for kind in row.kinds.split(","))
    return figures, {
        "findings": [asdict(one) for one in found],
        "threats_by_kind": dict(sorted(kinds.items())),
        "threats_without_test": [row.threat_id for row in rows if row not in covered],
    }
