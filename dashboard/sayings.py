"""What changed this week in one sentence each, made of published figures with their uncertainty.

Pure. A figure that may not be told makes a sentence that says why, never one that is left out
silently: a reader must be able to tell calm from not knowing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import expm1
from typing import Final

from dashboard.holidays import ordinary_counts, ordinary_share, with_holidays
from dashboard.intervals import Interval, discoveries, expected_count, log_change
from dashboard.language import Language
from dashboard.released import MONTHLY, WEEKLY, Cell, Figures, last_day
from dashboard.summary import MINIMUM_EVIDENCE, dispersion
from dashboard.text import change_percent, interval_percent
from dashboard.wording import (
    cell_title,
    interval_text,
    n_clause,
    skill_name,
    value_text,
    why_untold,
)
from warehouse.disclosure.records import Released
from warehouse.series import Standing

_WEEKS: Final = 4
_CLEAR: Final = 0.5
"""Probability of a shortage from which a cell is named."""
_STRONG: Final = 2.0
"""Score of demand pressure, of 3, from which a cell is named."""
_NAMED: Final = 4
_MOVED: Final = 6


def week_saying(lang: Language, figures: Figures, cell: Cell, *, comparable: bool = True) -> str:
    """The newest week against the weeks before it. It is called unusual only where sources were
    the same (`comparable`): one that is out or new may be all there is to it."""
    line = figures.line(cell, "flow", WEEKLY)
    newest = line[-1] if line else None
    if newest is None or newest.value is None:
        why = why_untold(lang, newest)
        return lang.say("say_week_untold", cell=cell_title(lang, cell), why=why)
    told = {
        "cell": cell_title(lang, cell),
        "day": lang.day(last_day(newest)),
        "count": value_text(lang, newest),
        "interval": interval_text(lang, newest),
    }
    expected = expected_week(line)
    if expected is None:
        return lang.say("say_week", **told)
    verdict = _verdict(newest.value, expected)
    lower, upper = lang.number(expected.lower), lang.number(expected.upper)
    if verdict != "within" and not comparable:
        return lang.say("say_week_sources", lower=lower, upper=upper, **told)
    said = lang.say(
        "say_week_expected", lower=lower, upper=upper, verdict=lang.say(f"week_{verdict}"), **told
    )
    return with_holidays(lang, said, last_day(newest))


def expected_week(line: Sequence[Released]) -> Interval | None:
    """What the newest week of a line was expected to be, from the told weeks right before it.

    Half a step of rounding is added on either side. `None` with fewer than eight such weeks, or
    fewer than four of them without holidays.
    """
    past = _told_before(line)
    if len(past) < 2 * _WEEKS:
        return None
    ends = [last_day(one) for one in past]
    ordinary = ordinary_counts(ends, [round(one.value or 0.0) for one in past])
    found = expected_count(ordinary, ordinary_share(last_day(line[-1])))
    if found is None or len(ordinary) < _WEEKS:
        return None
    half = (line[-1].step or 0.0) / 2
    return Interval(
        value=found.value, lower=max(0.0, found.lower - half), upper=found.upper + half, n=found.n
    )


def _told_before(line: Sequence[Released]) -> list[Released]:
    """Told weeks without a gap right before the newest one, in order."""
    found: list[Released] = []
    after = line[-1].time_value.toordinal()
    for one in reversed(line[:-1]):
        if one.value is None or after - one.time_value.toordinal() != 7:
            break
        found.append(one)
        after = one.time_value.toordinal()
    return found[::-1]


def _verdict(value: float, expected: Interval) -> str:
    if value > expected.upper:
        return "above"
    return "below" if value < expected.lower else "within"


def four_weeks_change(line: Sequence[Released]) -> tuple[Interval, int, int] | None:
    """Change of four weeks against the four before, with both counts; `None` where not told.

    The rounding of published counts widens it: a uniform error of a step has variance step²/12.
    """
    weeks = [*_told_before(line), line[-1]] if line and line[-1].value is not None else []
    if len(weeks) < 2 * _WEEKS:
        return None
    counts = [round(one.value or 0.0) for one in weeks]
    now, before = sum(counts[-_WEEKS:]), sum(counts[-2 * _WEEKS : -_WEEKS])
    mean = max(1.0, (now + before) / (2 * _WEEKS))
    rounding = (line[-1].step or 0.0) ** 2 / 12 / mean
    newest = last_day(line[-1])
    change = log_change(
        now, before, dispersion(counts) + rounding,
        now_share=ordinary_share(newest, 7 * _WEEKS),
        before_share=ordinary_share(newest - timedelta(weeks=_WEEKS), 7 * _WEEKS),
    )  # fmt: skip
    return change, now, before


def change_saying(lang: Language, figures: Figures, cell: Cell) -> str:
    """Four weeks against the four before."""
    found = four_weeks_change(figures.line(cell, "flow", WEEKLY))
    if found is None:
        return lang.say("say_change_untold")
    change, now, before = found
    if now + before < MINIMUM_EVIDENCE:
        return lang.say("say_change_few")
    direction = "unclear"
    if change.excludes_zero:
        direction = "up" if change.value > 0 else "down"
    return lang.say(
        f"say_change_{direction}",
        now=lang.number(now),
        before=lang.number(before),
        change=change_percent(lang, change.value),
        interval=interval_percent(lang, change),
    )


def moved_sayings(lang: Language, figures: Figures, cells: Iterable[Cell]) -> list[str]:
    """Which of many cells changed over four weeks, the clearest first, one sentence each.

    Only those that stand out among all looked at together are named (Benjamini and Hochberg, at
    most a tenth of them chance); how many could not be compared is said.
    """
    held = list(cells)
    found = {
        cell: change for cell in held
        if (change := four_weeks_change(figures.line(cell, "flow", WEEKLY)))
        and change[1] + change[2] >= MINIMUM_EVIDENCE
    }  # fmt: skip
    clear = discoveries({cell: change for cell, (change, _, _) in found.items()}) if found else []
    said = [_moved(lang, cell, *found[cell]) for cell in clear[:_MOVED]]
    if found and not clear:
        said.append(lang.say("say_none_moved", looked=lang.number(len(found))))
    left = len(held) - len(found)
    if left:
        said.append(lang.say("say_not_compared", count=lang.number(left)))
    return said


def _moved(lang: Language, cell: Cell, change: Interval, now: int, before: int) -> str:
    return lang.say(
        "rise_sentence" if change.value > 0 else "fall_sentence",
        cell=cell_title(lang, cell),
        change=lang.percent(abs(expm1(change.value))),
        now=lang.number(now),
        before=lang.number(before),
        lower=change_percent(lang, change.lower),
        upper=change_percent(lang, change.upper),
    )


def growth_saying(lang: Language, figures: Figures, cell: Cell) -> str:
    """Growth over a year."""
    one = figures.newest(cell, "growth", WEEKLY)
    if one is None or one.value is None or one.standing is Standing.ROLLED_UP:
        return lang.say("say_growth_untold", why=_why(lang, one))
    return lang.say(
        "say_growth", value=value_text(lang, one), interval=interval_text(lang, one),
        n=n_clause(lang, one),
    )  # fmt: skip


def pay_saying(lang: Language, figures: Figures, cell: Cell) -> str:
    """Median advertised pay of the newest month."""
    one = figures.newest(cell, "wage_median", MONTHLY)
    if one is None or one.value is None or one.standing is Standing.ROLLED_UP:
        return lang.say("say_pay_untold", why=_why(lang, one))
    return lang.say(
        "say_pay", month=lang.month_and_year(one.time_value), value=value_text(lang, one),
        interval=interval_text(lang, one), n=n_clause(lang, one),
    )  # fmt: skip


def _why(lang: Language, one: Released | None) -> str:
    if one is not None and one.standing is Standing.ROLLED_UP:
        return lang.say("untold_too_few")
    return why_untold(lang, one)


def shortage_saying(lang: Language, figures: Figures, cells: Iterable[Cell]) -> str:
    """Which cells are probably short of workers, or under pressure where supply is not known."""
    held = list(cells)
    short = named(figures, held, "shortage_probability", _CLEAR)
    if short:
        return lang.say("say_shortage", cells=_listed(lang, short))
    pressed = named(figures, held, "demand_pressure", _STRONG)
    if pressed:
        return lang.say("say_pressure", cells=_listed(lang, pressed))
    assessed = [
        one for cell in held for indicator in ("shortage_probability", "demand_pressure")
        if (one := figures.newest(cell, indicator, WEEKLY)) and one.value is not None
        and one.standing is not Standing.ROLLED_UP
    ]  # fmt: skip
    return lang.say("say_no_shortage" if assessed else "say_shortage_untold")


def named(
    figures: Figures, cells: Iterable[Cell], indicator: str, least: float
) -> list[tuple[Cell, Released]]:
    """Cells whose own newest figure is `least` or more, the greatest first."""
    found = [
        (cell, one) for cell in cells if (one := figures.newest(cell, indicator, WEEKLY))
        and one.standing is not Standing.ROLLED_UP and one.value is not None and one.value >= least
    ]  # fmt: skip
    return sorted(found, key=lambda pair: -(pair[1].value or 0.0))


def _listed(lang: Language, found: Sequence[tuple[Cell, Released]]) -> str:
    return "; ".join(
        lang.say(
            "say_named", cell=cell_title(lang, cell), value=value_text(lang, one),
            interval=interval_text(lang, one),
        )
        for cell, one in found[:_NAMED]
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillChange:
    """A skill's share of vacancies in the newest month beside that of three months before."""

    skill: str
    now: Released
    before: Released

    @property
    def is_clear(self) -> bool:
        """Whether the two intervals do not overlap: stricter than a test of the difference."""
        now, then = self.now, self.before
        if now.lower is None or now.upper is None or then.lower is None or then.upper is None:
            return False
        return now.lower > then.upper or now.upper < then.lower

    @property
    def difference(self) -> float:
        """Share now less share then."""
        return (self.now.value or 0.0) - (self.before.value or 0.0)


