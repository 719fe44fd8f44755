"""What speaks for and against two postings being of one vacancy: named levels, field by field.

Levels are compared, never texts: a decision can be repeated and explained from them alone. They
are also what is stored of a link (`postings.link_evidence`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from scrapers.employers import employer_key, is_agency, name_words, spoken
from streams.levels import EmployerLevel, Level, TitleLevel
from streams.sketch import resemblance
from streams.state import VacancyState
from streams.text import fold
from streams.titles import Title, kinship, likeness, lists_also, parse, same_rank
from streams.traits import Traits, places_of

SAME_TITLE: Final = 0.92
"""Tolerates a typing error or an added article in a title of three words, not another word."""
KINDRED_TITLE: Final = 0.85
"""One title may name the place or the department and the other not; the text must then agree."""
SAME_TEXT: Final = 0.70
"""Copies of one text that a board has cut, framed or signed keep about this much in common."""
ALIKE_TEXT: Final = 0.35
UNRELATED_TEXT: Final = 0.10
"""Two long texts that share less describe two jobs, however alike their titles are."""
SAME_EMPLOYER: Final = 0.90
SAME_SOUND: Final = 0.65
"""Consonants of two spellings of one Lao name that agree, at least."""
EQUAL_PAY: Final = 0.02
FAR_PAY: Final = 0.15
"""Gap between two stated ranges, as a share of the higher, above which they are of two jobs."""
CLOSE_DAYS: Final = 21


_NO_TRADE: Final = frozenset(("international", "service"))
NATIONWIDE: Final = "LA"
_KNOWN: Final = "LA-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The levels of all fields, and whether the titles share a script and a rank."""

    employer: EmployerLevel
    title: TitleLevel
    place: Level
    pay: Level
    text: Level
    openings: Level
    period: Level
    demands: Level
    same_rank: bool
    translated: bool

    def code(self) -> str:
        """One letter for each field's level, for the register's memory; see `told`."""
        return "".join(
            _LETTERS[list(kind).index(getattr(self, name))] for name, kind in _FIELDS.items()
        )


_LETTERS: Final = "abcdefghij"
_FIELDS: Final[Mapping[str, type[EmployerLevel] | type[TitleLevel] | type[Level]]] = {
    "employer": EmployerLevel,
    "title": TitleLevel,
    "place": Level,
    "pay": Level,
    "text": Level,
    "openings": Level,
    "period": Level,
    "demands": Level,
}


def told(code: str) -> str:
    """The evidence behind `Evidence.code` in one line: `employer=same title=alike …`."""
    return " ".join(
        f"{name}={list(kind)[_LETTERS.index(letter)].value}"
        for letter, (name, kind) in zip(code, _FIELDS.items(), strict=False)
    )


def may_agree(traits: Traits, vacancy: VacancyState) -> bool:
    """Whether a look at places, employers and titles leaves it open that the two are one vacancy.

    Most candidates end here; comparing all fields costs ten times as much.
    """
    if compare_employers(traits.employer, vacancy.employer) is EmployerLevel.DIFFERENT:
        return False
    if _place_level(traits.place, vacancy.place) is Level.DIFFERENT:
        return False
    titles = compare_titles(traits.title_key, vacancy.title_key)
    if titles.level is TitleLevel.DIFFERENT:
        return titles.alike is None
    return titles.same_rank or titles.level is TitleLevel.LISTED


