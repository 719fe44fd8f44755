"""The type of employment by schema.org's terms, from the field, the title or the description."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from streams.classify.pay_numbers import plain

_FIELD: Final[Mapping[str, re.Pattern[str]]] = {
    "PART_TIME": re.compile(
        r"part[ _-]?time|ບໍ່ເຕັມເວລາ|ນອກເວລາ|ພາກສ່ວນ|ບາງເວລາ|พาร์ท ?ไทม์|ไม่เต็มเวลา|นอกเวลา"
        r"|bán thời gian|兼职"
    ),
    "FULL_TIME": re.compile(
        r"full[ _-]?time|permanent|regular|indefinite|ເຕັມເວລາ|ປະຈຳ|ຖາວອນ|เต็มเวลา|งานประจำ|ประจำ"
        r"|toàn thời gian|chính thức|全职|正式|长期"
    ),
    "INTERN": re.compile(
        r"\bintern(?:ship|s)?\b|trainee|apprentice|ຝຶກງານ|ຝຶກຫັດ|ฝึกงาน|thực tập|học việc|实习|学徒"
    ),
    "VOLUNTEER": re.compile(r"volunt(?:eer|ary)|ອາສາ ?ສະໝັກ|อาสาสมัคร|tình nguyện|志愿"),
    "PER_DIEM": re.compile(
        r"per[ _]diem|\bcasual\b|\bdaily\b|day labou?r|ລາຍ(?:ວັນ|ມື້)|ຈ້າງມື້|รายวัน|theo ngày"
        r"|công nhật|日结|临时日工"
    ),
    "TEMPORARY": re.compile(
        r"temporary|\btemp\b|seasonal|fixed[ -]term|short[ -]term|ຊົ່ວຄາວ|ຕາມລະດູ|ໄລຍະສັ້ນ|ชั่วคราว"
        r"|ตามฤดูกาล|thời vụ|tạm thời|临时|季节"
    ),
    "CONTRACTOR": re.compile(
        r"contract(?:or|ual)?\b|free ?lance|consultan(?:t|cy)|self[ -]employed|ສັນຍາ|ຮັບເໝົາ|ອິດສະຫຼະ"
        r"|สัญญาจ้าง|ฟรีแลนซ์|รับเหมา"
        r"|hợp đồng|cộng tác viên|tự do|合同|自由职业|外包"
    ),
    "OTHER": re.compile(r"^other$|^ອື່ນໆ$|^อื่นๆ$|^khác$|^其他$"),
}
# In running text only what cannot mean anything else.
_TEXT: Final[Mapping[str, re.Pattern[str]]] = {
    "PART_TIME": re.compile(r"part[ -]time\b|ບໍ່ເຕັມເວລາ|พาร์ท ?ไทม์|bán thời gian|兼职"),
    "FULL_TIME": re.compile(
        r"(?<!not )full[ -]time\b|(?<!ບໍ່)ເຕັມເວລາ|(?<!ไม่)เต็มเวลา"
        r"|toàn thời gian|全职"
    ),
    "INTERN": re.compile(
        r"(?<!former )\bintern(?:ship)?s?\b(?! and|s? program)|ຮັບ(?:ສະໝັກ)?(?:ນັກສຶກສາ)?ຝຶກງານ"
        r"|ນັກສຶກສາຝຶກງານ|รับนักศึกษาฝึกงาน"
        r"|thực tập sinh|实习生"
    ),
    "VOLUNTEER": re.compile(
        r"\bvolunteers? (?:position|needed|wanted|role)|ຮັບອາສາ ?ສະໝັກ"
        r"|tình nguyện viên|招志愿者"
    ),
    "PER_DIEM": re.compile(
        r"daily[ -]paid|paid daily|day labou?rer|ຄົນງານລາຍວັນ|ລູກຈ້າງລາຍວັນ"
        r"|พนักงานรายวัน"
    ),
    "TEMPORARY": re.compile(
        r"temporary (?:position|contract|job|staff)|fixed[ -]term contract|seasonal (?:work"
        r"|staff|job)|ພະນັກງານຊົ່ວຄາວ|พนักงานชั่วคราว"
    ),
    "CONTRACTOR": re.compile(r"free ?lance(?:r|rs)?\b|independent contractor|ฟรีแลนซ์|自由职业"),
}
_READ: Final = 20_000


def employment_type_of(field: str, title: str, description: str) -> str:
    """schema.org's term, or "". Of several the one named first counts."""
    return (
        _of_field(field) or _first(plain(title), _TEXT) or _first(plain(description[:_READ]), _TEXT)
    )


@lru_cache(maxsize=2_048)
def _of_field(field: str) -> str:
    return _first(plain(field).strip(), _FIELD)


def _first(text: str, names: Mapping[str, re.Pattern[str]]) -> str:
    """The name whose pattern occurs first; of equals the longer match ("ບໍ່ເຕັມເວລາ")."""
    found = [
        (match.start(), -len(match.group()), name)
        for name, pattern in names.items()
        if (match := pattern.search(text))
    ]
    return min(found)[2] if found else ""