def skill_changes(figures: Figures, cell: Cell, months: int = 3) -> list[SkillChange]:
    """Every skill that is told in both months, the greatest rise first."""
    found = []
    for skill, line in figures.skills(cell).items():
        told = {_month(one): one for one in line if one.value is not None}
        newest = _month(line[-1])
        if newest in told and newest - months in told:
            found.append(SkillChange(skill=skill, now=told[newest], before=told[newest - months]))
    return sorted(found, key=lambda change: (-change.difference, change.skill))


def skill_saying(lang: Language, changes: Sequence[SkillChange]) -> str:
    """Which skills are asked for clearly more, or less, than three months before."""
    clear = [change for change in changes if change.is_clear]
    if not changes:
        return lang.say("say_skills_untold")
    if not clear:
        return lang.say("say_skills_calm", count=lang.number(len(changes)))
    listed = "; ".join(
        lang.say(
            "say_skill", skill=skill_name(lang, change.skill),
            before=value_text(lang, change.before), now=value_text(lang, change.now),
        )
        for change in sorted(clear, key=lambda change: -abs(change.difference))[:_NAMED]
    )  # fmt: skip
    return lang.say("say_skills", skills=listed, count=lang.number(len(changes)))


def _month(one: Released) -> int:
    return one.time_value.year * 12 + one.time_value.month
