"""Which column of a table is which field: by name, in English or Lao, or as told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class TableKind(StrEnum):
    """What the rows of a table are."""

    POSTINGS = "postings"
    SUPPLY = "supply"


class ColumnError(ValueError):
    """The table's columns cannot be used; the message says what is missing or forbidden."""


_ALIASES: Final[Mapping[TableKind, Mapping[str, str]]] = {
    TableKind.POSTINGS: {
        "id": "id|job id|posting id|reference|ref|ref no|identifier|vacancy id|ລະຫັດ",
        "title": "title|job title|position|post|vacancy|job|role|ຕຳແໜ່ງ|ຊື່ຕຳແໜ່ງ",
        "description": "description|job description|details|text|body|content|ລາຍລະອຽດ",
        "hiring_organization": "employer|company|company name|organization|organisation|"
        "hiring organization|employer name|ບໍລິສັດ|ຜູ້ຈ້າງ",
        "job_location": "location|place|city|province|duty station|work location|ສະຖານທີ່|ແຂວງ",
        "date_posted": "date|date posted|posted|posting date|published|opened|created at|ວັນທີ",
        "valid_through": "valid through|closing date|deadline|expiry|expires|ວັນໝົດເຂດ",
        "url": "url|link|web|website|address",
        "base_salary": "salary|pay|wage|base salary|remuneration|ເງິນເດືອນ",
        "employment_type": "employment type|job type|contract|contract type|ປະເພດວຽກ",
        "occupational_category": "category|board category|occupation|job category|function",
        "industry": "industry|sector|economic activity|ຂະແໜງ",
        "education": "education|qualification|degree|ການສຶກສາ",
        "experience": "experience|years of experience|ປະສົບການ",
        "total_job_openings": "openings|vacancies|number of positions|positions|headcount|ຈຳນວນ",
    },
    TableKind.SUPPLY: {
        "id": "id|record id",
        "province": "province|province code|area|ແຂວງ",
        "occupation": "occupation|isco|isco08|occupation code",
        "measure": "measure|indicator|series",
        "count": "count|value|number|persons|total|ຈຳນວນ",
        "period_start": "period start|from|start|start date|period",
        "period_end": "period end|to|until|end|end date",
    },
}
_REQUIRED: Final = {
    TableKind.POSTINGS: ("title",),
    TableKind.SUPPLY: ("measure", "count", "period_start", "period_end"),
}
_PERSONAL: Final = re.compile(
    r"\b(first name|last name|full name|surname|date of birth|birth date|dob|passport|phone|mobile|"
    r"e-?mail|national id|id card|gender of applicant|applicant|jobseeker name)\b"
)


def map_columns(
    columns: Iterable[str], kind: TableKind, told: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Column → field. What is told wins; else the first column that a field's names match.

    Raises:
        ColumnError: a told column or field does not exist, a field that is needed has no column,
            or a supply table has columns about persons (aggregates only are taken).
    """
    names = [column for column in columns if column]
    chosen = _told(names, kind, told or {})
    taken = set(chosen.values())
    for field, aliases in _ALIASES[kind].items():
        if field in taken:
            continue
        wanted = aliases.split("|")
        fitting = {_plain(column): column for column in reversed(names) if column not in chosen}
        column = next((fitting[alias] for alias in wanted if alias in fitting), None)
        if column is not None:
            chosen[column] = field
    missing = [field for field in _REQUIRED[kind] if field not in chosen.values()]
    if missing:
        raise ColumnError(
            f"no column for {', '.join(missing)} among {', '.join(names) or 'none'}; "
            f"say which with --map COLUMN={missing[0]}"
        )
    if kind is TableKind.SUPPLY:
        personal = [column for column in names if _PERSONAL.search(_plain(column))]
        if personal:
            raise ColumnError(f"columns about persons: {', '.join(personal)}; send aggregates only")
    return chosen


def _told(names: list[str], kind: TableKind, told: Mapping[str, str]) -> dict[str, str]:
    for column, field in told.items():
        if column not in names:
            raise ColumnError(f"no column {column!r}; there are {', '.join(names)}")
        if field not in _ALIASES[kind]:
            raise ColumnError(f"no field {field!r}; there are {', '.join(_ALIASES[kind])}")
    return dict(told)


def _plain(column: str) -> str:
    """`jobTitle`, `job_title` and `Job Title ` are one name."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-./]+", " ", column)
    return " ".join(spaced.casefold().split())
