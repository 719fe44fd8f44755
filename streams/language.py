"""The language of a posting: by script where the script tells, else by letter statistics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Final

from config.vocabulary import read_table

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
_WORD: Final = re.compile(r"[a-z\u00c0-\u024f\u1e00-\u1eff]+")
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


_SHORT: Final = 60
"""Characters of Latin text below which letter statistics are a guess (they call "Concierge" French
and "Villa Attendant" too): words decide, and without any it is English."""
_SECOND_READ: Final = 2_000
_SECOND_SHARE: Final = 0.08
_FEWEST: Final = 6
"""Letters of a second script, in Latin letters' worth; fewer are a name or an abbreviation."""
_LETTERS_OF: Final = {"zh": 3.0, "ja": 2.0, "ko": 2.0}
"""Latin letters that one sign is worth."""
_WORD_OF_TEXT: Final = re.compile(r"[a-z\u00c0-\u024f]{3,}")


def detect_language(title: str, description: str, hint: str = "") -> str:
    """BCP 47 code of the text: lo, th, vi, zh, en…; the source's hint or "und" without letters.

    Lao that is written in Latin letters is lo. The main language of a text in several; the other
    one is told by `second_language`.
    """
    head = f"{title}\n{description[:HEAD]}"
    return _by_head(head) or _primary(hint) or UNDETERMINED


def second_language(title: str, description: str, main: str) -> str:
    """The other language of a text in two, or "": of another script, with a tenth of the letters.

    A name or an abbreviation in Latin letters makes no second language; three words of running
    text do.
    """
    text = f"{title}\n{description[:_SECOND_READ]}"
    amounts = {
        code: len(script.findall(text)) * _LETTERS_OF.get(code, 1.0) for code, script in _SCRIPTS
    }
    latin = _LATIN.findall(text)
    amounts["la"] = float(len(latin))
    total = sum(amounts.values())
    own = main if amounts.get(main) else "la"  # Lao may be written in Latin letters
    others = {code: amount for code, amount in amounts.items() if code != own}
    code = max(others, key=lambda each: (others[each], each))
    if others[code] < max(_FEWEST, total * _SECOND_SHARE):
        return ""
    return _latin_second(text) if code == "la" else code


def _latin_second(text: str) -> str:
    """The language of the Latin words among others, if they are running text."""
    words = [word for line in text.split("\n") for word in _runs(line)]
    plain = " ".join(words)
    if len(_WORD_OF_TEXT.findall(plain.lower())) < 3:
        return ""
    if len(_VIETNAMESE.findall(plain)) > len(plain) * _VIETNAMESE_SHARE:
        return "vi"
    small = sum(word.islower() for word in words)
    return _by_statistics(plain) if small >= 3 else ""


def _runs(line: str) -> list[str]:
    """Words of Latin letters."""
    return [word for word in line.split() if _LATIN.search(word)]


@lru_cache(maxsize=8192)
def _by_head(head: str) -> str:
    if head.isascii():
        return _by_words(head) if _LATIN.search(head) else ""
    if 2 * len(_LAO.findall(head)) > len(head):
        return "lo"
    counts = [(len(script.findall(head)), code) for code, script in _SCRIPTS]
    latin = len(_LATIN.findall(head))
    most, code = max(counts)
    worth = most * _LETTERS_OF.get(code, 1.0)
    if most and worth >= (worth + latin) * _SCRIPT_SHARE:
        return code
    if len(_VIETNAMESE.findall(head)) > latin * _VIETNAMESE_SHARE:
        return "vi"
    return _by_words(head) if latin else ""


def _by_words(head: str) -> str:
    """By words that one language has; statistics for longer texts, English for short ones."""
    text = head.lower()
    if len(_ENGLISH.intersection(text.split())) > 2:
        return "en"
    for language in ("lo", "vi", "fr"):
        if _speaks(language, _plain(text) if language == "vi" else text):
            return language
    return _by_statistics(head) if len(head) > _SHORT else "en"


def _plain(text: str) -> str:
    """Vietnamese as it is typed without its marks."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _speaks(language: str, text: str) -> bool:
    """Whether a text has two of a language's own words, or is short and made of such words."""
    strong, known = _own_words()[language]
    found = strong.findall(text)
    words = _WORD.findall(text)
    covered = len(known.findall(text))
    if len(found) > 1:
        return True
    # One word may be borrowed ("Phanakngan Sales"): in a short text it is half of what is said.
    if found:
        return 2 * max(covered, len(found[0].split())) >= min(len(words), 4)
    return len(words) > 1 and covered == len(words)


@cache
def _own_words() -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """By language: expressions that it alone has, and all its words in the table."""
    strong: dict[str, list[str]] = {}
    known: dict[str, list[str]] = {}
    for row in read_table("lexicon", "language_words.csv"):
        words = row["words"].split("|")
        known.setdefault(row["language"], []).extend(w for each in words for w in each.split())
        strong.setdefault(row["language"], []).extend(words if row["strength"] == "strong" else ())
    return {code: (_any_of(strong[code]), _any_of(known[code])) for code in strong}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b")


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
