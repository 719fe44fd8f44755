"""What a job title says, in a form that titles of one or two languages can be compared by.

A title is taken apart into the jobs it lists, its words, the ranks and shifts it names, and the
concepts its words stand for in any language (`config/lexicon/title_words.csv`, `title_ranks.csv`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import fuzz

from config.vocabulary import read_table
from streams.text import fold

LIST_MARK: Final = " | "
"""Stands in a title's key between the jobs that it lists."""
_SCRIPTS: Final = (
    ("lo", re.compile("[\u0e80-\u0eff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("la", re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")),
)
_DECORATION: Final = re.compile(
    r"\b(?:urgent(?:ly)?|re advertised|(?:we are |now )?(?:hiring"
    r"|looking for|recruiting)|recruits?|wanted|needed"
    r"|required|vacanc(?:y|ies)|apply now|jobs?|positions?|posts?"
    r"|m f|f m|male female|male or female|male|female"
    r"|lao national|lao nationals|full time|based in|immediately"
    r"|new|\d+ (?:persons?|people|pax|openings?)"
    r"|x ?\d+|\d+ ?x)\b"
    r"|ດ່ວນ(?:ທີ່ສຸດ)?|(?:ປະກາດ)?ຮັບສະຫມັກ(?:ພະນັກງານ(?=[: ]))?"
    r"|ປະກາດ|ຕ້ອງການ|ຊອກຫາ|ຕຳແຫນ່ງ|ເພດ(?:ຍິງ|ຊາຍ)|ຊາຍ ?ຍິງ"
    r"|ຍິງ ?ຊາຍ|ມີປະສົບການ|ເຕັມເວລາ|ຈຳນວນ|\d+ ?(?:ຄົນ|ຕຳແຫນ່ງ"
    r"|ອັດຕາ|อัตรา|ตำแหน่ง|คน|人|名)|หลายอัตรา|ຫລາຍອັດຕາ"
    r"|ด่วน|รับสมัคร(?:งาน)?|ต้องการ|ตำแหน่ง|tuyển(?: dụng)?"
    r"|cần tuyển|gấp|急聘|急招|诚聘|招聘|聘"
)
_ABBREVIATIONS: Final = {
    "mgr": "manager", "asst": "assistant", "eng": "engineer", "off": "officer",
    "sup": "supervisor", "spv": "supervisor", "tech": "technician", "sr": "senior", "jr": "junior",
    "exec": "executive", "rep": "representative", "hr": "human resources", "acct": "accountant",
    "admin": "administrator", "sec": "secretary", "dev": "developer",
}  # fmt: skip
_LISTS: Final = re.compile(
    r"\s*(?:[,;/+•|、，]|\s&\s|\band\b|\bor\b|ແລະ|ຫຼື|ຫລື|และ|หรือ"
    r"|\bvà\b|\bhoặc\b|和|与|及)\s*"
)
_PARTS: Final = re.compile(
    r"\s+[-–—|]\s*|\s*[-–—|]\s+|\s*\|\s*|,\s+|\s+(?:at|in|for)\s+|\s+ປະຈຳ\s*"
)
_BRACKETS: Final = re.compile(r"[(\[（{]([^)\]）}]*)[)\]）}]")
# Whether a text names a worker: only then can it stand in a list of jobs.
_WORKER: Final = re.compile(
    r"(?:(?<!numb)(?<!off)(?<!wat)(?<!pow)(?<!pap)er|or|ist|ant"
    r"|ian|man|men|maid|guard|nurse|cook|chef|clerk|intern"
    r"|staff|agent|secretary|teller|architect|barista|worker"
    r"|officer|labourer|attendant|executive|waitress"
    r"|mechanic|analyst|representative)s?\b"
    r"|ນັກ|ພະນັກງານ|ຊ່າງ|ຄົນ|ຜູ້|ແມ່|ພໍ່|ຄູ|ອາຈານ|ຫມໍ|ພະຍາບານ|ຍາມ"
    r"|ຫົວຫນ້າ|ວິສະວະກອນ|ເຈົ້າຫນ້າທີ່|ກຳມະກອນ|ເລຂາ"
    r"|พนักงาน|ช่าง|นัก|ผู้|คน|ครู|หัวหน้า|เจ้าหน้าที่|แม่บ้าน|พ่อครัว|วิศวกร"
    r"|nhân viên|kỹ sư|thợ|lái xe|giáo viên|đầu bếp|kế toán"
    r"|bảo vệ|lễ tân|[员师工]|司机|经理|翻译|助理"
)
_FOOD: Final = re.compile(r"\bf b\b")
_VAGUE: Final = frozenset(("labour", "operate", "clerk", "shop"))
_LINKS: Final = frozenset(("and", "the", "of", "a", "an"))
_LEADING_NUMBER: Final = re.compile(r"^\d{1,3} (?=\w)")
_VIETNAMESE: Final = re.compile("[ăđơư\u1ea0-\u1ef9]")
_DIGITS: Final = re.compile(r"\d+|\b[ivx]{1,4}\b")
# Ranks that the words of one language keep apart and those of another do not.
_LOOSE: Final = {"supervisor": "head", "officer": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title taken apart; equal keys give equal titles."""

    key: str
    by_script: dict[str, str]
    """Words of each script, so that "ນັກບັນຊີ / Accountant" can be compared with either half."""
    ranks: frozenset[str]
    concepts: frozenset[str]
    jobs: tuple[str, ...]
    """Keys of the jobs listed; one where the title names a single job."""


def title_key(title: str, is_aside: Callable[[str], bool] | None = None) -> str:
    """The title folded, without words that say how urgent or how many, jobs of a list apart.

    `is_aside` tells of a part after the first that it names the employer or a place, not the job.
    """
    jobs = _listed(_without_asides(unicodedata.normalize("NFC", title), is_aside))
    return LIST_MARK.join(jobs)


@lru_cache(maxsize=50_000)
def parse(key: str) -> Title:
    """The title behind a key made by `title_key`."""
    text = key.replace(LIST_MARK, " ")
    return Title(
        key=key,
        by_script=_by_script(text),
        ranks=_found(text, _ranks()) | frozenset(_DIGITS.findall(text)),
        concepts=_telling(_found(text, _concepts())),
        jobs=tuple(key.split(LIST_MARK)),
    )


def likeness(one: Title, other: Title) -> float | None:
    """How alike the words are, in [0, 1], in a script that both use; `None` where there is none."""
    if one.key == other.key:
        return 1.0
    shared = one.by_script.keys() & other.by_script.keys()
    if not shared:
        return None
    return (
        max(
            fuzz.token_sort_ratio(one.by_script[script], other.by_script[script])
            for script in shared
        )
        / 100
    )


def kinship(one: Title, other: Title) -> float:
    """How far the words of one title hold those of the other, in [0, 1]; 0 across scripts."""
    shared = one.by_script.keys() & other.by_script.keys()
    return max(
        (fuzz.token_set_ratio(one.by_script[s], other.by_script[s]) / 100 for s in shared),
        default=0.0,
    )


def same_rank(one: Title, other: Title) -> bool:
    """Whether ranks, shifts and numbers agree: titles that differ in them are two jobs."""
    if one.ranks == other.ranks:
        return True
    if one.by_script.keys() == other.by_script.keys():
        return False
    return loosely(one.ranks) == loosely(other.ranks)


def lists_also(one: Title, other: Title) -> bool:
    """Whether one title lists several jobs of which the other advertises one or some."""
    if len(one.jobs) == len(other.jobs):
        return False
    few, many = sorted((one, other), key=lambda title: len(title.jobs))
    return all(any(_one_job(parse(job), parse(listed)) for listed in many.jobs) for job in few.jobs)


def _one_job(one: Title, other: Title) -> bool:
    if not same_rank(one, other):
        return False
    alike = likeness(one, other)
    if alike is None:
        return bool(one.concepts) and one.concepts == other.concepts
    return alike >= 0.88


def loosely(ranks: frozenset[str]) -> frozenset[str]:
    """Ranks as far as all languages tell them apart."""
    if "director" in ranks:  # a managing director is no manager
        ranks = ranks - {"manager"}
    return frozenset(loose for rank in ranks if (loose := _LOOSE.get(rank, rank)))


def _telling(concepts: frozenset[str]) -> frozenset[str]:
    """Without "worker" and the like, where other words say what work it is."""
    return concepts - _VAGUE or concepts


def _without_asides(title: str, is_aside: Callable[[str], bool] | None) -> str:
    if is_aside is None:
        return title
    inside = [found for found in _BRACKETS.findall(title) if found.strip()]
    outer = _BRACKETS.sub(" ", title)
    parts = [part for part in _PARTS.split(outer) if part.strip()]
    kept = [part for number, part in enumerate(parts) if number == 0 or not is_aside(part)]
    whole = outer if len(kept) == len(parts) else " ".join(kept)
    return " ".join([whole, *(part for part in inside if not is_aside(part))])


def _listed(title: str) -> list[str]:
    """Keys of the jobs that a title lists; a list in two languages names its jobs twice."""
    pieces = [piece for piece in _LISTS.split(title.casefold()) if piece.strip()]
    if len(pieces) > 1:
        parts = [part for piece in pieces if (part := _plain(piece))]
        scripts = [_script(part) for part in parts]
        paired = len(parts) > 1 and all(scripts.count(script) > 1 for script in scripts)
        if paired and all(_WORKER.search(part) for part in parts):
            return sorted(dict.fromkeys(parts))
    return [_plain(title) or fold(title)]


def _plain(text: str) -> str:
    folded = _LEADING_NUMBER.sub("", _DECORATION.sub(" ", fold(text)).strip())
    folded = _FOOD.sub("food beverage", folded)
    return " ".join(_ABBREVIATIONS.get(word, word) for word in folded.split() if word not in _LINKS)


def _singular(word: str) -> str:
    """English plurals lose their ending: "3 accountants" are three openings of one job."""
    if len(word) > 4 and word.isascii() and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


def _script(text: str) -> str:
    return next((name for name, letters in _SCRIPTS if letters.search(text)), "")


def _by_script(text: str) -> dict[str, str]:
    words: dict[str, list[str]] = {}
    latin = "vi" if _VIETNAMESE.search(text) else "la"
    for word in text.split():
        if script := _script(word):
            words.setdefault(latin if script == "la" else script, []).append(_singular(word))
    return {script: " ".join(found) for script, found in words.items()}


def _found(text: str, table: tuple[re.Pattern[str], dict[str, str]]) -> frozenset[str]:
    pattern, names = table
    return frozenset(names[found] for found in pattern.findall(text))


@cache
def _concepts() -> tuple[re.Pattern[str], dict[str, str]]:
    return _table("title_words.csv", "concept")


@cache
def _ranks() -> tuple[re.Pattern[str], dict[str, str]]:
    return _table("title_ranks.csv", "rank")


def _table(name: str, column: str) -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    for row in read_table("lexicon", name):
        for word in _spellings(row["words"].split("|")):
            names.setdefault(word, row[column])
    longest = sorted(names, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_as_word, longest))), names


def _spellings(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        yield fold(word)
        yield " ".join(map(_singular, fold(word).split()))


def _as_word(word: str) -> str:
    """Latin words stand alone; Lao, Thai and Chinese write none apart."""
    return rf"\b{re.escape(word)}\b" if _script(word) == "la" else re.escape(word)
