"""One figure of a feed's table, as text by field → `SupplyRecord`, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time

from config.feeds import COUNTED, Dimension, Feed, Measure, Unit
from config.vocabulary import districts
from scrapers.items import SupplyRecord
from scrapers.parsing.dates import VIENTIANE, DateOrder, local_day, parse_date, parse_moment
from scrapers.parsing.supply import SupplyRefusal, SupplyRefused, read_count, statement_id
from scrapers.parsing.supply_checks import cell_of
from scrapers.parsing.supply_codes import EXPECTED, NOT_STATED, district_of, read_dimension
from scrapers.parsing.supply_columns import END, MEASURE, PERIOD, PUBLISHED, START, VALUE, plain
from scrapers.parsing.supply_periods import EXPECTED as EXPECTED_PERIOD
from scrapers.parsing.supply_periods import Days, fits, joined, read_period
from scrapers.parsing.text import clean_line

_HUNDRED = 100.0
_MOST = 1e15
"""No figure about one country is larger, in kip either."""


def make_record(
    fields: Mapping[str, str],
    feed: Feed,
    *,
    source_id: str,
    received_at: datetime,
    order: DateOrder = "dmy",
) -> SupplyRecord | SupplyRefused:
    """The record of one statement; the refusal names its field and what was expected of it."""
    values = {name: clean_line(text) for name, text in fields.items()}
    try:
        measure = _measure(values.get(MEASURE, ""), feed)
        count = _count(values.get(VALUE, ""), feed.measures[measure])
        first, last = _period(values, feed, received_at, order)
        published = _published(values.get(PUBLISHED, ""), received_at, order)
        codes = _codes(values, feed)
    except _NotTakenError as error:
        return error.refused
    unit = feed.measures[measure].unit
    record = SupplyRecord(
        source_id=source_id,
        record_id="",
        system=feed.id,
        measure=measure,
        unit=unit.value,
        count=count,
        period_start=first,
        period_end=last,
        published_at=published,
        received_at=received_at,
        releasable=not (unit is Unit.PERSONS and 0 < count < feed.minimum_cell),
        **codes,
    )
    identity = statement_id(cell_of(record), count, published, received_at)
    return replace(record, record_id=identity)


class _NotTakenError(Exception):
    """A field does not keep the schema; never leaves this module."""

    def __init__(self, reason: SupplyRefusal, column: str, detail: str) -> None:
        super().__init__(detail)
        self.refused = SupplyRefused(reason=reason, detail=detail, column=column)


def _measure(text: str, feed: Feed) -> str:
    wanted = plain(text)
    for measure, declared in feed.measures.items():
        if wanted in (plain(measure), plain(declared.name.en), plain(declared.name.lo)):
            return measure
    expected = f"expected one of {', '.join(feed.measures)}"
    raise _NotTakenError(SupplyRefusal.MEASURE_INVALID, MEASURE, expected)


def _count(text: str, measure: Measure) -> float:
    count = read_count(text)
    whole = measure.unit in COUNTED and not measure.estimate
    if (
        count is None
        or count > (_HUNDRED if measure.unit is Unit.PERCENT else _MOST)
        or (whole and count != int(count))
    ):
        kind = "a whole number" if whole else "a number"
        limit = " to 100" if measure.unit is Unit.PERCENT else " or more"
        expected = f"expected {kind} of {measure.unit}, 0{limit}"
        raise _NotTakenError(SupplyRefusal.COUNT_INVALID, VALUE, expected)
    return count


def _period(values: Mapping[str, str], feed: Feed, received_at: datetime, order: DateOrder) -> Days:
    if values.get(PERIOD):
        days = read_period(values[PERIOD], order)
    else:
        days = joined(values.get(START, ""), values.get(END, ""), order)
    if days is None:
        raise _NotTakenError(SupplyRefusal.PERIOD_INVALID, PERIOD, f"expected {EXPECTED_PERIOD}")
    if not fits(days, feed.periods):
        expected = f"expected exactly one {' or '.join(feed.periods)}".replace("_", " ")
        raise _NotTakenError(SupplyRefusal.PERIOD_INVALID, PERIOD, expected)
    if days[0] > local_day(received_at) and not feed.projected:
        expected = "expected a period that has begun"
        raise _NotTakenError(SupplyRefusal.PERIOD_IN_FUTURE, PERIOD, expected)
    return days


def _published(text: str, received_at: datetime, order: DateOrder) -> datetime:
    if not text:
        return received_at
    moment, day = parse_moment(text), parse_date(text, order)
    if moment is None and day is not None:
        moment = datetime.combine(day, time.min, VIENTIANE).astimezone(received_at.tzinfo)
    if moment is None or moment > received_at:
        expected = "expected a day or time that is past"
        raise _NotTakenError(SupplyRefusal.PUBLISHED_INVALID, PUBLISHED, expected)
    return moment


def _codes(values: Mapping[str, str], feed: Feed) -> dict[str, str]:
    """The code of every dimension; a district without a province tells its province."""
    codes = {"province": "", "occupation": ""}
    for dimension in feed.dimensions:
        text = values.get(dimension, "")
        if not text and dimension in feed.required:
            expected = f"expected {EXPECTED[dimension]}"
            raise _NotTakenError(SupplyRefusal.DIMENSION_MISSING, dimension, expected)
        if dimension is Dimension.DISTRICT and text:
            code = _district(text, codes["province"], feed)
        else:
            code = read_dimension(dimension, text, feed)
        if code is None:
            expected = f"expected {EXPECTED[dimension]}"
            raise _NotTakenError(SupplyRefusal(f"{dimension}_invalid"), dimension, expected)
        codes[dimension.value] = code
    if codes.get("district") in districts() and not codes["province"]:
        codes["province"] = districts()[codes["district"]].parent
    return codes


def _district(text: str, province: str, feed: Feed) -> str | None:
    code = read_dimension(Dimension.DISTRICT, text, feed)
    known_province = province if province != NOT_STATED else ""
    return code if code in ("", NOT_STATED) else district_of(text, known_province)
