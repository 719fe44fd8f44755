"""Code lists of the data structure, made of the service's own code lists. Pure.

An SDMX code has no dot and is never empty: `_T` is the total, `_U` what is not known, and a dot
becomes an underscore (skill group `S1.2` is `S1_2`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from config.skills import skill_groups, skills
from config.vocabulary import Label, industries, occupations, provinces, read_table
from dashboard.sdmx.artefacts import SDMX, Item, Kind, Scheme, Text
from warehouse.series import Standing

TOTAL: Final = "_T"
UNKNOWN: Final = "_U"
NATION: Final = "LA"
ESCO: Final = "http://data.europa.eu/esco/"
_ALL: Final = Item(id=TOTAL, name=Text(en="Total", lo="ລວມທັງໝົດ"))
_NOT_KNOWN: Final = Item(id=UNKNOWN, name=Text(en="Not known", lo="ບໍ່ຮູ້"))
_UNITS_LO: Final = {
    "vacancies": "ຕຳແໜ່ງງານວ່າງ",
    "ln ratio": "ອັດຕາສ່ວນ (ລໍກາຣິດທຳມະຊາດ)",
    "days": "ມື້",
    "share": "ສັດສ່ວນ (0 ຫາ 1)",
    "kip a month": "ກີບຕໍ່ເດືອນ",
    "score": "ຄະແນນ",
    "probability": "ຄວາມເປັນໄປໄດ້ (0 ຫາ 1)",
    "index": "ດັດຊະນີ",
}
_STANDINGS: Final = {
    Standing.ASSESSABLE: ("Assessable", "ສາມາດປະເມີນໄດ້"),
    Standing.ROLLED_UP: ("Told of a coarser cell", "ສະແດງຂອງກຸ່ມທີ່ກວ້າງກວ່າ"),
    Standing.NO_SUPPLY: ("Supply is not known", "ບໍ່ມີຂໍ້ມູນການສະໜອງແຮງງານ"),
    Standing.TOO_FEW: ("Too few records", "ຂໍ້ມູນໜ້ອຍເກີນໄປ"),
    Standing.TOO_SHORT: ("Too little history", "ປະຫວັດຂໍ້ມູນສັ້ນເກີນໄປ"),
    Standing.NOT_OBSERVED: ("Sources failed for too long", "ແຫຼ່ງຂໍ້ມູນຂັດຂ້ອງດົນເກີນໄປ"),
    Standing.DOES_NOT_CONVERGE: ("The estimate has no solution", "ການຄາດຄະເນບໍ່ມີຄຳຕອບ"),
}


def plain(code: str) -> str:
    """A code as an SDMX identifier; no two codes of a list become one."""
    return re.sub(r"[^A-Za-z0-9_@$-]", "_", code)


def _items(labels: Mapping[str, Label], match: str) -> list[Item]:
    return [
        Item(
            id=plain(code),
            name=Text(en=label.name_en, lo=label.name_lo),
            parent=plain(label.parent) if label.parent in labels else "",
            match=match.format(code) if match else "",
        )
        for code, label in labels.items()
    ]


def _list(name: str, words: Text, items: list[Item]) -> Scheme:
    return Scheme(kind=Kind.CODELIST, id=name, name=words, items=tuple(items))


@cache
def indicators() -> Scheme:
    """Indicators of `config/codelists/indicators.csv`."""
    found = [
        Item(id=plain(row["code"]), name=Text(en=row["name_en"], lo=row["name_lo"]))
        for row in read_table("codelists", "indicators.csv")
    ]
    return _list("CL_INDICATOR", Text(en="Labour-market indicators", lo="ຕົວຊີ້ວັດຕະຫຼາດແຮງງານ"), found)


@cache
def unit_codes() -> Mapping[str, str]:
    """Code of the unit of each indicator."""
    rows = read_table("codelists", "indicators.csv")
    return MappingProxyType({plain(row["code"]): unit_code(row["unit"]) for row in rows})


def unit_code(unit: str) -> str:
    """`kip a month` → `KIP_A_MONTH`."""
    return plain(unit.upper())


@cache
def units() -> Scheme:
    """Units of measure."""
    rows = read_table("codelists", "indicators.csv")
    words = dict.fromkeys(row["unit"] for row in rows)
    found = [
        Item(id=unit_code(unit), name=Text(en=unit, lo=_UNITS_LO.get(unit, ""))) for unit in words
    ]
    return _list("CL_UNIT_MEASURE", Text(en="Units of measure", lo="ຫົວໜ່ວຍວັດແທກ"), found)


@cache
def areas() -> Scheme:
    """The nation and its provinces by ISO 3166-2."""
    nation = Item(id=NATION, name=Text(en="Lao PDR", lo="ສປປ ລາວ"))
    found = [
        Item(id=code, name=Text(en=label.name_en, lo=label.name_lo), parent=NATION)
        for code, label in provinces().items()
    ]
    return _list("CL_AREA", Text(en="Areas", lo="ພື້ນທີ່"), [nation, *found, _NOT_KNOWN])


@cache
def isco08() -> Scheme:
    """Occupations."""
    found = _items(occupations(), ESCO + "isco/C{}")
    name = Text(en="Occupations (ISCO-08)", lo="ອາຊີບ (ISCO-08)")
    return _list("CL_ISCO08", name, [_ALL, *found, _NOT_KNOWN])


@cache
def isic4() -> Scheme:
    """Industries."""
    found = _items(industries(), "")
    name = Text(en="Industries (ISIC Rev. 4)", lo="ຂະແໜງການ (ISIC Rev. 4)")
    return _list("CL_ISIC4", name, [_ALL, *found, _NOT_KNOWN])


@cache
def skill_list() -> Scheme:
    """Skills and groups of skills."""
    groups = skill_groups()
    found = [
        Item(
            id=plain(code),
            name=Text(en=label),
            parent=plain(parent) if parent in groups else "",
            match=f"{ESCO}{'isced-f' if code.isdigit() else 'skill'}/{code}",
        )
        for code, (label, parent) in groups.items()
    ]
    found += [
        Item(
            id=plain(code),
            name=Text(en=concept.name_en, lo=concept.name_lo),
            parent=next((plain(group) for group in concept.groups if group in groups), ""),
            match="" if code.startswith("LA-") else f"{ESCO}skill/{code}",
        )
        for code, concept in skills().items()
    ]
    name = Text(en="Skills (ESCO 1.1.1 and national)", lo="ທັກສະ (ESCO 1.1.1 ແລະ ແຫ່ງຊາດ)")
    return _list("CL_SKILL", name, [_ALL, *found])


def skills_in_use(used: frozenset[str]) -> Scheme:
    """The list of skills cut down to the codes in `used`, with the groups above them."""
    whole = skill_list()
    parents = {item.id: item.parent for item in whole.items}
    kept = {TOTAL}
    for code in used:
        while code and code not in kept:
            kept.add(code)
            code = parents.get(code, "")  # noqa: PLW2901  climbs to the top
    items = tuple(item for item in whole.items if item.id in kept)
    return Scheme(kind=whole.kind, id=whole.id, name=whole.name, items=items, partial=True)


@cache
def standings() -> Scheme:
    """Whether a figure can be told."""
    found = [Item(id=each.value, name=Text(en=en, lo=lo)) for each, (en, lo) in _STANDINGS.items()]
    return _list("CL_STANDING", Text(en="Standing of a figure", lo="ສະຖານະຂອງຕົວເລກ"), found)


def _cross_domain(name: str, version: str, words: str, codes: dict[str, tuple[str, str]]) -> Scheme:
    items = tuple(Item(id=code, name=Text(en=en, lo=lo)) for code, (en, lo) in codes.items())
    return Scheme(
        kind=Kind.CODELIST, agency=SDMX, version=version, id=name, name=Text(en=words),
        items=items, partial=True,
    )  # fmt: skip


@cache
def frequencies() -> Scheme:
    """The part of SDMX's list that occurs here, as of the other cross-domain lists."""
    codes = {"D": ("Daily", "ລາຍວັນ"), "W": ("Weekly", "ລາຍອາທິດ"), "M": ("Monthly", "ລາຍເດືອນ")}
    return _cross_domain("CL_FREQ", "2.1", "Code list for Frequency", codes)


