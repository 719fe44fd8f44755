"""Text whose UTF-8 bytes were read as Windows-1252 or Latin-1 and written again. Pure.

A Lao letter then stands as "à", "º" and a third sign. What was encoded twice can be restored
exactly, and is where nobody can have meant what stands there; signs that may be meant stay:
"CAFÉ’S" is no phonetic letter, though its bytes would spell one.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final


def _bytes_of_signs() -> dict[str, int]:
    """Sign → byte above ASCII: of Latin-1, and of Windows-1252 where that differs."""
    signs = {chr(byte): byte for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        signs[bytes([byte]).decode("cp1252", "ignore") or chr(byte)] = byte
    return signs


_BYTES: Final = _bytes_of_signs()
_HIGH: Final = "".join(map(re.escape, _BYTES))
_ESCAPE: Final = r"(?<!\\)\\u[0-9a-fA-F]{4}|&(?:\#[0-9]{2,5}|\#[xX][0-9a-fA-F]{2,4}|[a-zA-Z]{2,8});"
_UNIT: Final = re.compile(rf"{_ESCAPE}|[{_HIGH}]")
_RUN: Final = re.compile(rf"(?:[{_HIGH}]|{_ESCAPE})++")
_LEAD: Final = re.compile(
    rf"[\xc2-\xf4](?:[{_HIGH}]|\\u|&)|\\u00[c-fC-F]|&\#(?:19|2[0-4]|[xX][c-fC-F])"
    r"|&[a-zA-Z]+(?:grave|acute|circ|tilde|uml|ring|cedil|slash|lig|eth|ETH|horn|HORN);"
)
"""What every text encoded twice has somewhere; most right texts have it nowhere."""
_SPELT: Final = re.compile(
    r"(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    r"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    r"|\xf4[\x80-\x8f][\x80-\xbf]{2})++"
)
"""Characters in UTF-8, each byte as the Latin-1 sign of its number."""
_AFTER_A_LETTER: Final = frozenset("’”“‘„‚»«›‹…–—•·™®©¹²³´†‡°¿¡ŠŽŒšžœŸ\xa0\xad")
"""Signs that stand right behind a capital letter in sound text."""
_CAPITALS: Final = re.compile(rf"(?:[\xc2-\xde][ŠŽŒšžœŸ])*[\xc2-\xde][{''.join(_AFTER_A_LETTER)}]")
"""What capitals of Czech, or of French, may be in a row: "ÍŠÚŽ"."""
_CLOSING: Final = frozenset("”»›™®©¹²³´†‡°")
"""Those of them that no word begins with."""
_SIGNS: Final = frozenset("ß×÷Ø")
"""Leads that are no capital letter at the beginning of a word: of sizes, sums and German."""
_NO_TEXT: Final = frozenset({"Cc", "Cn", "Co", "Cs"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A stretch of a text whose signs' bytes spell characters in UTF-8."""

    start: int
    end: int
    spelt: str
    is_sure: bool
    """Whether nobody can have meant the signs themselves."""


def mended(text: str) -> str:
    """The text with what was encoded twice (or more often) restored; any other text unchanged.

    JSON's and HTML's escapes of such signs are read as the signs. Never raises.
    """
    before = ""
    while text != before and _LEAD.search(text) is not None:
        before, text = text, _once_mended(text)
    return text


def mended_bytes(body: bytes) -> bytes:
    """A body in UTF-8 mended; one in another encoding unchanged."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body
    whole = mended(text)
    return body if whole == text else whole.encode("utf-8")


def mended_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """Every value mended."""
    return {name: mended(value) for name, value in fields.items()}


def tells_encoding(text: str) -> bool:
    """Whether a text has anything in it that could have been encoded twice."""
    return not text.isascii() or "\\u" in text or "&" in text


def _once_mended(text: str) -> str:
    """One layer taken off.

    What is not sure by itself follows what is, unless some letters of the text spell nothing.
    """
    pieces, is_whole = list[_Piece](), True
    for found in _RUN.finditer(text):
        run = list(_pieces(text, found))
        pieces += [piece for piece in run if piece is not None]
        is_whole &= None not in run
    if not any(piece.is_sure for piece in pieces):
        return text
    parts, at = list[str](), 0
    for piece in pieces:
        if piece.is_sure or is_whole:
            parts += [text[at : piece.start], piece.spelt]
            at = piece.end
    return "".join([*parts, text[at:]])


def _pieces(text: str, found: re.Match[str]) -> Iterator[_Piece | None]:
    """What a run of signs and escapes spells; `None` for letters in it that spell nothing."""
    start, end = found.span()
    units = [unit.span() for unit in _UNIT.finditer(text, start, end)]
    signs = [_meant(text[begin:stop]) for begin, stop in units]
    data, at = "".join(chr(_BYTES.get(sign, 0)) for sign in signs), 0
    for spelt in _SPELT.finditer(data):
        if _holds_letters(data[at : spelt.start()]):
            yield None
        at = spelt.end()
        characters = spelt[0].encode("latin-1").decode("utf-8")
        if any(map(_is_no_text, characters)):
            yield None
            continue
        begin, stop = units[spelt.start()][0], units[at - 1][1]
        before = signs[spelt.start() - 1] if spelt.start() else text[begin - 1 : begin]
        written = "".join(signs[spelt.start() : at])
        sure = _is_sure(written, characters, before, text[stop : stop + 1])
        yield _Piece(start=begin, end=stop, spelt=characters, is_sure=sure)
    if _holds_letters(data[at:]):
        yield None


def _meant(unit: str) -> str:
    """The sign that an escape stands for."""
    if unit.startswith("\\u"):
        return bytes.fromhex(unit[2:]).decode("utf-16-be", "surrogatepass")
    return html.unescape(unit) if len(unit) > 1 else unit


def _holds_letters(data: str) -> bool:
    return any(sign >= "\xc0" for sign in data)


def _is_no_text(sign: str) -> bool:
    # A control sign of Latin-1 may be part of a further layer.
    return unicodedata.category(sign) in _NO_TEXT and sign not in _BYTES


def _is_sure(signs: str, spelt: str, before: str, after: str) -> bool:
    """Whether the signs cannot be meant.

    Several characters in a row, or one spelt with signs that follow no letter, leave no doubt.
    Else what stands beside decides: behind a small letter no capital one is meant, and between
    letters no closing quotation mark. "Â" and "Ã" are words of no language by themselves.
    """
    lead = signs[0]
    if len(spelt) > 1:
        return lead in "ÐÑ" or _CAPITALS.fullmatch(signs) is None
    if lead in _SIGNS:
        return False
    if not _AFTER_A_LETTER.issuperset(signs[1:]) or (signs[-1] in _CLOSING and after.islower()):
        return True
    if len(signs) > 2:
        is_word = "á" <= lead <= "ï" and any(map(str.isalpha, signs[1:]))
        return not is_word and not before.isalpha() and before not in _BYTES
    if before.isalpha():
        return before.islower()
    return lead in "ÂÃ" and unicodedata.category(spelt) != "Cc"
