"""Names of provinces and occupation groups, in Lao and English, for messages."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

from alerts.cells import Cell

_CONFIG: Final = Path(__file__).parent.parent.parent / "config"


@cache
def _provinces() -> dict[str, dict[str, str]]:
    with (_CONFIG / "geo" / "lao_provinces.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["iso"]: {"en": row["name_en"], "lo": row["name_lo"]}
            for row in csv.DictReader(lines)
        }


@cache
def _groups() -> dict[str, dict[str, str]]:
    with (_CONFIG / "codelists" / "isco08.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: {"en": row["title_en"], "lo": row["title_lo"] or row["title_en"]}
            for row in csv.DictReader(lines)
            if row["level"] == "1"
        }


def province_name(province: str, language: str) -> str:
    """Name of an ISO 3166-2:LA code; the code itself where it is unknown."""
    return _provinces().get(province, {}).get(language, province)


def group_name(isco1: str, language: str) -> str:
    """Name of an ISCO-08 major group; the code itself where it is unknown."""
    return _groups().get(isco1, {}).get(language, isco1)


def cell_name(cell: Cell, language: str, nation: str, all_groups: str) -> str:
    """A cell in words: place, then occupations."""
    place = province_name(cell.province, language) if cell.province else nation
    group = group_name(cell.isco1, language) if cell.isco1 else all_groups
    return f"{place} · {group}"


@cache
def _indicators() -> dict[str, dict[str, str]]:
    with (_CONFIG / "codelists" / "indicators.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: {"en": row["name_en"], "lo": row["name_lo"], "unit": row["unit"]}
            for row in csv.DictReader(lines)
        }


def indicator_name(code: str, language: str) -> str:
    """Name of an indicator; the code itself where it is unknown."""
    return _indicators().get(code, {}).get(language, code)


def indicator_unit(code: str) -> str:
    """Unit of an indicator as in the code list; "" where it is unknown."""
    return _indicators().get(code, {}).get("unit", "")
