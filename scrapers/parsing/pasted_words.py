"""Words by which adverts in chats and e-mails say what is what: Lao, English, Thai, Vietnamese,
Chinese. Written in small letters, Lao in its modern spelling (ໜ, ໝ, ຳ)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Label(StrEnum):
    """What a labelled line tells; the values are names of raw fields."""

    TITLE = "title"
    EMPLOYER = "hiring_organization"
    PLACE = "job_location"
    PAY = "base_salary"
    OPENINGS = "total_job_openings"
    CLOSES = "valid_through"
    EDUCATION = "education"
    EXPERIENCE = "experience"
    TYPE = "employment_type"


_LABELS: Final[Mapping[Label, str]] = {
    Label.TITLE: "position title|positions?|position name|job titles?|job position|title|"
    "vacanc(?:y|ies)"
    "|(?:open|available|vacant) positions?|positions available|posts?|role|job|"
    "ຕຳແໜ່ງງານວ່າງ|ຕຳແໜ່ງທີ່ຕ້ອງການ|ຕຳແໜ່ງທີ່ຮັບສະໝັກ|ຕຳແໜ່ງທີ່ຮັບ|ຕຳແໜ່ງທີ່ເປີດຮັບ|ຕຳແໜ່ງງານ|"
    "ຕຳແໜ່ງວ່າງ"
    "|ຊື່ຕຳແໜ່ງ|ຕຳແໜ່ງ|ຮັບສະໝັກຕຳແໜ່ງ|ຮັບຕຳແໜ່ງ|ຕ້ອງການຕຳແໜ່ງ|"
    "ตำแหน่งงานว่าง|ตำแหน่งที่รับ|ตำแหน่งงาน|ตำแหน่ง|vị trí tuyển dụng|vị trí|chức danh|"
    "招聘职位|招聘岗位|职位|岗位",
    Label.EMPLOYER: "company name|company|employer|organi[sz]ation|firm|"
    "ຊື່ບໍລິສັດ|ບໍລິສັດ|ຜູ້ຈ້າງງານ|ຜູ້ຈ້າງ|ອົງກອນ|ອົງການ|ໜ່ວຍງານ|"
    "ชื่อบริษัท|บริษัท|นายจ้าง|tên công ty|công ty|公司名称|公司|单位|雇主",
    Label.PLACE: "work(?:ing)? location|job location|location|place of work|workplace|"
    "work place|place|"
    "duty station|province|city|ສະຖານທີ່ເຮັດວຽກ|ສະຖານທີ່|ບ່ອນເຮັດວຽກ|ບ່ອນປະຈຳການ|ປະຈຳການ|"
    "ປະຈຳທີ່|ແຂວງ|"
    "สถานที่ทำงาน|สถานที่ปฏิบัติงาน|สถานที่|ที่ทำงาน|จังหวัด|địa điểm làm việc|địa điểm|"
    "nơi làm việc|"
    "工作地点|工作地址|地点",
    Label.PAY: "basic salary|base salary|starting salary|monthly salary|salary|wages?|pay|"
    "remuneration|"
    "income|ຖານເງິນເດືອນ|ເງິນເດືອນເລີ່ມຕົ້ນ|ເງິນເດືອນ|ຄ່າຈ້າງ|ຄ່າແຮງງານ|ຄ່າແຮງ|ລາຍໄດ້|"
    "เงินเดือน|ค่าจ้าง|ค่าแรง|รายได้|mức lương|lương|thu nhập|薪资待遇|薪资|薪水|工资|月薪|待遇",
    Label.OPENINGS: "number of (?:positions|vacancies|posts|openings)|no\\. of (?:positions|"
    "vacancies|posts)|"
    "openings|headcount|quantity|number|qty|ຈຳນວນຮັບ|ຈຳນວນ|จำนวนที่รับ|จำนวน|số lượng|招聘人数|人数",
    Label.CLOSES: "application deadline|deadline|closing date|close date|closing|apply (?:by|"
    "before)|"
    "applications? (?:close|closes)|valid until|last (?:date|day)(?: to apply)?|expir(?:y|"
    "es)(?: date)?|"
    "ວັນໝົດເຂດ|ມື້ໝົດເຂດ|ໝົດເຂດຮັບສະໝັກ|ໝົດເຂດ|ວັນປິດຮັບສະໝັກ|ວັນປິດຮັບ|ກຳນົດປິດຮັບ|"
    "ປິດຮັບສະໝັກ|ປິດຮັບ|"
    "ຮັບສະໝັກຮອດ|ຮັບຮອດ|ວັນສຸດທ້າຍ|ปิดรับสมัคร|ปิดรับ|วันปิดรับ|หมดเขต|hạn nộp hồ sơ|hạn nộp|"
    "hạn chót|"
    "截止日期|截止时间|截止",
    Label.EDUCATION: "education(?:al)?(?: level| background)?|qualification level|"
    "ລະດັບການສຶກສາ|ການສຶກສາ|ວຸດທິການສຶກສາ|ระดับการศึกษา|การศึกษา|วุฒิการศึกษา|trình độ|học vấn|学历",
    Label.EXPERIENCE: "(?:work )?experience|ປະສົບການເຮັດວຽກ|ປະສົບການ|ประสบการณ์|kinh nghiệm|"
    "经验|工作经验",
    Label.TYPE: "(?:employment|job|contract) type|working type|ປະເພດວຽກ|ປະເພດສັນຍາ|"
    "ประเภทงาน|hình thức làm việc|工作性质",
}
_AFTER: Final = r"\s*(?:\([^()]{0,40}\)\s*)?(?:[:：=]|[-–—](?=\s))\s*"
_LABELLED: Final = {
    label: re.compile(rf"(?:{words}){_AFTER}(?P<value>.*)", re.IGNORECASE)
    for label, words in _LABELS.items()
}
# "ເງິນເດືອນ 3.000.000 ກີບ": no colon, but a figure follows.
_FIGURES: Final = {
    label: re.compile(rf"(?:{_LABELS[label]})\s+(?P<value>[^\n]*\d.*)", re.IGNORECASE)
    for label in (Label.PAY, Label.OPENINGS, Label.CLOSES)
}
# "ຕຳແໜ່ງ ພະນັກງານຂາຍ": scripts without spaces between words put one after the label.
_SPACED: Final = re.compile(r"(?:ຮັບສະໝັກຕຳແໜ່ງ|ຕຳແໜ່ງງານ|ຕຳແໜ່ງ|ตำแหน่ง)\s+(?P<value>\S.*)")
_PLURAL: Final = re.compile(
    r"(?:open |available |vacant )?(?:positions|vacancies|posts|job titles)\b", re.IGNORECASE
)


def labelled(line: str) -> tuple[Label, str] | None:
    """What a line is labelled as, with its value (perhaps ""); `None` where it has no label."""
    for label, pattern in _LABELLED.items():
        if match := pattern.match(line):
            return label, match["value"].strip()
    for label, pattern in _FIGURES.items():
        if match := pattern.match(line):
            return label, match["value"].strip()
    match = _SPACED.match(line)
    return (Label.TITLE, match["value"].strip()) if match else None


def is_plural(line: str) -> bool:
    """Whether a title label says that several follow."""
    return bool(_PLURAL.match(line))


_CALL: Final = (
    r"ຕ້ອງການຮັບສະໝັກ|ປະກາດຮັບສະໝັກ|ເປີດຮັບສະໝັກ|ກຳລັງຮັບສະໝັກ|ຮັບສະໝັກ|ປະກາດຮັບ|ເປີດຮັບ|"
    r"ຕ້ອງການຮັບ|ຕ້ອງການ|ຊອກຫາ|"
    r"we need\b|(?:we(?:'re| are) )?(?:currently |now |urgently )?(?:hiring|recruiting|looking for|"
    r"seeking)(?: for| an?)?\b|"
    r"(?:urgently )?(?:required|needed|wanted)\b|(?:job )?vacancy announcement|job (?:vacancy|"
    r"opportunity)|"
    r"เปิดรับสมัคร|รับสมัครงาน|รับสมัคร|เปิดรับ|ต้องการ|ด่วน|"
    r"cần tuyển dụng|cần tuyển|tuyển dụng|tuyển gấp|tuyển|诚聘|急聘|急招|招聘|招"
)
CALL: Final = re.compile(rf"(?:{_CALL})", re.IGNORECASE)
"""Words that call for applicants; what follows is what is wanted."""

URGENT: Final = re.compile(r"(?:[\s!,.:–-]|ດ່ວນ|urgent(?:ly)?\b|now\b|ด่วน|gấp)*", re.IGNORECASE)
"""How urgent it is, before what is wanted."""
_NO_TITLE: Final = (
    r"ພະນັກງານ(?:ໃໝ່)?|ຄົນ|ຄົນເຮັດວຽກ|ວຽກ|ຫຼາຍຕຳແໜ່ງ|ຫລາຍຕຳແໜ່ງ|ຫຼາຍອັດຕາ|ຕຳແໜ່ງ|ດ່ວນ|"
    r"staff|employees?|workers?|people|team members?|candidates?|(?:many|several|multiple|"
    r"various) positions|"
    r"positions?|vacanc(?:y|ies)|now|urgent(?:ly)?|applicants?|พนักงาน|หลายตำแหน่ง|งาน|ด่วน|"
    r"nhân viên|"
    r"nhiều vị trí|员工|人才|多名"
)
NO_TITLE: Final = re.compile(rf"(?:the |for |our |new |\s)*(?:{_NO_TITLE})?\W*", re.IGNORECASE)
"""What is wanted in general: no title of a vacancy."""
FOLLOWING: Final = re.compile(
    r"(?:ຕາມຕຳແໜ່ງ)?(?:ດັ່ງ(?:ລຸ່ມນີ້|ຕໍ່ໄປນີ້|ນີ້))|(?:for |in )?the following(?: positions?|"
    r" vacancies| posts)?"
    r"|as follows|(?:ตำแหน่ง)?(?:ดังต่อไปนี้|ดังนี้|ต่อไปนี้)|như sau|(?:以下|如下)(?:职位|岗位)?|[:：]\s*$",
    re.IGNORECASE,
)
DEMANDS: Final = re.compile(
    r"require|qualif|condition|dut(?:y|ies)|responsib|benefit|document|skill|we offer|how to apply|"
    r"ຄຸນສົມບັດ|ຄຸນນະສົມບັດ|ເງື່ອນໄຂ|ໜ້າທີ່|ຄວາມຮັບຜິດຊອບ|ສະຫວັດດີການ|ເອກະສານ|ຄຸນວຸດທິ|ທັກສະ|"
    r"ຜົນປະໂຫຍດ|"
    r"คุณสมบัติ|หน้าที่|สวัสดิการ|เอกสาร|เงื่อนไข|yêu cầu|quyền lợi|mô tả|hồ sơ|chế độ|要求|职责|福利|条件",
    re.IGNORECASE,
)
"""Headings of lists that are no lists of vacancies."""
NOT_A_JOB: Final = re.compile(
    r"(?:ອາຍຸ|ເພດ|ມີຄວາມ|ມີປະສົບການ|ມີ|ສາມາດ|ຈົບ|ສັນຊາດ|ເປັນຄົນ|ບໍ່|ໃບ|ສຳເນົາ|ຮູບ|ປະກັນ|"
    r"age|male|female|must|able|ability|good|at least|minimum|degree|bachelor|fluent|have|has|"
    r"having|"
    r"can|strong|experience|knowledge|cv|copy|อายุ|เพศ|มี|สามารถ|จบ|วุฒิ|tuổi|nam|nữ|có|tốt nghiệp|"
    r"年龄|男|女|能|有|会)(?:\b|(?=[^\x00-\x7f]))",
    re.IGNORECASE,
)
"""How demands on applicants begin."""
CONTACT: Final = re.compile(
    r"(?:tel(?:ephone)?|phone|mobile|call|whats\s?app|line|wechat|telegram|zalo|facebook|fb|e-?mail"
    r"|contacts?|inbox|hotline|sđt|điện thoại)(?:\s?(?:no|number|id|us|me|at|now|person|"
    r"details)\b\.?)*"
    r"\s*(?:[:：#@+./]|\d|$)"
    r"|(?:ຕິດຕໍ່|ຜູ້ຕິດຕໍ່|ສົນໃຈ|ສອບຖາມ|ອີເມວ|ອີເມລ|ວອດແອັບ|ວັອດແອັບ|ໄລນ໌|ติดต่อ|สนใจ|อีเมล|"
    r"ไลน์|liên hệ"
    r"|联系|电话|微信|手机)"
    r"|(?:ໂທລະສັບ|ໂທ|ເບີໂທ|ເບີ|โทรศัพท์|โทร)\s*[:：.]?\s*[\d+]",
    re.IGNORECASE,
)
"""How lines begin that say how to reach somebody."""
REACHED: Final = re.compile(r"[^\s@]{1,64}@\S+|\+?\d[\d\s().\-]{5,}\d|https?://\S+|www\.\S+")
"""An address, a telephone number, a link."""
ENOUGH: Final = re.compile(
    r"[,;!?，。；！]|\.(?:\s|$)|\s[-–|]\s|\s(?:in|at|for|with|to|who|as soon)\s|\s?(?:ເງິນເດືອນ|"
    r"ລາຍໄດ້|ປະຈຳ|"
    r"ຢູ່|ສົນໃຈ|ໂທ|ຕິດຕໍ່|ດ່ວນ|เงินเดือน|ประจำ|ที่|สนใจ|โทร|ติดต่อ|lương|tại|liên hệ)"
    r"|\s(?:salary|pay|wages?|call|contact)\b",
    re.IGNORECASE,
)
"""Where a title ends that is part of a sentence."""
COUNT: Final = re.compile(
    r"[(\[,\-–]?\s*(?:ຈຳນວນ|จำนวน|số lượng|qty\.?:?)?\s*(?P<n>\d{1,3}(?:\s*[-–~]\s*\d{1,3})?)\s*"
    r"(?:ຄົນ|ຕຳແໜ່ງ|ອັດຕາ|ທ່ານ|persons?|people|pax|positions?|posts?|vacanc(?:y|ies)|openings?|"
    r"คน|ตำแหน่ง|อัตรา|người|vị trí|名|人|位)(?![\w])\s*[)\]]?"
    r"|[(\[]\s*(?:[x×]\s*)?(?P<m>\d{1,3})\s*[)\]]|(?:^|\s)[x×]\s?(?P<x>\d{1,3})(?!\w)"
    r"|[=:]\s*(?P<e>\d{1,3})\s*$",
    re.IGNORECASE,
)
"""How many are wanted, beside a title."""
_AMOUNT: Final = r"\d[\d.,]{0,20}"
MONEY: Final = re.compile(
    rf"(?:USD|US\$|\$|LAK|₭|THB|฿)\s?{_AMOUNT}"
    rf"(?:\s?[-–~]\s?(?:USD|US\$|\$|LAK|₭|THB|฿)?\s?{_AMOUNT})?"
    rf"|(?<![\d.,]){_AMOUNT}(?:\s?(?:[-–~]|ຫາ|ເຖິງ|to|ถึง|đến|至)\s?{_AMOUNT})?"
    r"\s?(?:ລ້ານ|ພັນ|ล้าน|million|triệu|万)?\s?"
    r"(?:ກີບ|ບາດ|ໂດລາ|kip|LAK|₭|USD|dollars?|\$|baht|THB|บาท|กีบ|đồng|VND|元|人民币|RMB)"
    r"(?:\s?(?:/|ຕໍ່|per|a)\s?(?:ເດືອນ|ມື້|ຊົ່ວໂມງ|month|day|hour|เดือน|วัน))?",
    re.IGNORECASE,
)
EMPLOYER: Final = re.compile(
    r"(?<![\u0e80-\u0eff\u0e00-\u0e7f])(?:ບໍລິສັດ|ຮ້ານອາຫານ|ຮ້ານ|ໂຮງແຮມ|ໂຮງງານ|ທະນາຄານ|ໂຮງຮຽນ|ໂຮງໝໍ|ສະຖາບັນ|ໂຄງການ|บริษัท|ร้าน|"
    r"โรงแรม)\s*[^\n,:：!]{2,80}"
    r"|(?-i:(?<!\w)(?!Apply|Please|Send|We |Join|Contact|Urgent|Now )[A-Z][\w&.'’() -]{1,70}?\s"
    r"(?:(?:Sole )?Co\.?,? ?Ltd\.?|Company(?: Limited)?|Ltd\.?|Limited|Hotel|Resort|Bank|Group"
    r"|School|Restaurant|Factory|Public)(?!\w))"
    r"|Công ty\s[^\n,:：!]{2,80}|[^\s，。：:]{2,30}(?:有限公司|公司)",
    re.IGNORECASE,
)
CLOSING: Final = re.compile(
    r"(?:ກ່ອນວັນທີ|ກ່ອນ|ພາຍໃນ|ຮອດວັນທີ|ຮອດ|ເຖິງວັນທີ|ປິດຮັບ|ໝົດເຂດ|before|until|by|deadline|"
    r"clos\w+|"
    r"ภายใน|ก่อน|ถึงวันที่|ปิดรับ|trước|đến hết|截止|前)(?P<rest>.{4,60})",
    re.IGNORECASE,
)
