"""The words of `labourwatch alerts what-if`."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from labourwatch.cli_scorecard import CardForm, day
from labourwatch.reaching import running, said
from labourwatch.terminal import fail

if TYPE_CHECKING:
    from alerts.whatif.policy import Changes
    from config.settings import Settings


def what_if(
    threshold_scale: Annotated[
        float | None, typer.Option(help="Factor of the evidence that changes of counts need.")
    ] = None,
    p_threshold: Annotated[
        float | None, typer.Option(help="Probability from which shortage and forecast count.")
    ] = None,
    budget: Annotated[
        int | None, typer.Option(help="Alerts that a province may be told in a month.")
    ] = None,
    min_n: Annotated[int | None, typer.Option(help="Least vacancies behind an alert.")] = None,
    min_employers: Annotated[int | None, typer.Option(help="Least employers behind it.")] = None,
    repeat_days: Annotated[
        int | None, typer.Option(help="Days until it is told again, unacknowledged.")
    ] = None,
    since: Annotated[str, typer.Option(help="First day; default a year before the last.")] = "",
    until: Annotated[str, typer.Option(help="Last day; default the last one watched.")] = "",
    form: Annotated[CardForm, typer.Option("--format", help="Form.")] = CardForm.MD,
) -> None:
    """What another threshold or budget would have sent over the past year; changes nothing."""
    from alerts.whatif.policy import Changes

    first, last = day("since", since), day("until", until)
    changes = Changes(
        threshold_scale=threshold_scale, p_threshold=p_threshold, budget=budget,
        least_vacancies=min_n, least_employers=min_employers, repeat_days=repeat_days,
    )  # fmt: skip
    settings, now = running(), datetime.now(UTC)
    said(lambda: _lines(settings, changes, first, last, now, form))


def _lines(
    settings: Settings, changes: Changes, since: date | None, until: date | None, now: datetime,
    form: CardForm,
) -> list[str]:  # fmt: skip
    import redis

    from alerts.parameters import load_parameters
    from alerts.scheduler import rules_of
    from alerts.scorecard.card import last_day
    from alerts.store import read_fed_through
    from alerts.whatif.past import what_if
    from alerts.whatif.told import as_data, markdown
    from warehouse.client import connect

    with redis.Redis.from_url(settings.redis_url) as held:
        fed = read_fed_through(held)
    if fed is None:
        raise fail("the watch has not begun: see `labourwatch status`")
    last = min(until or last_day(now), fed)
    first = since or last - timedelta(days=365)
    if first > last:
        raise fail(f"the first day, {first}, lies after the last, {last}")
    with connect(settings) as client:
        found = what_if(
            client, changes, parameters=load_parameters(), rules=rules_of(settings),
            since=first, until=last, now=now,
        )  # fmt: skip
    return [json.dumps(as_data(found), indent=1)] if form is CardForm.JSON else [*markdown(found)]
