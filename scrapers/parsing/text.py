"""HTML → plain text that keeps lines, and cleaning of any text that comes from outside."""

from __future__ import annotations

import html as html_entities
import re
from typing import Final

_BLOCKS: Final = (
    "address|article|aside|blockquote|br|dd|div|dl|dt|figure|footer|form|h[1-6]|header|hr|li|main"
    "|nav|ol|p|pre|section|table|tbody|td|th|thead|tr|ul"
)
# No pattern lets a tag span another "<", so that each is linear in the length of hostile input.
_ATTRIBUTES: Final = r"(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+"
_DROPPED: Final = re.compile(
    r"<(script|style|noscript|template|svg|head|iframe|object|button)\b.*?(?:</\1\s*+>|\Z)"
    r"|<!--.*?(?:-->|\Z)",
    re.IGNORECASE | re.DOTALL,
)
# Icon fonts write a ligature's name as text: <i class="material-icons">location_on</i>.
_ICON_CLASS: Final = (
    r"material-(?:icons|symbols)|\bfa[srbl]?\b|\bfa-|\bicon\b|\bicon-|\bglyphicon|\bmdi\b|\bbi-"
)
_ICON_WORD: Final = (
    r"[a-z]+(?:_[a-z0-9]+)+|timer|place|work|schedule|event|paid|payments|business|room|apartment"
    r"|today|alarm|person|group|school|star|home|badge"
)
_ICON: Final = re.compile(
    rf"<(i|span|em)\b[^<>]*\bclass\s*=\s*[\"'][^\"'<>]*(?:{_ICON_CLASS})[^<>]*>"
    r"(?:[\sa-z0-9_\ue000-\uf8ff]|&#\w{1,8};)*+</\1\s*>"
    rf"|<i\b[^<>]*>\s*(?:{_ICON_WORD})\s*</i\s*>",
    re.IGNORECASE,
)
_SHOWS_ICON: Final = re.compile(_ICON_CLASS, re.IGNORECASE)
_GLYPHS: Final = re.compile(r"[\sa-z0-9_\ue000-\uf8ff]*")
_ONLY_ICON: Final = re.compile(rf"\s*(?:{_ICON_WORD})\s*")
_BLOCK_TAG: Final = re.compile(rf"</?(?:{_BLOCKS})\b{_ATTRIBUTES}/?>", re.IGNORECASE)
_TAG: Final = re.compile(rf"</?[a-z!?]{_ATTRIBUTES}/?>", re.IGNORECASE)
# C0 controls but tab, line feed and carriage return; C1; lone surrogates (not valid in UTF-8).
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u200b]")
_ESCAPED_TAG: Final = re.compile(r"&(?:amp;)?(?:lt|#60|#x3c);/?[a-z]", re.IGNORECASE)
_BLANK_LINES: Final = re.compile(r"\n{3,}")


def clean_line(text: str) -> str:
    """One line: unprintable characters gone, every run of white space one space."""
    # Printable text (the usual case) has no white space but the space.
    if not text.isprintable():
        text = _UNPRINTABLE.sub("", text)
    return " ".join(text.split())


def clean_lines(text: str) -> str:
    """Lines kept, each trimmed; at most one blank line in a row."""
    if "\n" not in text and text.isprintable():
        return " ".join(text.split())
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.replace("\n", "").isprintable():
        text = _UNPRINTABLE.sub("", text)
    lines = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    return (_BLANK_LINES.sub("\n\n", lines) if "\n\n\n" in lines else lines).strip()


def is_icon_name(text: str, shown_as: str, tag: str) -> bool:
    """Whether an element's text is an icon font's name; `shown_as` is its class."""
    if shown_as and _SHOWS_ICON.search(shown_as):
        return _GLYPHS.fullmatch(text) is not None
    return tag == "i" and _ONLY_ICON.fullmatch(text) is not None


def unescaped(markup: str) -> str:
    """HTML that was escaped as text (once or twice), as HTML; any other text unchanged."""
    for _ in range(2):
        if "<" in markup or not _ESCAPED_TAG.search(markup):
            break
        markup = html_entities.unescape(markup)
    return markup


def html_to_text(markup: str) -> str:
    """Text of an HTML fragment or page, one line per block; scripts and icon names dropped.

    Text without mark-up passes through cleaned, its line breaks kept. Never raises.
    """
    if "<" not in markup:
        return clean_lines(html_entities.unescape(markup) if "&" in markup else markup)
    text = _DROPPED.sub("", markup)
    if "class" in text or "<i" in text or "<I" in text:
        text = _ICON.sub("", text)
    text = _TAG.sub("", _BLOCK_TAG.sub("\x1e", text))
    blocks = html_entities.unescape(text).split("\x1e") if "&" in text else text.split("\x1e")
    return clean_lines("\n".join(block for block in map(str.strip, blocks) if block))
