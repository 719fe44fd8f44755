"""What e-mail addresses, accounts and names of contact persons look like in postings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A kind of personal data.

    `pattern` is tried only within `before` and `after` characters of one of `cues` (lower case):
    most postings hold none, and a cue is found a hundred times faster than the pattern. The groups
    of the pattern named `lead…` are kept; the rest gives way to `placeholder`.
    """

    placeholder: str
    cues: tuple[str, ...]
    before: int
    after: int
    pattern: re.Pattern[str]
    ascii_cues: tuple[str, ...] = field(init=False)
    """The cues that plain English text can contain."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ascii_cues", tuple(filter(str.isascii, self.cues)))


PHONE: Final = "[phone]"

_LOCAL: Final = r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}"
_AT: Final = r"(?:\s?[@＠]\s?|\s?[(\[{<]\s?(?:at|@)\s?[)\]}>]\s?)"
_DOT: Final = r"(?:\.|\s?[(\[{<]\s?(?:dot|\.)\s?[)\]}>]\s?)"
_HOST: Final = r"[A-Za-z0-9\-]{1,63}"

EMAIL_RULE: Final = Rule(
    placeholder="[email]",
    cues=("@", "＠", "(at", "[at", "{at", "<at", "( at", "[ at", " at "),
    before=80,
    after=100,
    pattern=re.compile(
        rf"(?<![A-Za-z0-9])(?:mailto:)?{_LOCAL}{_AT}{_HOST}(?:{_DOT}{_HOST}){{1,5}}"
        # Addresses cut short, as tables do: info@companyname
        rf"|(?<![A-Za-z0-9]){_LOCAL}@(?=[A-Za-z0-9\-]*[A-Za-z]{{3}}){_HOST}"
        rf"|(?<![A-Za-z0-9]){_LOCAL}\sat\s{_HOST}(?:\sdot\s[A-Za-z]{{2,20}}){{1,3}}",
        re.IGNORECASE,
    ),
)

_SITE: Final = (
    r"(?:wa\.me|line\.me|lin\.ee|m\.me|t\.me"
    r"|(?:facebook|fb|instagram|tiktok|whatsapp|telegram)\.com)"
)
_MESSENGER: Final = r"(?:whats\s?app|we\s?chat|telegram|zalo|viber|skype)"
_LAO_LINE: Final = r"(?:ໄລນ໌|ໄລນ|ไลน์|ລາຍ)"
_ID: Final = r"(?:id|ໄອດີ|ไอดี)"
_IS: Final = r"\s?[:=：]\s?"
_PAGE: Final = r"(?:facebook|face\s?book|fb|ເຟສບຸກ|ເຟສ|เฟสบุ๊ค|เฟซบุ๊ก|messenger)"

ACCOUNT_RULE: Final = Rule(
    placeholder="[account]",
    cues=(
        "@", "line", "lin.ee", "wa.me", "m.me/", "t.me/", ".com/", "chat", "whats", "telegram",
        "zalo", "viber", "skype", "facebook", "face book", "fb", "messenger",
        "ໄລນ", "ລາຍ", "ເຟສ", "ไลน์", "เฟส", "เฟซ",
    ),
    before=40,
    after=120,
    pattern=re.compile(
        # Letters with which any of what follows begins: most positions fail here.
        r"(?=[@hwmaltfizvsໄລເไเ])(?:"
        # An address of an account or chat.
        rf"(?:https?://)?(?:www\.|m\.|web\.|api\.)?{_SITE}/(?!\[)[^\s<>\")\]]+"
        # "LINE ID: abc", "WeChat: abc", "ໄລນ໌: abc", "line @abc". "Product line: shoes" is none.
        rf"|(?<![A-Za-z])(?P<lead>(?:line|{_MESSENGER})\s?{_ID}\s?[:=：]?\s?"
        rf"|{_LAO_LINE}\s?{_ID}?{_IS}|{_MESSENGER}{_IS}"
        rf"|line{_IS}(?=@|[A-Za-z.\-]*[0-9_])|line\s?(?=@))"
        r"(?!\[)@?[A-Za-z0-9][A-Za-z0-9._\-]{2,40}"
        # "@handle", as on Telegram and the like.
        r"|(?<![\w@.])@[A-Za-z]\w{4,31}(?![\w@.])"
        # "Facebook: Some Page Name", to the end of the phrase.
        rf"|(?<![A-Za-z])(?P<lead_page>{_PAGE}(?:\s?(?:page|ເພຈ|เพจ))?{_IS})"
        r"(?![\[\s])[^\n,;|(\[]{2,60})",
        re.IGNORECASE,
    ),
)  # fmt: skip

# "MS Office" and "Ms. Excel" are skills.
_PRODUCT: Final = (
    r"(?!\s?(?i:office|word|excel|power\w*|outlook|access|project|visio|teams|windows|dos|sql|dynamics"
    r"|publisher|sharepoint|package|application|suite|365|degree|in|or|and)\b)"
)
_MS: Final = rf"(?:Ms|MS)\.?{_PRODUCT}"
_LATIN_TITLE: Final = rf"(?:(?:Mr|Mrs|Miss|Mdm|Madam|MR|MRS|MISS|Khun|Anh|Ông|Bà)\.?|{_MS})"
# ທ່ານ also means "you", and ຄຸນ, คุณ and นาย begin common words (quality, employer).
_LAO_TITLE: Final = (
    r"(?:ທ້າວ|ທ\.|ນາງສາວ|ທ່ານນາງ|ນາງ|ທ່ານ(?=\s)|ຄຸນ(?!ນະ|ວຸດ|ສົມບັດ|ຄ່າ)"
    r"|นางสาว|นาง|นาย(?!จ้าง)|คุณ(?!สมบัติ|วุฒิ|ภาพ|ค่า))"
)
_WORD: Final = r"[A-ZÀ-ÖØ-ÞĐ][A-Za-zÀ-ÿĐđ\u0100-\u024f\u1e00-\u1eff'\-]*\.?"
_LATIN_NAME: Final = rf"{_WORD}(?:[ ]{_WORD}){{0,3}}"
# Lao and Thai put no blank inside a name and one between given name and surname.
_LAO_NAME: Final = r"[\u0e81-\u0ece\u0e01-\u0e4e]{2,24}(?:[ ][\u0e81-\u0ece\u0e01-\u0e4e]{2,24})?"
_PERSON: Final = rf"(?:{_LATIN_TITLE}\s?{_LATIN_NAME}|{_LAO_TITLE}\s?(?:{_LATIN_NAME}|{_LAO_NAME}))"
_MARKER: Final = (
    r"(?:[Cc]ontact(?:s| us| person| name)?|CONTACT(?: PERSON)?|[Aa]tt(?:n|ention)|ATTN"
    r"|[Ii]nterested|(?:ຊື່)?ຜູ້ຕິດຕໍ່|ຕິດຕໍ່(?:ພົວພັນ|ສອບຖາມ|ຫາ|ໄດ້ທີ່)?|ຜູ້ປະສານງານ|ຜູ້ຮັບຜິດຊອບ"
    r"|ติดต่อ(?:สอบถาม)?|ผู้ติดต่อ)"
)
_OFFICE: Final = (
    r"(?!(?:HR|Human|Head|Office|Department|Dept|Admin|Administration|Recruitment|Email|E-mail"
    r"|Tel|Phone|Mobile|Company|Us|The|For|By|Via|Please|Send|Lao|Laos|Vientiane|WhatsApp"
    r"|Facebook|Line|LINE|Number|No|Information|Details|Address|Website|Our|Your|Manager|Team"
    r"|Personnel)\b)"
)
_LABEL: Final = r"(?:[Cc]ontact(?: [Pp]erson| [Nn]ame)?|CONTACT(?: PERSON)?|ATTN|[Aa]ttn)"
_JOINT: Final = r"\s?[(,\-–:]?\s?"

NAME_RULE: Final = Rule(
    placeholder="[name]",
    cues=(
        "ontact", "attn", "attention", "interested", "ຕິດຕໍ່", "ຜູ້ປະສານງານ", "ຜູ້ຮັບຜິດຊອບ", "ติดต่อ",
        PHONE, "mr ", "mr.", "ms ", "ms.", "mrs", "miss ",
    ),
    before=70,
    after=130,
    pattern=re.compile(
        r"(?=[McCaAIiKÔB\[ຊຜຕທນຄตผนค])(?:"
        rf"(?<![A-Za-z])(?:(?:Mr|Mrs|Miss|MR|MRS)\.?|{_MS})\s(?!\[){_LATIN_NAME}"
        rf"|(?P<lead_marker>{_MARKER}[^\n\[]{{0,40}}?\s?[:：]?\s?){_PERSON}"
        rf"|(?P<lead_label>{_LABEL}\s?[:：]\s?){_OFFICE}{_WORD}(?:[ ]{_OFFICE}{_WORD}){{0,3}}"
        rf"|(?P<lead_lao>ຜູ້ຕິດຕໍ່\s?[:：]\s?){_LAO_NAME}"
        rf"|(?P<lead_phone>\[phone\]{_JOINT}){_PERSON}"
        rf"|{_PERSON}(?={_JOINT}\[phone\]))"
    ),
)  # fmt: skip
