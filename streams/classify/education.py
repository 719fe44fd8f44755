"""The lowest level of education that a posting asks for, by ISCED 2011.

Lao levels as the national qualifications are mapped: ຊັ້ນຕົ້ນ 3, ຊັ້ນກາງ 4, ຊັ້ນສູງ 5, ປະລິນຍາຕີ 6.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from streams.classify.pay_numbers import plain
from streams.classify.sentences import keys, sentences_with

# The narrower names first: "high school graduate" is no degree, "higher diploma" no diploma.
_LEVELS: Final = (
    (
        8,
        r"ph\.? ?d|doctor(?:ate|al)(?: degree)?|ປະລິນຍາເອກ|ປ\.? ?ເອກ|ปริญญาเอก|ป\.เอก|tiến sĩ|博士",
    ),
    (
        7,
        (
            r"master(?:'?s|’s)?(?:'s)? ?(?:degree|level)|\bmasters\b|master(?:'s|’s)|master (?:of"
            r"|in)\b|\bm\.?b\.?a\b"
            r"|\bm\.?(?:sc|ed|phil|eng)\b|\bma\b(?= degree| in|/)|post-?graduate(?: degree)?"
            r"|ປະລິນຍາໂທ|ປ\.? ?ໂທ|ปริญญาโท"
            r"|ป\.โท|thạc sĩ|硕士|研究生"
        ),
    ),
    (
        3,
        (
            r"high[ -]?school(?: graduates?| diploma| certificate)?|(?:upper"
            r"|senior)[ -]secondary(?: school)?"
            r"|secondary school (?:certificate|diploma|graduate)|grade 1[0-2]\b|\bm\.?[67]\b"
            r"|ມັດທະຍົມ(?:ສຶກສາ)?(?:ຕອນ)?ປາຍ"
            r"|ມໍປາຍ|ມ\.? ?ປາຍ|ມ\.? ?[67](?!\d)|ມັດທະຍົມ ?[67]|ຊັ້ນຕົ້ນ|ປວຊ|มัธยม(?:ศึกษา)?(?:ตอน)?ปลาย"
            r"|ม\.? ?ปลาย|ม\.? ?6(?!\d)|ปวช"
            r"|trung học phổ thông|\bthpt\b|cấp 3|lớp 12|12/12|高中|中专|职高"
        ),
    ),
    (
        2,
        (
            r"(?:lower|junior)[ -](?:secondary|high)(?: school)?|secondary (?:school|education)"
            r"|\bsecondary\b|grade [7-9]\b"
            r"|ມັດທະຍົມ(?:ສຶກສາ)?(?:ຕອນ)?ຕົ້ນ|ມໍຕົ້ນ|ມ\.? ?ຕົ້ນ|ມ\.? ?[345](?!\d)|ມັດທະຍົມ"
            r"|มัธยม(?:ศึกษา)?(?:ตอน)?ต้น|ม\.? ?ต้น"
            r"|ม\.? ?3(?!\d)|มัธยม|trung học cơ sở|\bthcs\b|cấp 2|lớp 9|初中"
        ),
    ),
    (
        5,
        (
            r"(?:higher|high|advanced|technical|associate)[ -](?:diploma|degree|vocational)"
            r"|diploma"
            r"|associate(?:'s)? degree"
            r"|(?:ວິຊາຊີບ)?ຊັ້ນສູງ|ອະນຸປະລິນຍາ|ປວສ|ปวส|อนุปริญญา|cao đẳng|大专|专科"
        ),
    ),
    (
        4,
        (
            r"vocational(?: (?:certificate|training|school|education))?|(?:trade|professional"
            r"|technical) certificate|tvet"
            r"|technical school|(?:ວິຊາຊີບ)?ຊັ້ນກາງ|ວິຊາຊີບ|ປະກາດສະນີຍະບັດ|อาชีวะ|trung cấp|trường nghề"
            r"|技校"
            r"|职业学校"
        ),
    ),
    (
        6,
        (
            r"bachelor(?:'?s|’s)?(?: degree)?|under-?graduate degree|university (?:degree"
            r"|graduates?|level)|college degree"
            r"|first degree|\bb\.?(?:sc|ed|com|eng|tech|b\.?a)\b|\bb\.?a\b\.?(?=[ ,/]|$)"
            r"|\bll\.?b\b"
            r"|degree(?! of)|university"
            r"|ປະລິນຍາຕີ|ປ\.? ?ຕີ(?![\u0e80-\u0eff])|ປະລິນຍາ|ມະຫາວິທະຍາໄລ|ปริญญาตรี|ป\.ตรี|ปริญญา|đại học"
            r"|cử nhân|本科|学士|大学"
        ),
    ),
    (
        1,
        (
            r"primary(?: (?:school|education|level))?|elementary|ປະຖົມ(?:ສຶກສາ)?|ประถม(?:ศึกษา)?"
            r"|tiểu học|小学"
        ),
    ),
)
_LEVEL: Final = re.compile("|".join(f"(?P<l{level}>{pattern})" for level, pattern in _LEVELS))
_NONE_ASKED: Final = re.compile(
    r"no (?:formal )?(?:education|qualification|degree|diploma)s?(?: level)? (?:is "
    r"|are )?(?:required|needed|necessary)"
    r"|education(?: is)? not required|any (?:education|level)|ບໍ່ຈຳກັດ(?:ວຸດທິ|ລະດັບ|ການສຶກສາ)|ບໍ່ຈຳເປັນຈົບ"
    r"|ไม่จำกัด(?:วุฒิ|การศึกษา)|ไม่จำกัดระดับ|không yêu cầu (?:bằng cấp|trình độ|học vấn)|不限学历"
    r"|学历不限|无学历要求"
)
# As the whole of an education field.
_NO_MATTER: Final = re.compile(
    r"none|any|no|not (?:required|needed)|ບໍ່ຈຳກັດ|ບໍ່ຈຳເປັນ|ບໍ່ຕ້ອງການ|ไม่จำกัด"
    r"|không(?: yêu cầu)?|不限|无"
)
_BY_CODE: Final = re.compile(r"isced(?: 2011)?(?: level)?:? ?([0-8])")
_LOOSE_LEVELS: Final = {
    **dict.fromkeys(("graduate", "graduated", "undergraduate"), "6"),
    "certificate": "4",
}
_LOOSE: Final = re.compile("|".join(_LOOSE_LEVELS))
_NICE: Final = re.compile(
    r"prefer|advantage|\bplus\b|desirable|asset|ideal|bonus|ພິຈາລະນາເປັນພິເສດ|ຈະດີ|ໄດ້ປຽບ"
    r"|พิจารณาเป็นพิเศษ|ได้เปรียบ|ưu tiên|lợi thế|优先"
)
# What says that a level is asked of the applicant and not spoken of otherwise.
_ASKED: Final = re.compile(
    r"requir|must|minimum|at least|complet|graduated?\b|holder|holding|\bhold\b|hold an?|qualif"
    r"|education(?:al)?\b[^.]{0,20}:"
    r"|degree|diploma|bachelor|\b(?:ba|b\.a|bsc|b\.sc|ma|msc)\b[./ ]|certificate|candidate"
    r"|applicant|ຈົບ|ວຸດທິ|ລະດັບການສຶກສາ|ການສຶກສາ|ຂຶ້ນໄປ"
    r"|ປະລິນຍາ|จบ|วุฒิ|ขึ้นไป"
    r"|tốt nghiệp|trình độ|bằng|trở lên|学历|毕业|以上"
)
_FINISHED: Final = re.compile(
    r"education\w*\s*:|qualifications?\s*:|complet|finish|graduat|at least|minimum|must have"
    r"|passed|ຈົບ|ວຸດທິ|ລະດັບ|ຢ່າງໜ້ອຍ|จบ|วุฒิ"
    r"|tốt nghiệp|trình độ|学历|毕业|\w以上"
)
_KEYS: Final = keys(
    "degree|diploma|bachelor|master|doctor|phd|ph.d|mba|bsc|msc|ba |ba/|b.a",
    "b.sc|ma |graduat|school|secondary|primary|vocational|tvet|certificate",
    "universit|education|qualification|grade 1|m6|m7|ປະລິນຍາ|ຊັ້ນ|ມັດທະຍົມ",
    "ປະຖົມ|ວຸດທິ|ຈົບ|ປວສ|ມ.|ປ.|ວິຊາຊີບ|ການສຶກສາ|ปริญญา|วุฒิ|จบ|ปวส|ปวช|มัธยม",
    "ม.|อนุปริญญา|ประถม|tốt nghiệp|đại học|cao đẳng|trung cấp|trung học|thpt",
    "cử nhân|bằng|trình độ|lớp 12|学历|本科|大专|硕士|博士|高中|中专|初中|专科|学士|毕业",
)
_OR_ABOVE: Final = re.compile(
    r"\s*(?:level |degree )?(?:or (?:above|higher|equivalent|more)|and above|graduate|ຂຶ້ນໄປ|ขึ้นไป"
    r"|trở lên|及?以上|毕业)"
)
_CLAUSE: Final = re.compile(r"[,;、，；.]|\bbut\b|\band\b(?= master| m)")
_SCHOOL: Final = 4
"""Up to this level a school is as often the employer or a partner as the demand."""
_NEAR: Final = 48
_READ: Final = 20_000
_REACH: Final = 160
"""Letters around a key word that are read of a sentence without end."""


def education_of(field: str, description: str) -> str:
    """ISCED 2011 level ("0" to "8") of the education field, else of the description; "" if none.

    "0" where the posting says that none is asked for. Of several levels the lowest counts, levels
    that are only an advantage do not.
    """
    return _of_field(field) or _of_text(description[:_READ])


@lru_cache(maxsize=4_096)
def _of_field(field: str) -> str:
    text = plain(field).strip()
    if _NONE_ASKED.search(text) or _NO_MATTER.fullmatch(text):
        return "0"
    if stated := _BY_CODE.search(text):
        return stated[1]
    loose = _LOOSE.fullmatch(text)
    return _lowest(_levels(text)) or (_LOOSE_LEVELS[loose.group()] if loose else "")


def _of_text(description: str) -> str:
    text = plain(description)
    found: list[tuple[int, bool]] = []
    for sentence in sentences_with(text, _KEYS, _REACH):
        if _NONE_ASKED.search(sentence):
            return "0"
        if _ASKED.search(sentence):
            found += _levels(sentence, strict=True)
    return _lowest(found)


def _levels(text: str, *, strict: bool = False) -> list[tuple[int, bool]]:
    """Levels named in `text`, each with whether it is only an advantage."""
    found = []
    for match in _LEVEL.finditer(text):
        level = int((match.lastgroup or "l0")[1:])
        before = text[max(0, match.start() - _NEAR) : match.start()]
        asked = _FINISHED.search(before) or _OR_ABOVE.match(text, match.end())
        if strict and level <= _SCHOOL and not asked:
            continue
        if (
            strict
            and match.group() in {"university", "大学", "ມະຫາວິທະຍາໄລ", "đại học"}
            and not asked
        ):
            continue
        found.append((level, _is_nice(text, match)))
    return found


def _is_nice(text: str, match: re.Match[str]) -> bool:
    """Whether the clause around the match calls it an advantage."""
    starts = [m.end() for m in _CLAUSE.finditer(text, 0, match.start())]
    end = _CLAUSE.search(text, match.end())
    return bool(_NICE.search(text[starts[-1] if starts else 0 : end.start() if end else len(text)]))


def _lowest(found: list[tuple[int, bool]]) -> str:
    required = [level for level, nice in found if not nice]
    levels = required or [level for level, _ in found]
    return str(min(levels)) if levels else ""
