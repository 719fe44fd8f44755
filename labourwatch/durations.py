"""How long vacancies stand advertised: the figure for one part of the market, for an analyst."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from alerts.durations import Assessment, Deadlines, Duration, duration
from alerts.survival import Estimate
from config.settings import Settings
from config.vocabulary import provinces
from streams.endings import end_of_day
from streams.normalise import VIENTIANE
from warehouse.client import connect
from warehouse.histories import read_spells


class QuestionError(ValueError):
    """The question names a province, occupation or day that cannot be asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which vacancies are asked about: opened within the year before `as_of`, unless `since`."""

    province: str | None
    occupation: str
    since: date | None
    as_of: date
    deadlines: Deadlines

    def __post_init__(self) -> None:
        if self.province and self.province not in provinces():
            raise QuestionError(f"--province: expected one of {', '.join(provinces())}")
        if self.occupation and not (self.occupation.isdecimal() and len(self.occupation) <= 4):
            raise QuestionError("--occupation: expected an ISCO-08 code of 1 to 4 digits")

    @property
    def first_day(self) -> date:
        """The first day of opening that counts."""
        return self.since or self.as_of - timedelta(days=365)


def day_asked(text: str, option: str) -> date:
    """The day in `text` (ISO). Raises `QuestionError`."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QuestionError(f"{option}: expected a day such as 2026-11-25, not {text!r}") from error


def today(now: datetime) -> date:
    """The day in Laos at `now`."""
    return now.astimezone(VIENTIANE).date()


def answer(settings: Settings, question: Question) -> Duration:
    """What the warehouse knew of `question` at the end of its day.

    Raises:
        clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
    """
    client = connect(settings, readonly=True)
    try:
        spells = read_spells(
            client,
            since=question.first_day,
            until=question.as_of,
            province=question.province,
            occupation=question.occupation,
            as_of=end_of_day(question.as_of),
        )
    finally:
        client.close()
    return duration(spells, deadlines=question.deadlines)


def as_json(question: Question, told: Duration) -> str:
    """Question and answer as one JSON object; days are numbers, `null` where not told."""
    record: dict[str, Any] = {
        "province": question.province,
        "occupation": question.occupation,
        "since": question.first_day.isoformat(),
        "as_of": question.as_of.isoformat(),
        "deadlines": question.deadlines.value,
        **asdict(told),
    }
    return json.dumps(record, indent=2)


def as_lines(question: Question, told: Duration) -> Sequence[str]:
    """Question and answer in words."""
    where = provinces()[question.province].name_en if question.province else "the nation"
    what = f", ISCO-08 {question.occupation}" if question.occupation else ""
    lines = [f"Vacancies of {where}{what}, opened {question.first_day} to {question.as_of}"]
    if told.assessment is Assessment.ASSESSABLE:
        lines += [
            f"  half are over within  {_days(told.median)}",
            f"  mean of 60 days       {_days(told.mean_60)}",
        ]
    else:
        lines.append(f"  not assessable: {told.assessment.value.replace('_', ' ')}")
    return [
        *lines,
        f"  from {told.n} spells: {told.ends} ended, {told.censored} censored",
        f"  {told.left_truncated} of them first seen more than a day after they began",
        f"  left out: {told.age_unknown} of unknown age, {told.unseen} over before they were seen",
    ]


def _days(estimate: Estimate) -> str:
    if estimate.value is None:
        return "more days than were watched"
    lower, upper = (
        "?" if bound is None else f"{bound:.1f}" for bound in (estimate.lower, estimate.upper)
    )
    return f"{estimate.value:.1f} days (95 % interval {lower} to {upper})"
