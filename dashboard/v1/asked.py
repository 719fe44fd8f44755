"""Words of a query → typed values, or what was expected instead. Pure: used by REST and shell.

Codes are those of the codelists; `_T` is the total (the nation, all occupations), `_U` unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.skills import skill_groups, skills
from config.vocabulary import districts, industries, occupations, provinces
from dashboard.v1.refusing import AskedError

TOTAL: Final = "_T"
UNKNOWN: Final = "_U"
ZONE: Final = ZoneInfo("Asia/Vientiane")
_MOST_CODES: Final = 50
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_YEAR: Final = re.compile(r"\d{4}")
_WEEK: Final = re.compile(r"(\d{4})-W(\d{2})")
_EARLIEST: Final = date(1970, 1, 1)
_LATEST: Final = date(2149, 6, 6)
_WHEN: Final = "a day (2026-03-31), week (2026-W13), month (2026-03) or year, 1970 to 2149"
_MOMENT: Final = "a moment with its zone (2026-03-31T02:00:00Z) or a day, of which the end counts"

Words = Mapping[str, str]


def known(words: Words, allowed: Collection[str]) -> None:
    """Nothing where every parameter is one of `allowed`, and no time ends before it begins.

    Raises:
        AskedError: naming the first that is not.
    """
    for name in words:
        if name not in allowed:
            raise AskedError(name[:60], f"one of the parameters {', '.join(sorted(allowed))}")
    first, last = since(words), until(words)
    if first and last and first > last:
        raise AskedError("since", "a day not after until")


def several(words: Words, name: str) -> list[str]:
    """The values of a parameter that may hold several, separated by commas."""
    given = [value.strip() for value in words.get(name, "").split(",") if value.strip()]
    if len(given) > _MOST_CODES:
        raise AskedError(name, f"at most {_MOST_CODES} values")
    return list(dict.fromkeys(given))


def codes(
    words: Words, name: str, listed: Collection[str], where: str, *, empty: str = TOTAL
) -> list[str]:
    """Codes of a list; the word `empty` stands for ""."""
    given = several(words, name)
    for code in given:
        if code != empty and code not in listed:
            raise AskedError(name, f"{empty} or a code of {where}, got {code[:40]!r}")
    return ["" if code == empty else code for code in given]


def provinces_asked(words: Words, empty: str = TOTAL) -> list[str]:
    """Provinces by ISO 3166-2:LA."""
    return codes(words, "province", provinces(), "/v1/codelists/provinces", empty=empty)


def districts_asked(words: Words) -> list[str]:
    """Districts by P-code."""
    return codes(words, "district", districts(), "/v1/codelists/districts", empty=UNKNOWN)


def occupations_asked(words: Words, empty: str = TOTAL, *, stars: bool = True) -> list[str]:
    """ISCO-08 codes of 1 to 4 digits; with `stars` also `25*`: all codes that begin so."""
    given = several(words, "occupation")
    for code in given:
        bare = code.removesuffix("*") if stars else code
        if code != empty and bare not in occupations() and code != "*":
            raise AskedError("occupation", f"{empty} or an ISCO-08 code of 1 to 4 digits, {code!r}")
    return ["" if code == empty else code for code in given]


def industries_asked(words: Words, empty: str = TOTAL) -> list[str]:
    """ISIC Rev. 4 sections."""
    sections = [code for code in industries() if len(code) == 1]
    return codes(words, "sector", sections, "/v1/codelists/isic4", empty=empty)


def skills_asked(words: Words, empty: str = TOTAL) -> list[str]:
    """Skills and groups of skills."""
    listed: Collection[str] = {*skills(), *skill_groups()} if words.get("skill") else ()
    return codes(words, "skill", listed, "/v1/codelists/skills", empty=empty)


def one_of(words: Words, name: str, choices: Sequence[str], default: str) -> str:
    """One word of a few."""
    given = words.get(name) or default
    if given not in choices:
        raise AskedError(name, f"one of {', '.join(choices)}")
    return given


def some_of(words: Words, name: str, choices: Sequence[str]) -> list[str]:
    """Any words of a few."""
    given = several(words, name)
    for word in given:
        if word not in choices:
            raise AskedError(name, f"one or more of {', '.join(choices)}")
    return given


def flag(words: Words, name: str) -> bool:
    """`true` or `false`; not given: false."""
    return one_of(words, name, ("true", "false"), "false") == "true"


def whole(words: Words, name: str, default: int, low: int, high: int) -> int:
    """A whole number within bounds."""
    text = words.get(name, "")
    number = int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else default if not text else -1
    if not low <= number <= high:
        raise AskedError(name, f"a whole number from {low:,} to {high:,}")
    return number


def since(words: Words) -> date | None:
    """First day of the time asked for."""
    return _day(words, "since", lambda first, _: first)


def until(words: Words) -> date | None:
    """Last day of the time asked for."""
    return _day(words, "until", lambda _, last: last)


def moment(words: Words, name: str = "as_of") -> datetime | None:
    """A moment in UTC; of a day, its end in Vientiane."""
    text = words.get(name, "").strip()
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            ends = date.fromisoformat(text) + timedelta(days=1)
            local = datetime(ends.year, ends.month, ends.day, tzinfo=ZONE)
            return _bounded(local.astimezone(UTC) - timedelta(milliseconds=1), name)
        given = datetime.fromisoformat(text.replace(" ", "+"))
        if given.tzinfo is not None:
            return _bounded(given.astimezone(UTC), name)
    except (ValueError, OverflowError) as error:
        raise AskedError(name, _MOMENT) from error
    raise AskedError(name, _MOMENT)


def _bounded(given: datetime, name: str) -> datetime:
    if not 1970 <= given.year <= 2200:
        raise AskedError(name, _MOMENT)
    return given.replace(microsecond=given.microsecond // 1000 * 1000)


def _day(words: Words, name: str, choose: Callable[[date, date], date]) -> date | None:
    text = words.get(name, "").strip()
    if not text:
        return None
    try:
        day = choose(*_period(text))
    except (ValueError, OverflowError) as error:
        raise AskedError(name, _WHEN) from error
    if not _EARLIEST <= day <= _LATEST:
        raise AskedError(name, _WHEN)
    return day


def _period(text: str) -> tuple[date, date]:
    """First and last day.

    Raises:
        ValueError: no day, week, month or year.
    """
    if not text.isascii():
        raise ValueError(text)
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if month := _MONTH.fullmatch(text):
        first = date(int(month[1]), int(month[2]), 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if week := _WEEK.fullmatch(text):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return monday, monday + timedelta(days=6)
    day = date.fromisoformat(text)
    return day, day