def compare(traits: Traits, vacancy: VacancyState, *, same_code: bool = False) -> Evidence:
    """Evidence about a posting and a vacancy; `same_code`: a coder gives both one occupation."""
    titles = compare_titles(traits.title_key, vacancy.title_key)
    same_language = not traits.script or not vacancy.script or traits.script == vacancy.script
    text = resemblance(traits.sketch, vacancy.sketch) if same_language else None
    undecided = titles.level not in {TitleLevel.EQUAL, TitleLevel.ALIKE, TitleLevel.MEANING}
    return Evidence(
        employer=compare_employers(traits.employer, vacancy.employer),
        title=TitleLevel.CODE if same_code and undecided else titles.level,
        place=_place_level(traits.place, vacancy.place),
        pay=_pay_level((traits.pay_low, traits.pay_high), (vacancy.pay_low, vacancy.pay_high)),
        text=_text_level(text),
        openings=_openings_level(traits.openings, vacancy.openings),
        period=_period_level(traits, vacancy),
        demands=_demands_level(traits, vacancy),
        same_rank=titles.same_rank,
        translated=titles.alike is None or not same_language,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Titles:
    """How two titles compare; `alike` is `None` where they share no script."""

    level: TitleLevel
    alike: float | None
    same_rank: bool


@lru_cache(maxsize=100_000)
def compare_titles(one_key: str, other_key: str) -> Titles:
    """Level of two titles' keys. Markets repeat themselves: the same two meet again."""
    one, other = parse(one_key), parse(other_key)
    alike = likeness(one, other)
    return Titles(
        level=_title_level(one, other, alike), alike=alike, same_rank=same_rank(one, other)
    )


@lru_cache(maxsize=50_000)
def compare_employers(one: str, other: str) -> EmployerLevel:
    """Level of two employers' names."""
    if not one or not other:
        return EmployerLevel.UNKNOWN
    if fold(one) == fold(other):
        return EmployerLevel.AGENCY if is_agency(one) else EmployerLevel.SAME
    if employer_key(one) == employer_key(other):
        apart = is_latin(one) and is_latin(other) and spoken(one) != spoken(other)
        return EmployerLevel.DIFFERENT if apart else EmployerLevel.VARIANT
    if is_agency(one) or is_agency(other):
        return EmployerLevel.UNKNOWN
    if is_latin(one) != is_latin(other):
        return _across_scripts(employer_key(one), employer_key(other))
    alike = fuzz.token_sort_ratio(bare(one), bare(other)) >= 100 * SAME_EMPLOYER
    return EmployerLevel.VARIANT if alike else EmployerLevel.DIFFERENT


def is_latin(name: str) -> bool:
    """Whether no letter of `name` is of an Asian script."""
    return max(name) < "\u0e00" or all(c < "\u0e00" or "\u1e00" <= c < "\u2100" for c in name)


def _across_scripts(one: str, other: str) -> EmployerLevel:
    """Level of two keys of names in two scripts: by sound, else by the trades that they name."""
    (sound, *words), (other_sound, *other_words) = one.split("#"), other.split("#")
    trades, other_trades = set(words) - _NO_TRADE, set(other_words) - _NO_TRADE
    if trades and other_trades and not trades & other_trades:
        return EmployerLevel.DIFFERENT
    same_trade = bool(trades) and trades == other_trades
    alike = fuzz.ratio(sound, other_sound) >= 100 * SAME_SOUND
    begin_alike = same_trade and sound[:2] == other_sound[:2] != ""
    if begin_alike or (alike and min(len(sound), len(other_sound)) > 2):
        return EmployerLevel.VARIANT
    return EmployerLevel.OTHER_SCRIPT if same_trade else EmployerLevel.DIFFERENT


@lru_cache(maxsize=50_000)
def bare(employer: str) -> str:
    """The name without legal form and branch, folded."""
    return " ".join(name_words(employer))


def _title_level(one: Title, other: Title, alike: float | None) -> TitleLevel:
    # "ນັກບັນຊີ / Accountant" holds the whole of "Accountant".
    whole = alike == 1.0 and one.by_script.keys() != other.by_script.keys()
    if one.key == other.key or whole:
        return TitleLevel.EQUAL
    if alike is not None and alike >= SAME_TITLE:
        return TitleLevel.ALIKE
    if lists_also(one, other):
        return TitleLevel.LISTED
    if one.concepts and one.concepts == other.concepts:
        return TitleLevel.MEANING
    shared = len(one.concepts & other.concepts)
    if alike is None:
        if not one.concepts or not other.concepts:
            return TitleLevel.OPAQUE
        kindred = shared * 2 >= len(one.concepts | other.concepts)
    else:
        known = bool(one.concepts) and bool(other.concepts)
        kindred = (shared > 0 or not known) and kinship(one, other) >= KINDRED_TITLE
    return TitleLevel.KINDRED if kindred else TitleLevel.DIFFERENT


@lru_cache(maxsize=20_000)
def _place_level(one: str, other: str) -> Level:
    if not one or not other:
        return Level.UNKNOWN
    if one == other:
        return Level.EQUAL
    left, right = places_of(one), places_of(other)
    if NATIONWIDE in (one, other):
        return Level.PART
    if one.startswith(_KNOWN) != other.startswith(_KNOWN):
        return Level.UNKNOWN
    shared = [place for place in left if any(_within(place, p) for p in right)]
    if not shared:
        return Level.DIFFERENT
    return Level.OVERLAP if len(left) == len(right) == 1 else Level.PART


def _within(one: str, other: str) -> bool:
    """A district lies in its province: "LA-VT" and "LA-VT/LA0103" can be one place."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _pay_level(one: tuple[int, int], other: tuple[int, int]) -> Level:
    if not one[1] or not other[1]:
        return Level.UNKNOWN
    if all(abs(a - b) <= EQUAL_PAY * max(a, b) for a, b in zip(one, other, strict=True)):
        return Level.EQUAL
    gap = max(one[0], other[0]) - min(one[1], other[1])
    if gap <= 0:
        return Level.OVERLAP
    return Level.DIFFERENT if gap > FAR_PAY * max(one[0], other[0]) else Level.CLOSE


def _text_level(text: float | None) -> Level:
    if text is None:
        return Level.UNKNOWN
    if text >= SAME_TEXT:
        return Level.EQUAL
    if text >= ALIKE_TEXT:
        return Level.ALIKE
    return Level.FAR if text >= UNRELATED_TEXT else Level.DIFFERENT


def _openings_level(one: int, other: int) -> Level:
    if one == other:
        return Level.EQUAL if one > 1 else Level.UNKNOWN
    return Level.PART if min(one, other) > 1 else Level.DIFFERENT


def _period_level(traits: Traits, vacancy: VacancyState) -> Level:
    apart = min(
        abs(traits.opened_on - vacancy.started_on),
        abs(traits.opened_on - vacancy.closed_on) if vacancy.closed_on else 10**6,
    )
    return Level.CLOSE if apart <= CLOSE_DAYS else Level.FAR


def _demands_level(traits: Traits, vacancy: VacancyState) -> Level:
    """Years of experience and level of education, where both state them."""
    pairs = [
        (a, b)
        for a, b in ((traits.years, vacancy.years), (traits.education, vacancy.education))
        if a >= 0 and b >= 0
    ]
    if not pairs:
        return Level.UNKNOWN
    return Level.EQUAL if all(a == b for a, b in pairs) else Level.DIFFERENT
