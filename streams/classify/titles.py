"""Job titles made comparable: what a title says of the occupation, without its decoration."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LAO: Final = re.compile(r"[\u0e80-\u0eff]")
_LATIN: Final = re.compile(r"[a-z]")

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
_BRACKETS: Final = re.compile(r"[(\[{（].*?[)\]}）]")
_SEPARATORS: Final = re.compile(
    r"\s+[-–—|@:•]+\s+|[|•;:!?]+|\s[-–—]|[-–—]\s|,|\bfor\b|\bat\b|\bin\b"
)
_NUMBERS: Final = re.compile(r"[#№]?\b\d+(?:[.,]\d+)*\b|[໐-໙]+")
_NOT_WORD: Final = re.compile(r"[^a-z0-9&+/#'\u0e80-\u0eff\u0e00-\u0e7f\u4e00-\u9fff -]")
_SPACES: Final = re.compile(r"\s+")


def _tidy(text: str) -> str:
    text = _NOT_WORD.sub(" ", _NUMBERS.sub(" ", text))
    text = _LAO_DECORATION.sub(" ", _DECORATION.sub(" ", text))
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


def latin_part(text: str) -> str:
    """The Latin-script words of `text`, in order; "" where there are none."""
    words = [word for word in text.split() if _LATIN.search(word) and not _LAO.search(word)]
    return " ".join(words)
