"""A notice as a short message: English in 160 letters of GSM 03.38, Lao in two parts of UCS-2."""

from __future__ import annotations

from typing import Any, Final

from alerts.notify.kinds import kind_of
from alerts.notify.wording import link_to, values_of, words
from alerts.outbox import Message
from alerts.transition import TOLD_AT_END

PART_UCS2: Final = 67
"""Characters of one part of several; 70 where there is only one."""
LONGEST: Final = {"en": 160, "lo": 2 * PART_UCS2}
PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def short_text(message: Message, language: str, base_url: str, *, exercise: bool) -> str:
    """The message in at most `LONGEST` characters; the link is never cut, names are.

    With `exercise` it begins by saying that it is a test.
    """
    said = words(language)
    values = values_of(message.alert, said)
    text = str(said[f"sms_{kind_of(message.alert)}"]).format(n=message.alert.n, **values)
    if message.reason in TOLD_AT_END:
        text = said["sms_over"].format(message=text)
    blanks = {
        "mark": said["sms_mark"] if exercise else "",
        "place": values["place"],
        "group": values["group"],
        "message": text,
        "link": link_to(message.alert.alert_id, language, base_url),
    }
    return _fitted(said, blanks, language)


def _fitted(said: dict[str, Any], blanks: dict[str, str], language: str) -> str:
    """Shorten the occupation, then the message, then the place, until all fits."""
    text = _plain(said["sms"].format(**blanks), language)
    for name, least in (("group", 8), ("message", 16), ("place", 6)):
        over = len(text) - LONGEST[language]
        if over <= 0:
            break
        keep = max(least, len(blanks[name]) - over - 1)
        if keep < len(blanks[name]):
            blanks = {**blanks, name: _cut(blanks[name], keep)}
        text = _plain(said["sms"].format(**blanks), language)
    return text


def _cut(text: str, length: int) -> str:
    """Cut without leaving a vowel or tone mark of Lao half off its letter."""
    kept = text[:length]
    while kept and length < len(text) and "\u0eb1" <= text[len(kept)] <= "\u0ece":
        kept = kept[:-1]
        length = len(kept)
    return f"{kept.rstrip()}."


def _plain(text: str, language: str) -> str:
    """English without a letter that would make three parts of it."""
    if language != "en":
        return text
    return "".join(character if character in PLAIN else "?" for character in text)
