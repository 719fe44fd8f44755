"""Lines of a pasted advert that say something: marks of chats, pictures and headers taken off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from config.vocabulary import provinces
from scrapers.parsing.pasted_words import CONTACT, REACHED, Label, labelled
from scrapers.parsing.text import clean_line, html_to_text

_LONGEST: Final = 1_000
_SPELLING: Final = (("ໍາ", "ຳ"), ("ຫນ", "ໜ"), ("ຫມ", "ໝ"))
_DIGITS: Final = str.maketrans("໐໑໒໓໔໕໖໗໘໙๐๑๒๓๔๕๖๗๘๙", "01234567890123456789")
_KEYCAP: Final = re.compile("(\\d)\ufe0f?\u20e3")
_CHAT: Final = re.compile(
    r"\[?\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4},?\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?\]?"
    r"\s*[-–]?\s*(?:[^:\n]{1,40}:\s+)?"
)
_NOISE: Final = re.compile(
    r"(?:[-_=*~\s]*(?:begin )?(?:forwarded|original) (?:message|from)\b.*|forwarded(?: many times)?"
    r"|(?:from|sent|to|cc|bcc|reply-to|date)\s*:\s.*|(?:ຈາກ|ສົ່ງຕໍ່ຈາກ|ส่งต่อจาก)\s*[:：].*"
    r"|see (?:more|less|translation)|ເບິ່ງເພີ່ມເຕີມ|ดูเพิ่มเติม"
    r"|(?:like|reply|share|comment)(?:\s*[·|]?\s*(?:like|reply|share"
    r"|comment))*|all reactions.*|\d+\s?(?:h|hrs?|min|m|d|w)\b\s*[·.]?|(?:#[^\s#]+\s*)+|>+|[\W_]*)",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(r"(?:subject|re|fwd?|ຫົວຂໍ້|เรื่อง)\s*[:：]\s*", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"\(?(\d{1,2})\s*(?:[.)、．]|[-–:](?=\s))\s*(?=\D)")
_BULLET: Final = re.compile(r"[•·▪◦‣*\-–—+>✓]\s*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    text: str
    marker: str = ""
    """"" , "•", or the number of an item."""
    label: Label | None = None
    value: str = ""


def _pieces(text: str) -> Iterator[str]:
    """Lines, very long ones cut: patterns look at each, and must not take time without end."""
    for raw in text.split("\n"):
        yield from (raw[at : at + _LONGEST] for at in range(0, len(raw), _LONGEST))


def lines_of(text: str) -> Iterator[Line]:
    """Lines that say something, with their marks taken off; nothing of a chat's own."""
    text = _KEYCAP.sub(r"\1. ", html_to_text(text).translate(_DIGITS))
    for old, new in _SPELLING:
        text = text.replace(old, new)
    for raw in _pieces(text):
        line = clean_line(_without_pictures(_CHAT.sub("", raw.strip(), count=1)))
        line = _SUBJECT.sub("", line.lstrip("> "))
        if line and not _NOISE.fullmatch(line):
            yield _line(line.replace("*", "") if line.count("*") > 1 else line)


def _without_pictures(line: str) -> str:
    """A picture at the beginning of a line marks an item; elsewhere it says nothing."""
    kept = [
        ("\N{BULLET} " if not line[:at].strip() else " ")
        if unicodedata.category(sign) == "So"
        else sign
        for at, sign in enumerate(line)
        if sign not in "\ufe0f\u200d\u20e3" and unicodedata.category(sign) not in ("Sk", "Cf", "Co")
    ]
    plain = "".join(kept)
    while plain.startswith("\N{BULLET} \N{BULLET}"):
        plain = plain[2:]
    return plain


def _line(line: str) -> Line:
    marker = ""
    if match := _NUMBERED.match(line):
        marker, line = match[1], line[match.end() :].strip()
    elif match := _BULLET.match(line):
        marker, line = "•", line[match.end() :]
    told = labelled(line)
    if told is None:
        return Line(text=line, marker=marker)
    return Line(text=line, marker=marker, label=told[0], value=told[1])


def without_contacts(text: str) -> str:
    """A line without addresses, telephone numbers and links."""
    return clean_line(REACHED.sub(" ", text)).strip(" -–—:,;|/")


def is_contact(line: Line) -> bool:
    """Whether a line only says how to reach somebody."""
    return bool(CONTACT.match(line.text)) or not without_contacts(line.text)


def place_in(text: str) -> str:
    """The first province that a line names, in a form that the coder of places knows."""
    low = text.casefold()
    if "ນະຄອນຫຼວງ" in text or "ນະຄອນຫລວງ" in text or "vientiane capital" in low:
        return "Vientiane Capital"
    if "ແຂວງວຽງຈັນ" in text or "ແຂວງ ວຽງຈັນ" in text or "vientiane province" in low:
        return "Vientiane Province"
    for label in provinces().values():
        lao = label.name_lo.removeprefix("ແຂວງ").strip()
        if "ientiane" not in label.name_en and (label.name_en.casefold() in low or lao in text):
            return label.name_en
    return "Vientiane" if "vientiane" in low or "ວຽງຈັນ" in text else ""
