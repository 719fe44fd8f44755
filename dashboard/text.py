"""Sentences made from the data, each with the uncertainty behind it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dashboard.comparison import Basis, Fitness, SourceFitness, Withheld
from dashboard.holidays import with_holidays
from dashboard.intervals import Interval, discoveries
from dashboard.language import Language
from dashboard.summary import (
    CellChange,
    Summary,
    group_changes,
    province_changes,
)
from dashboard.words import cell_name, joined, province_name


def week_verdict(summary: Summary) -> str:
    """ "above", "below" or "within" the expected interval."""
    expected = summary.week_expected
    if expected is None or not summary.week_is_unusual:
        return "within"
    return "above" if summary.week_compared > expected.upper else "below"


def change_percent(lang: Language, log_ratio: float) -> str:
    """A log ratio as a signed percentage."""
    return lang.percent(math.expm1(log_ratio), sign=True)


def interval_percent(lang: Language, change: Interval) -> str:
    """The interval of a log ratio in percent, for example "+12% to +80%"."""
    return lang.say(
        "legend_between",
        lower=change_percent(lang, change.lower),
        upper=change_percent(lang, change.upper),
    )


def week_sentence(lang: Language, summary: Summary) -> str:
    """The week against its expectation."""
    day, count = lang.day(summary.complete_day), lang.number(summary.week_flow)
    expected = summary.week_expected
    if expected is None:
        return lang.say("week_plain", day=day, count=count)
    whole = summary.week_compared == summary.week_flow
    said = lang.say(
        "week_sentence" if whole else "week_sentence_compared",
        day=day,
        count=lang.number(summary.week_compared),
        verdict=lang.say(f"week_{week_verdict(summary)}"),
        lower=lang.number(expected.lower),
        upper=lang.number(expected.upper),
    )
    return with_holidays(lang, said, summary.complete_day)


def change_sentence(lang: Language, cell: CellChange) -> str:
    """One cell's four-week change."""
    change = cell.change
    return lang.say(
        "rise_sentence" if change.value > 0 else "fall_sentence",
        cell=cell_name(lang, cell.province, cell.isco1),
        change=lang.percent(abs(math.expm1(change.value))),
        now=lang.number(cell.now),
        before=lang.number(cell.before),
        lower=change_percent(lang, change.lower),
        upper=change_percent(lang, change.upper),
    )


def filling_sentence(lang: Language, summary: Summary) -> str:
    """That history is still being read, and how far it has come."""
    return lang.say("filling_notice", day=lang.day(summary.complete_day))


def withheld_sentence(lang: Language, why: Withheld) -> str:
    """Why no change is stated."""
    return lang.say(f"withheld_{why}")


def source_sentences(lang: Language, sources: Sequence[SourceFitness]) -> list[str]:
    """Sources that joined or were out within the compared weeks, one sentence each."""
    sentences = []
    for held in sources:
        if held.fitness is Fitness.JOINED:
            day = lang.day(held.first_day)
            sentences.append(lang.say("source_joined", source=held.source_id, day=day))
        elif held.days_out:
            key = "source_left_out" if held.fitness is Fitness.OUT else "source_out"
            count = lang.number(held.days_out)
            sentences.append(lang.say(key, source=held.source_id, count=count))
    return sentences


def what_changed(lang: Language, basis: Basis, summary: Summary, most: int = 6) -> list[str]:
    """What changed this week, one sentence each, the clearest first.

    Only changes that stand out among all provinces and groups looked at together are named, and
    none where `basis` holds no two equal periods of the same sources.
    """
    sentences = [week_sentence(lang, summary)]
    if basis.withheld is None:
        sentences += _change_sentences(lang, basis, most)
    else:
        sentences.append(withheld_sentence(lang, basis.withheld))
    if basis.withheld is not Withheld.HISTORY:
        sentences += source_sentences(lang, basis.sources)
    if summary.silent_sources:
        sentences.append(lang.say("silent_sentence", sources=joined(summary.silent_sources)))
    return sentences


def _change_sentences(lang: Language, basis: Basis, most: int) -> list[str]:
    cells = {
        (change.province, change.isco1): change
        for changes in (province_changes(basis.cube), group_changes(basis.cube))
        for change in changes.values()
        if change.enough
    }
    clear = discoveries({key: cell.change for key, cell in cells.items()}) if cells else []
    if not clear:
        return [lang.say("no_change_sentence", looked=lang.number(len(cells)))]
    return [change_sentence(lang, cells[key]) for key in clear[:most]]


def map_sentence(lang: Language, measure: str, values: Mapping[str, float | None]) -> str:
    """What the map says, for those who cannot see it."""
    if measure == "change":
        signs = [0 if value is None else value for value in values.values()]
        return lang.say(
            "map_summary_change",
            up=lang.number(sum(sign > 0 for sign in signs)),
            down=lang.number(sum(sign < 0 for sign in signs)),
            unclear=lang.number(sum(sign == 0 for sign in signs)),
        )
    known = {code: value for code, value in values.items() if value is not None}
    top, bottom = max(known, key=lambda c: known[c]), min(known, key=lambda c: known[c])
    return lang.say(
        "map_summary_flow",
        top=province_name(lang, top),
        top_value=lang.number(known[top], 2),
        bottom=province_name(lang, bottom),
        bottom_value=lang.number(known[bottom], 2),
    )


def trend_sentence(lang: Language, cell: str, weeks: Sequence[int], stock: int) -> str:
    """What the trend charts say, for those who cannot see them."""
    mean = sum(weeks) / len(weeks) if weeks else 0.0
    return lang.say(
        "trend_summary",
        cell=cell,
        last=lang.number(weeks[-1] if weeks else 0),
        mean=lang.number(mean, 1 if mean < 20 else 0),
        weeks=lang.number(len(weeks)),
        stock=lang.number(stock),
    )
