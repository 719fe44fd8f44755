"""The language of a posting: by script where the script tells, else by letter statistics."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

UNDETERMINED: Final = "und"
# Enough text to tell; reading more changes the answer in no example we have and costs time.
HEAD: Final = 240

# Languages a Lao board carries in Latin script. More candidates mean more wrong guesses on the
# short, jargon-laden text of postings.
_LATIN_LANGUAGES: Final = ["en", "fr", "vi"]

_LAO: Final = re.compile("[\u0e81-\u0edf]")
_SCRIPTS: Final = (
    ("lo", _LAO),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("my", re.compile("[\u1000-\u109f]")),
)
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
# Letters of Vietnamese that no other language here has.
_VIETNAMESE: Final = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
# A posting in Lao often names its product or title in English: a third of the letters suffices.
_SCRIPT_SHARE: Final = 1 / 3
_VIETNAMESE_SHARE: Final = 0.05
# Three different ones of these settle it at a hundredth of the cost of statistics.
_ENGLISH: Final = frozenset(
    [
        "the",
        "and",
        "of",
        "for",
        "with",
        "to",
        "you",
        "we",
        "our",
        "are",
        "is",
        "will",
        "be",
        "your",
        "must",
        "have",
        "from",
        "this",
        "by",
        "at",
        "or",
        "as",
    ]
)


def detect_language(title: str, description: str, hint: str = "") -> str:
    """BCP 47 code of the text: lo, th, vi, zh, en…; the source's hint or "und" without letters."""
    head = f"{title}\n{description[:HEAD]}"
    return _by_head(head) or _primary(hint) or UNDETERMINED


@lru_cache(maxsize=8192)
def _by_head(head: str) -> str:
    if head.isascii():
        return _by_statistics(head) if _LATIN.search(head) else ""
    if 2 * len(_LAO.findall(head)) > len(head):
        return "lo"
    counts = [(len(script.findall(head)), code) for code, script in _SCRIPTS]
    latin = len(_LATIN.findall(head))
    most, code = max(counts)
    if most and most >= (most + latin) * _SCRIPT_SHARE:
        return code
    if len(_VIETNAMESE.findall(head)) > latin * _VIETNAMESE_SHARE:
        return "vi"
    return _by_statistics(head) if latin else ""


def _by_statistics(head: str) -> str:
    if len(_ENGLISH.intersection(head.lower().split())) > 2:
        return "en"
    code: str = _identifier().classify(head)[0]
    return code


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(_LATIN_LANGUAGES)
    return identifier


def _primary(hint: str) -> str:
    return hint.strip().lower().replace("_", "-").split("-")[0]
