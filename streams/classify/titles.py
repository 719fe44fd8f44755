"""Job titles made comparable: what a title says of the occupation, without its decoration."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LAO: Final = re.compile(r"[\u0e80-\u0eff]")
_LATIN: Final = re.compile(r"[a-z]")
_OTHER: Final = re.compile(r"[\u0e00-\u0eff\u3400-\u9fff]")

# Words that say how, how many or how soon, not what: they differ between postings of one job.
_DECORATION: Final = re.compile(
    r"\b(?:urgent(?:ly)?|hiring|wanted|needed|required|vacanc(?:y|ies)|job|jobs|position|positions"
    r"|opportunity|full[- ]?time|part[- ]?time|permanent|temporary|contract|freelance|remote"
    r"|m/f|f/m|male|female|senior|junior|sr|jr|entry[- ]level|experienced|expat|local|national"
    r"|international|based|immediately|new|iii|ii|iv|apply now|we are|looking for)\b\.?",
    re.IGNORECASE,
)
_LAO_DECORATION: Final = re.compile(
    r"ດ່ວນ|ຮັບສະໝັກ|ຮັບສະຫມັກ|ຕ້ອງການ|ປະກາດ|ຈຳນວນ|ຕຳແໜ່ງ|ຫຼາຍອັດຕາ|ອັດຕາ|ເພດຍິງ|ເພດຊາຍ|ຍິງ/ຊາຍ|ຊາຍ/ຍິງ"
    r"|ປະຈຳ(?=\s|$)|ອາວຸໂສ|ຊົ່ວຄາວ|ເຕັມເວລາ|ບໍ່ເຕັມເວລາ|\s*ຄົນ(?=\s*$|\s*[)\]])"
)
_FOREIGN_DECORATION: Final = re.compile(
    r"รับสมัคร(?:งาน|ด่วน)?|ด่วน(?:ที่สุด|มาก)?|ต้องการ|ประจำ.*$|หลายอัตรา|อัตรา|ตำแหน่ง|เพศ(?:หญิง|ชาย)|ไม่จำกัดเพศ"
    r"|\b(?:cần )?tuyển(?: dụng| gấp)?\b|\bgấp\b|\bviệc làm\b|\bnam/nữ\b|\blàm việc tại\b.*$"
    r"|[急诚高]?薪?(?:招聘|急招|急聘|诚聘|诚招|高薪)|男女不限|若干|名(?=\s|$)|位(?=\s|$)"
)
_BRACKETS: Final = re.compile(r"[(\[{（].*?[)\]}）]")
_SEPARATORS: Final = re.compile(
    r"\s+[-–—|@:•]+\s+|[|•;:!?]+|\s[-–—]|[-–—]\s|,|\bfor\b|\bat\b|\bin\b"
    # Lao adverts of several jobs; "ຊາຍ/ຍິງ" (men or women) is none.
    r"|(?<=[\u0e80-\u0eff])(?<!ຊາຍ)(?<!ຍິງ)\s*[/+]\s*(?!\s*(?:ຊາຍ|ຍິງ|ເພດ))"
    r"|\s*[/+]\s*(?=[\u0e80-\u0eff])(?!\s*(?:ຊາຍ|ຍິງ|ເພດ))"
)
_NUMBERS: Final = re.compile(r"[#№]?\b\d+(?:[.,]\d+)*\b|[໐-໙]+")
_NOT_WORD: Final = re.compile(
    r"[^a-z0-9&+/#'\u00df-\u024f\u0300-\u036f\u1e00-\u1eff\u0e80-\u0eff\u0e00-\u0e7f"
    r"\u4e00-\u9fff -]"
)
# Letters that only Vietnamese has here; those it shares with French tell from two words on.
_VIETNAMESE: Final = re.compile("[\u0103\u0111\u0129\u0169\u01a1\u01b0\u1ea0-\u1ef9]")
_ACCENTED: Final = re.compile("[\u00e0-\u00fd]")
_SPACES: Final = re.compile(r"\s+")


def _tidy(text: str) -> str:
    text = _NOT_WORD.sub(" ", _NUMBERS.sub(" ", text))
    text = _LAO_DECORATION.sub(" ", _DECORATION.sub(" ", text))
    if not text.isascii():
        text = _FOREIGN_DECORATION.sub(" ", text)
    return _SPACES.sub(" ", text).strip(" -/&'")


def segments(title: str) -> tuple[str, ...]:
    """Parts of a title that may name the occupation, the likeliest first, without repetition.

    "Urgent: Senior Accountant (2) - Vakada Co." gives ("accountant", "vakada co"). Text in
    brackets comes last: it often holds the title in the other language.
    """
    text = unicodedata.normalize("NFC", title).casefold()
    inside = [match.group(0)[1:-1] for match in _BRACKETS.finditer(text)]
    outside = _SEPARATORS.split(_BRACKETS.sub(" ", text))
    parts = (_tidy(part) for part in (*outside, *inside) if part)
    return tuple(dict.fromkeys(part for part in parts if len(part) > 1))


def has_lao(text: str) -> bool:
    """Whether `text` contains Lao letters."""
    return _LAO.search(text) is not None


def is_vietnamese(text: str) -> bool:
    """Whether lower-case `text` has letters as only Vietnamese writes them."""
    accented = sum(_ACCENTED.search(word) is not None for word in text.split())
    return accented > 1 or _VIETNAMESE.search(text) is not None


def latin_part(text: str) -> str:
    """The words of `text` in Latin script alone, in order; "" where there are none."""
    words = [word for word in text.split() if _LATIN.search(word) and not _OTHER.search(word)]
    return " ".join(words)
