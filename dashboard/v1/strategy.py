"""`/v1/strategy`: the strategy's indicators by day, found by the service or entered by officers."""

from __future__ import annotations

from datetime import date
from typing import Final

from config.strategy import strategy_indicators
from dashboard.v1 import asked, columns
from dashboard.v1.answers import COMMON, Answer, Asking, listing, place_of
from dashboard.v1.asked import Words
from dashboard.v1.citing import Stamp
from dashboard.v1.tables import Row
from warehouse.strategy_entries import StrategyEntry, read_entries
from warehouse.strategy_values import StrategyValue, read_values, told_values

_WORDS: Final = COMMON | {"number", "since", "until", "as_of"}


def strategy(asking: Asking, words: Words) -> Answer:
    """Every value kept, by number and day, as it was known at `as_of`.

    Raises:
        AskedError: naming the parameter that is not as expected.
    """
    asked.known(words, _WORDS)
    numbers = asked.some_of(words, "number", tuple(strategy_indicators()))
    since, until = asked.since(words) or date.min, asked.until(words) or date.max
    given = place_of(words, (int,), asked.moment(words) or asking.now)[0].as_of
    values = told_values(read_values(asking.client, as_of=given), asking.view)
    entries = read_entries(asking.client, as_of=given)
    found = [*map(_value, values), *map(_entry, entries)]
    order = {number: at for at, number in enumerate(strategy_indicators())}
    moments = [one.computed_at for one in values] + [one.entered_at for one in entries]
    rows = sorted(
        (day_row[1] for day_row in found
         if since <= day_row[0] <= until and (not numbers or day_row[1][0] in numbers)),
        key=lambda row: (order.get(str(row[0]), len(order)), str(row[1])),
    )  # fmt: skip
    newest = max(moments, default=None)
    return listing(
        asking, words, title="Indicators of the strategy", name="strategy",
        columns=columns.STRATEGY, rows=lambda: rows,
        stamp=Stamp(as_of=newest, mark=f"{len(found)} {newest}", modified=newest),
    )  # fmt: skip


def _value(one: StrategyValue) -> tuple[date, Row]:
    return one.on_day, (
        one.number, one.on_day, one.origin.value, one.value, one.lower, one.upper, one.n,
        one.invented, _unit(one.number), one.period_start, one.period_end, one.method, one.source,
        one.computed_at,
    )  # fmt: skip


def _entry(one: StrategyEntry) -> tuple[date, Row]:
    return one.on_day, (
        one.number, one.on_day, "entered", one.value, None, None, None, None, _unit(one.number),
        None, None, "", one.source, one.entered_at,
    )  # fmt: skip


def _unit(number: str) -> str:
    held = strategy_indicators().get(number)
    return held.unit.value if held else ""
