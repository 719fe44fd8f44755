"""The words of `labourwatch durations`; what it does is in `labourwatch.durations`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from config.settings import load_settings
from labourwatch.terminal import fail, say


def durations(
    province: Annotated[str, typer.Option(help="Such as LA-VT; default: the nation.")] = "",
    occupation: Annotated[str, typer.Option(help="ISCO-08, 1 to 4 digits; default: all.")] = "",
    since: Annotated[str, typer.Option(help="First day of opening; default: a year before.")] = "",
    as_of: Annotated[
        str, typer.Option(help="As was known at this day's end; default: today.")
    ] = "",
    deadlines_aside: Annotated[
        bool, typer.Option("--deadlines-aside", help="A stated closing date reached is no end.")
    ] = False,
    as_data: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How long vacancies stand advertised: median and mean of 60 days, with 95 % intervals."""
    from clickhouse_connect.driver.exceptions import Error

    from alerts.durations import Deadlines
    from labourwatch.durations import (
        Question,
        QuestionError,
        answer,
        as_json,
        as_lines,
        day_asked,
        today,
    )

    try:
        question = Question(
            province=province or None,
            occupation=occupation,
            since=day_asked(since, "--since") if since else None,
            as_of=day_asked(as_of, "--as-of") if as_of else today(datetime.now(UTC)),
            deadlines=Deadlines.CENSOR if deadlines_aside else Deadlines.END,
        )
        told = answer(load_settings(), question)
    except QuestionError as error:
        raise fail(str(error)) from error
    except Error as error:
        raise fail(f"the warehouse does not answer: {error}; see `labourwatch status`") from error
    if as_data:
        say(as_json(question, told))
        return
    for line in as_lines(question, told):
        say(line)