@cache
def statuses() -> Scheme:
    """Observation status."""
    codes = {
        "A": ("Normal value", "ຄ່າປົກກະຕິ"),
        "E": ("Estimated value", "ຄ່າຄາດຄະເນ"),
        "P": ("Provisional value", "ຄ່າຊົ່ວຄາວ"),
        "U": ("Low reliability", "ຄວາມໜ້າເຊື່ອຖືຕ່ຳ"),
        "M": ("Missing value; data cannot exist", "ບໍ່ມີຄ່າ; ບໍ່ສາມາດມີຂໍ້ມູນ"),
        "L": ("Missing value; data exist but were not collected", "ບໍ່ມີຄ່າ; ບໍ່ໄດ້ເກັບກຳ"),
        "O": ("Missing value", "ບໍ່ມີຄ່າ"),
        "Q": ("Missing value; suppressed", "ບໍ່ມີຄ່າ; ຖືກປົກປິດ"),
    }
    return _cross_domain("CL_OBS_STATUS", "2.2", "Code list for Observation Status", codes)


@cache
def confidences() -> Scheme:
    """Confidentiality."""
    codes = {
        "F": ("Free for publication", "ເຜີຍແຜ່ໄດ້"),
        "N": ("Not for publication, restricted for internal use only", "ໃຊ້ພາຍໃນເທົ່ານັ້ນ"),
        "C": ("Confidential statistical information", "ຂໍ້ມູນສະຖິຕິລັບ"),
    }
    return _cross_domain("CL_CONF_STATUS", "1.3", "Code list for Confidentiality Status", codes)


