"""What statistical offices call their columns, totals and unknown groups. Pure.

Names are compared in lower case, without accents, with blanks for `_`, `-`, `.` and `/`.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Field(StrEnum):
    """What a column can be."""

    TIME = "time"
    YEAR = "year"
    """Used together with a column of months 1 to 12."""
    GROUP = "group"
    """Occupation, industry, skill…: what mismatch is measured over."""
    AREA = "area"
    """One series each; the groups themselves where there is no column of groups."""
    LEVEL = "level"
    """Level of a classification: one series each."""
    VACANCIES = "vacancies"
    UNEMPLOYED = "unemployed"
    VACANCIES_TOTAL = "vacancies_total"
    UNEMPLOYED_TOTAL = "unemployed_total"
    LABOUR_FORCE = "labour_force"
    MEASURE = "measure"
    """What `value` is in a row: vacancies or unemployed."""
    VALUE = "value"
    BY = "by"
    """Anything else that tells series apart."""


def plain(name: str) -> str:
    """A name as it is compared."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    spaced = re.sub(r"[_\-./:()\s]+", " ", split).strip().casefold()
    apart = unicodedata.normalize("NFKD", spaced)
    # Combining accents of Latin letters only: Lao and Thai vowels are combining characters too.
    return "".join(c for c in apart if not "\u0300" <= c <= "\u036f")


def _words(text: str) -> frozenset[str]:
    return frozenset(plain(name) for name in text.split("|"))


EXACT: Final[dict[Field, frozenset[str]]] = {
    Field.TIME: _words(
        "time|date|month|period|time period|timeperiod|time value|year month|yearmonth|quarter|"
        "week|day|observation date|ref date|kuukausi|aika|ajankohta|neljännes|ເດືອນ|ວັນທີ|"
        "ໄລຍະ|ເວລາ|เดือน|วันที่|งวด|tháng|ngày|thời gian|mois|fecha|mes|monat|datum|"
        "zeit|månad|tid|日期|月份|月|时间"
    ),
    Field.YEAR: _words("year|vuosi|ປີ|ปี|năm|année|año|jahr|år|年"),
    Field.VACANCIES: _words(
        "vacancies|vacancy|open vacancies|job vacancies|vacant jobs|vacant posts|"
        "unfilled vacancies|"
        "job openings|openings|open jobs|jobs open|postings|job postings|v|vac|avoimet työpaikat|"
        "avoimet paikat|avpaikatlopussa|avpaikat|avoimia paikkoja|ຕຳແໜ່ງງານວ່າງ|ຕໍາແໜ່ງງານວ່າງ|"
        "ຕຳແໜ່ງວ່າງ|ตำแหน่งงานว่าง|ตำแหน่งว่าง|việc làm trống|chỗ làm việc trống|offene stellen|"
        "lediga jobb|lediga platser|vacantes|emplois vacants|offres d'emploi|职位空缺|空缺"
    ),
    Field.UNEMPLOYED: _words(
        "unemployed|unemployment|unemployed persons|unemployed people|registered unemployed|"
        "unemployed jobseekers|jobseekers|job seekers|registered jobseekers|seekers|u|unemp|"
        "claimants|claimant count|työttömät|työttömiä|tyottomatlopussa|työttömät työnhakijat|"
        "työnhakijat|ຜູ້ຫວ່າງງານ|ຄົນຫວ່າງງານ|ຜູ້ຊອກວຽກ|ຜູ້ຊອກຫາວຽກ|ผู้ว่างงาน|ผู้หางาน|"
        "người thất nghiệp|thất nghiệp|arbeitslose|arbeitslosa|desempleados|parados|chômeurs|"
        "demandeurs d'emploi|失业|失业人数|失业者"
    ),
    Field.GROUP: _words(
        "group|occupation|occupation code|occupational group|occupation group|occupation class|"
        "occupation name|industry group|major group|isco|isco08|isco 08|isco code|soc|"
        "ammatti|ammattiryhmä|ammattiluokka|industry|industry code|sector|branch|activity|isic|"
        "nace|naics|toimiala|skill|skill group|field|category|class|code|koodi|profession|beruf|"
        "yrke|"
        "métier|ocupación|ອາຊີບ|ຂະແໜງ|ຂະແໜງການ|ທັກສະ|อาชีพ|อุตสาหกรรม|nghề|nghề nghiệp|"
        "ngành|职业|行业"
    ),
    Field.AREA: _words(
        "area|region|region code|region name|area code|area name|province|province code|county|"
        "state|"
        "municipality|district|territory|location|place|geo|ref area|nuts|country|maakunta|alue|"
        "aluekoodi|kunta|seutukunta|suuralue|ely|"
        "ely keskus|työllisyysalue|ແຂວງ|ເມືອງ|จังหวัด|"
        "ภาค|tỉnh|vùng|région|département|región|provincia|bundesland|kreis|län|kommun|地区|省"
    ),
    Field.LEVEL: _words(
        "level|isco level|occupation level|classification level|hierarchy|hierarchy level|digits|"
        "taso|aluetaso|area level|region level|area type|region type|aluejako|"
        "ລະດັບ|ระดับ|cấp|niveau|nivel|ebene|nivå|级别"
    ),
    Field.LABOUR_FORCE: _words(
        "labour force|labor force|labourforce|lf|active population|työvoima|ກຳລັງແຮງງານ|"
        "กำลังแรงงาน|"
        "lực lượng lao động|population active|población activa|erwerbspersonen|arbetskraft|劳动力"
    ),
    Field.MEASURE: _words(
        "measure|indicator|variable|series|content|contents|tiedot|tieto|muuttuja|statistic|"
        "ຕົວຊີ້ວັດ|ตัวชี้วัด|chỉ tiêu|indicateur|indicador|merkmal|指标"
    ),
    Field.VALUE: _words(
        "value|values|obs value|count|number|persons|amount|arvo|lukumäärä|ຈຳນວນ|ຄ່າ|จำนวน|ค่า|"
        "số lượng|giá trị|valeur|valor|wert|värde|数值|值"
    ),
}
"""Names of columns by field, in several languages; fields of totals are told by `_TOTAL` words."""

