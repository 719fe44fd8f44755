"""Released figures as observations of the data structure, and selections as questions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby
from types import MappingProxyType
from typing import Final

from config.skills import skill_groups, skills
from config.vocabulary import read_table
from dashboard.sdmx import codelists
from dashboard.sdmx.codelists import NATION, TOTAL, UNKNOWN, plain
from dashboard.sdmx.keys import Selection
from dashboard.sdmx.periods import period_of
from warehouse.disclosure.records import CONFIDENTIAL_REASONS, Hidden, Released, View
from warehouse.disclosure.records import UNKNOWN as NOT_KNOWN
from warehouse.disclosure.release import period_end
from warehouse.released_series import Asked
from warehouse.series import Frequency, SeriesKey, Standing

_LOW_GRADES: Final = frozenset("EF")
_MOST_DECIMALS: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One observation: its key, its period, its value and its attributes, all as text."""

    key: tuple[str, ...]
    period: str
    value: str
    """ "" where there is none."""
    attributes: Mapping[str, str]
    """By id; without those that do not apply."""


def key_of(series: SeriesKey) -> tuple[str, ...]:
    """The key of a series."""
    indicator = plain(series.indicator)
    return (
        series.frequency.value,
        indicator,
        area(series.province),
        code(series.occupation),
        code(series.industry),
        code(series.skill),
        codelists.unit_codes().get(indicator, UNKNOWN),
    )


def code(held: str) -> str:
    """An SDMX code; "" is the total."""
    return TOTAL if not held else UNKNOWN if held == NOT_KNOWN else plain(held)


def area(province: str) -> str:
    """An area; "" is the nation."""
    return NATION if not province else code(province)


def figure_of(released: Released, provisional: frozenset[str] = frozenset()) -> Figure:
    """A released figure; `provisional`: releases that a final one will follow."""
    series = released.series
    kept = {
        "OBS_STATUS": status(released, provisional),
        "CONF_STATUS": _confidentiality(released),
        "DECIMALS": _decimals(released),
        "UNIT_MULT": "0",
        "N": "" if released.n is None else str(released.n),
        "N_AT_LEAST": "true" if released.n_at_least else "",
        "EMPLOYERS": "" if released.employers is None else str(released.employers),
        "LOWER": number(released.lower),
        "UPPER": number(released.upper),
        "GRADE": released.grade,
        "STANDING": released.standing.value,
        "HIDDEN": released.hidden.value if released.hidden else "",
        "STEP": number(released.step),
        "ANSWERED_AREA": _answered(released, area(released.answered_province)),
        "ANSWERED_OCCUPATION": _answered(released, code(released.answered_occupation)),
        "METHOD": released.method,
        "RELEASE": released.release_id,
        "ISSUE": stamp(released.issue),
        "SOURCES": " ".join(released.sources),
    }
    return Figure(
        key=key_of(series),
        period=period_of(series.frequency, released.time_value),
        value=number(released.value),
        attributes={name: text for name, text in kept.items() if text},
    )


def status(released: Released, provisional: frozenset[str]) -> str:
    """Code of CL_OBS_STATUS."""
    if released.value is None:
        if released.hidden in (*CONFIDENTIAL_REASONS, Hidden.CONFIDENTIAL, Hidden.NOT_DECIDED):
            return "Q"
        return "L" if released.standing is Standing.NOT_OBSERVED else "O"
    if released.standing is Standing.ROLLED_UP:
        return "E"
    if released.grade and released.grade in _LOW_GRADES:
        return "U"
    return "P" if released.release_id in provisional else "A"


def _confidentiality(released: Released) -> str:
    if released.view is View.DEPARTMENT:
        return "N"
    return "C" if released.hidden in (*CONFIDENTIAL_REASONS, Hidden.CONFIDENTIAL) else "F"


def _answered(released: Released, told: str) -> str:
    rolled = released.standing is Standing.ROLLED_UP and released.view is View.DEPARTMENT
    return told if rolled else ""


def number(value: float | None) -> str:
    """The shortest text that reads back as the same number; "" for none."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _decimals(released: Released) -> str:
    text = number(released.step if released.step is not None else released.value)
    if not text or "e" in text:
        return ""
    return str(min(len(text.partition(".")[2]), _MOST_DECIMALS))


def stamp(moment: datetime) -> str:
    """A moment of the warehouse, to its millisecond."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


@cache
def _codes_held() -> Mapping[str, str]:
    """What the warehouse calls skills and indicators whose codes had to be rewritten."""
    names = [row["code"] for row in read_table("codelists", "indicators.csv")]
    held = {plain(each): each for each in (*skill_groups(), *skills(), *names)}
    return MappingProxyType(held | {TOTAL: "", NATION: "", UNKNOWN: NOT_KNOWN})


def asked_of(selection: Selection, as_of: datetime | None) -> Asked | None:
    """The selection as the warehouse is asked; `None` where nothing can fit.

    The answer holds every series selected and may hold others: `Selection.takes` decides.
    """
    held = _codes_held()
    columns = {
        "FREQ": "frequencies", "INDICATOR": "indicators", "REF_AREA": "provinces",
        "OCCUPATION": "occupations", "ACTIVITY": "industries", "SKILL": "skills",
    }  # fmt: skip
    given: dict[str, tuple[str, ...]] = {}
    for name, column in columns.items():
        codes = selection.codes(name)
        if codes is not None and not codes:
            return None
        given[column] = tuple(held.get(each, each) for each in sorted(codes or ()))
    if selection.first > selection.last:
        return None
    asked = Asked(**given, since=selection.first, until=selection.last)  # type: ignore[arg-type]
    return asked if as_of is None else replace(asked, as_of=as_of)


def period_bounds(series: SeriesKey, time_value: date) -> tuple[date, date]:
    """First and last day of the period that a figure describes."""
    last = period_end(series, time_value)
    if series.frequency is Frequency.WEEKLY:
        return last - timedelta(days=6), last
    return (last.replace(day=1), last) if series.frequency is Frequency.MONTHLY else (last, last)


def chosen(
    released: Iterable[Released],
    selection: Selection,
    *,
    first_n: int | None = None,
    last_n: int | None = None,
    updated_after: datetime | None = None,
    updated_before: datetime | None = None,
) -> Iterator[Released]:
    """Figures of whole periods within the time asked for, `first_n` and `last_n` of each series.

    `released` holds each series whole and by time, series after series.
    """
    for series, group in groupby(released, key=lambda each: each.series):
        held = [
            each
            for each in group
            if _within(series, each.time_value, selection)
            and (updated_after is None or each.issue > updated_after)
            and (updated_before is None or each.issue < updated_before)
        ]
        if first_n is None and last_n is None:
            yield from held
            continue
        head = held[: first_n or 0]
        tail = held[max(len(head), len(held) - (last_n or 0)) :]
        yield from (*head, *tail)


def _within(series: SeriesKey, time_value: date, selection: Selection) -> bool:
    first, last = period_bounds(series, time_value)
    return selection.first <= first and last <= selection.last
