"""Which columns of a table to be coded are what: as `ingest` takes them, and more freely. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scrapers.parsing.columns import ColumnError, TableKind, map_columns, personal_columns

_LANGUAGE: Final = frozenset({"language", "lang", "language code", "ພາສາ", "ภาษา", "inlanguage"})
# A set made for scoring calls its titles as it likes; these words tell, the first ones best.
_TITLE_WORDS: Final = (
    re.compile(r"title|ຕຳແໜ່ງ|ຕໍາແໜ່ງ|ຕຳແຫນ່ງ|ຫົວຂໍ້|ตำแหน่ง|chức danh|tiêu đề|职位|岗位|标题"),
    re.compile(r"\b(position|vacanc|post|job|role|occupation)|ອາຊີບ|ຊື່ວຽກ|อาชีพ|nghề|vị trí|职业"),
    re.compile(r"\b(name|text|expression|phrase|query|raw|input|posting|advert)\b|ຂໍ້ຄວາມ"),
)
_NO_TITLE: Final = re.compile(
    r"\b(id|isco\d*|isic|esco|code\d*|codes|url|link|date|posted|salary|type|label|truth|gold|"
    r"company|employer|language|lang|location|probability|score|source|style)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Column → field for what is read, and the columns with a meaning of their own."""

    fields: Mapping[str, str]
    language: str
    """Column with the language of a posting, a hint; "" where there is none."""


def columns_of(
    names: Sequence[str], told: Mapping[str, str], truths: Sequence[str] = ()
) -> Columns:
    """What the columns of a table mean.

    Args:
        told: column → field, which wins.
        truths: columns with codes given by people; never read as evidence.

    Raises:
        ColumnError: no column can be the title, or one that was told does not exist.
    """
    if missing := [name for name in truths if name not in names]:
        raise ColumnError(f"no column {missing[0]!r} with true codes; there are {', '.join(names)}")
    kept = [name for name in names if name and name not in truths]
    language = next((name for name in kept if _plain(name) in _LANGUAGE), "")
    try:
        fields = map_columns(kept, TableKind.POSTINGS, told)
    except ColumnError:
        title = _likely_title(kept, told)
        if not title:
            raise
        fields = map_columns(kept, TableKind.POSTINGS, {**told, title: "title"})
    return Columns(fields=fields, language=language)


def fitting(names: Sequence[str], told: Mapping[str, str], truths: Sequence[str]) -> int:
    """How many of some names are columns with a meaning; 0 where they cannot be a heading."""
    try:
        columns = columns_of(names, told, truths)
    except ColumnError:
        return 0
    return len(columns.fields) + bool(columns.language) + len(truths)


def _likely_title(names: Sequence[str], told: Mapping[str, str]) -> str:
    if "title" in told.values():
        return ""
    unfit = {*personal_columns(names), *told}
    free = [name for name in names if name not in unfit and not _NO_TITLE.search(_plain(name))]
    for words in _TITLE_WORDS:
        for name in free:
            if words.search(_plain(name)):
                return name
    return free[0] if len(free) == 1 else ""


def _plain(column: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-./]+", " ", column)
    return " ".join(spaced.casefold().split())
