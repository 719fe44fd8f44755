"""One key for the ways in which an employer's name is written.

A key is made of the words that tell employers apart: legal forms and branches are left out, common
trade words stand for their concept in any language, and what remains of a name is reduced to its
consonants, because Lao names have no settled spelling in Latin letters (ແມ່ຂອງ, Mekong, Maekhong).
Two employers may share a key; that costs a comparison more, never a wrong link by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from config.vocabulary import read_table

_LAO: Final = re.compile("[\u0e80-\u0eff]")
# Kept apart from the names that they follow. The order is that of the text: longest first.
_LEGAL_LAO: Final = re.compile(
    "ບໍລິສັດ|ຫ້າງຫຸ້ນສ່ວນ|ລັດວິສາຫະກິດ|ວິສາຫະກິດ|ຈຳກັດຜູ້ດຽວ|ຈຳກັດ|ມະຫາຊົນ|ຜູ້ດຽວ|ສ່ວນບຸກຄົນ|ກຣຸບ|ກຣຸ໊ບ|ກຸ່ມ|ລາວ"
    "|บริษัท|จำกัด|มหาชน"
)
_BRANCH: Final = re.compile(
    r"ສາຂາ.*$|\b(?:branch|office) (?:of|in|at) .*$"
    r"|[,(–-]\s*[^,(–-]*\bbranch\b.*$|\bbranch\b|\bhead office\b"
    r"|สาขา.*$|chi nhánh.*$|分公司$"
)
_LEGAL: Final = frozenset(
    [
        "co",
        "company",
        "ltd",
        "limited",
        "sole",
        "solely",
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "plc",
        "pcl",
        "public",
        "llc",
        "llp",
        "gmbh",
        "pte",
        "pty",
        "sarl",
        "sa",
        "jsc",
        "jv",
        "enterprise",
        "enterprises",
        "group",
        "holding",
        "holdings",
        "the",
        "and",
        "of",
        "laos",
        "lao",
        "laotian",
        "pdr",
        "công",
        "ty",
        "tnhh",
        "cổ",
        "phần",
        "cp",
        "có",
        "hạn",
    ]
)
_CHINESE_LEGAL: Final = re.compile(r"(?:股份)?有限(?:责任)?公司|公司|集团|老挝")
_LIGATURES: Final = (("ໜ", "ຫນ"), ("ໝ", "ຫມ"), ("ໍາ", "ຳ"), ("ຼ", "ລ"))
# One letter for each group of sounds that romanisations of Lao mix up. Vowels, semivowels and H go.
_SOUND_OF_LAO: Final = str.maketrans("ກຂຄງຈສຊດຕຖທນບປຜພຝຟມຣລຳ", "KKKNCSSTTTTNPPPPFFMLLM")
_DIGRAPHS: Final = (
    ("ng", "N"), ("nh", "N"), ("ph", "P"), ("th", "T"), ("kh", "K"), ("ch", "C"), ("sh", "S"),
    ("ck", "K"), ("qu", "K"),
)  # fmt: skip
_SOUND_OF_LATIN: Final = str.maketrans("bcdfgjklmnpqrstxz", "PKTFKCKLMNPKLSTSS")
_SOUNDS: Final = re.compile("[^A-Z0-9]+")
_EDGES: Final = ".,;:()[]{}'\"&/-–|"
_BETWEEN: Final = re.compile(r"[\s/&,()-]+")
_TWICE: Final = re.compile(r"(.)\1+")


def employer_key(name: str) -> str:
    """Key of an employer's name, "" for an empty one. The same for case, spacing, legal form,
    branch, common trade words in another language, and romanisation."""
    plain = " ".join(name.casefold().split())
    return _key(plain) if plain else ""


@lru_cache(maxsize=50_000)
def _key(plain: str) -> str:
    words = _words_that_tell(plain)
    kept = [word for word in words if word.startswith("#")]
    sound = _TWICE.sub(r"\1", "".join(sounds(word) for word in words if not word.startswith("#")))
    rest = "".join(sorted(set(kept)))
    # A name of legal words or vowels alone tells nothing when reduced: it stays as it is.
    return f"{sound}{rest}" or plain


def name_words(name: str) -> list[str]:
    """Words of a name that tell employers apart, trade words as they stand."""
    text = unicodedata.normalize("NFKC", " ".join(name.casefold().split()))
    for pattern in (_BRANCH, _LEGAL_LAO, _CHINESE_LEGAL):
        text = pattern.sub(" ", text)
    words = [word.strip(_EDGES) for word in _BETWEEN.split(text)]
    return [word for word in _without_legal(words) if word]


def spoken(name: str) -> str:
    """Sounds of a name word by word: "Khamphet Tai" is another house than "Khamphet", though
    their keys are equal."""
    words = _words_that_tell(" ".join(name.casefold().split()))
    return "".join(_TWICE.sub(r"\1", sounds(word)) for word in words if word[0] != "#")


def is_agency(name: str) -> bool:
    """Whether the name says that others are hired for: such an employer may stand for any."""
    return "#recruitment" in employer_key(name)


def sounds(word: str) -> str:
    """Consonants of a word in Lao or Latin letters as groups of sound; others stay as they are."""
    if _LAO.search(word):
        return _SOUNDS.sub("", word.translate(_SOUND_OF_LAO))
    plain = unicodedata.normalize("NFKD", word.replace("đ", "d"))
    if not any("a" <= letter <= "z" or letter.isdigit() for letter in plain):
        return word.upper()
    for letters, sound in _DIGRAPHS:
        plain = plain.replace(letters, sound)
    return _SOUNDS.sub("", plain.translate(_SOUND_OF_LATIN))


def _words_that_tell(plain: str) -> list[str]:
    text = unicodedata.normalize("NFKC", plain)
    for variant, standard in _LIGATURES:
        text = text.replace(variant, standard)
    for pattern in (_BRANCH, _LEGAL_LAO, _CHINESE_LEGAL):
        text = pattern.sub(" ", text)
    pattern, concepts = _trades()
    text = pattern.sub(lambda found: f" #{concepts[found.group()]} ", text)
    words = [word.strip(_EDGES) for word in _BETWEEN.split(text)]
    return [word for word in _without_legal(words) if word]


def _without_legal(words: Iterable[str]) -> Iterable[str]:
    return (word for word in words if word.replace(".", "") not in _LEGAL)


@cache
def _trades() -> tuple[re.Pattern[str], dict[str, str]]:
    """Trade words of `config/lexicon/employer_words.csv` and the concept of each."""
    concepts: dict[str, str] = {}
    for row in read_table("lexicon", "employer_words.csv"):
        for word in row["words"].split("|"):
            concepts[unicodedata.normalize("NFKC", word).replace("ໍາ", "ຳ")] = row["concept"]
    longest = sorted(concepts, key=lambda word: (-len(word), word))
    parts = [rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in longest]
    return re.compile("|".join(parts)), concepts