@cache
def decimals() -> Scheme:
    """Digits after the point."""
    codes = {str(n): (f"{n} decimals", f"ທົດສະນິຍົມ {n} ຕຳແໜ່ງ") for n in range(16)}
    return _cross_domain("CL_DECIMALS", "1.0", "Code list for Decimals", codes)


@cache
def multipliers() -> Scheme:
    """Powers of ten."""
    return _cross_domain("CL_UNIT_MULT", "1.1", "Code list for the Unit Multiplier",
                         {"0": ("Units", "ໜ່ວຍ")})  # fmt: skip


@cache
def grades() -> Scheme:
    """Quality of a figure."""
    words = {"A": "best", "F": "not assessable"}
    found = [
        Item(id=g, name=Text(en=f"Grade {g}" + (f" ({words[g]})" if g in words else ""),
                             lo=f"ລະດັບ {g}"))
        for g in "ABCDEF"
    ]  # fmt: skip
    return _list("CL_GRADE", Text(en="Quality grades", lo="ລະດັບຄຸນນະພາບ"), found)


@cache
def data_kinds() -> Scheme:
    """Whether the data are of a real market."""
    found = [
        Item(id="OBSERVED", name=Text(en="Observed data", lo="ຂໍ້ມູນຕົວຈິງ")),
        Item(id="DEMONSTRATION", name=Text(en="Demonstration data, never to be cited",
                                           lo="ຂໍ້ມູນສາທິດ, ຫ້າມນຳໄປອ້າງອີງ")),
    ]  # fmt: skip
    return _list("CL_DATA_KIND", Text(en="Kinds of data", lo="ປະເພດຂໍ້ມູນ"), found)
