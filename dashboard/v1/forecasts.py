"""`/v1/forecasts`: the newest forecasts of new vacancies as they stood at a moment."""

from __future__ import annotations

from typing import Final

from dashboard.v1 import asked
from dashboard.v1.answers import COMMON, Answer, Asking, listing, place_of
from dashboard.v1.asked import TOTAL, Words
from dashboard.v1.citing import Stamp
from dashboard.v1.columns import FORECASTS
from dashboard.v1.tables import Row
from warehouse import published
from warehouse.client import millis
from warehouse.disclosure.forecasts import ToldForecast, told_forecasts
from warehouse.disclosure.records import View
from warehouse.forecasts import AskedForecasts, latest_forecast

_WORDS: Final = COMMON | {"province", "occupation", "sector", "since", "until", "as_of"}


def forecasts(asking: Asking, words: Words) -> Answer:
    """Of each cell and horizon the last forecast made by `as_of`.

    Raises:
        AskedError: naming the parameter that is not as expected.
    """
    asked.known(words, _WORDS)
    given = place_of(words, (int,), asked.moment(words) or asking.now)[0].as_of
    states = [latest_forecast(asking.client, as_of=given)]
    if asking.view is View.PUBLIC:  # what it is told changes with the tables decided for it, too
        states.append(published.latest_public_count(asking.client))
    held_at = max((state[0] for state in states if state), default=None)
    pinned = None if held_at is None else min(held_at, given)
    wanted = _wanted(words)

    def rows() -> list[Row]:
        told = told_forecasts(asking.client, wanted, asking.view, as_of=pinned or given)
        return [_row(each) for each in told]

    return listing(
        asking, words, title="Forecasts of new vacancies", name="forecasts", columns=FORECASTS,
        rows=rows,
        stamp=Stamp(as_of=pinned, mark=f"{millis(pinned or given)} {states}", modified=pinned),
    )  # fmt: skip


def _wanted(words: Words) -> AskedForecasts:
    return AskedForecasts(
        provinces=asked.provinces_asked(words),
        occupations=asked.occupations_asked(words, stars=False),
        industries=asked.industries_asked(words),
        since=asked.since(words) or published.FIRST_DAY,
        until=asked.until(words) or published.LAST_DAY,
    )


def _row(one: ToldForecast) -> Row:
    return (
        one.province or TOTAL, one.occupation or TOTAL, one.industry or TOTAL, one.target_week,
        one.ahead, one.value, one.lower_80, one.upper_80, one.lower_95, one.upper_95,
        one.usual_upper, one.chance_above, one.n, one.n_at_least, one.step, one.weeks,
        one.last_week, one.scored, one.relative_mae, one.mase, one.pinball, one.coverage_80,
        one.coverage_95, one.method, one.made_at, one.release_id,
    )  # fmt: skip
