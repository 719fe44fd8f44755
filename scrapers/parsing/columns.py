"""Which column of a table is which field: by name, in English or Lao, or as told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from scrapers.parsing.personal import about_persons


class TableKind(StrEnum):
    """What the rows of a table are."""

    POSTINGS = "postings"
    SUPPLY = "supply"


class ColumnError(ValueError):
    """The table's columns cannot be used; the message says what is missing or forbidden."""


_ALIASES: Final[Mapping[TableKind, Mapping[str, str]]] = {
    TableKind.POSTINGS: {
        "id": "id|job id|posting id|reference|ref|ref no|reference no|identifier|vacancy id|"
        "vacancy no|job no|no|ລະຫັດ|ເລກທີ|ລ/ດ|รหัส|รหัสงาน|เลขที่",
        "title": "title|job title|position title|position|post|vacancy|job|role|ຕຳແໜ່ງ|ຊື່ຕຳແໜ່ງ|"
        "ຕຳແໜ່ງງານ|ຊື່ວຽກ|ຕໍາແໜ່ງ|ຕໍາແໜ່ງງານ|ตำแหน่ง|ตำแหน่งงาน|ชื่อตำแหน่ง",
        "description": "description|job description|details|duties|responsibilities|text|body|"
        "content|ລາຍລະອຽດ|ໜ້າທີ່|ໜ້າທີ່ຮັບຜິດຊອບ|รายละเอียด|รายละเอียดงาน|หน้าที่",
        "hiring_organization": "employer|company|company name|organization|organisation|firm|"
        "hiring organization|employer name|enterprise|hiring organization.name|ບໍລິສັດ|ຊື່ບໍລິສັດ|"
        "ຜູ້ຈ້າງ|ນາຍຈ້າງ|ຫົວໜ່ວຍທຸລະກິດ|ວິສາຫະກິດ|บริษัท|ชื่อบริษัท|นายจ้าง|สถานประกอบการ",
        "job_location": "location|place|city|province|duty station|work location|workplace|"
        "job location|district|address|ສະຖານທີ່|ສະຖານທີ່ເຮັດວຽກ|ບ່ອນເຮັດວຽກ|ແຂວງ|ເມືອງ|ທີ່ຢູ່|"
        "สถานที่|สถานที่ทำงาน|จังหวัด|แขวง",
        "date_posted": "date|date posted|posted|posting date|published|opened|opening date|"
        "created at|ວັນທີ|ວັນທີປະກາດ|ວັນທີລົງປະກາດ|ວັນເປີດຮັບ|วันที่|วันที่ประกาศ|วันที่ลงประกาศ",
        "valid_through": "valid through|closing date|deadline|application deadline|expiry|"
        "expiry date|expires|closes|valid until|ວັນໝົດເຂດ|ວັນປິດຮັບ|ວັນປິດຮັບສະໝັກ|ໝົດເຂດ|"
        "วันปิดรับสมัคร|วันหมดเขต|หมดเขต",
        "url": "url|link|web|website|web address|ລິ້ງ|ເວັບໄຊ|ลิงก์|เว็บไซต์",
        "base_salary": "salary|pay|wage|wages|base salary|remuneration|monthly salary|ເງິນເດືອນ|"
        "ຄ່າຈ້າງ|ຄ່າແຮງງານ|เงินเดือน|ค่าจ้าง|อัตราเงินเดือน",
        "employment_type": "employment type|job type|contract|contract type|working time|ປະເພດວຽກ|"
        "ປະເພດສັນຍາ|ປະເພດການຈ້າງງານ|ประเภทงาน|ประเภทการจ้าง|ลักษณะงาน",
        "occupational_category": "category|board category|occupation|job category|function|"
        "occupational category|ປະເພດອາຊີບ|ອາຊີບ|ໝວດວຽກ|อาชีพ|หมวดงาน|สายงาน",
        "industry": "industry|sector|economic activity|branch|ຂະແໜງ|ຂະແໜງການ|ອຸດສາຫະກຳ|"
        "ประเภทธุรกิจ|อุตสาหกรรม",
        "education": "education|education level|qualification|qualifications|degree|ການສຶກສາ|"
        "ລະດັບການສຶກສາ|ວຸດທິການສຶກສາ|การศึกษา|ระดับการศึกษา|วุฒิการศึกษา",
        "experience": "experience|years of experience|work experience|ປະສົບການ|ປະສົບການເຮັດວຽກ|"
        "ประสบการณ์",
        "total_job_openings": "openings|vacancies|number of positions|positions|headcount|"
        "number of vacancies|number of workers|workers needed|ຈຳນວນ|ຈໍານວນ|ຈຳນວນຕຳແໜ່ງ|"
        "ຈຳນວນຄົນ|ຈຳນວນແຮງງານ|จำนวน|จำนวนตำแหน่ง|จำนวนอัตรา|อัตรา",
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


def map_columns(
    columns: Iterable[str], kind: TableKind, told: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Column → field. What is told wins; else the first column that a field's names match.

    Columns about persons are never among them.

    Raises:
        ColumnError: a told column or field does not exist, a field that is needed has no column,
            or a supply table has columns about persons (aggregates only are taken).
    """
    names = [column for column in columns if column]
    personal = personal_columns(names)
    if kind is TableKind.SUPPLY and personal:
        raise ColumnError(f"columns about persons: {', '.join(personal)}; send aggregates only")
    if banned := [column for column in personal if column in (told or {})]:
        raise ColumnError(f"columns about persons are not taken: {', '.join(banned)}")
    names = [column for column in names if column not in personal]
    chosen = _told(names, kind, told or {})
    taken = set(chosen.values())
    for field, aliases in _ALIASES[kind].items():
        if field in taken:
            continue
        wanted = [_plain(alias) for alias in aliases.split("|")]
        fitting = {_plain(column): column for column in reversed(names) if column not in chosen}
        column = next((fitting[name] for name in wanted if name in fitting), None)
        if column is not None:
            chosen[column] = field
    missing = [field for field in _REQUIRED[kind] if field not in chosen.values()]
    if missing:
        raise ColumnError(
            f"no column for {', '.join(missing)} among {', '.join(names) or 'none'}; "
            f"say which with --map COLUMN={missing[0]}"
        )
    return chosen


def personal_columns(columns: Iterable[str]) -> list[str]:
    """Columns about persons: a reason to refuse a supply table; left out of a posting table."""
    return [column for column in columns if about_persons(_plain(column))]


def fitting_columns(
    columns: Iterable[str], kind: TableKind, told: Mapping[str, str] | None = None
) -> int:
    """How many of some names are columns of a table; 0 where they cannot be its heading."""
    try:
        return len(map_columns(columns, kind, told))
    except ColumnError:
        return 0


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
