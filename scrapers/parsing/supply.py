"""Rows of a supply table → `SupplyRecord`, or a refusal. Aggregates only, never persons."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from scrapers.items import SupplyRecord
from scrapers.parsing.dates import DateOrder, parse_date
from scrapers.parsing.text import clean_line

_PROVINCE: Final = re.compile(r"LA-[A-Z]{2}")
_ISCO: Final = re.compile(r"\d{1,4}")
_MEASURE: Final = re.compile(r"[a-z][a-z0-9_]{1,60}")


class SupplyRefusal(StrEnum):
    """Why a row of a supply table is not taken."""

    MEASURE_INVALID = "measure_invalid"
    COUNT_INVALID = "count_invalid"
    PERIOD_INVALID = "period_invalid"
    PROVINCE_INVALID = "province_invalid"
    OCCUPATION_INVALID = "occupation_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRefused:
    """A refusal with what was expected, for a person."""

    reason: SupplyRefusal
    detail: str


def make_supply(
    fields: Mapping[str, str], *, source_id: str, published_at: datetime, order: DateOrder = "dmy"
) -> SupplyRecord | SupplyRefused:
    """The record of one row; its id is the row's own, else a hash of its cell of the table."""
    values = {name: clean_line(value) for name, value in fields.items()}
    start = parse_date(values.get("period_start", ""), order)
    end = parse_date(values.get("period_end", ""), order)
    measure = values.get("measure", "").casefold().replace(" ", "_")
    province, occupation = values.get("province", ""), values.get("occupation", "")
    if not _MEASURE.fullmatch(measure):
        return _refused(SupplyRefusal.MEASURE_INVALID, "measure: expected a name in snake_case")
    count = _count(values.get("count", ""))
    if count is None:
        return _refused(
            SupplyRefusal.COUNT_INVALID, "count: expected a number of persons, 0 or more"
        )
    if start is None or end is None or end < start:
        return _refused(SupplyRefusal.PERIOD_INVALID, "period: expected a start and a later end")
    if province and not _PROVINCE.fullmatch(province):
        return _refused(SupplyRefusal.PROVINCE_INVALID, "province: expected an ISO code like LA-VT")
    if occupation and not _ISCO.fullmatch(occupation):
        return _refused(SupplyRefusal.OCCUPATION_INVALID, "occupation: expected an ISCO-08 code")
    identity = "\0".join((source_id, province, occupation, measure, str(start), str(end)))
    return SupplyRecord(
        source_id=source_id,
        record_id=values.get("id")
        or hashlib.blake2b(identity.encode(), digest_size=12).hexdigest(),
        province=province,
        occupation=occupation,
        measure=measure,
        count=count,
        period_start=start,
        period_end=end,
        published_at=published_at,
    )


def _count(text: str) -> float | None:
    try:
        count = float(text.replace(",", "").replace(" ", ""))
    except ValueError:
        return None
    return count if math.isfinite(count) and count >= 0 else None


def _refused(reason: SupplyRefusal, detail: str) -> SupplyRefused:
    return SupplyRefused(reason=reason, detail=detail)