_LOOSE: Final = {
    Field.VACANCIES: re.compile(
        r"\bvacan|\bopenings?\b|\bavoim\w* (tyo)?paik|\bavpaik|offene stellen|lediga"
        r"|ຕ[ຳໍາ]+ແໜ່ງງານວ່າງ|ตำแหน่งงานว่าง"
    ),
    Field.UNEMPLOYED: re.compile(
        r"\bunemploy|\bjob ?seekers?\b|\btyottom|\btyonhakij|\barbeitslos|ຫວ່າງງານ|ว่างงาน"
    ),
}
_NO_COUNT: Final = re.compile(
    r"\b(rate|rates|share|percent|pct|index|change|growth|ratio|per|rank|tightness|duration|sa|"
    r"trend|seasonally|adjusted|aste|osuus|muutos)\b|%|ອັດຕາ|อัตรา"
)
_TOTAL: Final = re.compile(
    r"\b(total|totals|tot|all|sum|overall|national|nation|nationwide|country|aggregate|"
    r"whole country|yhteensa|kaikki|kokomaa|koko maa|koko maan|gesamt|insgesamt|"
    r"totalt|riket|ensemble)\b"
    r"|ລວມ|ທັງໝົດ|รวม|ทั้งหมด|tong so|总|合计"
)
_TOTAL_CODE: Final = re.compile(
    r"sss|t|tot|_t|total|totals|grand total|sum|all|overall|nation|national|whole country|ensemble|"
    r"yhteensa|kaikki( \w+)?|kokomaa|koko maa|gesamt|insgesamt|totalt|hela riket|riket|"
    r"all (occupations?|industries|sectors|groups|regions|areas|provinces|persons|vacancies|codes)|"
    r"total[ ,:-].*|.*[ ,:-]total|"
    r"ລວມ|ທັງໝົດ|ລວມທັງໝົດ|ທົ່ວປະເທດ|รวม|ทั้งหมด|รวมทั้งหมด|ทั่วประเทศ|"
    r"tong( so| cong)?|总计|合计|全国"
)
_UNKNOWN_CODE: Final = re.compile(
    r"|x\d*|x+|_x|_u|unknown\b.*|unclassified\b.*|unspecified\b.*|"
    r"not (stated|specified|classified|"
    r"known|codable|elsewhere known|available)\b.*|other or unknown.*|n ?a|none|null|nan|"
    r"tuntematon\b.*|luokittelematon.*|ei tietoa|unbekannt|ohne angabe|okand|uppgift saknas|"
    r"inconnu|"
    r"ບໍ່ຮູ້|ບໍ່ລະບຸ|ບໍ່ຈັດ.*|ไม่ทราบ|ไม่ระบุ|khong ro|khong xac dinh|不详|未知"
)


@lru_cache(maxsize=1 << 16)
def is_total(code: str) -> bool:
    """Whether a group's code or name stands for all groups together."""
    return _TOTAL_CODE.fullmatch(plain(code) if code != "_T" else "_t") is not None


@lru_cache(maxsize=1 << 16)
def is_unknown(code: str) -> bool:
    """Whether it stands for units of no known group: empty, `unknown`, Finland's X999."""
    bare = code.casefold() if code.startswith("_") else plain(code)
    return _UNKNOWN_CODE.fullmatch(bare) is not None


def count_field(name: str) -> Field | None:
    """Which side a column (or a value of the column of measures) counts, and whether in total."""
    words = plain(name)
    if _NO_COUNT.search(words):
        return None
    total = _TOTAL.search(words) is not None
    bare = " ".join(_TOTAL.sub(" ", words).split())
    for side, whole in (
        (Field.VACANCIES, Field.VACANCIES_TOTAL),
        (Field.UNEMPLOYED, Field.UNEMPLOYED_TOTAL),
    ):
        if bare in EXACT[side] or words in EXACT[side] or _LOOSE[side].search(bare):
            return whole if total and words not in EXACT[side] else side
    return None
