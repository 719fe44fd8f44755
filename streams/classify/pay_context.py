"""What the words around a number say: pay, an allowance, a telephone number, an age."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

CURRENCIES: Final[Mapping[str, re.Pattern[str]]] = {
    "LAK": re.compile(r"(?<![a-z])laks?(?![a-z])|(?<![a-z])kips?(?![a-z])|\bkíp\b|₭|ກີບ|กีบ|基普"),
    "USD": re.compile(
        r"(?<![a-z])usd(?![a-z])|us\$|\$|\b(?:us )?dollars?\b|ໂດລາ|ໂດລ່າ|ดอลลาร์|ดอลล่าร์"
        r"|\bđô(?: la)?\b|美元|美金"
    ),
    "THB": re.compile(r"(?<![a-z])thb(?![a-z])|\bbaht\b|฿|ບາດ|บาท|泰?铢|\bbạt\b"),
    "CNY": re.compile(
        r"(?<![a-z])(?:cny|rmb)(?![a-z])|\byuan\b|¥|ຢວນ|หยวน|人民币|(?<!美)元|(?<=[\d千万])块"
        r"|\btệ\b"
    ),
    "VND": re.compile(
        r"(?<![a-z])vn[dđ](?![a-z])|₫|(?<=\d)\s?đ(?![a-z\u00e0-\u024f\u1e00-\u1eff])|\bđồng\b|ດົ່ງ"
        r"|ดอง|越南盾"
    ),
}
PERIODS: Final[Mapping[str, re.Pattern[str]]] = {
    "hour": re.compile(
        r"(?:per|an|each|every|/)[ -]?h(?:ou)?rs?\b|hourly|(?:ຕໍ່|/|ລະ)\s*(?:ຊົ່ວໂມງ|ຊມ)|(?:ຊົ່ວໂມງ"
        r"|ຊມ)ລະ"
        r"|(?:ต่อ|/)\s*(?:ชั่วโมง|ชม)|ชั่วโมงละ|(?:/|mỗi|một|theo)\s*giờ|每小时|/\s*小时|时薪"
        r"|\b[a-z]{3} hour\b"
    ),
    "day": re.compile(
        r"(?:per|a|each|every|/)[ -]?(?:day|shift)\b|daily|(?:ຕໍ່|/)\s*(?:ມື້|ວັນ|ກະ)|(?:ມື້|ວັນ|ກະ)ລະ"
        r"|ລາຍ(?:ວັນ|ມື້)|(?:ต่อ|/)\s*(?:วัน|กะ)|(?:วัน|กะ)ละ|รายวัน|(?:/|mỗi|một|theo)\s*(?:ngày|ca)\b"
        r"|每天|每日"
        r"|/\s*(?:天|日|班)|日薪|一天|\b[a-z]{3} day\b"
    ),
    "week": re.compile(
        r"(?:per|a|each|every|/)[ -]?(?:week|wk)\b|weekly|ລາຍອາທິດ|รายสัปดาห์|(?:ຕໍ່|/)\s*ອາທິດ|ອາທິດລະ"
        r"|(?:ต่อ"
        r"|/)\s*(?:สัปดาห์|อาทิตย์)"
        r"|(?:สัปดาห์|อาทิตย์)ละ|(?:/|mỗi|một)\s*tuần|每周|/\s*周|周薪|\b[a-z]{3} week\b"
    ),
    "year": re.compile(
        r"(?:per|a|each|/)[ -]?(?:y(?:ea)?r|annum)\b|yearly|ລາຍປີ|รายปี|annual(?:ly)?\b"
        r"|\bp\.?a\.?(?![a-z])"
        r"|(?:ຕໍ່|/)\s*ປີ|ປີລະ"
        r"|(?:ต่อ|/)\s*ปี|ปีละ|(?:/|mỗi|một)\s*năm|每年|/\s*年|年薪|\b[a-z]{3} year\b"
    ),
    "month": re.compile(
        r"(?:per|a|each|every|/)[ -]?mo(?:nth)?\b|monthly|ລາຍເດືອນ|รายเดือน|\bp\.?m\.?(?![a-z])"
        r"|(?:ຕໍ່|/)\s*ເດືອນ"
        r"|ເດືອນລະ|(?:ต่อ|/)\s*เดือน"
        r"|เดือนละ|(?:/|mỗi|một)\s*tháng|每月|/\s*月|月薪|每个月|\b[a-z]{3} month\b"
    ),
}
BY_PIECE: Final = re.compile(
    r"(?:per|a|/)[ -]?(?:piece|pc|unit|item|article|word|kg|km|trip|delivery|order)\b"
    r"|(?:ຕໍ່|/)\s*(?:ຊິ້ນ|ໂຕ|ກິໂລ|ຖ້ຽວ|ອໍເດີ)|ຊິ້ນລະ|ຖ້ຽວລະ|(?:ต่อ|/)\s*(?:ชิ้น|เที่ยว)|ชิ้นละ|/\s*(?:sản phẩm"
    r"|cái|件|单|个)|每件|每单|计件"
)
OF_PAY: Final = re.compile(
    r"salar(?:y|ies)|\bwages?\b|\bpay\b(?! ?(?:ment|roll|able))|\bpaid\b|\bearn|income"
    r"|remuneration|compensation"
    r"|ເງິນເດືອນ|ຄ່າແຮງ|ຄ່າຈ້າງ|ລາຍຮັບ|ລາຍໄດ້|ຄ່າຕອບແທນ|เงินเดือน|ค่าแรง|ค่าจ้าง|รายได้|ค่าตอบแทน|lương|thu nhập"
    r"|薪|工资|收入|待遇"
)
OF_ALLOWANCE: Final = re.compile(
    r"allowance|bonus|incentive|per diem|over ?time|\bot\b|commission|tips?\b|deposit|fee\b"
    r"|subsidy|reimburse|insurance"
    r"|ເບ້ຍ|ໂບນັດ|ຄ່າ(?!ແຮງ|ຈ້າງ|ຕອບແທນ)|ອັດຕາກິນ|ໂອທີ|ເງິນອຸດໜູນ|ເບັ້ຍ|ປະກັນ|เบี้ย|โบนัส|ค่า(?!แรง|จ้าง|ตอบแทน)|โอที"
    r"|phụ cấp|thưởng|hoa hồng|trợ cấp|补|津贴|奖金|提成|押金"
)
OF_BUSINESS: Final = re.compile(
    r"budget|capital|revenue|turnover|targets?\b|sales of|\bloans?\b|\bprices?\b|worth|valued?"
    r"|invest|fund(?:s|ing)?\b|grant"
    r"|donat|\bcosts?\b|procure|portfolio|fine of|ທຶນ|ຍອດຂາຍ|ງົບປະມານ|ເງິນກູ້|ລາຄາ|ມູນຄ່າ|ຂາຍໃຫ້|ລົງທຶນ"
    r"|ເປົ້າ|ປັບໃໝ"
    r"|ทุน|ยอดขาย|งบประมาณ|ราคา|มูลค่า|ลงทุน|vốn|doanh (?:thu|số)|\bgiá\b|ngân sách|đầu tư|资金|资本"
    r"|销售额|预算|价格|投资|minimum wage"
    r"|ຂັ້ນຕ່ຳ|ขั้นต่ำ|tối thiểu|最低工资"
)
# Currencies whose rate is not held: such pay is left out rather than taken for kip.
UNHELD: Final = re.compile(
    r"€|£|₩|₱|\b(?:eur|euros?|gbp|pounds?|krw|won|jpy|yen|php|pesos?|sgd|myr|ringgit|aud|cad|inr"
    r"|rupees?|hkd|twd|mmk|khr)\b"
    r"|ເອີໂຣ|ວອນ|ເຢນ|ยูโร|วอน|เยน|韩元|日元|円|欧元|新币|台币|港币"
)
OF_PROBATION: Final = re.compile(r"probation|ທົດລອງ|ทดลองงาน|thử việc|试用")
AFTERWARDS: Final = re.compile(r"after|ຫຼັງ|ຜ່ານ|หลัง|ผ่าน|sau|转正|后")
# What a job handles, where the sentence has no word for pay.
HANDLED: Final = re.compile(
    r"responsib|manag|handl|process|collect|\bsell|\bsold|\brent|\bbuy|purchas|\bcash\b|ຮັບຜິດຊອບ"
    r"|ຄຸ້ມຄອງ|รับผิดชอบ|quản lý|负责|管理"
)
OFFERED: Final = re.compile(r"\bwe offer\b|\boffer(?:ing|ed)?\b|ໃຫ້|ได้รับ|提供")
PARTS: Final = re.compile(
    r"[,;+\n，；、()（）]|\bplus\b|\band\b|\bwith\b|\bincluding\b|\bexcluding\b|ບວກ|ແລະ|ລວມ|พร้อม"
    r"|และ|บวก|รวม|\bvà\b|cộng|加|另"
)

_PER: Final = (
    r"(?:\s*(?:per|a|each|/|ຕໍ່|ต่อ|mỗi|một)\s*(?:week|day|month|year|ອາທິດ|ມື້|ວັນ|ເດືອນ|ປີ|สัปดาห์|อาทิตย์"
    r"|วัน|เดือน|ปี"
    r"|tuần|ngày|tháng|năm))?"
)
_COUNT: Final = (
    r"(?<![\d.,])\d{1,3}(?:,\d{3})?(?:\s*(?:[-–~]|to|ຫາ|ถึง|đến|至|到)\s*\d{1,3})?\s*\+?\s*"
)
# What has digits and is no money. Each is blanked, so that neither its number nor its unit counts.
TRAPS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        (
            r"(?:\btel|phone|\bcall|whats ?app|contact|ໂທ|ເບີ|โทร|เบอร์|电话|手机|liên hệ|\bs?đt\b"
            r"|hotline)[^\d\n]{0,12}[+\d][\d\s.()-]{6,}"
        ),
        r"\+\d{2,3}[\d\s.()-]{6,14}\d",
        r"(?<![\d.,])(?<!\d[ -])0\d[\d\s-]{6,12}\d(?!\d)",
        r"(?<!\d)1[3-9]\d{9}(?!\d)",
        r"(?<!\d)\d{1,2}[:.h]\d{2}\s*(?:-|–|to|ຫາ|ถึง|đến|至)\s*\d{1,2}[:.h]\d{2}(?!\d)",
        r"(?<!\d)\d{1,2}:\d{2}(?:\s*[ap]\.?m\b\.?)?",
        r"(?<![\d.,])\d{1,2}\s*[ap]\.?m\b\.?",
        r"(?<!\d)\d{1,2}([/.-])\d{1,2}\1(?:19|20)?\d{2}(?!\d)",
        r"(?<!\d)(?:19|20)\d{2}[-/]\d{1,2}(?:[-/]\d{1,2})?(?!\d)",
        (
            r"\b\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
            r"|dec)[a-z]*\.?(?:\s+\d{4})?"
        ),
        (
            r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
            r"|dec)[a-z]*\.?\s+\d{1,2}(?:,?\s+\d{4})?\b"
        ),
        r"(?:\bin|since|year|founded|ປີ|ປີທີ່|ปี|พ\.ศ\.|năm)\s*(?:19|20|25)\d{2}(?![\d.,])",
        (
            r"1[34](?:th)?[ -]month(?:'s)?(?: salary| pay| bonus)?|x\s*1[34]\b(?: months)?"
            r"|ເດືອນທີ\s*1[34]|เดือนที่\s*1[34]"
            r"|(?:lương )?tháng(?: thứ)? 1[34]|1[34]\s*薪"
        ),
        (
            r"(?:\bage[ds]?|ອາຍຸ|อายุ|tuổi|年龄)[^\d\n]{0,8}\d{2}(?:\s*(?:[-–~]|to|ຫາ|ถึง|đến|至"
            r"|到)\s*\d{2})?\s*(?:ປີ|ปี|岁|tuổi|years?)?"
        ),
        _COUNT + r"(?:\([^)]*\)\s*)?(?:years?|yrs?|days?|hours?|hrs?|weeks?|months?|mins?|minutes?"
        r"|persons?|people|staff|positions?"
        r"|posts?|vacanc\w+|openings?|employees|workers|drivers|provinces|countries|branches"
        r"|customers|students|%|percent)"
        r"(?![a-z])" + _PER,
        _COUNT + r"(?:ປີ|ມື້|ວັນ|ຊົ່ວໂມງ|ຊມ|ຄົນ|ຕຳແໜ່ງ|ອັດຕາ|ເດືອນ|ນາທີ|ແຂວງ|ສາຂາ|ปี|วัน|ชั่วโมง|ชม|คน|อัตรา"
        r"|ตำแหน่ง"
        r"|เดือน|ท่าน)" + _PER,
        _COUNT + r"(?:năm|ngày|giờ|người|tháng|tuổi|nhân viên|tuần)\b" + _PER,
        r"(?:每[周天日月]工作)?" + _COUNT + r"(?:年|天|小时|人|名|岁|个月|位|个)",
        r"\d+(?:[.,]\d+)?\s*%",
    )
)


def without_traps(text: str) -> str:
    """`text` with what has digits and is no money blanked; its length is unchanged."""
    for trap in TRAPS:
        text = trap.sub(lambda match: " " * len(match.group()), text)
    return text
